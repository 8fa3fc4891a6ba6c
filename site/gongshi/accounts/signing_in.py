"""Verbs of the door: the password, the second factor, leaving again. What is wrong is never said."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.accounts import audit, codes, passwords, queries, sessions
from gongshi.accounts.audit import AuditKind
from gongshi.accounts.credentials import Credential, RecoveryCode
from gongshi.accounts.models import StaffUser
from gongshi.accounts.sessions import Ending, StaffSession, Stage
from gongshi.errors import RuleBroken

KNOWN_FOR = timedelta(days=60)


class NotRecognised(RuleBroken):
    """Name, password or code is wrong, or the account was switched off; which of them is not said."""

    code = "not-recognised"


class Means(StrEnum):
    """What stood for the second factor."""

    TOTP = "totp"
    RECOVERY = "recovery"
    NONE = "none"


@dataclass(frozen=True)
class Browser:
    """From where somebody asks."""

    network: str
    user_agent: str


def holder(session: Session, login: str, password: str) -> StaffUser:
    """Whose name and password these are. Takes the same time whatever is wrong. Raises NotRecognised.

    Reads only: the 50 ms of argon2 are spent before the write lock is asked for.
    """
    user = queries.staff_by_login(session, login.strip().lower())
    kept = credential_of(session, user) if user is not None else None
    if not passwords.is_right(kept.password_hash if kept else None, password):
        raise NotRecognised
    if user is None or not user.is_active:
        raise NotRecognised
    return user


def begin(session: Session, user: StaffUser, browser: Browser, *, at: datetime) -> str:
    """Note that the password was right; returns the token of a session in which only the code can be given."""
    _, token = sessions.start(
        session, user, stage=Stage.PASSWORD, network=browser.network, user_agent=browser.user_agent, at=at
    )
    return token


def complete(session: Session, half: StaffSession, code: str, *, key: bytes, at: datetime) -> str:
    """Take the second factor and sign in; returns the token of the session, another than before.

    A TOTP code opens once, a recovery code too. Raises NotRecognised.
    """
    means = spend(session, half.user, code, key=key, at=at)

    token = sign_in(session, half.user, Browser(half.network, half.user_agent), means=means, at=at)
    sessions.end(half, Ending.REPLACED, at)
    return token


def sign_in(session: Session, user: StaffUser, browser: Browser, *, means: Means, at: datetime) -> str:
    """Begin the session of somebody who has proved who they are; returns its token."""
    _, token = sessions.start(
        session, user, stage=Stage.SIGNED_IN, network=browser.network, user_agent=browser.user_agent, at=at
    )
    audit.note(session, AuditKind.SIGNED_IN, actor=user, details={"means": means.value}, at=at)
    return token


def spend(session: Session, user: StaffUser, code: str, *, key: bytes, at: datetime) -> Means:
    """Use up a one-time code of this person. Raises NotRecognised."""
    kept = credential_of(session, user)
    if kept is None or kept.totp_sealed is None or not user.is_active:
        raise NotRecognised
    step = codes.step_of(codes.unseal(kept.totp_sealed, key), code, at)
    if step is not None:
        if kept.totp_last_step is not None and step <= kept.totp_last_step:
            raise NotRecognised  # Somebody looked over the shoulder: a code opens once.
        kept.totp_last_step = step
        return Means.TOTP
    _spend_recovery_code(session, user, code, at)
    return Means.RECOVERY


def sign_out(session: Session, found: StaffSession, *, at: datetime) -> None:
    """Leave."""
    sessions.end(found, Ending.SIGNED_OUT, at)
    audit.note(session, AuditKind.SIGNED_OUT, actor=found.user, at=at)


def revoke(session: Session, found: StaffSession, *, by: StaffUser, at: datetime) -> None:
    """End a session from elsewhere: one's own, or, by an admin, somebody's."""
    sessions.end(found, Ending.REVOKED, at)
    audit.note(session, AuditKind.SESSION_REVOKED, actor=by, subject=found.user, at=at)


def note_refused(session: Session, login: str, *, at: datetime) -> None:
    """Enter that a sign-in was refused; the name is not kept where nobody has it."""
    user = queries.staff_by_login(session, login.strip().lower())
    audit.note(session, AuditKind.SIGN_IN_REFUSED, actor=None, subject=user, at=at)


def knows(session: Session, login: str, network: str, *, at: datetime) -> bool:
    """Whether this account was signed in from this network lately: its owner cannot be locked out from elsewhere."""
    found = (
        select(StaffSession.id)
        .join(StaffSession.user)
        .where(
            StaffUser.login == login.strip().lower(),
            StaffSession.network == network,
            StaffSession.stage == Stage.SIGNED_IN,
            StaffSession.started_at > at - KNOWN_FOR,
        )
    )
    return session.scalar(found.limit(1)) is not None


def credential_of(session: Session, user: StaffUser) -> Credential | None:
    return session.scalar(select(Credential).where(Credential.user_id == user.id))


def has_factor(session: Session, user: StaffUser) -> bool:
    """Whether a person has come to the end of their invitation."""
    kept = credential_of(session, user)
    return kept is not None and kept.totp_sealed is not None


def recovery_codes_left(session: Session, user: StaffUser) -> int:
    found = select(RecoveryCode).where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    return len(session.scalars(found).all())


def _spend_recovery_code(session: Session, user: StaffUser, code: str, at: datetime) -> None:
    wanted = (RecoveryCode.user_id == user.id, RecoveryCode.code_sha256 == codes.digest(code))
    found = session.scalar(select(RecoveryCode).where(*wanted, RecoveryCode.used_at.is_(None)))
    if found is None:
        raise NotRecognised
    found.used_at = at
    audit.note(session, AuditKind.RECOVERY_USED, actor=user, at=at)
