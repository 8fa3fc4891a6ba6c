"""Drafts and the steps that led them to the public record."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.accounts.models import Act, Bureau, StaffUser
from gongshi.append_only import Unless, append_only, changes_only, once
from gongshi.consultations.models import Consultation
from gongshi.db import Base, Code, Id, enumerated
from gongshi.projects.models import Project


class DraftKind(StrEnum):
    """What a draft becomes when it is approved. The contents of each are a class of this package."""

    LIST = "list"
    NOTICE = "notice"
    CORRECTION = "correction"
    EXTENSION = "extension"
    SECOND_ROUND = "second-round"
    INTERRUPTION = "interruption"
    LETTER = "letter"
    WITHHOLDING = "withholding"
    APPEAL = "appeal"
    REDACTION = "redaction"
    ERASURE = "erasure"
    ANSWERS = "answers"
    REVISION = "revision"
    JUDGEMENT = "judgement"
    DECISION = "decision"
    SUMMARY = "summary"
    EVENT = "event"
    SCOPE_CHANGE = "scope-change"


class DraftState(StrEnum):
    """拟稿 draft, 送审 submitted, 已批准 approved, 已作废 discarded. A draft that is given back is a draft again."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    DISCARDED = "discarded"


class StepKind(StrEnum):
    """What was done to a draft."""

    PREPARED = "prepared"
    AMENDED = "amended"
    TAKEN_OVER = "taken-over"
    SUBMITTED = "submitted"
    RECALLED = "recalled"
    GIVEN_BACK = "given-back"
    APPROVED = "approved"
    DISCARDED = "discarded"


# Who did one of these has written part of the draft, and cannot be the second person (rule 2).
WRITING = frozenset({StepKind.PREPARED, StepKind.AMENDED, StepKind.TAKEN_OVER})
FROZEN = (DraftState.APPROVED, DraftState.DISCARDED)


class Draft(Base):
    """拟稿: an act with everything it needs, prepared by one person and approved by another (rule 2).

    `contents` is the act as JSON; `edition` counts its wordings, so that two who write at once do not overwrite each
    other. The database itself refuses that the person who prepared it approves it.
    """

    __tablename__ = "draft"
    __table_args__ = (
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> prepared_by_id", name="two_people"),
        CheckConstraint("(state = 'approved') = (approved_by_id IS NOT NULL)", name="approved_by_somebody"),
        Index("ix_draft_listing", "state", "number"),
    )

    id: Mapped[Id]
    number: Mapped[int] = mapped_column(unique=True)
    kind: Mapped[DraftKind] = mapped_column(enumerated(DraftKind))
    act: Mapped[Act] = mapped_column(enumerated(Act))
    bureau_id: Mapped[UUID] = mapped_column(ForeignKey("bureau.id"))
    consultation_id: Mapped[UUID | None] = mapped_column(ForeignKey("consultation.id"), index=True)
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("project.id"))
    title: Mapped[str]
    contents: Mapped[dict[str, Any]]
    edition: Mapped[int] = mapped_column(default=1)
    state: Mapped[DraftState] = mapped_column(enumerated(DraftState), default=DraftState.DRAFT)
    prepared_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    state_at: Mapped[datetime]
    approved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    results: Mapped[list[str]] = mapped_column(default=list)

    bureau: Mapped[Bureau] = relationship()
    consultation: Mapped[Consultation | None] = relationship()
    project: Mapped[Project | None] = relationship()
    prepared_by: Mapped[StaffUser] = relationship(foreign_keys=[prepared_by_id])
    approved_by: Mapped[StaffUser | None] = relationship(foreign_keys=[approved_by_id])
    steps: Mapped[list["DraftStep"]] = relationship(back_populates="draft", order_by="DraftStep.ordinal")

    @property
    def bureau_ids(self) -> frozenset[UUID]:
        """Whose staff may act on it: the issuers of its list, or the bureau of whoever began it."""
        if self.consultation is None:
            return frozenset({self.bureau.id})
        return frozenset(bureau.id for bureau in self.consultation.bureaus)

    @property
    def writers(self) -> frozenset[UUID]:
        """Everybody who wrote part of it."""
        return frozenset(step.by_id for step in self.steps if step.kind in WRITING)

    @property
    def is_open(self) -> bool:
        return self.state not in FROZEN

    @property
    def last_note(self) -> str | None:
        """What the approver said when they gave it back, until it is submitted again."""
        last = self.steps[-1] if self.steps else None
        given_back = [step for step in self.steps if step.kind in {StepKind.GIVEN_BACK, StepKind.SUBMITTED}]
        if self.state is not DraftState.DRAFT or last is None or not given_back:
            return None
        return given_back[-1].note


class DraftStep(Base):
    """One step of a draft: who did what to it, and when. Internal; nothing of it is public."""

    __tablename__ = "draft_step"

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("draft.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[StepKind] = mapped_column(enumerated(StepKind))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    at: Mapped[datetime]
    sha256: Mapped[Code]
    note: Mapped[str | None]

    draft: Mapped[Draft] = relationship(back_populates="steps")
    by: Mapped[StaffUser] = relationship()


append_only(DraftStep.__table__)
# What was approved or discarded stays as it was.
SETTLED = once("state IN ('approved', 'discarded')")
SETTLED_COLUMNS = (
    "id",
    "number",
    "kind",
    "act",
    "bureau_id",
    "consultation_id",
    "project_id",
    "title",
    "edition",
    "state",
    "prepared_by_id",
    "state_at",
    "approved_by_id",
    "results",
)
# The exceptions: a letter whose comment was erased holds the same words, and what was discarded may quote them.
CONTENTS_ERASED = Unless(
    "contents_erased",
    ("contents",),
    "OLD.state NOT IN ('approved', 'discarded') OR EXISTS (SELECT 1 FROM erasure e JOIN comment c "
    "ON c.id = e.comment_id WHERE replace(CAST(OLD.results AS TEXT), '\"comment:' || c.number || '\"', '') "
    "<> CAST(OLD.results AS TEXT) OR (OLD.state = 'discarded' "
    "AND (OLD.consultation_id IS NULL OR c.consultation_id = OLD.consultation_id)))",
)
append_only(Draft.__table__, SETTLED_COLUMNS, when=SETTLED)
changes_only(Draft.__table__, CONTENTS_ERASED)
