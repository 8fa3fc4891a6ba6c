"""Proof files as specified by c2sp.org/tlog-proof: one entry's place in the log under a signed head, to keep offline.

What `extra` holds is ours: the entry itself, and those of its committed fields that the holder may open.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from gongshi.ledger import queries
from gongshi.ledger.checkpoint import Checkpoint
from gongshi.ledger.commitments import canonical, commitment
from gongshi.ledger.models import LedgerEntry
from gongshi.ledger.notes import Note

HEADER = "c2sp.org/tlog-proof@v1"
ENDING = ".tlog-proof"


class NotCovered(Exception):
    """The signed head is older than the entry; a later one will cover it."""


@dataclass(frozen=True)
class Opening:
    """What is believed to lie behind one commitment of an entry: the salt, and the text it was made over."""

    field: str
    salt: bytes
    text: str


def openings_of(commitments: Mapping[str, str], held: Iterable[Opening]) -> list[Opening]:
    """Those that do open one of an entry's commitments; what was replaced or destroyed since opens none."""
    return [one for one in held if commitments.get(one.field) == commitment(one.salt, one.text)]


def written(session: Session, entry: LedgerEntry, head: Note, openings: Iterable[Opening]) -> str:
    """The proof file of an entry under a signed head, with these openings. Raises NotCovered.

    `extra` is canonical JSON: `leaf`, the entry exactly as it was hashed, and `open`, salt (hex) and text by field.
    """
    size = Checkpoint.parse(head.text).size
    if size <= entry.index:
        raise NotCovered
    opened = {one.field: {"salt": one.salt.hex(), "text": one.text} for one in openings}
    extra = canonical({"leaf": entry.body, "open": opened}).encode()
    proof = queries.inclusion_proof(session, entry.index, size)
    lines = [HEADER, f"extra {_base64(extra)}", f"index {entry.index}", *map(_base64, proof)]
    return "\n".join(lines) + "\n\n" + str(head)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
