"""Reads: objections and answers by list, project and comment; which comments are placed."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from gongshi.accounts.models import Approval
from gongshi.comments.models import Comment, CommentState
from gongshi.consultations.models import Consultation
from gongshi.objections.models import (
    Answer,
    AnswerPlacement,
    Concern,
    Disposition,
    Objection,
    Outcome,
    Placement,
)
from gongshi.projects.models import Project

_WHOLE = (
    selectinload(Objection.concerns).selectinload(Concern.project),
    selectinload(Objection.placements).selectinload(Placement.comment),
    selectinload(Objection.disposition),
)


def count(session: Session, consultation: Consultation) -> int:
    return session.scalar(select(func.count(Objection.id)).where(Objection.consultation_id == consultation.id)) or 0


def count_answers(session: Session, consultation: Consultation) -> int:
    return session.scalar(select(func.count(Answer.id)).where(Answer.consultation_id == consultation.id)) or 0


def numbered(session: Session, number: str) -> Objection:
    return session.scalars(select(Objection).where(Objection.number == number).options(*_WHOLE)).one()


def answer_numbered(session: Session, number: str) -> Answer:
    return session.scalars(select(Answer).where(Answer.number == number)).one()


def of_list(session: Session, consultation: Consultation) -> list[Objection]:
    return list(
        session.scalars(
            select(Objection)
            .where(Objection.consultation_id == consultation.id)
            .order_by(Objection.ordinal)
            .options(*_WHOLE)
        )
    )


def answers_of_list(session: Session, consultation: Consultation) -> list[Answer]:
    return list(
        session.scalars(select(Answer).where(Answer.consultation_id == consultation.id).order_by(Answer.ordinal))
    )


def of_project(session: Session, project: Project) -> list[Objection]:
    """The objections that count at this project's gate."""
    return list(
        session.scalars(
            select(Objection)
            .join(Concern)
            .where(Concern.project_id == project.id)
            .order_by(Objection.ordinal)
            .options(*_WHOLE)
        )
    )


def of_comment(session: Session, comment: Comment) -> list[Objection]:
    return list(
        session.scalars(
            select(Objection).join(Placement).where(Placement.comment_id == comment.id).order_by(Objection.ordinal)
        )
    )


def answer_to(session: Session, comment: Comment) -> Answer | None:
    return session.scalar(select(Answer).join(AnswerPlacement).where(AnswerPlacement.comment_id == comment.id))


def answered_among(session: Session, comments: Iterable[Comment]) -> list[str]:
    """Numbers of those comments that an Answer already answers."""
    ids = [comment.id for comment in comments]
    found = session.scalars(select(Comment.number).join(AnswerPlacement).where(AnswerPlacement.comment_id.in_(ids)))
    return sorted(found)


def placed_among(session: Session, comments: Iterable[Comment]) -> list[str]:
    """Numbers of those comments that stand under an objection or an answer already."""
    ids = [comment.id for comment in comments]
    under = session.scalars(select(Comment.number).join(Placement).where(Placement.comment_id.in_(ids)))
    return sorted({*under, *answered_among(session, comments)})


def unplaced(session: Session, project: Project) -> list[str]:
    """Numbers of the comments on this project, or on its whole list, that ended nowhere yet (rule 11)."""
    ended = {CommentState.WITHHELD, CommentState.WITHDRAWN}
    query = (
        select(Comment.number)
        .outerjoin(Placement, Placement.comment_id == Comment.id)
        .outerjoin(AnswerPlacement, AnswerPlacement.comment_id == Comment.id)
        .where(
            Comment.consultation_id == project.consultation_id,
            (Comment.project_id == project.id) | Comment.project_id.is_(None),
            Comment.state.not_in(ended),
            Placement.comment_id.is_(None),
            AnswerPlacement.comment_id.is_(None),
        )
        .order_by(Comment.seq)
    )
    return list(session.scalars(query))


def answers_to(session: Session, comments: Iterable[Comment]) -> dict[UUID, Answer]:
    """The answer to each of those comments that an Answer answers, by the comment's id."""
    ids = [comment.id for comment in comments]
    rows = session.execute(
        select(AnswerPlacement.comment_id, Answer)
        .join(AnswerPlacement.answer)
        .where(AnswerPlacement.comment_id.in_(ids))
    )
    return {comment_id: answer for comment_id, answer in rows}


def raised_by(session: Session, comments: Iterable[Comment]) -> list[Objection]:
    """The objections that any of those comments raised."""
    ids = [comment.id for comment in comments]
    raised = select(Placement.objection_id).where(Placement.comment_id.in_(ids))
    return list(
        session.scalars(select(Objection).where(Objection.id.in_(raised)).order_by(Objection.ordinal).options(*_WHOLE))
    )


def unanswered(session: Session, consultation: Consultation) -> list[str]:
    """Numbers of the published comments that are neither answered nor all of whose objections are settled (rule 11)."""
    settled = Disposition.id.is_not(None) | Objection.unfounded_at.is_not(None)
    under = (
        select(Placement.comment_id)
        .join(Placement.objection)
        .outerjoin(Disposition)
        .where(Objection.consultation_id == consultation.id)
    )
    query = (
        select(Comment.number)
        .outerjoin(AnswerPlacement, AnswerPlacement.comment_id == Comment.id)
        .where(
            Comment.consultation_id == consultation.id,
            Comment.state == CommentState.PUBLISHED,
            AnswerPlacement.comment_id.is_(None),
            Comment.id.not_in(under.where(settled)) | Comment.id.in_(under.where(~settled)),
        )
        .order_by(Comment.seq)
    )
    return list(session.scalars(query))


def listing(
    session: Session,
    consultation: Consultation,
    *,
    project: Project | None = None,
    outcome: Outcome | None = None,
    after: int = 0,
    limit: int = 50,
) -> list[Objection]:
    """Objections of a list in their order, from the one after ordinal `after` on."""
    query = select(Objection).where(Objection.consultation_id == consultation.id, Objection.ordinal > after)
    if project is not None:
        query = query.join(Concern).where(Concern.project_id == project.id)
    if outcome is not None:
        query = query.join(Disposition).where(Disposition.outcome == outcome)
    return list(session.scalars(query.order_by(Objection.ordinal).limit(limit).options(*_WHOLE)))


def unfounded_approval(session: Session, objection: Objection) -> Approval | None:
    """The two people behind setting an objection aside as unfounded."""
    return session.get(Approval, objection.unfounded_approval_id) if objection.unfounded_approval_id else None
