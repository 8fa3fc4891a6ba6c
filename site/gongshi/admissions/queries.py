"""Reads: the dossier that the gate looks at; gate runs, judgements and admissions of a project."""

from collections import defaultdict
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, selectinload

from gongshi.admissions import waiting
from gongshi.admissions.gate import Condition, ConditionCode, Dossier, RaisedObjection, RiskCover, Stop
from gongshi.admissions.models import (
    Admission,
    AdmissionOutcome,
    Announcement,
    GateRun,
    RiskJudgement,
    UnsatisfiedResponse,
)
from gongshi.clock import end_of, iso
from gongshi.comments.models import Comment
from gongshi.consultations.models import Consultation, Round, RoundState
from gongshi.notices.models import Interruption, InterruptionKind, Notice
from gongshi.objections import queries as objections
from gongshi.objections import responses
from gongshi.objections.models import Answer, AnswerPlacement, Disposition, Objection
from gongshi.objections.response_models import Response
from gongshi.objections.responses import Given
from gongshi.projects import plan_text
from gongshi.projects.models import PlanVersion, Project
from gongshi.revisions import queries as revisions


def dossier(session: Session, project: Project, at: datetime) -> Dossier:
    """What is known about a project at this instant."""
    rounds = rounds_of(project)
    raised = objections.of_project(session, project)
    unplaced = objections.unplaced(session, project)
    version = project.current_version
    last = _last_answer(session, project, raised)
    earliest = waiting.decision_from(last) if last else None
    return Dossier(
        consultation=project.consultation.number,
        project=project.number,
        rounds_over=bool(rounds) and all(one.state(at) is RoundState.CLOSED for one in rounds),
        last_closing=iso(max(one.closes_at for one in rounds)) if rounds else "",
        unplaced_comments=tuple(unplaced),
        placed_comments=_received(session, project) - len(unplaced),
        objections=tuple(_raised(session, project, version, one) for one in raised),
        latest_version=max((one.number for one in project.versions), default=0),
        public_version=version.number if version else 0,
        last_answer=iso(last) if last else None,
        decision_from=iso(earliest) if earliest else None,
        waited=earliest is None or at >= earliest,
        stop=_stop(session, project, at),
    )


def rounds_of(project: Project) -> list[Round]:
    """The rounds in which comments on this project are taken: those of its list, and those of it alone."""
    return project.consultation.rounds_of(project.id)


def reopened_since(project: Project, at: datetime) -> bool:
    """Whether a round of this project, or of its whole list, was scheduled after an instant."""
    return any(one.scheduled_at > at for one in rounds_of(project))


def latest_judgement(session: Session, version: PlanVersion, risk_key: str) -> RiskJudgement | None:
    """The latest judgement of a risk as it is worded in this version."""
    risk = next((one for one in version.risks if one.key == risk_key), None)
    if risk is None:
        return None
    return session.scalar(
        select(RiskJudgement)
        .where(
            RiskJudgement.project_id == version.project_id,
            RiskJudgement.risk_key == risk_key,
            RiskJudgement.risk_sha256 == plan_text.of_risk(risk).sha256,
        )
        .order_by(RiskJudgement.judged_at.desc())
        .limit(1)
    )


def judgements(session: Session, project: Project) -> list[RiskJudgement]:
    return list(
        session.scalars(
            select(RiskJudgement).where(RiskJudgement.project_id == project.id).order_by(RiskJudgement.judged_at)
        )
    )


def runs(session: Session, project: Project) -> list[GateRun]:
    """Stored gate runs, oldest first."""
    return list(session.scalars(select(GateRun).where(GateRun.project_id == project.id).order_by(GateRun.ran_at)))


def admission(session: Session, project: Project) -> Admission | None:
    """The decision that counts: the latest."""
    return session.scalar(
        select(Admission).where(Admission.project_id == project.id).order_by(Admission.decided_at.desc()).limit(1)
    )


def is_settled(session: Session, project: Project) -> bool:
    """Whether a decision was taken that neither a deferral nor a later round left open."""
    found = admission(session, project)
    return found is not None and found.is_final and not reopened_since(project, found.decided_at)


def takes_responses(session: Session, given: Given) -> bool:
    """Whether a decision at which a response to this answer counts is still to be taken (rule 15)."""
    return any(not is_settled(session, one) for one in responses.concerned(session, given))


def unsatisfied_at(session: Session, project: Project) -> dict[UUID, list[Response]]:
    """The responses that stood unsatisfied at each decision on a project, by the decision's id (rule 15)."""
    rows = session.execute(
        select(UnsatisfiedResponse.admission_id, Response)
        .join(UnsatisfiedResponse.response)
        .join(UnsatisfiedResponse.admission)
        .join(Response.comment)
        .where(Admission.project_id == project.id)
        .order_by(Comment.seq, Response.ledger_index)
        .options(selectinload(Response.comment), selectinload(Response.objection), selectinload(Response.answer))
    )
    found: defaultdict[UUID, list[Response]] = defaultdict(list)
    for admission_id, response in rows:
        found[admission_id].append(response)
    return found


def decisions_of(session: Session, project: Project) -> list[Admission]:
    return list(
        session.scalars(select(Admission).where(Admission.project_id == project.id).order_by(Admission.decided_at))
    )


def admitted_on(session: Session, project: Project, day: date) -> Admission | None:
    """The admission under which a project ran on a day: the last one decided until its end."""
    return session.scalar(
        select(Admission)
        .where(
            Admission.project_id == project.id,
            Admission.outcome == AdmissionOutcome.ADMITTED,
            Admission.decided_at < end_of(day),
        )
        .order_by(Admission.decided_at.desc())
        .limit(1)
    )


def notices_of(session: Session, project: Project) -> dict[UUID, Notice]:
    """The notice that announced each decision on a project, by the decision's id."""
    rows = session.execute(
        select(Announcement.admission_id, Notice)
        .join(Announcement.notice)
        .join(Announcement.admission)
        .where(Admission.project_id == project.id)
    )
    return {admission_id: notice for admission_id, notice in rows}


def outcomes(session: Session, consultation: Consultation) -> dict[int, AdmissionOutcome]:
    """The decision on each project of a list, by its number; undecided ones are left out."""
    rows = session.execute(
        select(Project.number, Admission.outcome)
        .join(Admission, Admission.project_id == Project.id)
        .where(Project.consultation_id == consultation.id)
        .order_by(Admission.decided_at)
    )
    return {number: outcome for number, outcome in rows}


def _received(session: Session, project: Project) -> int:
    about = (Comment.project_id == project.id) | Comment.project_id.is_(None)
    query = select(func.count(Comment.id)).where(Comment.consultation_id == project.consultation_id, about)
    return session.scalar(query) or 0


def _stop(session: Session, project: Project, at: datetime) -> Stop | None:
    """What was withdrawn stays withdrawn; what was suspended is taken up again by a later round (rule 4a)."""
    found = session.scalar(
        select(Interruption)
        .where(
            Interruption.consultation_id == project.consultation_id,
            (Interruption.project_id == project.id) | Interruption.project_id.is_(None),
            Interruption.from_at <= at,
        )
        .order_by(case((Interruption.kind == InterruptionKind.WITHDRAWN, 0), else_=1), Interruption.from_at.desc())
        .limit(1)
    )
    if found is None:
        return None
    is_lifted = found.kind is InterruptionKind.SUSPENDED and reopened_since(project, found.from_at)
    return Stop(found.notice.slug, found.kind.value, is_lifted)


def _raised(session: Session, project: Project, version: PlanVersion | None, objection: Objection) -> RaisedObjection:
    changes = [
        change.key for change in revisions.caused_by(session, objection) if change.revision.project_id == project.id
    ]
    return RaisedObjection(
        number=objection.number,
        is_major=objection.is_major,
        is_disposed=objection.disposition is not None,
        is_unfounded=objection.unfounded_at is not None,
        needs_change=objection.disposition is not None and objection.disposition.outcome.needs_change,
        changes=tuple(changes),
        risk=_cover(session, project, version, objection) if objection.is_major else None,
    )


def _cover(session: Session, project: Project, version: PlanVersion | None, objection: Objection) -> RiskCover | None:
    key = next((one.risk_key for one in objection.concerns if one.project_id == project.id), None)
    risk = next((one for one in version.risks if one.key == key), None) if version else None
    if risk is None or version is None:
        return None
    judgement = latest_judgement(session, version, risk.key)
    return RiskCover(
        key=risk.key,
        has_prevention=bool(risk.prevention),
        has_compensation=bool(risk.compensation),
        sufficient=judgement.is_sufficient if judgement else None,
    )


def _last_answer(session: Session, project: Project, raised: list[Objection]) -> datetime | None:
    disposed = session.scalar(
        select(func.max(Disposition.decided_at)).where(Disposition.objection_id.in_([one.id for one in raised]))
    )
    answered = session.scalar(
        select(func.max(Answer.published_at))
        .join(AnswerPlacement)
        .join(Comment, Comment.id == AnswerPlacement.comment_id)
        .where(
            Comment.consultation_id == project.consultation_id,
            (Comment.project_id == project.id) | Comment.project_id.is_(None),
        )
    )
    set_aside = [one.unfounded_at for one in raised if one.unfounded_at is not None]
    # Whoever's comment was placed under an objection that was settled already has had its answer only since then.
    placed = [under.placed_at for one in raised if one.is_settled for under in one.placements]
    return max([one for one in (disposed, answered, *set_aside, *placed) if one is not None], default=None)


def latest(session: Session, limit: int) -> list[Admission]:
    """The newest decisions of all lists."""
    return list(session.scalars(select(Admission).order_by(Admission.decided_at.desc(), Admission.id).limit(limit)))


def conditions_of(run: GateRun) -> tuple[Condition, ...]:
    """What a stored run found, as the gate itself says it."""
    return tuple(
        Condition(ConditionCode(one["code"]), one["met"], one["rests_on"], tuple(one["missing"]))
        for one in run.conditions
    )
