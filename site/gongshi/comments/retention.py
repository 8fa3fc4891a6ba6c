"""When names and contacts go by themselves: a set time after the last round of their list has closed (rule 8).

The time is counted from the closing and from nothing else, so that whoever writes can be told the day on which it ends
at the latest, and no bureau keeps personal data longer by being slow with its summary.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from gongshi.comments.models import Comment
from gongshi.comments.personal_models import NameConsent, PersonalDetail
from gongshi.consultations.models import Round

AT_ONCE = 200


def is_due(session: Session, *, days: int, at: datetime) -> bool:
    """Whether anything is kept whose time is over."""
    if session.scalar(_closed(days, at).limit(1)) is None:
        return False
    return session.scalar(_due(days, at).limit(1)) is not None


def delete_due(session: Session, *, days: int, at: datetime, limit: int = AT_ONCE) -> int:
    """Delete a portion of what is kept over its time; returns how many fields. The consents stay, and are over."""
    rows = session.scalars(_due(days, at).limit(limit)).all()
    for row in rows:
        given = session.get(NameConsent, row.comment_id)
        if given is not None and given.withdrawn_at is None:
            given.withdrawn_at = at
        session.delete(row)
    session.flush()
    return len(rows)


def _closed(days: int, at: datetime) -> Select[UUID]:
    """The lists whose last round closed so long ago."""
    return (
        select(Round.consultation_id)
        .group_by(Round.consultation_id)
        .having(func.max(Round.closes_at) <= at - timedelta(days=days))
    )


def _due(days: int, at: datetime) -> Select[PersonalDetail]:
    return (
        select(PersonalDetail)
        .join(Comment, Comment.id == PersonalDetail.comment_id)
        .where(Comment.consultation_id.in_(_closed(days, at)))
        .order_by(PersonalDetail.comment_id)
    )
