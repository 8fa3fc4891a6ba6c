"""Consultations and their rounds."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.accounts.models import Approval, Bureau
from gongshi.append_only import append_only
from gongshi.db import Base, Code, Id, enumerated

# The general yardstick of Chinese rule-making procedure; no norm fixes it for pilot lists (rule 4).
USUAL_PERIOD = timedelta(days=30)


class Nature(StrEnum):
    """What a consultation is: the work of a bureau now, history kept as a record, or the worked example 示例."""

    LIVE = "live"
    ARCHIVE = "archive"
    EXAMPLE = "example"


class RoundState(StrEnum):
    """Where a moment stands to a round: follows from the clock alone (rule 3)."""

    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"


consultation_bureau = Table(
    "consultation_bureau",
    Base.metadata,
    Column("consultation_id", ForeignKey("consultation.id"), primary_key=True),
    Column("bureau_id", ForeignKey("bureau.id"), primary_key=True),
)


class Consultation(Base):
    """A published list of projects. `number` is this site's own identifier, such as 2026-SL-01.

    An archive consultation is a record of history: it has no round, takes no comments, and carries its sources.
    """

    __tablename__ = "consultation"
    __table_args__ = (
        CheckConstraint("nature = 'archive' OR published_at IS NULL OR approval_id IS NOT NULL", name="approved"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    nature: Mapped[Nature] = mapped_column(enumerated(Nature))
    title: Mapped[str]
    title_en: Mapped[str]
    summary: Mapped[str]
    sources: Mapped[list[str]] = mapped_column(default=list)
    lead_institutions: Mapped[list[str]] = mapped_column(default=list)
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    approval_id: Mapped[UUID | None] = mapped_column(ForeignKey("approval.id"))
    content_key: Mapped[str | None] = mapped_column(unique=True)

    bureaus: Mapped[list[Bureau]] = relationship(secondary=consultation_bureau, order_by=Bureau.slug)
    approval: Mapped[Approval | None] = relationship()
    rounds: Mapped[list["Round"]] = relationship(back_populates="consultation", order_by="Round.ordinal")

    @property
    def is_archive(self) -> bool:
        return self.nature is Nature.ARCHIVE

    @property
    def is_example(self) -> bool:
        return self.nature is Nature.EXAMPLE

    @property
    def last_round(self) -> "Round | None":
        return self.rounds[-1] if self.rounds else None


class Round(Base):
    """A half-open interval [opens_at, closes_at) in which comments are taken.

    'until 26 November' is stored as 27 November 00:00, Asia/Shanghai. An extension is the only act
    that moves `closes_at`, and only later.
    """

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("consultation_id", "ordinal"),
        CheckConstraint("opens_at < closes_at", name="opens_before_closing"),
    )

    id: Mapped[Id]
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id"))
    ordinal: Mapped[int]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime] = mapped_column(index=True)
    short_period_reason: Mapped[str | None]
    scheduled_at: Mapped[datetime]

    consultation: Mapped[Consultation] = relationship(back_populates="rounds")
    extensions: Mapped[list["RoundExtension"]] = relationship(
        back_populates="round", order_by="RoundExtension.extended_at"
    )

    def state(self, at: datetime) -> RoundState:
        """Scheduled, open or closed at this instant; the instant it closes is already closed."""
        if at < self.opens_at:
            return RoundState.SCHEDULED
        return RoundState.OPEN if at < self.closes_at else RoundState.CLOSED

    @property
    def is_short(self) -> bool:
        return self.closes_at - self.opens_at < USUAL_PERIOD


class RoundExtension(Base):
    """A recorded act that moved a round's closing later, with its reason (rule 1)."""

    __tablename__ = "round_extension"
    __table_args__ = (CheckConstraint("closed_before < closes_at", name="never_shortened"),)

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    closed_before: Mapped[datetime]
    closes_at: Mapped[datetime]
    reason: Mapped[str]
    extended_at: Mapped[datetime]
    approval_id: Mapped[UUID] = mapped_column(ForeignKey("approval.id"))

    round: Mapped[Round] = relationship(back_populates="extensions")
    approval: Mapped[Approval] = relationship()


append_only(RoundExtension.__table__)
append_only(Round.__table__, columns=("consultation_id", "ordinal", "opens_at", "short_period_reason", "scheduled_at"))
