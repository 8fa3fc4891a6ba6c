"""Reads: drafts by number, by who they wait for, by list."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from gongshi.accounts.models import Act, StaffUser
from gongshi.accounts.two_people import ACTS
from gongshi.consultations.models import Consultation, consultation_bureau
from gongshi.drafts.models import WRITING, Draft, DraftKind, DraftState, DraftStep
from gongshi.projects.models import Project

_WHOLE = (
    selectinload(Draft.steps).selectinload(DraftStep.by),
    selectinload(Draft.prepared_by),
    selectinload(Draft.consultation).selectinload(Consultation.bureaus),
)


def numbered(session: Session, number: int) -> Draft:
    """A draft by its number; raises NoResultFound."""
    return session.scalars(select(Draft).where(Draft.number == number).options(*_WHOLE)).one()


def next_number(session: Session) -> int:
    """Called under the write lock."""
    return (session.scalar(select(func.max(Draft.number))) or 0) + 1


def waiting_for(session: Session, person: StaffUser, *, kind: DraftKind | None = None) -> list[Draft]:
    """Submitted drafts that the roles of this person approve, the one that waits longest on top.

    An act may still refuse them one by one: `actions.waiting_for` asks that too.
    """
    query = _waiting(person) if kind is None else _waiting(person).where(Draft.kind == kind)
    return list(session.scalars(query.order_by(Draft.state_at).options(*_WHOLE)))


def count_waiting_for(session: Session, person: StaffUser) -> int:
    return session.scalar(select(func.count()).select_from(_waiting(person).subquery())) or 0


def waiting(session: Session, bureau_id: UUID) -> list[Draft]:
    """Every submitted draft of a bureau: who waits for whom."""
    query = select(Draft).where(Draft.state == DraftState.SUBMITTED, _of_bureau(bureau_id))
    return list(session.scalars(query.order_by(Draft.state_at).options(*_WHOLE)))


def in_hand(session: Session, bureau_id: UUID) -> list[Draft]:
    """Drafts of a bureau that are not submitted yet, the newest first."""
    query = select(Draft).where(Draft.state == DraftState.DRAFT, _of_bureau(bureau_id))
    return list(session.scalars(query.order_by(Draft.number.desc()).options(*_WHOLE)))


def settled(session: Session, bureau_id: UUID, *, before: int | None = None, limit: int = 50) -> list[Draft]:
    """Approved and discarded drafts of a bureau, the newest first, from below a number on."""
    query = select(Draft).where(Draft.state.in_([DraftState.APPROVED, DraftState.DISCARDED]), _of_bureau(bureau_id))
    if before is not None:
        query = query.where(Draft.number < before)
    return list(session.scalars(query.order_by(Draft.number.desc()).limit(limit).options(*_WHOLE)))


def open_of(
    session: Session,
    consultation: Consultation,
    *,
    kind: DraftKind | None = None,
    project: Project | None = None,
) -> list[Draft]:
    """Drafts of a list that are neither approved nor discarded, the oldest first."""
    query = select(Draft).where(
        Draft.consultation_id == consultation.id, Draft.state.in_([DraftState.DRAFT, DraftState.SUBMITTED])
    )
    if kind is not None:
        query = query.where(Draft.kind == kind)
    if project is not None:
        query = query.where(Draft.project_id == project.id)
    return list(session.scalars(query.order_by(Draft.number).options(*_WHOLE)))


def _waiting(person: StaffUser) -> Select[Draft]:
    acts = [act for act in Act if ACTS[act][1] & person.roles]
    wrote = select(DraftStep.draft_id).where(DraftStep.by_id == person.id, DraftStep.kind.in_(WRITING))
    return select(Draft).where(
        Draft.state == DraftState.SUBMITTED,
        Draft.act.in_(acts),
        Draft.id.not_in(wrote),
        _of_bureau(person.bureau_id),
    )


def _of_bureau(bureau_id: UUID) -> ColumnElement[bool]:
    issued = select(consultation_bureau.c.consultation_id).where(consultation_bureau.c.bureau_id == bureau_id)
    own = Draft.consultation_id.is_(None) & (Draft.bureau_id == bureau_id)
    return or_(own, Draft.consultation_id.in_(issued))
