"""Verbs of joining: the one-time link, the password, the second factor, the recovery codes; and changing them later."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from gongshi.accounts import audit, codes, sessions
from gongshi.accounts.audit import AuditKind
from gongshi.accounts.credentials import Credential, Invitation, RecoveryCode
from gongshi.accounts.models import StaffUser
from gongshi.accounts.passwords import Chosen
from gongshi.accounts.sessions import Ending
from gongshi.accounts.signing_in import NotRecognised, credential_of
from gongshi.errors import RuleBroken

HOLDS_FOR = timedelta(hours=72)


class InvitationOver(RuleBroken):
    """An invitation holds for 72 hours and until it was used once."""

    code = "invitation-over"


def invite(session: Session, user: StaffUser, *, by: StaffUser | None, at: datetime) -> str:
    """Make the link of a person anew; returns its token, which is nowhere kept. Earlier links hold no more."""
    withdraw(session, user, at)
    token = secrets.token_urlsafe(32)
    session.add(
        Invitation(
            user=user,
            token_sha256=sessions.digest(token),
            issued_at=at,
            expires_at=at + HOLDS_FOR,
            issued_by_id=by.id if by else None,
        )
    )
    session.flush()
    audit.note(session, AuditKind.INVITED, actor=by, subject=user, at=at)
    return token


def start_anew(session: Session, user: StaffUser, *, by: StaffUser | None, at: datetime) -> str:
    """Let the second factor and every session hold no more, and make a link to set all anew; returns its token."""
    forget_factor(session, user)
    sessions.end_all(session, user, Ending.ACCOUNT_CHANGED, at)
    audit.note(session, AuditKind.FACTOR_RESET, actor=by, subject=user, at=at)
    return invite(session, user, by=by, at=at)


def withdraw(session: Session, user: StaffUser, at: datetime) -> None:
    """Let the open links of a person hold no more."""
    is_open = (Invitation.user_id == user.id, Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None))
    session.execute(update(Invitation).where(*is_open).values(withdrawn_at=at))


def with_token(session: Session, token: str, *, at: datetime) -> Invitation:
    """The invitation of a link. Raises InvitationOver for an old one as for one that never was."""
    found = session.scalar(select(Invitation).where(Invitation.token_sha256 == sessions.digest(token)))
    if found is None or not found.is_open(at) or not found.user.is_active:
        raise InvitationOver
    return found


def open_invitation(session: Session, user: StaffUser, *, at: datetime) -> Invitation | None:
    """The link that a person has still to follow to its end."""
    rows = session.scalars(select(Invitation).where(Invitation.user_id == user.id, Invitation.used_at.is_(None)))
    return next((row for row in rows if row.is_open(at)), None)


def set_password(session: Session, user: StaffUser, chosen: Chosen, *, at: datetime, but: UUID | None = None) -> None:
    """Take a person's new password; every session ends, except, where told, the one in which this is done."""
    kept = credential_of(session, user)
    if kept is None:
        session.add(Credential(user=user, password_hash=chosen.hash, password_set_at=at))
    else:
        kept.password_hash, kept.password_set_at = chosen.hash, at
    sessions.end_all(session, user, Ending.ACCOUNT_CHANGED, at, but=but)
    audit.note(session, AuditKind.PASSWORD_SET, actor=user, subject=user, at=at)


def propose_factor(session: Session, user: StaffUser, *, key: bytes) -> None:
    """Make the secret that the QR code will show; it counts once a code has proved it. Raises NotRecognised."""
    kept = _kept(session, user)
    kept.totp_proposed = codes.seal(codes.new_secret(), key)


def proposed_secret(session: Session, user: StaffUser, *, key: bytes) -> str:
    """The secret that waits for its first code. Raises InvitationOver where none was proposed."""
    proposed = _kept(session, user).totp_proposed
    if proposed is None:
        raise InvitationOver
    return codes.unseal(proposed, key)


def set_factor(session: Session, user: StaffUser, code: str, *, key: bytes, at: datetime) -> list[str]:
    """Take the proposed second factor, proved by a first code; returns the recovery codes, shown this once.

    The invitation is used up by it. Raises NotRecognised for a wrong code, InvitationOver without an open invitation.
    """
    invitation = open_invitation(session, user, at=at)
    if invitation is None:
        raise InvitationOver
    kept = credential_of(session, user)
    if kept is None or kept.totp_proposed is None:
        raise NotRecognised
    step = codes.step_of(codes.unseal(kept.totp_proposed, key), code, at)
    if step is None:
        raise NotRecognised

    kept.totp_sealed, kept.totp_proposed = kept.totp_proposed, None
    kept.totp_set_at, kept.totp_last_step = at, step
    invitation.used_at = at
    audit.note(session, AuditKind.TOTP_SET, actor=user, subject=user, at=at)
    audit.note(session, AuditKind.INVITATION_USED, actor=user, subject=user, at=at)
    return make_recovery_codes(session, user, at=at)


def make_recovery_codes(session: Session, user: StaffUser, *, at: datetime) -> list[str]:
    """Ten new codes; the old ones open nothing any more. Returned once and nowhere kept."""
    fresh = codes.new_recovery_codes()
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    session.add_all(RecoveryCode(user_id=user.id, code_sha256=codes.digest(one), made_at=at) for one in fresh)
    audit.note(session, AuditKind.RECOVERY_CODES_MADE, actor=user, subject=user, at=at)
    return fresh


def forget_factor(session: Session, user: StaffUser) -> None:
    """Let the second factor and the recovery codes hold no more."""
    kept = credential_of(session, user)
    if kept is not None:
        kept.totp_sealed = kept.totp_proposed = kept.totp_set_at = kept.totp_last_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def _kept(session: Session, user: StaffUser) -> Credential:
    session.flush()
    kept = credential_of(session, user)
    if kept is None:
        raise NotRecognised
    return kept
