"""Drafts of what is decided: judgements of risks, decisions with their notice, the summary, events, scope changes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy.orm import Session

from gongshi import ledger
from gongshi.accounts.models import Act
from gongshi.accounts.two_people import Hands
from gongshi.admissions import actions as admissions
from gongshi.admissions import gate
from gongshi.admissions import queries as dossiers
from gongshi.admissions.actions import GateMoved, RiskUnknown
from gongshi.admissions.models import Admission, AdmissionOutcome
from gongshi.consultations.models import Consultation
from gongshi.drafts.contents import Contents, Result
from gongshi.drafts.models import Draft, DraftKind
from gongshi.errors import RuleBroken
from gongshi.notices.actions import NoticeText
from gongshi.pilots import actions as pilots
from gongshi.pilots.models import EventKind
from gongshi.projects import queries as projects
from gongshi.projects.models import Project
from gongshi.record import reconciliation, summary


class NothingToJudge(RuleBroken):
    """A draft of judgements holds at least one."""

    code = "nothing-to-judge"


@dataclass(frozen=True)
class Verdict:
    """Whether one risk is covered, and why."""

    risk: str
    is_sufficient: bool
    reason: str


@dataclass(frozen=True)
class Judgement(Contents):
    """风险判断: one or several risks of the version that was read. Another version published meanwhile ends it."""

    kind: ClassVar = DraftKind.JUDGEMENT
    act: ClassVar = Act.JUDGE
    version: int
    verdicts: tuple[Verdict, ...]

    def carry_out(self, session: Session, draft: Draft, *, by: Hands, at: datetime) -> list[Result]:
        """Raises NothingToJudge, and what `judge` raises."""
        project = _project_of(draft)
        version = next((one for one in project.versions if one.number == self.version), None)
        if not self.verdicts:
            raise NothingToJudge
        if version is None:
            raise RiskUnknown(risk=self.verdicts[0].risk)
        for one in self.verdicts:
            admissions.judge(
                session, version, risk_key=one.risk, is_sufficient=one.is_sufficient, reason=one.reason, by=by, at=at
            )
        return [Result("gate", _ref(project))]


@dataclass(frozen=True)
class Decided:
    """What is decided about one project, and the digest of the gate that the preparer saw."""

    project: int
    outcome: AdmissionOutcome
    text: str
    gate: str


@dataclass(frozen=True)
class Decision(Contents):
    """纳入决定: one or several projects of a list, with the gate as it was shown, announced by one notice."""

    kind: ClassVar = DraftKind.DECISION
    act: ClassVar = Act.DECIDE
    decided: tuple[Decided, ...]
    notice_title: str
    notice_body: str

    def carry_out(self, session: Session, draft: Draft, *, by: Hands, at: datetime) -> list[Result]:
        """Confirm each gate as it was shown, decide, announce. Raises GateMoved and what those acts raise."""
        consultation = _list_of(draft)
        made = [_decide(session, consultation, one, by, at) for one in self.decided]
        notice = admissions.announce(session, made, NoticeText(self.notice_title, self.notice_body), by=by, at=at)
        return [Result("notice", notice.slug), *(Result("decision", _ref(one.project)) for one in made)]

    def seen(self, session: Session, draft: Draft, at: datetime) -> object:
        """The gate of each project as it stands: the approver confirms exactly that."""
        consultation = _list_of(draft)
        return [gate_digest(session, _numbered(session, consultation, one.project), at) for one in self.decided]


@dataclass(frozen=True)
class Summary(Contents):
    """意见采纳情况: generated from the record when it is approved, so it holds no words of its own."""

    kind: ClassVar = DraftKind.SUMMARY
    act: ClassVar = Act.SUMMARISE

    def carry_out(self, session: Session, draft: Draft, *, by: Hands, at: datetime) -> list[Result]:
        """Raises what `publish_summary` raises."""
        notice = summary.publish_summary(session, _list_of(draft), by=by, at=at)
        return [Result("notice", notice.slug)]

    def seen(self, session: Session, draft: Draft, _at: datetime) -> object:
        """The text as it would be published now, but for what senders say of the answers."""
        consultation = _list_of(draft)
        session.flush()
        found = reconciliation.of(session, consultation)
        return ledger.digest(summary.text_of_the_bureau(session, consultation, found))


@dataclass(frozen=True)
class Event(Contents):
    """试点动态: what happened to an admitted project, and the commitment that it fulfils or breaches."""

    kind: ClassVar = DraftKind.EVENT
    act: ClassVar = Act.RECORD_EVENT
    event: EventKind
    happened_on: date
    title: str
    text: str
    paragraph: str | None
    risk: str | None
    fulfils: bool

    def carry_out(self, session: Session, draft: Draft, *, by: Hands, at: datetime) -> list[Result]:
        """Raises what `record` raises."""
        project = _project_of(draft)
        pilots.record(
            session,
            project,
            kind=self.event,
            happened_on=self.happened_on,
            title=self.title,
            text=self.text,
            paragraph_key=self.paragraph,
            risk_key=self.risk,
            fulfils=self.fulfils,
            by=by,
            at=at,
        )
        return [Result("decision", _ref(project))]


@dataclass(frozen=True)
class ScopeChange(Contents):
    """试点内容变更: what is going to change, and the round in which the public comments on it."""

    kind: ClassVar = DraftKind.SCOPE_CHANGE
    act: ClassVar = Act.PUBLISH
    title: str
    text: str
    opens_at: datetime | None
    closes_at: datetime
    short_period_reason: str | None

    def carry_out(self, session: Session, draft: Draft, *, by: Hands, at: datetime) -> list[Result]:
        """The round opens at its instant, or at approval when none is given. Raises what `reopen` raises."""
        project = _project_of(draft)
        notice, _round = pilots.reopen(
            session,
            project,
            title=self.title,
            text=self.text,
            opens_at=self.opens_at or at,
            closes_at=self.closes_at,
            short_period_reason=self.short_period_reason,
            by=by,
            at=at,
        )
        return [Result("notice", notice.slug), Result("project", _ref(project))]


def gate_digest(session: Session, project: Project, at: datetime) -> str:
    """The digest of a project's gate as a page shows it at this instant."""
    return gate.digest(gate.evaluate(dossiers.dossier(session, project, at)))


def _decide(session: Session, consultation: Consultation, one: Decided, by: Hands, at: datetime) -> Admission:
    project = _numbered(session, consultation, one.project)
    if one.outcome is not AdmissionOutcome.WITHDRAWN:
        admissions.run_gate(session, project, shown=one.gate, by=by, at=at)
    elif gate_digest(session, project, at) != one.gate:
        raise GateMoved(project=project.number)
    return admissions.decide(session, project, outcome=one.outcome, text=one.text, by=by, at=at)


def _numbered(session: Session, consultation: Consultation, number: int) -> Project:
    found = projects.numbered(session, consultation, number)
    assert found is not None, "projects of a list are never removed"
    return found


def _project_of(draft: Draft) -> Project:
    assert draft.project is not None
    return draft.project


def _list_of(draft: Draft) -> Consultation:
    assert draft.consultation is not None
    return draft.consultation


def _ref(project: Project) -> str:
    return f"{project.consultation.number}/{project.number}"
