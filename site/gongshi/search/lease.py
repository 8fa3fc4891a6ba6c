"""One worker at a time, of any number that run: it holds a lease and says so again before the lease runs out."""

from datetime import timedelta

from sqlalchemy.orm import Session

from gongshi import db
from gongshi.search.models import WorkerLease

LASTS = timedelta(seconds=15)


def hold(session: Session, name: str, holder: str) -> bool:
    """Take or renew the lease; False while somebody else holds it. A lease that ran out is anybody's."""
    with db.writing(session) as at:
        lease = session.get(WorkerLease, name)
        if lease is None:
            session.add(WorkerLease(name=name, holder=holder, until=at + LASTS))
            return True
        if lease.holder != holder and lease.until > at:
            return False
        lease.holder, lease.until = holder, at + LASTS
        return True


def release(session: Session, name: str, holder: str) -> None:
    """Let the next one begin at once."""
    with db.writing(session):
        lease = session.get(WorkerLease, name)
        if lease is not None and lease.holder == holder:
            session.delete(lease)
