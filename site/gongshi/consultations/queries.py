"""Reads: consultations that the public can see, and the next free number of a series."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from gongshi.accounts.models import Bureau
from gongshi.consultations.models import Consultation, Nature, Round


def public(session: Session, number: str, at: datetime, *, is_named: bool = True) -> Consultation:
    """A consultation that is public at this instant; raises NoResultFound for any other as for an unknown number.

    What was corrected of its title is read with it, unless it `is_named` nowhere on most of the pages that ask.
    """
    query = select(Consultation).where(Consultation.number == number, Consultation.published_at <= at)
    return session.scalars(query if is_named else query.options(lazyload(Consultation.corrections))).one()


def of_bureau(session: Session, number: str, *, bureau_id: UUID) -> Consultation:
    """A consultation that this bureau issues, in whatever state; raises NoResultFound for another bureau's."""
    mine = Consultation.bureaus.any(Bureau.id == bureau_id)
    return session.scalars(select(Consultation).where(Consultation.number == number, mine)).one()


def published(session: Session, at: datetime) -> list[Consultation]:
    """Every consultation that is public at this instant, newest first."""
    return list(
        session.scalars(
            select(Consultation).where(Consultation.published_at <= at).order_by(Consultation.published_at.desc())
        )
    )


def every_of_bureau(session: Session, bureau: Bureau) -> list[Consultation]:
    """A bureau's consultations in whatever state, except history: those in preparation, then the newest first."""
    return list(
        session.scalars(
            select(Consultation)
            .where(Consultation.bureaus.any(Bureau.id == bureau.id), Consultation.nature != Nature.ARCHIVE)
            .order_by(
                Consultation.published_at.is_not(None), Consultation.published_at.desc(), Consultation.number.desc()
            )
        )
    )


def numbered(session: Session, number: str) -> Consultation | None:
    """A consultation of whatever bureau, in whatever state."""
    return session.scalar(select(Consultation).where(Consultation.number == number))


def open_at(session: Session, at: datetime) -> list[Consultation]:
    """Consultations with a round that is open at this instant, the one that closes first on top."""
    return list(
        session.scalars(
            select(Consultation)
            .join(Round)
            .where(Consultation.published_at <= at, Round.opens_at <= at, Round.closes_at > at)
            .order_by(Round.closes_at)
        ).unique()
    )


def by_content_key(session: Session, key: str) -> Consultation | None:
    return session.scalar(select(Consultation).where(Consultation.content_key == key))


def next_number(session: Session, series: str, year: int) -> str:
    """The next free number of a series in a year: 2026-SL-01, 2026-SL-02, …"""
    stem = f"{year}-{series}-"
    taken = session.scalars(select(Consultation.number).where(Consultation.number.like(f"{stem}%")))
    highest = max((int(number.removeprefix(stem)) for number in taken), default=0)
    return f"{stem}{highest + 1:02d}"


def latest_by_content_key(session: Session, stem: str) -> Consultation | None:
    """The copy of a bundled example that was loaded last."""
    return session.scalar(
        select(Consultation)
        .where(Consultation.content_key.like(f"{stem}@%"))
        .order_by(Consultation.content_key.desc())
        .limit(1)
    )
