"""Verbs: judge a risk, run the gate, decide. `decide` through a gate that passes is the only way to `admitted`."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from gongshi import ledger, search
from gongshi.accounts.models import Act, Approval
from gongshi.accounts.two_people import Hands, approve
from gongshi.admissions import gate, notice_text, queries
from gongshi.admissions.models import (
    Admission,
    AdmissionOutcome,
    Announcement,
    GateRun,
    RiskJudgement,
    UnsatisfiedResponse,
)
from gongshi.errors import RuleBroken
from gongshi.notices import actions as notices
from gongshi.notices.actions import NoticeText
from gongshi.notices.models import Notice, NoticeKind
from gongshi.objections import responses
from gongshi.projects import plan_text
from gongshi.projects.models import PlanVersion, Project, Risk


class RiskUnknown(RuleBroken):
    """A judgement speaks of a risk of the version that the public can read."""

    code = "risk-unknown"


class JudgementWithoutReason(RuleBroken):
    """Whether a risk is covered is said with a reason."""

    code = "judgement-without-reason"


class NothingToCover(RuleBroken):
    """A risk without both prevention and compensation cannot be judged sufficient."""

    code = "nothing-to-cover"


class GateMoved(RuleBroken):
    """What the approver saw is no longer so; look again."""

    code = "gate-moved"


class GateNotPassed(RuleBroken):
    """A project is admitted only when every condition is met. `conditions` names those that are not."""

    code = "gate-not-passed"


class GateNotRun(RuleBroken):
    """A decision rests on a gate run that an approver confirmed."""

    code = "gate-not-run"


class AlreadyDecided(RuleBroken):
    """A decision is made once; a deferred project is decided again, and one about which a later round was held."""

    code = "already-decided"


class NothingToDecide(RuleBroken):
    """A draft is not before anybody yet, and an archive list was decided long ago by others."""

    code = "nothing-to-decide"


class NothingToAnnounce(RuleBroken):
    """A notice of admission makes decisions on one list known."""

    code = "nothing-to-announce"


class BlankLeft(RuleBroken):
    """A drafted notice has blanks ［填写…］ for what only the clerk knows; none is published."""

    code = "blank-left"


class TextOfDecisionMissing(RuleBroken):
    """A decision says why, in public."""

    code = "decision-text-missing"


def judge(
    session: Session,
    version: PlanVersion,
    *,
    risk_key: str,
    is_sufficient: bool,
    reason: str,
    by: Hands,
    at: datetime,
) -> RiskJudgement:
    """Say whether a risk's prevention and compensation suffice; an analyst judges, a second person confirms.

    Raises RiskUnknown, JudgementWithoutReason, NothingToCover, and what `approve` raises.
    """
    risk = _public_risk(version, risk_key)
    if not reason.strip():
        raise JudgementWithoutReason(risk=risk_key)
    if is_sufficient and not risk.is_covered:
        raise NothingToCover(risk=risk_key)
    approval = _approve(session, Act.JUDGE, version.project, by, at)

    judgement = RiskJudgement(
        project=version.project,
        version=version,
        risk_key=risk_key,
        risk_sha256=plan_text.of_risk(risk).sha256,
        is_sufficient=is_sufficient,
        reason=reason,
        judged_at=at,
        approval=approval,
    )
    session.add(judgement)
    session.flush()
    ledger.append(
        session,
        ledger.Kind.RISK_JUDGED,
        {
            "consultation": version.project.consultation.number,
            "project": version.project.number,
            "version": version.number,
            "risk": risk_key,
            "sufficient": is_sufficient,
            "sha256": ledger.digest(reason),
            "by": approval.codes,
        },
        at=at,
    )
    return judgement


def run_gate(session: Session, project: Project, *, shown: str, by: Hands, at: datetime) -> GateRun:
    """Store an evaluation of the gate that an approver confirms. `shown` is the digest of what was shown to them.

    Raises GateMoved when it is no longer so, and what `approve` raises.
    """
    conditions = gate.evaluate(queries.dossier(session, project, at))
    version = project.current_version
    if version is None or gate.digest(conditions) != shown:
        raise GateMoved(project=project.number)
    approval = _approve(session, Act.DECIDE, project, by, at)

    entry = ledger.append(
        session,
        ledger.Kind.GATE_RUN,
        {
            "consultation": project.consultation.number,
            "project": project.number,
            "version": version.number,
            "passed": gate.passed(conditions),
            "sha256": shown,
            "by": by.approved_by.code,
        },
        at=at,
    )
    run = GateRun(
        project=project,
        version=version,
        ran_at=at,
        passed=gate.passed(conditions),
        conditions=[condition.as_json() for condition in conditions],
        sha256=shown,
        approval=approval,
        ledger_index=entry.index,
    )
    session.add(run)
    session.flush()
    return run


def decide(
    session: Session, project: Project, *, outcome: AdmissionOutcome, text: str, by: Hands, at: datetime
) -> Admission:
    """Decide about a project. To admit it, every condition must be met now and in the last confirmed gate run.

    To refuse or defer it, the working days after the last answer must have passed all the same (rule 15). Every
    response that stands unsatisfied at this moment is listed with the decision, whatever is decided.
    Raises NothingToDecide, AlreadyDecided, TextOfDecisionMissing, GateNotRun, GateNotPassed, GateMoved,
    and what `approve` raises.
    """
    if not project.consultation.is_public(at) or project.consultation.is_archive:
        raise NothingToDecide(project=project.number)
    earlier = queries.admission(session, project)
    if earlier is not None and not _may_be_decided_again(project, earlier):
        raise AlreadyDecided(project=project.number)
    if not text.strip():
        raise TextOfDecisionMissing(project=project.number)
    run = _gate_run_for(session, project, outcome, at)
    approval = _approve(session, Act.DECIDE, project, by, at)

    subject: dict[str, object] = {
        "consultation": project.consultation.number,
        "project": project.number,
        "outcome": outcome.value,
        "sha256": ledger.digest(text),
        "by": approval.codes,
    }
    if run is not None:
        subject["gate_run"] = run.ledger_index
    entry = ledger.append(session, ledger.Kind.ADMISSION_DECIDED, subject, at=at)
    admission = Admission(
        project=project,
        outcome=outcome,
        text=text,
        decided_at=at,
        gate_run_id=run.id if run else None,
        gate_passed=run.passed if run else None,
        approval=approval,
        ledger_index=entry.index,
    )
    session.add(admission)
    session.add_all(
        UnsatisfiedResponse(admission=admission, response=one) for one in responses.unsatisfied(session, project)
    )
    session.flush()
    search.enqueue(session, "decision", str(admission.id))
    return admission


def announce(session: Session, admissions: Sequence[Admission], text: NoticeText, *, by: Hands, at: datetime) -> Notice:
    """Publish the notice 纳入公告 of decisions on one list, made by the same two people at the same instant.

    Raises NothingToAnnounce without a decision, BlankLeft, NoticeUnfinished, and what `approve` raises.
    """
    if not admissions or len({one.project.consultation_id for one in admissions}) > 1:
        raise NothingToAnnounce
    left = notice_text.blanks(text.title + text.body)
    if left:
        raise BlankLeft(blanks=left)
    project = admissions[0].project
    notice = notices.announce(
        session,
        project.consultation,
        text,
        kind=NoticeKind.ADMISSION,
        project=project if len(admissions) == 1 else None,
        approval=_approve(session, Act.DECIDE, project, by, at),
        since=at,
        at=at,
    )
    session.add_all(Announcement(admission=one, notice=notice) for one in admissions)
    session.flush()
    return notice


def _may_be_decided_again(project: Project, earlier: Admission) -> bool:
    return not earlier.is_final or queries.reopened_since(project, earlier.decided_at)


def _gate_run_for(session: Session, project: Project, outcome: AdmissionOutcome, at: datetime) -> GateRun | None:
    """The confirmed run that a decision rests on. An applicant may withdraw without one."""
    if outcome is AdmissionOutcome.WITHDRAWN:
        return None
    conditions = gate.evaluate(queries.dossier(session, project, at))
    unmet = [condition.code.value for condition in conditions if not condition.is_met]
    if outcome is not AdmissionOutcome.ADMITTED:
        unmet = [code for code in unmet if code == gate.ConditionCode.ANSWERS_WAITED.value]
    if unmet:
        raise GateNotPassed(project=project.number, conditions=unmet)
    runs = queries.runs(session, project)
    if not runs:
        raise GateNotRun(project=project.number)
    if runs[-1].sha256 != gate.digest(conditions):
        raise GateMoved(project=project.number)
    return runs[-1]


def _public_risk(version: PlanVersion, risk_key: str) -> Risk:
    current = version.project.current_version
    if current is None or current.id != version.id:
        raise RiskUnknown(risk=risk_key)
    found = next((risk for risk in version.risks if risk.key == risk_key), None)
    if found is None:
        raise RiskUnknown(risk=risk_key)
    return found


def _approve(session: Session, act: Act, project: Project, by: Hands, at: datetime) -> Approval:
    return approve(session, act, by, bureaus=[bureau.id for bureau in project.consultation.bureaus], at=at)
