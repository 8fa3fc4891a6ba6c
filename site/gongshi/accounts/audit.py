"""Audit 审计: what was done to accounts and what staff were refused; append-only, read by admins.

Separate from the public ledger, which holds public acts. Nothing here names a reader, an address or a secret: people
stand in it by the id of their account, details are codes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Select, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from gongshi.accounts.models import StaffUser
from gongshi.append_only import append_only
from gongshi.db import Base, enumerated


class AuditKind(StrEnum):
    """What an entry is about."""

    SIGNED_IN = "signed-in"
    SIGN_IN_REFUSED = "sign-in-refused"
    SIGNED_OUT = "signed-out"
    SESSION_REVOKED = "session-revoked"
    PASSWORD_SET = "password-set"  # noqa: S105  A kind, no secret.
    TOTP_SET = "totp-set"
    RECOVERY_CODES_MADE = "recovery-codes-made"
    RECOVERY_USED = "recovery-used"
    INVITED = "invited"
    INVITATION_USED = "invitation-used"
    FACTOR_RESET = "factor-reset"
    ROLES_CHANGED = "roles-changed"
    SWITCHED_OFF = "switched-off"
    SWITCHED_ON = "switched-on"
    NETWORK_RULED = "network-ruled"
    NETWORK_RULE_ENDED = "network-rule-ended"
    PERSONAL_DATA_READ = "personal-data-read"
    REFUSED = "refused"


class StaffAudit(Base):
    """One entry: who did what to whose account, or was refused what.

    `bureau_id` is whose admins read it; none where nobody's account was meant (a sign-in with an unknown name).
    """

    __tablename__ = "staff_audit"
    __table_args__ = (Index("ix_staff_audit_bureau_id", "bureau_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[AuditKind] = mapped_column(enumerated(AuditKind))
    bureau_id: Mapped[UUID | None] = mapped_column(ForeignKey("bureau.id"))
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    subject_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    details: Mapped[dict[str, Any]]

    actor: Mapped[StaffUser | None] = relationship(foreign_keys=[actor_id])
    subject: Mapped[StaffUser | None] = relationship(foreign_keys=[subject_id])


append_only(StaffAudit.__table__)


@dataclass(frozen=True)
class Wanted:
    """What the audit page filters by."""

    kind: AuditKind | None = None
    person: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


def note(
    session: Session,
    kind: AuditKind,
    *,
    actor: StaffUser | None,
    subject: StaffUser | None = None,
    details: Mapping[str, str] | None = None,
    at: datetime,
) -> StaffAudit:
    """Enter one thing. The bureau is the subject's, or else the actor's."""
    whose = subject or actor
    entry = StaffAudit(
        at=at,
        kind=kind,
        bureau_id=whose.bureau_id if whose else None,
        actor=actor,
        subject=subject,
        details=dict(details or {}),
    )
    session.add(entry)
    return entry


def entries(
    session: Session, bureau_id: UUID, wanted: Wanted, *, before: int | None = None, limit: int = 50
) -> Sequence[StaffAudit]:
    """What the admins of a bureau may read, the latest first, from below an id on."""
    query = _only(wanted, select(StaffAudit)).where(
        or_(StaffAudit.bureau_id == bureau_id, StaffAudit.bureau_id.is_(None))
    )
    if before is not None:
        query = query.where(StaffAudit.id < before)
    return session.scalars(query.order_by(StaffAudit.id.desc()).limit(limit)).all()


def _only(wanted: Wanted, query: Select[StaffAudit]) -> Select[StaffAudit]:
    if wanted.kind is not None:
        query = query.where(StaffAudit.kind == wanted.kind)
    if wanted.person is not None:
        query = query.where(or_(StaffAudit.actor_id == wanted.person, StaffAudit.subject_id == wanted.person))
    if wanted.since is not None:
        query = query.where(StaffAudit.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(StaffAudit.at < wanted.until)
    return query
