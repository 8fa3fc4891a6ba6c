"""How a change reaches the index: a row in the change's own transaction, and a worker that reads the thing again.

A row says only what changed, not how. So it does not matter how often, or in what order, rows are worked off, and a
worker that is killed anywhere repeats at worst what it did.
"""

from collections.abc import Callable

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from gongshi import db
from gongshi.search.documents import Document, Ref, Sources
from gongshi.search.engine import SearchBackend
from gongshi.search.models import OutboxRow

MOST_AT_ONCE = 200

Sessions = Callable[[], Session]


def enqueue(session: Session, kind: str, id: str) -> None:
    """Have search read this thing again once the transaction is committed."""
    session.add(OutboxRow(kind=kind, id=id))


def waiting(session: Session) -> int:
    """How many rows are still to be worked off."""
    return session.scalar(select(func.count()).select_from(OutboxRow)) or 0


def drain(sessions: Sessions, backend: SearchBackend, sources: Sources, limit: int = MOST_AT_ONCE) -> int:
    """Bring the oldest rows into the index and delete them; returns how many. May raise `IndexMissing`, `IndexBusy`.

    Rows go only after the index is on disk.
    """
    with backend.exclusive(), sessions() as session:
        rows = session.execute(
            select(OutboxRow.seq, OutboxRow.kind, OutboxRow.id).order_by(OutboxRow.seq).limit(limit)
        ).all()
        if rows:
            refs = dict.fromkeys((row.kind, row.id) for row in rows)
            backend.apply({ref: _read(session, sources, ref) for ref in refs})
            with db.writing(session):
                session.execute(delete(OutboxRow).where(OutboxRow.seq.in_([row.seq for row in rows])))
    return len(rows)


def rebuild(sessions: Sessions, backend: SearchBackend, sources: Sources) -> None:
    """Build the index anew from the database, and drop the rows that this makes pointless. May raise `IndexBusy`."""
    with backend.exclusive(), sessions() as session:
        covered = session.scalar(select(func.max(OutboxRow.seq)))
        backend.rebuild(document for source in sources.values() for document in source.documents(session))
        if covered is not None:
            with db.writing(session):
                session.execute(delete(OutboxRow).where(OutboxRow.seq <= covered))


def _read(session: Session, sources: Sources, ref: Ref) -> Document | None:
    """The thing as it is now. A kind that the site no longer has is gone from the index too."""
    source = sources.get(ref[0])
    return source.document(session, ref[1]) if source else None
