"""Verbs on notices: publish one, keep a piece of history; and how they enter the ledger."""

from datetime import datetime

from sqlalchemy.orm import Session

from gongshi import ledger, search
from gongshi.accounts.models import Act, Bureau
from gongshi.accounts.two_people import Hands, NotYourBureau, approve
from gongshi.consultations.models import Consultation, Nature
from gongshi.errors import RuleBroken
from gongshi.notices.models import Notice, NoticeKind
from gongshi.projects.models import Project

# What is announced by these is itself an act, which makes its notice.
GENERATED = frozenset({NoticeKind.SUMMARY, NoticeKind.INTERRUPTION})


class NoticeIsGenerated(RuleBroken):
    """The summary of opinions, and the notice of an interruption, come from their act and are never typed (rule 11)."""

    code = "notice-is-generated"


class ProjectOfAnotherList(RuleBroken):
    """What is said about a project is said on its own list."""

    code = "project-of-another-list"


def publish_notice(
    session: Session,
    *,
    slug: str,
    kind: NoticeKind,
    title: str,
    body: str,
    bureau: Bureau,
    nature: Nature,
    consultation: Consultation | None = None,
    project: Project | None = None,
    by: Hands,
    at: datetime,
) -> Notice:
    """Publish a notice. A correction of a list also enters the ledger as one.

    Raises NoticeIsGenerated, ProjectOfAnotherList, NotYourBureau for a signature that is not the list's, and what
    `approve` raises.
    """
    if kind in GENERATED:
        raise NoticeIsGenerated(kind=kind)
    refuse_foreign(consultation, project)
    if consultation is not None and bureau not in consultation.bureaus:
        raise NotYourBureau(person=by.prepared_by.pseudonym)
    act = Act.CORRECT if kind is NoticeKind.CORRECTION else Act.PUBLISH
    bureaus = [one.id for one in consultation.bureaus] if consultation else [bureau.id]
    approval = approve(session, act, by, bureaus=bureaus, at=at)

    notice = Notice(
        slug=slug,
        kind=kind,
        nature=nature,
        title=title,
        body=body,
        bureau=bureau,
        consultation=consultation,
        project=project,
        published_at=at,
        approval=approval,
    )
    enter(session, notice, at)
    if kind is NoticeKind.CORRECTION and consultation is not None:
        record_on_list(session, ledger.Kind.CONSULTATION_CORRECTED, consultation, project, notice, at)
    return notice


def record_archive_notice(
    session: Session,
    *,
    slug: str,
    kind: NoticeKind,
    title: str,
    body: str,
    source: str,
    bureau: Bureau | None,
    consultation: Consultation | None,
    published_at: datetime,
    at: datetime,
) -> Notice:
    """Keep a dated piece of history with its source."""
    notice = Notice(
        slug=slug,
        kind=kind,
        nature=Nature.ARCHIVE,
        title=title,
        body=body,
        source=source,
        bureau=bureau,
        consultation=consultation,
        published_at=published_at,
    )
    enter(session, notice, at)
    return notice


def notice_digest(notice: Notice) -> str:
    """The hash of a notice's public words, as its ledger entry holds it."""
    return ledger.digest(
        {"kind": notice.kind.value, "title": notice.title, "body": notice.body, "source": notice.source}
    )


def enter(session: Session, notice: Notice, at: datetime) -> None:
    """Put a notice on record: ledger, database, search."""
    subject: dict[str, object] = {"notice": notice.slug, "kind": notice.kind.value, "sha256": notice_digest(notice)}
    if notice.consultation is not None:
        subject["consultation"] = notice.consultation.number
    if notice.project is not None:
        subject["project"] = notice.project.number
    if notice.approval is not None:
        subject["by"] = notice.approval.codes
    notice.ledger_index = ledger.append(session, ledger.Kind.NOTICE_PUBLISHED, subject, at=at).index
    session.add(notice)
    session.flush()
    search.enqueue(session, "notice", str(notice.id))


def refuse_foreign(consultation: Consultation | None, project: Project | None) -> None:
    """Raises ProjectOfAnotherList for a project that is not on this list, or on none at all."""
    if project is not None and (consultation is None or project.consultation_id != consultation.id):
        raise ProjectOfAnotherList(project=project.number)


def record_on_list(
    session: Session,
    kind: ledger.Kind,
    consultation: Consultation,
    project: Project | None,
    notice: Notice,
    at: datetime,
) -> None:
    """Enter that a notice changed how a list, or one project of it, stands."""
    subject: dict[str, object] = {"consultation": consultation.number, "notice": notice.slug}
    if notice.approval is not None:
        subject["by"] = notice.approval.codes
    if project is not None:
        subject["project"] = project.number
    ledger.append(session, kind, subject, at=at)
