"""How a change reaches the index: a row in the change's own transaction, and a worker that reads the thing again.

A row says only what changed, not how. So it does not matter how often, or in what order, rows are worked off, and a
worker that is killed anywhere repeats at worst what it did.

What is dated ahead is not public yet: its row waits until that instant, and however it came to be read before, it is
put back to wait. Nothing needs a timer for that.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from gongshi import clock, db
from gongshi.search.documents import Document, Ref, Sources
from gongshi.search.engine import SearchBackend
from gongshi.search.models import OutboxRow

MOST_AT_ONCE = 200

Sessions = Callable[[], Session]


def enqueue(session: Session, kind: str, id: str, *, not_before: datetime | None = None) -> None:
    """Have search read this thing again once the transaction is committed, and not before an instant if one is set."""
    session.add(OutboxRow(kind=kind, id=id, not_before=not_before))


def waiting(session: Session, at: datetime | None = None) -> int:
    """How many rows are to be worked off now; what waits for its instant does not count."""
    return session.scalar(select(func.count()).select_from(OutboxRow).where(_due(at or clock.now()))) or 0


def drain(
    sessions: Sessions,
    backend: SearchBackend,
    sources: Sources,
    limit: int = MOST_AT_ONCE,
    *,
    at: datetime | None = None,
) -> int:
    """Bring the oldest rows into the index and delete them; returns how many. May raise `IndexMissing`, `IndexBusy`.

    Rows go only after the index is on disk. The present instant may be given.
    """
    present = at or clock.now()
    with backend.exclusive(), sessions() as session:
        rows = session.execute(
            select(OutboxRow.seq, OutboxRow.kind, OutboxRow.id)
            .where(_due(present))
            .order_by(OutboxRow.seq)
            .limit(limit)
        ).all()
        if rows:
            read = {ref: _read(session, sources, ref) for ref in dict.fromkeys((row.kind, row.id) for row in rows)}
            backend.apply({ref: found if _is_public(found, present) else None for ref, found in read.items()})
            with db.writing(session):
                session.execute(delete(OutboxRow).where(OutboxRow.seq.in_([row.seq for row in rows])))
                _put_off(session, read, present)
    return len(rows)


def rebuild(sessions: Sessions, backend: SearchBackend, sources: Sources, *, at: datetime | None = None) -> None:
    """Build the index anew from the database, and drop the rows that this makes pointless. May raise `IndexBusy`."""
    present = at or clock.now()
    ahead: dict[Ref, Document | None] = {}
    with backend.exclusive(), sessions() as session:
        covered = session.scalar(select(func.max(OutboxRow.seq)))
        backend.rebuild(_public(every(session, sources), present, ahead))
        with db.writing(session):
            if covered is not None:
                session.execute(delete(OutboxRow).where(OutboxRow.seq <= covered))
            _put_off(session, ahead, present)


def every(session: Session, sources: Sources) -> Iterator[Document]:
    """All documents of all kinds, with those that are not public yet."""
    return (document for source in sources.values() for document in source.documents(session))


def count_public(session: Session, sources: Sources, at: datetime) -> int:
    """How many documents everybody may find at an instant."""
    return sum(1 for document in every(session, sources) if _is_public(document, at))


def _due(at: datetime) -> ColumnElement[bool]:
    return or_(OutboxRow.not_before.is_(None), OutboxRow.not_before <= at)


def _public(documents: Iterable[Document], at: datetime, ahead: dict[Ref, Document | None]) -> Iterator[Document]:
    """Those that are public; the others are noted in `ahead`."""
    for document in documents:
        if _is_public(document, at):
            yield document
        else:
            ahead[document.ref] = document


def _is_public(document: Document | None, at: datetime) -> bool:
    return document is not None and document.at <= at


def _put_off(session: Session, read: Mapping[Ref, Document | None], at: datetime) -> None:
    for (kind, id), document in read.items():
        if document is not None and document.at > at:
            enqueue(session, kind, id, not_before=document.at)


def _read(session: Session, sources: Sources, ref: Ref) -> Document | None:
    """The thing as it is now. A kind that the site no longer has is gone from the index too."""
    source = sources.get(ref[0])
    return source.document(session, ref[1]) if source else None
