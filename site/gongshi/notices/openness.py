"""The one function that answers “is it open?” for the button, the form, the API and the text (rule 3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.consultations.models import Consultation, Round, RoundState
from gongshi.group_commit import asked_once
from gongshi.notices.models import Interruption, InterruptionKind
from gongshi.projects.models import Project


class Openness(StrEnum):
    """Whether comments are taken: before, during, after; or not any more because a notice said so; or never."""

    NEVER = "never"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Standing:
    """How a list or a project stands at a moment, and the round and interruption that say so."""

    openness: Openness
    round: Round | None = None
    interruption: Interruption | None = None

    @property
    def is_open(self) -> bool:
        return self.openness is Openness.OPEN


def standing(session: Session, consultation: Consultation, project: Project | None = None, *, at: datetime) -> Standing:
    """Where comments on this list, or on this project of it, stand at this instant."""
    found = current_round(consultation, at, project)
    if not consultation.is_public(at) or found is None:
        return Standing(Openness.NEVER)
    interruption = _interruption(session, found, project, at)
    if interruption is not None:
        kind = Openness.WITHDRAWN if interruption.kind is InterruptionKind.WITHDRAWN else Openness.SUSPENDED
        return Standing(kind, found, interruption)
    return Standing(Openness(found.state(at).value), found)


def current_round(consultation: Consultation, at: datetime, project: Project | None = None) -> Round | None:
    """The round of the list, or of this project, that is open, else the next one scheduled, else the last that closed.

    A round of one project alone neither opens nor closes the list and the other projects.
    """
    rounds = consultation.rounds_of(project.id if project else None)
    running = [one for one in rounds if one.state(at) is RoundState.OPEN]
    coming = [one for one in rounds if one.state(at) is RoundState.SCHEDULED]
    return next(iter(running or coming or rounds[-1:]), None)


def _interruption(session: Session, found: Round, project: Project | None, at: datetime) -> Interruption | None:
    ordered = asked_once(session, (_interruption, found.id), lambda: _interruptions(session, found))
    concerned = (one for one in ordered if one.project_id is None or (project and one.project_id == project.id))
    return next((one for one in concerned if one.from_at <= at), None)


def _interruptions(session: Session, found: Round) -> Sequence[Interruption]:
    """Those of a round, the latest first."""
    query = select(Interruption).where(Interruption.round_id == found.id).order_by(Interruption.from_at.desc())
    return session.scalars(query).all()
