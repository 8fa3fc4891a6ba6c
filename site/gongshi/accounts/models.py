"""Bureaus, staff and the approvals that two of them give."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.append_only import append_only
from gongshi.db import Base, Code, Id, enumerated


class Role(StrEnum):
    """What a member of staff may do. An admin looks after accounts and holds no other role (rule 2)."""

    EDITOR = "editor"
    PUBLISHER = "publisher"
    ANALYST = "analyst"
    ADMIN = "admin"


class Act(StrEnum):
    """An act that needs two people; who may prepare and who may approve it is in `two_people.ACTS`."""

    PUBLISH = "publish"
    CORRECT = "correct"
    EXTEND = "extend"
    INTERRUPT = "interrupt"
    ENTER = "enter"
    WITHHOLD = "withhold"
    APPEAL = "appeal"
    REDACT = "redact"
    ERASE = "erase"
    ANSWER = "answer"
    REVISE = "revise"
    JUDGE = "judge"
    DECIDE = "decide"
    RECORD_EVENT = "record-event"
    SUMMARISE = "summarise"


class Bureau(Base):
    """发布机关: issues consultations, alone or jointly."""

    __tablename__ = "bureau"

    id: Mapped[Id]
    slug: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    name_en: Mapped[str]


class StaffUser(Base):
    """One person's one account at one bureau.

    The public record knows neither name nor sign-in: pages show the pseudonym, the ledger holds the `code`.
    A trial account belongs to the worked example: it needs no second factor, and opens nothing in production.
    """

    __tablename__ = "staff_user"
    __table_args__ = (
        # One person, one active account: who left one bureau may be invited by another.
        Index(
            "ix_staff_user_email",
            "email",
            unique=True,
            sqlite_where=text("is_active"),
            postgresql_where=text("is_active"),
        ),
    )

    id: Mapped[Id]
    bureau_id: Mapped[UUID] = mapped_column(ForeignKey("bureau.id"))
    login: Mapped[Code] = mapped_column(unique=True)
    code: Mapped[Code] = mapped_column(unique=True)
    pseudonym: Mapped[str]
    email: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    is_trial: Mapped[bool] = mapped_column(default=False, server_default=false())

    bureau: Mapped[Bureau] = relationship()
    role_rows: Mapped[list["StaffRole"]] = relationship(back_populates="user")

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(row.role for row in self.role_rows)


class StaffRole(Base):
    """One role of one member of staff."""

    __tablename__ = "staff_role"
    __table_args__ = (UniqueConstraint("user_id", "role"),)

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    role: Mapped[Role] = mapped_column(enumerated(Role))

    user: Mapped[StaffUser] = relationship(back_populates="role_rows")


class Approval(Base):
    """Two different people behind one act. The database itself refuses one person for both."""

    __tablename__ = "approval"
    __table_args__ = (CheckConstraint("prepared_by_id <> approved_by_id", name="two_people"),)

    id: Mapped[Id]
    act: Mapped[Act] = mapped_column(enumerated(Act))
    prepared_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    approved_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    approved_at: Mapped[datetime]

    prepared_by: Mapped[StaffUser] = relationship(foreign_keys=[prepared_by_id])
    approved_by: Mapped[StaffUser] = relationship(foreign_keys=[approved_by_id])

    @property
    def codes(self) -> list[str]:
        """Prepared, approved: as the ledger names them."""
        return [self.prepared_by.code, self.approved_by.code]


append_only(Approval.__table__)
