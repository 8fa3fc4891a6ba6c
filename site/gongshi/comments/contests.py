"""Reads: appeals of withholdings and disputes of names, by comment and by list."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from gongshi.comments.dispute_models import Dispute
from gongshi.comments.models import Appeal, AppealDecision, Comment, CommentState, Withholding
from gongshi.comments.personal_models import DetailField, NameConsent, PersonalDetail
from gongshi.consultations.models import Consultation


@dataclass(frozen=True)
class Disputed:
    """How often the name beside a comment was disputed, and when first."""

    count: int = 0
    first_at: datetime | None = None


def appeals_of(session: Session, withholding: Withholding) -> list[Appeal]:
    """The appeals of a withholding, the oldest first."""
    query = select(Appeal).where(Appeal.withholding_id == withholding.id).order_by(Appeal.ordinal)
    return list(session.scalars(query.options(selectinload(Appeal.decision))))


def open_appeal(session: Session, comment: Comment) -> Appeal | None:
    """The appeal of this comment's withholding that waits for its decision."""
    return session.scalar(_open().where(Appeal.comment_id == comment.id))


def open_appeals(session: Session, consultation: Consultation) -> list[Appeal]:
    """The appeals of a list that wait for their decision, the one that waits longest on top."""
    return list(session.scalars(_open().where(Comment.consultation_id == consultation.id)))


def decided_appeals(session: Session, consultation: Consultation, limit: int) -> list[Appeal]:
    """The appeals of a list that are decided, the newest decision first."""
    query = select(Appeal).join(Appeal.comment).join(Appeal.decision)
    query = query.where(Comment.consultation_id == consultation.id).order_by(AppealDecision.decided_at.desc())
    return list(session.scalars(query.limit(limit)))


def waiting(session: Session, consultation: Consultation) -> tuple[int, datetime | None]:
    """How many appeals of a list wait for their decision, and since when the oldest does."""
    found = _open().where(Comment.consultation_id == consultation.id).order_by(None).subquery()
    count, since = session.execute(select(func.count(), func.min(found.c.appealed_at))).one()
    return count, since


def disputed(session: Session, comment: Comment) -> Disputed:
    """Whether, how often and since when the name beside a comment is disputed."""
    query = select(func.count(Dispute.id), func.min(Dispute.disputed_at)).where(Dispute.comment_id == comment.id)
    count, first_at = session.execute(query).one()
    return Disputed(count, first_at)


def disputes_of(session: Session, comment: Comment) -> list[Dispute]:
    """The disputes of the name beside a comment, the oldest first."""
    return list(session.scalars(select(Dispute).where(Dispute.comment_id == comment.id).order_by(Dispute.ordinal)))


def disputes_of_list(session: Session, consultation: Consultation, limit: int) -> list[Dispute]:
    """The disputes of a list, the newest first."""
    query = select(Dispute).join(Dispute.comment).where(Comment.consultation_id == consultation.id)
    query = query.order_by(Dispute.disputed_at.desc(), Dispute.ordinal.desc()).limit(limit)
    return list(session.scalars(query.options(selectinload(Dispute.comment))))


def is_name_shown(session: Session, comment: Comment) -> bool:
    """Whether the public reads a name beside a comment: it is published, the name is kept, and consent to it holds."""
    if comment.state is not CommentState.PUBLISHED:
        return False
    query = (
        select(NameConsent.comment_id)
        .join(PersonalDetail, PersonalDetail.comment_id == NameConsent.comment_id)
        .where(
            NameConsent.comment_id == comment.id,
            NameConsent.withdrawn_at.is_(None),
            PersonalDetail.field == DetailField.NAME,
        )
    )
    return session.scalar(query) is not None


def _open() -> Select[Appeal]:
    return (
        select(Appeal)
        .join(Appeal.comment)
        .outerjoin(Appeal.decision)
        .where(AppealDecision.id.is_(None))
        .order_by(Appeal.appealed_at, Appeal.id)
    )
