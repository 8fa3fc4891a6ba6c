"""Proofs of work that were given in: each counts for one submission, and what is remembered is forgotten when it ends.

A challenge is issued without writing anything. Only when its solution comes with a submission is it remembered, in the
transaction of that submission, so that nobody sends twice on one solution and nobody loses one with a failed sending.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from gongshi.db import Base, Code
from gongshi.errors import RuleBroken


class ChallengeUsed(RuleBroken):
    """A solved challenge is good for one submission."""

    code = "proof-used"


class SpentChallenge(Base):
    """The nonce of a challenge whose solution was given in, kept until the challenge would have ended anyway."""

    __tablename__ = "spent_challenge"

    nonce: Mapped[Code] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class UsedChallenge:
    """A challenge whose solution was checked: what makes it one, the tries it asked for on average, and its end."""

    nonce: str
    tries: int
    expires_at: datetime


def is_spent(session: Session, challenge: UsedChallenge) -> bool:
    """Whether it was given in before."""
    return session.get(SpentChallenge, challenge.nonce) is not None


def spend(session: Session, challenge: UsedChallenge, at: datetime) -> None:  # noqa: ARG001  When, as every act is told.
    """Remember that this challenge is used up, under the write lock. Raises ChallengeUsed."""
    if is_spent(session, challenge):
        raise ChallengeUsed
    session.add(SpentChallenge(nonce=challenge.nonce, expires_at=challenge.expires_at))


def any_over(session: Session, at: datetime) -> bool:
    """Whether anything is remembered that has ended."""
    query = select(SpentChallenge.nonce).where(SpentChallenge.expires_at < at).limit(1)
    return session.scalar(query) is not None


def forget_over(session: Session, at: datetime) -> int:
    """Forget the challenges that have ended: nobody can give them in any more. Returns how many."""
    done = session.execute(delete(SpentChallenge).where(SpentChallenge.expires_at < at))
    assert isinstance(done, CursorResult)
    return done.rowcount
