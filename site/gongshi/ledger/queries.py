"""Reads of the log: entries, roots and proofs. A root or a proof costs two look-ups of at most 64 rows, at any size.

`size` counts leaves; where it may be left out, it is the log as it stands. Nodes that should be there and are not
raise TreeMismatch.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from gongshi.ledger import merkle
from gongshi.ledger.kinds import Kind
from gongshi.ledger.merkle import Frontier, Node, Read
from gongshi.ledger.models import LedgerEntry, LedgerNode


def size(session: Session) -> int:
    """The number of entries."""
    last = session.scalar(select(func.max(LedgerEntry.index)))
    return 0 if last is None else last + 1


def root(session: Session, size: int | None = None) -> bytes:
    """The Merkle root of the first `size` entries, from stored nodes."""
    return merkle.root(_within(session, size), partial(_read, session))


def entry(session: Session, index: int) -> LedgerEntry:
    """One entry. Raises NoResultFound."""
    return session.get_one(LedgerEntry, index)


def entries(session: Session, *, before: int | None = None, limit: int = 50) -> list[LedgerEntry]:
    """The newest entries first; for the next page, `before` is the index of the last one shown."""
    newest = select(LedgerEntry).order_by(LedgerEntry.index.desc()).limit(limit)
    return list(session.scalars(newest if before is None else newest.where(LedgerEntry.index < before)))


def last_of(session: Session, kind: Kind) -> LedgerEntry | None:
    """The newest entry of a kind."""
    entries = select(LedgerEntry).where(LedgerEntry.kind == kind).order_by(LedgerEntry.index.desc())
    return session.scalars(entries.limit(1)).first()


def bodies(session: Session, *, start: int, stop: int) -> Iterator[str]:
    """The canonical JSON of entries [start, stop), oldest first, without holding them all in memory."""
    wanted = select(LedgerEntry.body).where(LedgerEntry.index >= start, LedgerEntry.index < stop)
    yield from session.scalars(wanted.order_by(LedgerEntry.index).execution_options(yield_per=1000))


def hashes(session: Session, level: int, *, start: int, stop: int) -> list[bytes]:
    """The stored hashes [start, stop) of one level, left to right: what a tile of the log is made of."""
    if level == 0:
        leaves = select(LedgerEntry.leaf_hash).where(LedgerEntry.index >= start, LedgerEntry.index < stop)
        return list(session.scalars(leaves.order_by(LedgerEntry.index)))
    nodes = select(LedgerNode.hash).where(LedgerNode.level == level)
    wanted = nodes.where(LedgerNode.index >= start, LedgerNode.index < stop).order_by(LedgerNode.index)
    return list(session.scalars(wanted))


def inclusion_proof(session: Session, index: int, size: int | None = None) -> list[bytes]:
    """The RFC 6962 proof that entry `index` is in the log of this size. Raises ValueError when it is not."""
    return merkle.inclusion_proof(index, _within(session, size), partial(_read, session))


def consistency_proof(session: Session, old: int, new: int) -> list[bytes]:
    """The RFC 6962 proof that the log of size `new` begins with the log of size `old`. Raises ValueError."""
    return merkle.consistency_proof(old, _within(session, new), partial(_read, session))


def frontier(session: Session, size: int) -> Frontier:
    """The right edge of the log at this size, from stored nodes: what it grows from."""
    peaks = merkle.peaks(size)
    return Frontier(size, merkle.all_of(peaks, _read(session, peaks)))


def reading(session: Session) -> Read:
    """Look-ups for several roots and proofs at one moment: what was found once is not asked for again."""
    known: dict[Node, bytes] = {}

    def read(nodes: Sequence[Node]) -> dict[Node, bytes]:
        missing = [node for node in nodes if node not in known]
        if missing:
            known.update(_read(session, missing))
        return {node: known[node] for node in nodes if node in known}

    return read


def recompute(session: Session) -> bytes:
    """The root from all bodies, hashed again from scratch; no stored hash is believed. Slow on a long log."""
    whole = Frontier()
    whole.add_all(merkle.leaf_hash(body.encode()) for body in bodies(session, start=0, stop=size(session)))
    return whole.root


def _within(session: Session, wanted: int | None) -> int:
    present = size(session)
    if wanted is None:
        return present
    if not 0 <= wanted <= present:
        raise ValueError("the log has not had this size")
    return wanted


def _read(session: Session, nodes: Sequence[Node]) -> dict[Node, bytes]:
    """Look nodes up, all of one proof at once; what is not stored is left out."""
    leaves = [index for level, index in nodes if level == 0]
    inner = [node for node in nodes if node[0] > 0]
    found: dict[Node, bytes] = {}
    if leaves:
        wanted = select(LedgerEntry.index, LedgerEntry.leaf_hash).where(LedgerEntry.index.in_(leaves))
        found.update({(0, index): held for index, held in session.execute(wanted)})
    if inner:
        place = tuple_(LedgerNode.level, LedgerNode.index)
        above = select(LedgerNode.level, LedgerNode.index, LedgerNode.hash).where(place.in_(inner))
        found.update({(level, index): held for level, index, held in session.execute(above)})
    return found
