"""Staff session 登录会话: who is signed in, from where, since when; kept here, not in the cookie: so it can be ended.

The cookie holds a token of 256 random bits; the database holds its SHA-256. A session ends when it was idle too long,
when it grew too old whatever was done in it, when it is ended by its owner or an admin, and when the account changes.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from gongshi.accounts.models import StaffUser
from gongshi.db import Base, Id, enumerated

TOKEN_BYTES = 32
HALFWAY = timedelta(minutes=10)
TOUCHED_EVERY = timedelta(minutes=1)
LONGEST_USER_AGENT = 200


class Stage(StrEnum):
    """How far a person has come: the password was right, or they are signed in."""

    PASSWORD = "password"  # noqa: S105  The stage, no secret.
    SIGNED_IN = "signed-in"


class Ending(StrEnum):
    """Why a session ended before its time."""

    SIGNED_OUT = "signed-out"
    REVOKED = "revoked"
    REPLACED = "replaced"
    ACCOUNT_CHANGED = "account-changed"


class StaffSession(Base):
    """One sign-in of one person in one browser."""

    __tablename__ = "staff_session"

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    stage: Mapped[Stage] = mapped_column(enumerated(Stage))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    network: Mapped[str]
    user_agent: Mapped[str]
    ended_at: Mapped[datetime | None]
    ending: Mapped[Ending | None] = mapped_column(enumerated(Ending))

    user: Mapped[StaffUser] = relationship()


@dataclass(frozen=True)
class Lifetime:
    """How long a session lasts without being used, and at most."""

    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=10)

    def covers(self, found: StaffSession, at: datetime) -> bool:
        """Whether a session still holds at this instant; its last instant is already too late."""
        if found.ended_at is not None or not found.user.is_active:
            return False
        if found.stage is Stage.PASSWORD:
            return at < found.started_at + HALFWAY
        return at < min(found.seen_at + self.idle, found.started_at + self.absolute)


def start(
    session: Session, user: StaffUser, *, stage: Stage, network: str, user_agent: str, at: datetime
) -> tuple[StaffSession, str]:
    """Begin a session. The token is returned once, for the cookie, and is nowhere kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    begun = StaffSession(
        user=user,
        token_sha256=digest(token),
        stage=stage,
        started_at=at,
        seen_at=at,
        confirmed_at=at if stage is Stage.SIGNED_IN else None,
        network=network,
        user_agent=user_agent[:LONGEST_USER_AGENT],
    )
    session.add(begun)
    session.flush()
    return begun, token


def holding(session: Session, token: str, *, lifetime: Lifetime, at: datetime) -> StaffSession | None:
    """The session of a token, if it still holds."""
    found = session.scalar(select(StaffSession).where(StaffSession.token_sha256 == digest(token)))
    return found if found is not None and lifetime.covers(found, at) else None


def current_of(session: Session, user: StaffUser, *, lifetime: Lifetime, at: datetime) -> Sequence[StaffSession]:
    """The sessions in which a person is signed in now, the latest first."""
    rows = session.scalars(
        select(StaffSession)
        .where(StaffSession.user_id == user.id, StaffSession.stage == Stage.SIGNED_IN, StaffSession.ended_at.is_(None))
        .order_by(StaffSession.seen_at.desc())
    )
    return [row for row in rows if lifetime.covers(row, at)]


def of_user(session: Session, user: StaffUser, session_id: UUID) -> StaffSession:
    """One session of a person; raises NoResultFound for somebody else's."""
    return session.scalars(
        select(StaffSession).where(StaffSession.id == session_id, StaffSession.user_id == user.id)
    ).one()


def touch(found: StaffSession, at: datetime) -> None:
    """Note that a session is being used."""
    found.seen_at = max(found.seen_at, at)


def end(found: StaffSession, ending: Ending, at: datetime) -> None:
    """End one session; one that has ended stays as it is."""
    if found.ended_at is None:
        found.ended_at, found.ending = at, ending


def end_all(session: Session, user: StaffUser, ending: Ending, at: datetime, *, but: UUID | None = None) -> None:
    """End every session of a person, except, where told, the one in which this is being done."""
    session.flush()
    others = update(StaffSession).where(StaffSession.user_id == user.id, StaffSession.ended_at.is_(None))
    if but is not None:
        others = others.where(StaffSession.id != but)
    session.execute(others.values(ended_at=at, ending=ending))


def digest(token: str) -> str:
    """What is kept of a token. It is random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
