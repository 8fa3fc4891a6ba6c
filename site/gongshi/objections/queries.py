"""Reads: objections and answers by list, project and comment; which comments are placed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
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
    selectinload(Objection.merged_here),
    selectinload(Objection.merged_into),
    selectinload(Objection.split_from),
    selectinload(Objection.parts),
)


STANDS = Objection.retired_at.is_(None)


def count(session: Session, consultation: Consultation) -> int:
    """How many objections of a list stand: those merged or split count no longer."""
    query = select(func.count(Objection.id)).where(Objection.consultation_id == consultation.id, STANDS)
    return session.scalar(query) or 0


def next_ordinal(session: Session, consultation: Consultation) -> int:
    """Called under the write lock."""
    query = select(func.max(Objection.ordinal)).where(Objection.consultation_id == consultation.id)
    return (session.scalar(query) or 0) + 1


def count_answers(session: Session, consultation: Consultation) -> int:
    return session.scalar(select(func.count(Answer.id)).where(Answer.consultation_id == consultation.id)) or 0


def numbered(session: Session, number: str) -> Objection:
    return session.scalars(select(Objection).where(Objection.number == number).options(*_WHOLE)).one()


def find(session: Session, number: str) -> Objection | None:
    return session.scalar(select(Objection).where(Objection.number == number).options(*_WHOLE))


def answer_numbered(session: Session, number: str) -> Answer:
    return session.scalars(select(Answer).where(Answer.number == number)).one()


def of_list(session: Session, consultation: Consultation) -> list[Objection]:
    """Every objection of a list in order, those merged or split among them."""
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
    """The objections that count at this project's gate: those that stand."""
    return list(
        session.scalars(
            select(Objection)
            .join(Concern)
            .where(Concern.project_id == project.id, STANDS)
            .order_by(Objection.ordinal)
            .options(*_WHOLE)
        )
    )


def of_comment(session: Session, comment: Comment) -> list[Objection]:
    """The objections that stand and that a comment raised."""
    return list(
        session.scalars(
            select(Objection)
            .join(Placement)
            .where(Placement.comment_id == comment.id, STANDS)
            .order_by(Objection.ordinal)
        )
    )


def answer_to(session: Session, comment: Comment) -> Answer | None:
    return session.scalar(select(Answer).join(AnswerPlacement).where(AnswerPlacement.comment_id == comment.id))


def answered_among(session: Session, comments: Iterable[Comment]) -> list[str]:
    """Numbers of those comments that an Answer already answers."""
    ids = [comment.id for comment in comments]
    found = session.scalars(select(Comment.number).join(AnswerPlacement).where(AnswerPlacement.comment_id.in_(ids)))
    return sorted(found)


def placed_under(session: Session, objection: Objection, comments: Iterable[Comment]) -> set[UUID]:
    """Ids of those comments that stand under this objection already."""
    ids = [comment.id for comment in comments]
    return set(
        session.scalars(
            select(Placement.comment_id).where(Placement.objection_id == objection.id, Placement.comment_id.in_(ids))
        )
    )


def placed_at(session: Session, objection: Objection, comment: Comment) -> datetime | None:
    """When a comment came under an objection; None for those whose placement is as old as the objection's wording."""
    found = session.get(Placement, (objection.id, comment.id))
    return found.placed_at if found else None


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
    """The objections that stand and that any of those comments raised."""
    ids = [comment.id for comment in comments]
    raised = select(Placement.objection_id).where(Placement.comment_id.in_(ids))
    query = select(Objection).where(Objection.id.in_(raised), STANDS).order_by(Objection.ordinal)
    return list(session.scalars(query.options(*_WHOLE)))


def forebears(session: Session, objections: Iterable[Objection]) -> dict[UUID, set[UUID]]:
    """For each of those objections its own id and those of all that were merged into it or that it is a part of.

    A change that one of these caused is a change that the objection caused.
    """
    wanted = list(objections)
    lists = {one.consultation_id for one in wanted}
    moved = Objection.merged_into_id.is_not(None) | Objection.split_from_id.is_not(None)
    rows = session.execute(
        select(Objection.id, Objection.merged_into_id, Objection.split_from_id).where(
            Objection.consultation_id.in_(lists), moved
        )
    )
    came_from: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for id, merged_into, split_from in rows:
        if merged_into is not None:
            came_from[merged_into].add(id)
        if split_from is not None:
            came_from[id].add(split_from)
    return {one.id: _reached(one.id, came_from) for one in wanted}


def _reached(start: UUID, came_from: Mapping[UUID, set[UUID]]) -> set[UUID]:
    found, ahead = {start}, [start]
    while ahead:
        further = came_from.get(ahead.pop(), set()) - found
        found |= further
        ahead += further
    return found


def unanswered(session: Session, consultation: Consultation) -> list[str]:
    """Numbers of the published comments that are neither answered nor all of whose objections are settled (rule 11)."""
    settled = Disposition.id.is_not(None) | Objection.unfounded_at.is_not(None)
    under = (
        select(Placement.comment_id)
        .join(Placement.objection)
        .outerjoin(Disposition)
        .where(Objection.consultation_id == consultation.id, STANDS)
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
    """Objections of a list in their order, merged and split ones among them, from the one after `after` on."""
    query = select(Objection).where(Objection.consultation_id == consultation.id, Objection.ordinal > after)
    if project is not None:
        query = query.join(Concern).where(Concern.project_id == project.id)
    if outcome is not None:
        query = query.join(Disposition).where(Disposition.outcome == outcome)
    return list(session.scalars(query.order_by(Objection.ordinal).limit(limit).options(*_WHOLE)))


def unfounded_approval(session: Session, objection: Objection) -> Approval | None:
    """The two people behind setting an objection aside as unfounded."""
    return session.get(Approval, objection.unfounded_approval_id) if objection.unfounded_approval_id else None


def unsettled(session: Session, consultation: Consultation) -> tuple[int, datetime | None]:
    """How many objections that stand have no disposition yet, and when the oldest of them was worded."""
    query = (
        select(func.count(Objection.id), func.min(Objection.worded_at))
        .outerjoin(Disposition)
        .where(
            Objection.consultation_id == consultation.id,
            STANDS,
            Disposition.id.is_(None),
            Objection.unfounded_at.is_(None),
        )
    )
    count, since = session.execute(query).one()
    return count, since
