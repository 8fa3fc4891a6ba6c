"""Reads: the answers that a comment got, and what the holders of receipts said to them (rule 15)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session, aliased, selectinload

from gongshi.comments.models import Comment, CommentState
from gongshi.consultations.models import Consultation
from gongshi.objections import queries
from gongshi.objections.models import Answer, Concern, Objection
from gongshi.objections.response_models import Response
from gongshi.projects import queries as projects
from gongshi.projects.models import Project


@dataclass(frozen=True)
class Given:
    """An answer that a comment got: the disposition of an objection that it raised, or an Answer; and what its sender
    said to it last."""

    comment: Comment
    answered_at: datetime
    objection: Objection | None = None
    answer: Answer | None = None
    response: Response | None = None

    @property
    def number(self) -> str:
        given = self.objection or self.answer
        return given.number if given else ""

    @property
    def title(self) -> str:
        given = self.objection or self.answer
        return given.title if given else ""


@dataclass(frozen=True)
class Counts:
    """How many senders an answer satisfied and did not satisfy; those who said nothing are not counted."""

    satisfied: int = 0
    unsatisfied: int = 0

    @property
    def any(self) -> bool:
        return bool(self.satisfied or self.unsatisfied)


def given_to(session: Session, comment: Comment) -> list[Given]:
    """The answers that a comment has. One that was withdrawn is not asked about them any more."""
    if comment.state is CommentState.WITHDRAWN:
        return []
    said = {one.answered: one for one in _said_by(session, comment)}
    answer = queries.answer_to(session, comment)
    if answer is not None:
        return [Given(comment, answer.published_at, answer=answer, response=said.get(answer.number))]
    return [
        Given(comment, answered_at, objection=one, response=said.get(one.number))
        for one in queries.of_comment(session, comment)
        if (answered_at := _answered_at(session, one, comment)) is not None
    ]


def concerned(session: Session, given: Given) -> list[Project]:
    """The projects at whose decision a response to this answer counts, in the list's order."""
    if given.objection is not None:
        return given.objection.projects
    if given.comment.project is not None:
        return [given.comment.project]
    return projects.of_list(session, given.comment.consultation)


def counts(session: Session, given: Objection | Answer) -> Counts:
    """What the senders of the comments under an objection or an answer said to it, each counted once."""
    to = Response.objection_id if isinstance(given, Objection) else Response.answer_id
    query = select(Response.is_satisfied, func.count()).where(to == given.id, _latest()).group_by(Response.is_satisfied)
    found = {satisfied: count for satisfied, count in session.execute(query)}
    return Counts(found.get(True, 0), found.get(False, 0))


def counts_of_list(session: Session, consultation: Consultation) -> dict[UUID, Counts]:
    """The same for every objection and answer of a list that anybody responded to, by its id."""
    to = func.coalesce(Response.objection_id, Response.answer_id)
    query = (
        select(to, Response.is_satisfied, func.count())
        .join(Response.comment)
        .where(Comment.consultation_id == consultation.id, _latest())
        .group_by(to, Response.is_satisfied)
    )
    found: defaultdict[UUID, dict[bool, int]] = defaultdict(dict)
    for id, satisfied, count in session.execute(query):
        found[id][satisfied] = count
    return {id: Counts(said.get(True, 0), said.get(False, 0)) for id, said in found.items()}


def unsatisfied(session: Session, project: Project) -> list[Response]:
    """Every response that says an answer did not satisfy, and that counts at the decision on this project."""
    under = select(Concern.objection_id).where(Concern.project_id == project.id)
    about = (Comment.project_id == project.id) | Comment.project_id.is_(None)
    counting = Response.objection_id.in_(under) | (Response.answer_id.is_not(None) & about)
    query = _of_list(project.consultation).where(counting, Response.is_satisfied.is_(False))
    return list(session.scalars(query.order_by(Comment.seq, Response.ledger_index)))


def count_unsatisfied(session: Session, consultation: Consultation) -> int:
    """How many responses of a list say that an answer did not satisfy."""
    query = _of_list(consultation).where(Response.is_satisfied.is_(False)).subquery()
    return session.scalar(select(func.count()).select_from(query)) or 0


def of_list(session: Session, consultation: Consultation, *, before: int | None = None, limit: int) -> list[Response]:
    """The responses of a list that count, the newest first, from before an entry of the ledger on."""
    query = _of_list(consultation)
    if before is not None:
        query = query.where(Response.ledger_index < before)
    return list(session.scalars(query.order_by(Response.ledger_index.desc()).limit(limit)))


def _of_list(consultation: Consultation) -> Select[Response]:
    return (
        select(Response)
        .join(Response.comment)
        .where(Comment.consultation_id == consultation.id, _latest())
        .options(selectinload(Response.comment), selectinload(Response.objection), selectinload(Response.answer))
    )


def _latest() -> ColumnElement[bool]:
    """That nothing was said later by the same sender to the same answer."""
    later = aliased(Response)
    return ~exists(
        select(later.id).where(
            later.comment_id == Response.comment_id,
            later.objection_id.is_not_distinct_from(Response.objection_id),
            later.answer_id.is_not_distinct_from(Response.answer_id),
            later.ledger_index > Response.ledger_index,
        )
    )


def _said_by(session: Session, comment: Comment) -> list[Response]:
    """Everything that the sender of a comment said to its answers, the latest last."""
    query = select(Response).where(Response.comment_id == comment.id).order_by(Response.ledger_index)
    return list(session.scalars(query.options(selectinload(Response.objection), selectinload(Response.answer))))


def _answered_at(session: Session, objection: Objection, comment: Comment) -> datetime | None:
    """When the disposition of an objection answered a comment; one placed later was answered only then."""
    disposition = objection.disposition
    settled_at = disposition.decided_at if disposition else objection.unfounded_at
    if settled_at is None:
        return None
    placed_at = queries.placed_at(session, objection, comment)
    return max(settled_at, placed_at) if placed_at else settled_at
