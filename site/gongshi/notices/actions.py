"""Verbs on notices: publish one, keep a piece of history; and how they enter the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from gongshi import ledger, search
from gongshi.accounts.models import Act, Approval, Bureau
from gongshi.accounts.two_people import Hands, NotYourBureau, approve
from gongshi.clock import iso
from gongshi.consultations.models import Consultation, Nature
from gongshi.imports.file_kinds import FileKind
from gongshi.notices import queries
from gongshi.notices.models import Notice, NoticeAttachment, NoticeKind
from gongshi.notices.refusals import (
    NoticeIsGenerated,
    NoticeUnfinished,
    ProjectOfAnotherList,
    PublicFromInThePast,
    TooManyAttachments,
)
from gongshi.projects.models import Project

MOST_ATTACHMENTS = 10
# What is announced by these is itself an act, which makes its notice.
GENERATED = frozenset({NoticeKind.SUMMARY, NoticeKind.INTERRUPTION})


@dataclass(frozen=True)
class Attached:
    """A file that goes with a notice. Its bytes are kept already, under this hash, see `attachments`."""

    name: str
    kind: FileKind
    size: int
    sha256: str


@dataclass(frozen=True)
class NoticeText:
    """What a notice says: title, Markdown, files. Its slug is given when it is published."""

    title: str
    body: str
    attachments: tuple[Attached, ...] = ()


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
    attachments: Sequence[Attached] = (),
    public_from: datetime | None = None,
    by: Hands,
    at: datetime,
) -> Notice:
    """Publish a notice, at once or from a set instant. A correction of a list also enters the ledger as one.

    Raises NoticeIsGenerated, NoticeUnfinished, TooManyAttachments, PublicFromInThePast, ProjectOfAnotherList,
    NotYourBureau for a signature that is not the list's, and what `approve` raises.
    """
    if kind in GENERATED:
        raise NoticeIsGenerated(kind=kind)
    refuse_unfinished(NoticeText(title, body, tuple(attachments)))
    since = public_since(public_from, at)
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
        published_at=since,
        approval=approval,
        attachments=attached(attachments),
    )
    enter(session, notice, at)
    if kind is NoticeKind.CORRECTION and consultation is not None:
        record_on_list(session, ledger.Kind.CONSULTATION_CORRECTED, consultation, project, notice, at)
    return notice


def announce(
    session: Session,
    consultation: Consultation,
    text: NoticeText,
    *,
    kind: NoticeKind,
    project: Project | None = None,
    approval: Approval,
    since: datetime,
    at: datetime,
) -> Notice:
    """Publish the notice of an act on a list, under the act's own approval, to be read from `since` on.

    Called by the acts. Raises NoticeUnfinished, TooManyAttachments.
    """
    refuse_unfinished(text)
    notice = Notice(
        slug=queries.free_slug(session, f"{consultation.number}-{kind.value}"),
        kind=kind,
        nature=consultation.nature,
        title=text.title,
        body=text.body,
        bureau=consultation.bureaus[0],
        consultation=consultation,
        project=project,
        published_at=since,
        approval=approval,
        attachments=attached(text.attachments),
    )
    enter(session, notice, at)
    return notice


def public_since(public_from: datetime | None, at: datetime) -> datetime:
    """From when on everybody reads what is approved now. Raises PublicFromInThePast, also between two minutes."""
    if public_from is None:
        return at
    if public_from < at or public_from.second or public_from.microsecond:
        raise PublicFromInThePast(public_from=public_from)
    return public_from


def attached(files: Sequence[Attached]) -> list[NoticeAttachment]:
    """The rows for the files of a notice, in their order."""
    return [
        NoticeAttachment(ordinal=place, name=one.name, kind=one.kind, size=one.size, sha256=one.sha256)
        for place, one in enumerate(files, 1)
    ]


def refuse_unfinished(text: NoticeText) -> None:
    """Raises NoticeUnfinished without title or text, TooManyAttachments."""
    if not text.title.strip() or not text.body.strip():
        raise NoticeUnfinished
    if len(text.attachments) > MOST_ATTACHMENTS:
        raise TooManyAttachments(most=MOST_ATTACHMENTS)


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
    """The hash of a notice's public words, and of its files where it has some, as its ledger entry holds it."""
    words: dict[str, object] = {
        "kind": notice.kind.value,
        "title": notice.title,
        "body": notice.body,
        "source": notice.source,
    }
    if notice.attachments:
        words["attachments"] = [[one.name, one.sha256] for one in notice.attachments]
    return ledger.digest(words)


def enter(session: Session, notice: Notice, at: datetime) -> None:
    """Put a notice on record: ledger, database, search."""
    subject: dict[str, object] = {"notice": notice.slug, "kind": notice.kind.value, "sha256": notice_digest(notice)}
    if notice.consultation is not None:
        subject["consultation"] = notice.consultation.number
    if notice.project is not None:
        subject["project"] = notice.project.number
    if notice.approval is not None:
        subject["by"] = notice.approval.codes
    if notice.published_at > at:
        subject["public_from"] = iso(notice.published_at)
    notice.ledger_index = ledger.append(session, ledger.Kind.NOTICE_PUBLISHED, subject, at=at).index
    session.add(notice)
    session.flush()
    search.enqueue(session, "notice", str(notice.id), not_before=notice.published_at)


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
    sha256: str | None = None,
) -> None:
    """Enter that a notice changed how a list, or one project of it, stands."""
    subject: dict[str, object] = {"consultation": consultation.number, "notice": notice.slug}
    if notice.approval is not None:
        subject["by"] = notice.approval.codes
    if project is not None:
        subject["project"] = project.number
    if sha256 is not None:
        subject["sha256"] = sha256
    ledger.append(session, kind, subject, at=at)
