"""Consultations and their rounds."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.accounts.models import Approval, Bureau, StaffUser
from gongshi.append_only import append_only, once, only_grows
from gongshi.consultations.corrected import CorrectedField, corrected_text
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
    listed_title: Mapped[str] = mapped_column("title")
    listed_title_en: Mapped[str] = mapped_column("title_en")
    listed_summary: Mapped[str] = mapped_column("summary")
    sources: Mapped[list[str]] = mapped_column(default=list)
    lead_institutions: Mapped[list[str]] = mapped_column(default=list)
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    approval_id: Mapped[UUID | None] = mapped_column(ForeignKey("approval.id"))
    content_key: Mapped[str | None] = mapped_column(unique=True)

    bureaus: Mapped[list[Bureau]] = relationship(secondary=consultation_bureau, order_by=Bureau.slug)
    approval: Mapped[Approval | None] = relationship()
    rounds: Mapped[list["Round"]] = relationship(back_populates="consultation", order_by="Round.ordinal")
    corrections: Mapped[list["Correction"]] = relationship(
        back_populates="consultation", order_by="Correction.corrected_at, Correction.ordinal", lazy="selectin"
    )

    title = corrected_text("title", CorrectedField.TITLE)
    title_en = corrected_text("title_en", CorrectedField.TITLE_EN)
    summary = corrected_text("summary", CorrectedField.SUMMARY)

    def is_public(self, at: datetime) -> bool:
        """Whether everybody may read it at this instant. It may be published already and public only later."""
        return self.published_at is not None and self.published_at <= at

    @property
    def is_archive(self) -> bool:
        return self.nature is Nature.ARCHIVE

    @property
    def is_example(self) -> bool:
        return self.nature is Nature.EXAMPLE

    @property
    def last_round(self) -> "Round | None":
        return self.rounds[-1] if self.rounds else None

    def rounds_of(self, project_id: UUID | None = None) -> list["Round"]:
        """The rounds in which the list as a whole is open for comments, or this project of it."""
        return [one for one in self.rounds if one.concerns(project_id)]


class Correction(Base):
    """更正: one value of a published list, as it was and as it is from now on, with the notice that says so.

    The row that was published stays as it was (rule 1); whoever reads the list reads the value of the last correction.
    Institutions stand here by their names.
    """

    __tablename__ = "correction"
    __table_args__ = (UniqueConstraint("notice_id", "ordinal"),)

    id: Mapped[Id]
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id"), index=True)
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("project.id"), index=True)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notice.id"))
    ordinal: Mapped[int]
    field: Mapped[CorrectedField] = mapped_column(enumerated(CorrectedField))
    was: Mapped[list[str]]
    becomes: Mapped[list[str]]
    corrected_at: Mapped[datetime]

    consultation: Mapped[Consultation] = relationship(back_populates="corrections")


class Round(Base):
    """A half-open interval [opens_at, closes_at) in which comments are taken, on the list or on one project alone.

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
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("project.id"))
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

    def concerns(self, project_id: UUID | None) -> bool:
        """Whether this round takes comments on that project, or on the list as a whole where no project is named."""
        return self.project_id is None or self.project_id == project_id

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


class ReminderKind(StrEnum):
    """What staff are reminded of, at a fixed distance from a round's closing."""

    CLOSES_IN_7 = "closes-in-7"
    CLOSES_IN_3 = "closes-in-3"
    CLOSES_IN_1 = "closes-in-1"
    COMMENTS_LEFT = "comments-left"
    SUMMARY_15 = "summary-15"
    SUMMARY_30 = "summary-30"


class Reminder(Base):
    """A line on the desk of a bureau from `due_at` on, until what it asks for is done or somebody puts it away.

    Nothing rings: a row is written when its round is scheduled or extended, and read when its time has come.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("round_id", "kind"),
        CheckConstraint("(dismissed_at IS NULL) = (dismissed_by_id IS NULL)", name="dismissed_by_somebody"),
    )

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[ReminderKind] = mapped_column(enumerated(ReminderKind))
    due_at: Mapped[datetime] = mapped_column(index=True)
    dismissed_at: Mapped[datetime | None]
    dismissed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))

    round: Mapped[Round] = relationship()
    dismissed_by: Mapped[StaffUser | None] = relationship()


append_only(RoundExtension.__table__)
append_only(
    Round.__table__,
    columns=("consultation_id", "ordinal", "opens_at", "short_period_reason", "scheduled_at", "project_id"),
)
only_grows(Round.__table__, "closes_at")
append_only(Correction.__table__)
append_only(Consultation.__table__, when=once("published_at IS NOT NULL"))
append_only(
    consultation_bureau,
    when=once(
        "EXISTS (SELECT 1 FROM consultation WHERE consultation.id = consultation_id AND published_at IS NOT NULL)"
    ),
)
