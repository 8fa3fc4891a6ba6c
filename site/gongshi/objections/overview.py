"""The objections of a list as staff see them at a glance: how far each is, who writes on it, how many raised it."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from gongshi.consultations.models import Consultation
from gongshi.objections import working
from gongshi.objections.models import Concern, DispositionDraft, Objection, Placement


class Stage(StrEnum):
    """How far an objection is: nobody writes, somebody does, the text is ready, it is settled, merged or split."""

    UNTOUCHED = "untouched"
    WRITTEN_ON = "written-on"
    READY = "ready"
    SETTLED = "settled"
    RETIRED = "retired"

    @property
    def waits(self) -> bool:
        """Whether something is still to be done about it."""
        return self in {Stage.UNTOUCHED, Stage.WRITTEN_ON, Stage.READY}


@dataclass(frozen=True)
class Line:
    """One objection with how many comments raised it and what is being written about it."""

    objection: Objection
    comments: int
    kept: DispositionDraft | None

    @property
    def stage(self) -> Stage:
        return stage_of(self.objection, self.kept)


def stage_of(objection: Objection, kept: DispositionDraft | None) -> Stage:
    if not objection.stands:
        return Stage.RETIRED
    if objection.is_settled:
        return Stage.SETTLED
    if kept is None:
        return Stage.UNTOUCHED
    return Stage.READY if kept.is_ready else Stage.WRITTEN_ON


def of_list(session: Session, consultation: Consultation) -> list[Line]:
    """Every objection of a list in order; no comment is loaded for it."""
    found = session.scalars(
        select(Objection)
        .where(Objection.consultation_id == consultation.id)
        .order_by(Objection.ordinal)
        .options(
            selectinload(Objection.concerns).selectinload(Concern.project),
            selectinload(Objection.disposition),
            selectinload(Objection.merged_into),
            selectinload(Objection.parts),
        )
    )
    counted, kept = _counts(session, consultation), working.disposition_drafts(session, consultation)
    return [Line(one, counted.get(one.id, 0), kept.get(one.id)) for one in found]


def _counts(session: Session, consultation: Consultation) -> dict[UUID, int]:
    rows = session.execute(
        select(Placement.objection_id, func.count())
        .join(Placement.objection)
        .where(Objection.consultation_id == consultation.id)
        .group_by(Placement.objection_id)
    )
    return {id: count for id, count in rows}
