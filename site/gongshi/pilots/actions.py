"""Verbs: record what happens to a project after it is admitted."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from gongshi import ledger
from gongshi.accounts.models import Act
from gongshi.accounts.two_people import Hands, approve
from gongshi.admissions import queries as admissions
from gongshi.admissions.models import AdmissionOutcome
from gongshi.errors import RuleBroken
from gongshi.pilots.models import EventKind, LifecycleEvent
from gongshi.projects import queries as projects
from gongshi.projects.models import PlanVersion, Project


class NotAdmitted(RuleBroken):
    """Only an admitted project has a pilot life."""

    code = "not-admitted"


class CommitmentUnknown(RuleBroken):
    """An event names one commitment: a paragraph or a risk of the admitted plan."""

    code = "commitment-unknown"


def record(
    session: Session,
    project: Project,
    *,
    kind: EventKind,
    happened_on: date,
    title: str,
    text: str,
    paragraph_key: str | None = None,
    risk_key: str | None = None,
    fulfils: bool,
    by: Hands,
    at: datetime,
) -> LifecycleEvent:
    """Publish a life-cycle event. Raises NotAdmitted, CommitmentUnknown, and what `approve` raises."""
    admission = admissions.admission(session, project)
    if admission is None or admission.gate_run is None or admission.outcome is not AdmissionOutcome.ADMITTED:
        raise NotAdmitted(project=project.number)
    version = admission.gate_run.version
    if not _names_one(session, version, paragraph_key, risk_key):
        raise CommitmentUnknown(paragraph=paragraph_key, risk=risk_key)
    bureaus = [bureau.id for bureau in project.consultation.bureaus]
    approval = approve(session, Act.RECORD_EVENT, by, bureaus=bureaus, at=at)

    entry = ledger.append(
        session,
        ledger.Kind.PILOT_EVENT,
        {
            "consultation": project.consultation.number,
            "project": project.number,
            "kind": kind.value,
            "sha256": ledger.digest([title, text]),
            "commitment": paragraph_key or risk_key,
            "fulfils": fulfils,
            "by": approval.codes,
        },
        at=at,
    )
    event = LifecycleEvent(
        project=project,
        version=version,
        kind=kind,
        happened_on=happened_on,
        title=title,
        text=text,
        paragraph_key=paragraph_key,
        risk_key=risk_key,
        fulfils=fulfils,
        published_at=at,
        approval=approval,
        ledger_index=entry.index,
    )
    session.add(event)
    session.flush()
    return event


def _names_one(session: Session, version: PlanVersion, paragraph_key: str | None, risk_key: str | None) -> bool:
    if paragraph_key and not risk_key:
        return projects.paragraph(session, version, paragraph_key) is not None
    return bool(risk_key and not paragraph_key and risk_key in {risk.key for risk in version.risks})
