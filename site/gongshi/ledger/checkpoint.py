"""Signed heads of the log (c2sp.org/tlog-checkpoint).

What was signed is a promise: no later head may contradict it. So nothing is signed before the stored tree has been
checked against the last head and against the bodies that came since; and at start the database is compared with that
head, which notices a backup put back in its place.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from gongshi.ledger import heads, merkle, notes, queries
from gongshi.ledger.merkle import Frontier, Read, TreeMismatch
from gongshi.ledger.notes import MalformedNote, Note, SigningKey

KEY_FILE = "ledger.key"


@dataclass(frozen=True)
class Checkpoint:
    """A head of the log: whose log, how many entries, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read a note's text; extension lines are allowed and ignored. Raises MalformedNote."""
        lines = text.removesuffix("\n").split("\n")
        if len(lines) < 3 or not all(lines) or not re.fullmatch("0|[1-9][0-9]{0,17}", lines[1]):
            raise MalformedNote("a checkpoint is an origin, a size and a root")
        try:
            root = base64.b64decode(lines[2], validate=True)
        except (binascii.Error, ValueError) as error:
            raise MalformedNote("a checkpoint's root is base64") from error
        if len(root) != merkle.HASH_SIZE:
            raise MalformedNote("a checkpoint's root is a SHA-256 hash")
        return cls(lines[0], int(lines[1]), root)


@dataclass(frozen=True)
class Signer:
    """The log's own key. The name it signs under is also the origin of its checkpoints."""

    key: SigningKey

    @classmethod
    def load_or_create(cls, folder: Path, name: str) -> "Signer":
        """The key kept in this folder; made on first use, readable by its owner alone (mode 0600).

        Raises ValueError when the key that is there signs under another name: a log does not change its name.
        """
        path = folder / KEY_FILE
        with heads.alone(folder):
            if not path.exists():
                heads.replace(path, f"{SigningKey.generate(name).export()}\n", mode=0o600)
        key = SigningKey.parse(path.read_text(encoding="utf-8").strip())
        if key.name != name:
            raise ValueError(f"{path} signs as {key.name}, not as {name}")
        return cls(key)

    @property
    def name(self) -> str:
        return self.key.name

    @property
    def vkey(self) -> str:
        """The public key as it is printed in notices and given to verifiers: `<name>+<key id>+<base64>`."""
        return str(self.key.verifier)


def sign_head(session: Session, signer: Signer, folder: Path, *, at: datetime) -> Note:
    """Sign the log as it is committed now and keep the note in `folder`; or return the last one, if nothing is new.

    Begins a read of its own, so call it after `db.writing` and never inside (RuntimeError). Raises TreeMismatch, and
    signs nothing, when the stored tree contradicts the last head or the bodies that came since; MalformedNote when the
    kept head is damaged.
    """
    if "recorded_at" in session.info:
        raise RuntimeError("only what is committed is signed")
    with heads.alone(folder):
        session.rollback()
        last = _last_note(folder)
        head = _checked_head(session, signer.name, Checkpoint.parse(last.text) if last else None)
        if last is not None and last.text == head.text:
            return last
        note = notes.sign(head.text, signer.key)
        heads.keep(folder, note, at=at)
        return note


def last_checkpoint(folder: Path) -> Checkpoint | None:
    """The furthest head that was ever signed. Raises MalformedNote when the kept head is damaged."""
    note = _last_note(folder)
    return Checkpoint.parse(note.text) if note else None


def guard(session: Session, folder: Path) -> str | None:
    """Why the site must not write, or None when the log holds all that was ever signed.

    The log may be "smaller" than the last head, "different" from it, or the kept head "unreadable".
    """
    try:
        last = last_checkpoint(folder)
    except MalformedNote:
        return "unreadable"
    if last is None:
        return None
    if queries.size(session) < last.size:
        return "smaller"
    try:
        return None if queries.root(session, last.size) == last.root else "different"
    except TreeMismatch:
        return "different"


def _last_note(folder: Path) -> Note | None:
    kept = [note for note in (heads.latest(folder), heads.last_in_history(folder)) if note is not None]
    return max(kept, key=lambda note: Checkpoint.parse(note.text).size, default=None)


def _checked_head(session: Session, origin: str, last: Checkpoint | None) -> Checkpoint:
    signed = last or Checkpoint(origin, 0, merkle.EMPTY_ROOT)
    size = queries.size(session)
    if signed.origin != origin:
        raise TreeMismatch(f"the last head is of another log, {signed.origin}")
    if size < signed.size:
        raise TreeMismatch(f"{signed.size} entries were signed and {size} are here")
    read = queries.reading(session)
    read([*merkle.peaks(size), *merkle.peaks(signed.size)])
    root = merkle.root(size, read)
    proof = merkle.consistency_proof(signed.size, size, read)
    if not merkle.consistency_holds(signed.size, size, proof, old_root=signed.root, new_root=root):
        raise TreeMismatch(f"the first {signed.size} entries are not those that were signed")
    if _regrown(session, read, signed.size, size) != root:
        raise TreeMismatch(f"the entries from {signed.size} on do not hash to the stored tree")
    return Checkpoint(origin, size, root)


def _regrown(session: Session, read: Read, start: int, stop: int) -> bytes:
    """The root, grown from the signed tree's edge by the new bodies, hashed once more."""
    peaks = merkle.peaks(start)
    edge = Frontier(start, merkle.all_of(peaks, read(peaks)))
    edge.add_all(merkle.leaf_hash(body.encode()) for body in queries.bodies(session, start=start, stop=stop))
    return edge.root
