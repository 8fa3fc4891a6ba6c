"""Ledger 公开台账: the append-only log of every public act, in formats that outsiders verify with tools not ours.

It is an RFC 6962 Merkle tree in the site's own database. An act appends its entry in its own transaction; heads of
the tree are signed as C2SP checkpoints. It knows no other concept: an entry is a kind, instants, names and hashes.
"""

from gongshi.ledger.actions import append
from gongshi.ledger.commitments import SALT_SIZE, commitment, digest, new_salt
from gongshi.ledger.kinds import Kind

__all__ = ["SALT_SIZE", "Kind", "append", "commitment", "digest", "new_salt"]
