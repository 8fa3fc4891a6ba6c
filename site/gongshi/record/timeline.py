"""The timeline of a project: every dated step from publication to the pilot, in the order of time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from gongshi.admissions import queries as admissions
from gongshi.clock import start_of
from gongshi.pilots import queries as pilots
from gongshi.projects.models import Project


class Step(StrEnum):
    """What happened to a project."""

    LISTED = "listed"
    OPENED = "opened"
    CLOSED = "closed"
    REVISED = "revised"
    CHECKED = "checked"
    DECIDED = "decided"
    PILOTED = "piloted"


@dataclass(frozen=True)
class Moment:
    """One step. `ordinal` counts rounds and versions; `code` says how a check, decision or event came out."""

    at: datetime
    step: Step
    ordinal: int = 0
    code: StrEnum | None = None
    passed: bool | None = None
    is_ahead: bool = False


def of_project(session: Session, project: Project, *, at: datetime) -> list[Moment]:
    """Every step of a project, those still ahead included (a published closing is ahead until it is past)."""
    moments = [
        *_rounds(project, at),
        *(
            Moment(version.published_at, Step.REVISED, version.number)
            for version in project.published_versions[1:]
            if version.published_at
        ),
        *(Moment(run.ran_at, Step.CHECKED, passed=run.passed) for run in admissions.runs(session, project)),
        *(
            Moment(decision.decided_at, Step.DECIDED, code=decision.outcome)
            for decision in admissions.decisions_of(session, project)
        ),
        *(
            Moment(start_of(event.happened_on), Step.PILOTED, code=event.kind, passed=event.fulfils)
            for event in pilots.of_project(session, project)
        ),
    ]
    return sorted(moments, key=lambda moment: moment.at)


def _rounds(project: Project, at: datetime) -> list[Moment]:
    consultation = project.consultation
    listed = [Moment(consultation.published_at, Step.LISTED)] if consultation.published_at else []
    for one in consultation.rounds_of(project.id):
        listed.append(Moment(one.opens_at, Step.OPENED, one.ordinal, is_ahead=one.opens_at > at))
        listed.append(Moment(one.closes_at, Step.CLOSED, one.ordinal, is_ahead=one.closes_at > at))
    return listed
