"""Rotating the keys of names and contacts: all is sealed again under the newest, in portions, then the old ones go."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gongshi.comments.personal import place
from gongshi.comments.personal_models import PersonalDetail
from gongshi.sealing import KeyRing, Sealed

AT_ONCE = 500


def reseal_next(session: Session, ring: KeyRing, *, limit: int = AT_ONCE) -> int:
    """Seal a portion again under the newest key; returns how many fields. Begin again wherever it was stopped.

    Raises CannotOpen for one that was moved or whose key is gone: then every key stays.
    """
    old = select(PersonalDetail).where(PersonalDetail.key_id != ring.primary).limit(limit)
    rows = session.scalars(old.order_by(PersonalDetail.comment_id)).all()
    for row in rows:
        sealed = ring.rewrap(Sealed(row.key_id, row.sealed), place(row.comment, row.field))
        row.key_id, row.sealed = sealed.key_id, sealed.data
    session.flush()
    return len(rows)


def uses(session: Session) -> Mapping[str, int]:
    """How many fields each key seals."""
    rows = session.execute(select(PersonalDetail.key_id, func.count()).group_by(PersonalDetail.key_id))
    return {key: count for key, count in rows}


def retire(session: Session, ring: KeyRing) -> list[str]:
    """Destroy every key but the newest that seals nothing any more; returns their ids. Called under the write lock."""
    used = uses(session)
    gone = [id for id in ring.ids()[:-1] if id not in used]
    for id in gone:
        ring.destroy(id)
    return gone


def missing(session: Session, ring: KeyRing) -> list[str]:
    """Ids of keys that seal something here and are not in the ring."""
    return sorted(set(uses(session)) - set(ring.ids()))
