"""Verbs on a list: publish, extend, start a second round, suspend or withdraw."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from gongshi import ledger
from gongshi.accounts.models import Act, Approval
from gongshi.accounts.two_people import Hands, approve
from gongshi.clock import iso
from gongshi.consultations.models import USUAL_PERIOD, Consultation, Round, RoundExtension, RoundState
from gongshi.errors import RuleBroken
from gongshi.notices.actions import enter, record_on_list, refuse_foreign
from gongshi.notices.models import Interruption, InterruptionKind, Notice, NoticeKind
from gongshi.notices.openness import current_round
from gongshi.projects import queries as projects
from gongshi.projects import searchable
from gongshi.projects.models import PlanVersion, Project


class AlreadyPublished(RuleBroken):
    """A list is published once; what changes later is a correction."""

    code = "already-published"


class NothingToPublish(RuleBroken):
    """A list is published with its projects, each with a plan and a risk register."""

    code = "nothing-to-publish"


class PlanMissing(RuleBroken):
    """A project whose plan the public cannot read cannot be commented on."""

    code = "plan-missing"


class PeriodTooShort(RuleBroken):
    """A period shorter than 30 days needs a published reason (rule 4)."""

    code = "period-too-short"


class PeriodInThePast(RuleBroken):
    """A round opens after it is published and closes after it opens."""

    code = "period-in-the-past"


class NeverShortened(RuleBroken):
    """A published period is never shortened (rule 1)."""

    code = "never-shortened"


class ReasonMissing(RuleBroken):
    """This act needs a published reason."""

    code = "reason-missing"


class RoundOver(RuleBroken):
    """What is over cannot be extended or interrupted; a second round can be scheduled."""

    code = "round-over"


class ArchiveTakesNoComments(RuleBroken):
    """An archive list is a record: it has no round, no gate and no admission."""

    code = "archive-takes-no-comments"


def publish_list(
    session: Session,
    consultation: Consultation,
    *,
    opens_at: datetime,
    closes_at: datetime,
    short_period_reason: str | None = None,
    by: Hands,
    at: datetime,
) -> Round:
    """Make a list public with its plans, and schedule its first round.

    Raises AlreadyPublished, ArchiveTakesNoComments, NothingToPublish, PlanMissing, PeriodInThePast, PeriodTooShort,
    and what `approve` raises.
    """
    if consultation.published_at is not None:
        raise AlreadyPublished(consultation=consultation.number)
    _refuse_period(consultation, opens_at, closes_at, short_period_reason, at)
    listed = projects.of_list(session, consultation)
    _refuse_unready(listed)
    approval = _approve(session, Act.PUBLISH, consultation, by, at)

    consultation.published_at = at
    consultation.approval = approval
    for project in listed:
        _publish_first_version(session, project, project.versions[0], approval, at)
    ledger.append(
        session,
        ledger.Kind.CONSULTATION_PUBLISHED,
        _as_entered(consultation, listed),
        at=at,
    )
    return schedule_round(
        session, consultation, opens_at=opens_at, closes_at=closes_at, short_period_reason=short_period_reason, at=at
    )


def record_archive(session: Session, consultation: Consultation, *, published_at: datetime, at: datetime) -> None:
    """Make a piece of history readable, with its sources. It is nobody's act now, so nobody approves it."""
    if not consultation.is_archive or not consultation.sources:
        raise ReasonMissing(consultation=consultation.number)
    listed = projects.of_list(session, consultation)

    consultation.published_at = published_at
    for project in listed:
        searchable.enqueue_project(session, project)
    ledger.append(
        session,
        ledger.Kind.CONSULTATION_PUBLISHED,
        _as_entered(consultation, listed),
        at=at,
    )


def schedule_round(
    session: Session,
    consultation: Consultation,
    *,
    opens_at: datetime,
    closes_at: datetime,
    short_period_reason: str | None = None,
    at: datetime,
) -> Round:
    """Add a round with both instants; openness follows from the clock. Called by publication and by a second round.

    Raises ArchiveTakesNoComments, PeriodInThePast, PeriodTooShort.
    """
    _refuse_period(consultation, opens_at, closes_at, short_period_reason, at)

    opened = Round(
        consultation=consultation,
        ordinal=len(consultation.rounds) + 1,
        opens_at=opens_at,
        closes_at=closes_at,
        short_period_reason=short_period_reason,
        scheduled_at=at,
    )
    session.add(opened)
    session.flush()
    ledger.append(
        session,
        ledger.Kind.ROUND_SCHEDULED,
        {
            "consultation": consultation.number,
            "round": opened.ordinal,
            "opens_at": iso(opens_at),
            "closes_at": iso(closes_at),
        },
        at=at,
    )
    return opened


def second_round(
    session: Session,
    consultation: Consultation,
    *,
    opens_at: datetime,
    closes_at: datetime,
    short_period_reason: str | None = None,
    by: Hands,
    at: datetime,
) -> Round:
    """再次公开征求意见: open the same list for comments again. Raises RoundOver while one is running, and as above."""
    if consultation.published_at is None or any(one.state(at) is not RoundState.CLOSED for one in consultation.rounds):
        raise RoundOver(consultation=consultation.number)
    _refuse_period(consultation, opens_at, closes_at, short_period_reason, at)
    _approve(session, Act.PUBLISH, consultation, by, at)

    return schedule_round(
        session, consultation, opens_at=opens_at, closes_at=closes_at, short_period_reason=short_period_reason, at=at
    )


def extend(
    session: Session, round: Round, *, closes_at: datetime, reason: str, by: Hands, at: datetime
) -> RoundExtension:
    """Move a round's closing later, with a reason. Raises NeverShortened, ReasonMissing, RoundOver."""
    if at >= round.closes_at:
        raise RoundOver(consultation=round.consultation.number)
    if closes_at <= round.closes_at:
        raise NeverShortened(closes_at=round.closes_at)
    if not reason.strip():
        raise ReasonMissing(consultation=round.consultation.number)
    approval = _approve(session, Act.EXTEND, round.consultation, by, at)

    extension = RoundExtension(
        round=round,
        closed_before=round.closes_at,
        closes_at=closes_at,
        reason=reason,
        extended_at=at,
        approval=approval,
    )
    round.closes_at = closes_at
    session.add(extension)
    ledger.append(
        session,
        ledger.Kind.ROUND_EXTENDED,
        {
            "consultation": round.consultation.number,
            "round": round.ordinal,
            "closes_before": iso(extension.closed_before),
            "closes_at": iso(closes_at),
            "by": approval.codes,
        },
        at=at,
    )
    return extension


def interrupt(
    session: Session,
    consultation: Consultation,
    *,
    kind: InterruptionKind,
    project: Project | None = None,
    slug: str,
    title: str,
    reason: str,
    by: Hands,
    at: datetime,
) -> Interruption:
    """Suspend or withdraw a list, or one project of it, during its round, by a notice that says why; comments stay.

    Raises RoundOver, ReasonMissing, ProjectOfAnotherList, and what `approve` raises.
    """
    running = current_round(consultation, at)
    if running is None or running.state(at) is RoundState.CLOSED:
        raise RoundOver(consultation=consultation.number)
    if not reason.strip():
        raise ReasonMissing(consultation=consultation.number)
    refuse_foreign(consultation, project)
    approval = _approve(session, Act.INTERRUPT, consultation, by, at)

    notice = Notice(
        slug=slug,
        kind=NoticeKind.INTERRUPTION,
        nature=consultation.nature,
        title=title,
        body=reason,
        bureau=consultation.bureaus[0],
        consultation=consultation,
        project=project,
        published_at=at,
        approval=approval,
    )
    enter(session, notice, at)
    interruption = Interruption(
        consultation=consultation, round=running, project=project, kind=kind, notice=notice, from_at=at
    )
    session.add(interruption)
    entry = {
        InterruptionKind.SUSPENDED: ledger.Kind.CONSULTATION_SUSPENDED,
        InterruptionKind.WITHDRAWN: ledger.Kind.CONSULTATION_WITHDRAWN,
    }[kind]
    record_on_list(session, entry, consultation, project, notice, at)
    return interruption


def _refuse_period(
    consultation: Consultation, opens_at: datetime, closes_at: datetime, short_period_reason: str | None, at: datetime
) -> None:
    if consultation.is_archive:
        raise ArchiveTakesNoComments(consultation=consultation.number)
    if not at <= opens_at < closes_at:
        raise PeriodInThePast(closes_at=closes_at)
    if closes_at - opens_at < USUAL_PERIOD and not (short_period_reason or "").strip():
        raise PeriodTooShort(days=(closes_at - opens_at).days)


def _refuse_unready(listed: Sequence[Project]) -> None:
    if not listed:
        raise NothingToPublish
    without = [project.number for project in listed if not project.versions]
    if without:
        raise PlanMissing(projects=without)


def _approve(session: Session, act: Act, consultation: Consultation, by: Hands, at: datetime) -> Approval:
    return approve(session, act, by, bureaus=[bureau.id for bureau in consultation.bureaus], at=at)


def _publish_first_version(
    session: Session, project: Project, version: PlanVersion, approval: Approval, at: datetime
) -> None:
    version.published_at = at
    version.approval = approval
    entry = ledger.append(
        session,
        ledger.Kind.VERSION_PUBLISHED,
        {
            "consultation": project.consultation.number,
            "project": project.number,
            "version": version.number,
            "sha256": version.sha256,
            "by": approval.codes,
        },
        at=at,
    )
    version.ledger_index = entry.index
    searchable.enqueue_version(session, version)
    searchable.enqueue_project(session, project)


def _list_digest(consultation: Consultation, listed: Sequence[Project]) -> str:
    return ledger.digest(
        {
            "number": consultation.number,
            "title": consultation.title,
            "summary": consultation.summary,
            "bureaus": [bureau.name for bureau in consultation.bureaus],
            "sources": consultation.sources,
            "projects": [
                [
                    project.number,
                    project.name,
                    [one.name for one in project.institutions],
                    project.technologies,
                    project.scenarios,
                    project.unknown_source,
                ]
                for project in listed
            ],
        }
    )


def _as_entered(consultation: Consultation, listed: Sequence[Project]) -> dict[str, object]:
    return {
        "consultation": consultation.number,
        "projects": [project.number for project in listed],
        "sha256": _list_digest(consultation, listed),
        **({"by": consultation.approval.codes} if consultation.approval else {}),
    }
