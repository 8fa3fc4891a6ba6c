"""Reads: notices, newest first."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.consultations.models import Consultation
from gongshi.notices.models import Notice, NoticeKind


def by_slug(session: Session, slug: str) -> Notice:
    return session.scalars(select(Notice).where(Notice.slug == slug)).one()


def newest(session: Session, limit: int) -> list[Notice]:
    return list(session.scalars(select(Notice).order_by(Notice.published_at.desc(), Notice.slug).limit(limit)))


def of_list(session: Session, consultation: Consultation) -> list[Notice]:
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


def find(session: Session, slug: str) -> Notice | None:
    return session.scalar(select(Notice).where(Notice.slug == slug))


def listing(
    session: Session, *, kind: NoticeKind | None = None, after: Notice | None = None, limit: int = 30
) -> list[Notice]:
    """Notices, newest first, from the one after `after` on."""
    query = select(Notice)
    if kind is not None:
        query = query.where(Notice.kind == kind)
    if after is not None:
        query = query.where(
            (Notice.published_at < after.published_at)
            | ((Notice.published_at == after.published_at) & (Notice.slug > after.slug))
        )
    return list(session.scalars(query.order_by(Notice.published_at.desc(), Notice.slug).limit(limit)))
