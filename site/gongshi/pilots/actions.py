"""Verbs: record what happens to a project after it is admitted; reopen it for comments when its scope changes."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from gongshi import ledger
from gongshi.accounts.models import Act
from gongshi.accounts.two_people import Hands, approve
from gongshi.admissions import queries as admissions
from gongshi.clock import beijing
from gongshi.consultations.models import Round, RoundState
from gongshi.errors import RuleBroken
from gongshi.notices import actions as notices
from gongshi.notices import lists
from gongshi.notices.actions import NoticeText
from gongshi.notices.models import Notice, NoticeKind
from gongshi.pilots.models import EventKind, LifecycleEvent
from gongshi.projects import queries as projects
from gongshi.projects.models import PlanVersion, Project


class NotAdmitted(RuleBroken):
    """Only an admitted project has a pilot life, and only from the day of its admission."""

    code = "not-admitted"


class NotHappenedYet(RuleBroken):
    """What is recorded has happened."""

    code = "not-happened-yet"


class EventWithoutText(RuleBroken):
    """An event says in public what happened."""

    code = "event-without-text"


class AlreadyReopened(RuleBroken):
    """A round in which this project is commented on is still to come or running; it runs its course first."""

    code = "already-reopened"


class ScopeUnsaid(RuleBroken):
    """A change of scope is said in public: what is going to change."""

    code = "scope-unsaid"


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
    """Publish a life-cycle event; it speaks of a commitment of the version that was admitted on its day.

    Raises NotHappenedYet, NotAdmitted, CommitmentUnknown, EventWithoutText, and what `approve` raises.
    """
    if happened_on > beijing(at).date():
        raise NotHappenedYet(day=happened_on)
    if not title.strip() or not text.strip():
        raise EventWithoutText
    admission = admissions.admitted_on(session, project, happened_on)
    if admission is None or admission.gate_run is None:
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


def reopen(
    session: Session,
    project: Project,
    *,
    title: str,
    text: str,
    opens_at: datetime,
    closes_at: datetime,
    short_period_reason: str | None = None,
    by: Hands,
    at: datetime,
) -> tuple[Notice, Round]:
    """Say by a notice 试点动态 what is going to change in an admitted project, and open a round on that project alone.

    After it a new version may be published, and the project is decided again when the gate allows it.
    Raises NotAdmitted, AlreadyReopened, ScopeUnsaid, what a round is refused for, and what `approve` raises.
    """
    if admissions.admitted_on(session, project, beijing(at).date()) is None:
        raise NotAdmitted(project=project.number)
    if any(one.state(at) is not RoundState.CLOSED for one in project.consultation.rounds_of(project.id)):
        raise AlreadyReopened(project=project.number)
    if not title.strip() or not text.strip():
        raise ScopeUnsaid
    consultation = project.consultation
    bureaus = [bureau.id for bureau in consultation.bureaus]
    approval = approve(session, Act.PUBLISH, by, bureaus=bureaus, at=at)

    notice = notices.announce(
        session,
        consultation,
        NoticeText(title, text),
        kind=NoticeKind.LIFE_CYCLE,
        project=project,
        approval=approval,
        since=at,
        at=at,
    )
    opened = lists.schedule_round(
        session,
        consultation,
        opens_at=opens_at,
        closes_at=closes_at,
        short_period_reason=short_period_reason,
        project=project,
        notice=notice,
        at=at,
    )
    return notice, opened


def _names_one(session: Session, version: PlanVersion, paragraph_key: str | None, risk_key: str | None) -> bool:
    if paragraph_key and not risk_key:
        return projects.paragraph(session, version, paragraph_key) is not None
    return bool(risk_key and not paragraph_key and risk_key in {risk.key for risk in version.risks})
