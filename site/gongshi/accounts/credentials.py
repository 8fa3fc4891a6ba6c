"""Credentials 凭据: what somebody proves with that they are who they say; secrets are kept hashed or sealed.

The password as argon2, recovery codes and invitation links as SHA-256 (they are random), the TOTP secret sealed under
a key that does not lie in the database, since it has to be read again.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.accounts.models import StaffUser
from gongshi.db import Base, Id


class Credential(Base):
    """The password and the second factor of one account. `totp_proposed` waits until a first code proves it."""

    __tablename__ = "credential"

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"), unique=True)
    password_hash: Mapped[str]
    password_set_at: Mapped[datetime]
    totp_sealed: Mapped[str | None]
    totp_proposed: Mapped[str | None]
    totp_set_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]

    user: Mapped[StaffUser] = relationship()


class RecoveryCode(Base):
    """A code for the day the telephone is lost: each opens once."""

    __tablename__ = "recovery_code"

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"), index=True)
    code_sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Invitation(Base):
    """A link with which a person sets the password and the second factor; for 72 hours, until it was used once."""

    __tablename__ = "invitation"

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    issued_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))

    user: Mapped[StaffUser] = relationship(foreign_keys=[user_id])

    def is_open(self, at: datetime) -> bool:
        return self.used_at is None and self.withdrawn_at is None and at < self.expires_at
