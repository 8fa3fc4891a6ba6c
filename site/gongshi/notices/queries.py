"""Reads: notices that the public can see at an instant, newest first; and all of them, for staff."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.accounts.models import Bureau
from gongshi.consultations.models import Consultation, Correction, consultation_bureau
from gongshi.notices.models import Notice, NoticeAttachment, NoticeKind


def by_slug(session: Session, slug: str, at: datetime) -> Notice:
    """A notice that is public; raises NoResultFound for one that is only approved, as for an unknown one."""
    return session.scalars(select(Notice).where(Notice.slug == slug, Notice.published_at <= at)).one()


def newest(session: Session, limit: int, at: datetime) -> list[Notice]:
    return listing(session, at=at, limit=limit)


def of_list(session: Session, consultation: Consultation, at: datetime) -> list[Notice]:
    """What the public can read about a list, oldest first."""
    return [notice for notice in every_of_list(session, consultation) if notice.is_public(at)]


def every_of_list(session: Session, consultation: Consultation) -> list[Notice]:
    """The same with those that are approved and not public yet."""
    return list(
        session.scalars(
            select(Notice).where(Notice.consultation_id == consultation.id).order_by(Notice.published_at, Notice.slug)
        )
    )


def summary_of(session: Session, consultation: Consultation) -> Notice | None:
    """The published 意见采纳情况 of a list, the latest if a second round brought another."""
    return session.scalar(
        select(Notice)
        .where(Notice.consultation_id == consultation.id, Notice.kind == NoticeKind.SUMMARY)
        .order_by(Notice.published_at.desc())
        .limit(1)
    )


def slugs(session: Session, corrections: Iterable[Correction]) -> dict[UUID, str]:
    """The slugs of the notices of corrections, by the notices' ids."""
    ids = {one.notice_id for one in corrections}
    rows = session.execute(select(Notice.id, Notice.slug).where(Notice.id.in_(ids))) if ids else ()
    return {id: slug for id, slug in rows}


def find(session: Session, slug: str) -> Notice | None:
    """Any notice with this slug, public or not."""
    return session.scalar(select(Notice).where(Notice.slug == slug))


def find_public(session: Session, slug: str, at: datetime) -> Notice | None:
    found = find(session, slug)
    return found if found is not None and found.is_public(at) else None


def free_slug(session: Session, stem: str) -> str:
    """A slug that no notice has yet: the stem, or the stem with -2, -3, …"""
    wanted = stem = stem.lower()
    ordinal = 1
    while find(session, wanted) is not None:
        ordinal += 1
        wanted = f"{stem}-{ordinal}"
    return wanted


def of_bureau(session: Session, bureau: Bureau) -> list[Notice]:
    """Every notice that a bureau signed, or that stands on one of its lists; those still to come on top."""
    lists = select(consultation_bureau.c.consultation_id).where(consultation_bureau.c.bureau_id == bureau.id)
    return list(
        session.scalars(
            select(Notice)
            .where((Notice.bureau_id == bureau.id) | Notice.consultation_id.in_(lists))
            .order_by(Notice.published_at.desc(), Notice.slug)
        )
    )


def attachment(session: Session, slug: str, ordinal: int, at: datetime) -> NoticeAttachment:
    """A file of a public notice; raises NoResultFound."""
    return session.scalars(
        select(NoticeAttachment)
        .join(NoticeAttachment.notice)
        .where(Notice.slug == slug, Notice.published_at <= at, NoticeAttachment.ordinal == ordinal)
    ).one()


def listing(
    session: Session, *, at: datetime, kind: NoticeKind | None = None, after: Notice | None = None, limit: int = 30
) -> list[Notice]:
    """Public notices, newest first, from the one after `after` on."""
    query = select(Notice).where(Notice.published_at <= at)
    if kind is not None:
        query = query.where(Notice.kind == kind)
    if after is not None:
        query = query.where(
            (Notice.published_at < after.published_at)
            | ((Notice.published_at == after.published_at) & (Notice.slug > after.slug))
        )
    return list(session.scalars(query.order_by(Notice.published_at.desc(), Notice.slug).limit(limit)))
