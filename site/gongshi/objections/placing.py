"""Reads for whoever places comments: objections by number and name without the thousands of comments under them."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from gongshi.comments.models import Comment
from gongshi.consultations.models import Consultation
from gongshi.objections.models import Objection, Placement
from gongshi.objections.queries import STANDS


def named(session: Session, consultation: Consultation) -> list[tuple[str, str]]:
    """The number and title of every standing objection of a list."""
    query = select(Objection.number, Objection.title).where(Objection.consultation_id == consultation.id, STANDS)
    return [(number, title) for number, title in session.execute(query.order_by(Objection.ordinal))]


def standing(session: Session, consultation: Consultation, number: str) -> Objection | None:
    """A standing objection of a list, its comments not loaded."""
    query = select(Objection).where(Objection.consultation_id == consultation.id, Objection.number == number, STANDS)
    return session.scalar(query)


def of_comment(session: Session, comment: Comment) -> list[Placement]:
    """Where a comment was placed, when and by whom, merged and split objections too."""
    query = select(Placement).where(Placement.comment_id == comment.id)
    return list(session.scalars(query.options(selectinload(Placement.objection), selectinload(Placement.placed_by))))
