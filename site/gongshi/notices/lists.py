"""Verbs on a list: publish, extend, start a second round, suspend or withdraw."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from gongshi import ledger
from gongshi.accounts.models import Act, Approval
from gongshi.accounts.two_people import Hands, approve
from gongshi.clock import iso
from gongshi.consultations import reminders
from gongshi.consultations.models import USUAL_PERIOD, Consultation, Round, RoundExtension, RoundState
from gongshi.notices.actions import (
    Attached,
    NoticeText,
    announce,
    attached,
    enter,
    public_since,
    record_on_list,
    refuse_foreign,
    refuse_unfinished,
)
from gongshi.notices.models import Interruption, InterruptionKind, Notice, NoticeKind
from gongshi.notices.openness import current_round
from gongshi.notices.refusals import (
    AlreadyPublished,
    ArchiveTakesNoComments,
    NeverShortened,
    NothingToPublish,
    PeriodInThePast,
    PeriodTooShort,
    PlanMissing,
    ReasonMissing,
    RoundOver,
    RoundRunning,
)
from gongshi.projects import queries as projects
from gongshi.projects import searchable
from gongshi.projects.models import PlanVersion, Project


def publish_list(
    session: Session,
    consultation: Consultation,
    *,
    opens_at: datetime,
    closes_at: datetime,
    short_period_reason: str | None = None,
    public_from: datetime | None = None,
    notice: NoticeText | None = None,
    by: Hands,
    at: datetime,
) -> Round:
    """Make a list public with its plans, and schedule its first round.

    With `public_from` everybody reads it from that minute on, and the round opens no earlier; without, at once.
    Raises AlreadyPublished, ArchiveTakesNoComments, NothingToPublish, PlanMissing, PublicFromInThePast,
    PeriodInThePast, PeriodTooShort, NoticeUnfinished, and what `approve` raises.
    """
    if consultation.published_at is not None:
        raise AlreadyPublished(consultation=consultation.number)
    since = public_since(public_from, at)
    _refuse_period(consultation, opens_at, closes_at, short_period_reason, since)
    listed = projects.of_list(session, consultation)
    _refuse_unready(listed)
    approval = _approve(session, Act.PUBLISH, consultation, by, at)

    consultation.published_at = since
    consultation.approval = approval
    for project in listed:
        _publish_first_version(session, project, project.versions[0], approval, since, at)
    ledger.append(session, ledger.Kind.CONSULTATION_PUBLISHED, _as_entered(consultation, listed, at), at=at)
    announced = None
    if notice is not None:
        announced = announce(
            session, consultation, notice, kind=NoticeKind.CONSULTATION, approval=approval, since=since, at=at
        )
    return schedule_round(
        session,
        consultation,
        opens_at=opens_at,
        closes_at=closes_at,
        short_period_reason=short_period_reason,
        notice=announced,
        at=at,
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
        _as_entered(consultation, listed, at),
        at=at,
    )


def schedule_round(
    session: Session,
    consultation: Consultation,
    *,
    opens_at: datetime,
    closes_at: datetime,
    short_period_reason: str | None = None,
    project: Project | None = None,
    notice: Notice | None = None,
    at: datetime,
) -> Round:
    """Add a round with both instants; openness follows from the clock. Called by publication and by a second round.

    Raises ArchiveTakesNoComments, PeriodInThePast, PeriodTooShort.
    """
    _refuse_period(consultation, opens_at, closes_at, short_period_reason, at)

    opened = Round(
        consultation=consultation,
        project_id=project.id if project else None,
        ordinal=len(consultation.rounds) + 1,
        opens_at=opens_at,
        closes_at=closes_at,
        short_period_reason=short_period_reason,
        scheduled_at=at,
    )
    session.add(opened)
    session.flush()
    subject: dict[str, object] = {
        "consultation": consultation.number,
        "round": opened.ordinal,
        "opens_at": iso(opens_at),
        "closes_at": iso(closes_at),
    }
    if project is not None:
        subject["project"] = project.number
    if notice is not None:
        subject["notice"] = notice.slug
    ledger.append(session, ledger.Kind.ROUND_SCHEDULED, subject, at=at)
    reminders.set_for(session, opened)
    return opened


def second_round(
    session: Session,
    consultation: Consultation,
    *,
    opens_at: datetime,
    closes_at: datetime,
    short_period_reason: str | None = None,
    project: Project | None = None,
    notice: NoticeText | Notice | None = None,
    by: Hands,
    at: datetime,
) -> Round:
    """再次公开征求意见: open the same list for comments again, or one project of it alone, with its notice.

    A notice that was just published by another act may be named instead of a text. Raises RoundOver for
    a list that is not public, RoundRunning while a round of the same is not over, ProjectOfAnotherList,
    and what `schedule_round` and `approve` raise.
    """
    refuse_foreign(consultation, project)
    if not consultation.is_public(at):
        raise RoundOver(consultation=consultation.number)
    concerned = consultation.rounds if project is None else consultation.rounds_of(project.id)
    if any(one.state(at) is not RoundState.CLOSED for one in concerned):
        raise RoundRunning(consultation=consultation.number)
    _refuse_period(consultation, opens_at, closes_at, short_period_reason, at)
    approval = _approve(session, Act.PUBLISH, consultation, by, at)

    if isinstance(notice, NoticeText):
        notice = announce(
            session,
            consultation,
            notice,
            kind=NoticeKind.CONSULTATION,
            project=project,
            approval=approval,
            since=at,
            at=at,
        )
    return schedule_round(
        session,
        consultation,
        opens_at=opens_at,
        closes_at=closes_at,
        short_period_reason=short_period_reason,
        project=project,
        notice=notice,
        at=at,
    )


def extend(
    session: Session,
    round: Round,
    *,
    closes_at: datetime,
    reason: str,
    notice: NoticeText | None = None,
    by: Hands,
    at: datetime,
) -> RoundExtension:
    """Move a round's closing later, with a reason and its notice.

    Raises NeverShortened, ReasonMissing, RoundOver, NoticeUnfinished, and what `approve` raises.
    """
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
    subject: dict[str, object] = {
        "consultation": round.consultation.number,
        "round": round.ordinal,
        "closes_before": iso(extension.closed_before),
        "closes_at": iso(closes_at),
        "by": approval.codes,
    }
    if notice is not None:
        project = session.get(Project, round.project_id) if round.project_id else None
        # A list that is approved and not public yet does not show up early through its extension.
        since = max(at, round.consultation.published_at or at)
        announced = announce(
            session,
            round.consultation,
            notice,
            kind=NoticeKind.EXTENSION,
            project=project,
            approval=approval,
            since=since,
            at=at,
        )
        subject["notice"] = announced.slug
    ledger.append(session, ledger.Kind.ROUND_EXTENDED, subject, at=at)
    reminders.set_for(session, round)
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
    attachments: Sequence[Attached] = (),
    by: Hands,
    at: datetime,
) -> Interruption:
    """Suspend or withdraw a list, or one project of it, during its round, by a notice that says why; comments stay.

    Raises RoundOver, ReasonMissing, ProjectOfAnotherList, TooManyAttachments, and what `approve` raises.
    """
    running = current_round(consultation, at, project)
    if running is None or running.state(at) is RoundState.CLOSED:
        raise RoundOver(consultation=consultation.number)
    if not reason.strip():
        raise ReasonMissing(consultation=consultation.number)
    refuse_foreign(consultation, project)
    refuse_unfinished(NoticeText(title, reason, tuple(attachments)))
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
        published_at=max(at, consultation.published_at or at),
        approval=approval,
        attachments=attached(attachments),
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
    consultation: Consultation,
    opens_at: datetime,
    closes_at: datetime,
    short_period_reason: str | None,
    since: datetime,
) -> None:
    if consultation.is_archive:
        raise ArchiveTakesNoComments(consultation=consultation.number)
    if not since <= opens_at < closes_at:
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
    session: Session, project: Project, version: PlanVersion, approval: Approval, since: datetime, at: datetime
) -> None:
    version.published_at = since
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


def _as_entered(consultation: Consultation, listed: Sequence[Project], at: datetime) -> dict[str, object]:
    since = consultation.published_at
    return {
        "consultation": consultation.number,
        "projects": [project.number for project in listed],
        "sha256": _list_digest(consultation, listed),
        **({"by": consultation.approval.codes} if consultation.approval else {}),
        **({"public_from": iso(since)} if since and since > at else {}),
    }
