"""Objections, the comments and projects they join, and their dispositions; answers to what raises no issue."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.accounts.models import Approval, Bureau, StaffUser
from gongshi.append_only import append_only
from gongshi.comments.models import Comment
from gongshi.consultations.models import Consultation
from gongshi.db import Base, Code, Id, enumerated
from gongshi.filled_once import filled_once
from gongshi.projects.models import Project


class Outcome(StrEnum):
    """采纳 / 部分采纳 / 未采纳 / 解释说明 / 不属于本次征求意见范围."""

    ADOPTED = "adopted"
    PARTLY_ADOPTED = "partly-adopted"
    NOT_ADOPTED = "not-adopted"
    EXPLAINED = "explained"
    OUT_OF_SCOPE = "out-of-scope"

    @property
    def needs_change(self) -> bool:
        """Adopted and partly adopted objections name at least one Change before the gate is passed (rule 12)."""
        return self in {Outcome.ADOPTED, Outcome.PARTLY_ADOPTED}


class Objection(Base):
    """异议: a distinct issue raised by one or more comments, worded by staff.

    It counts at the gate of each project it concerns. A major one names the risk of each of them that it speaks of.
    Once merged into another or split into new ones it counts no longer by itself, and stays readable for ever.
    """

    __tablename__ = "objection"
    __table_args__ = (
        UniqueConstraint("consultation_id", "ordinal"),
        CheckConstraint("(unfounded_at IS NULL) = (unfounded_reason IS NULL)", name="unfounded_with_reason"),
        CheckConstraint("unfounded_at IS NULL OR unfounded_approval_id IS NOT NULL", name="unfounded_approved"),
    )

    id: Mapped[Id]
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id"))
    ordinal: Mapped[int]
    number: Mapped[Code] = mapped_column(unique=True)
    title: Mapped[str]
    text: Mapped[str]
    is_major: Mapped[bool] = mapped_column(default=False)
    worded_at: Mapped[datetime]
    worded_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    unfounded_at: Mapped[datetime | None]
    unfounded_reason: Mapped[str | None]
    unfounded_approval_id: Mapped[UUID | None] = mapped_column(ForeignKey("approval.id"))
    retired_at: Mapped[datetime | None]
    retired_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("objection.id"), index=True)
    split_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("objection.id"), index=True)

    consultation: Mapped[Consultation] = relationship()
    worded_by: Mapped[StaffUser] = relationship(foreign_keys=[worded_by_id])
    retired_by: Mapped[StaffUser | None] = relationship(foreign_keys=[retired_by_id])
    merged_into: Mapped["Objection | None"] = relationship(
        foreign_keys=[merged_into_id], remote_side="Objection.id", back_populates="merged_here"
    )
    merged_here: Mapped[list["Objection"]] = relationship(
        foreign_keys=[merged_into_id], back_populates="merged_into", order_by="Objection.ordinal"
    )
    split_from: Mapped["Objection | None"] = relationship(
        foreign_keys=[split_from_id], remote_side="Objection.id", back_populates="parts"
    )
    parts: Mapped[list["Objection"]] = relationship(
        foreign_keys=[split_from_id], back_populates="split_from", order_by="Objection.ordinal"
    )
    concerns: Mapped[list["Concern"]] = relationship(back_populates="objection")
    placements: Mapped[list["Placement"]] = relationship(back_populates="objection")
    disposition: Mapped["Disposition | None"] = relationship(back_populates="objection")

    @property
    def comments(self) -> list[Comment]:
        return sorted((placement.comment for placement in self.placements), key=lambda comment: comment.seq)

    @property
    def projects(self) -> list[Project]:
        return sorted((concern.project for concern in self.concerns), key=lambda project: project.number)

    @property
    def is_settled(self) -> bool:
        """Disposed of, or withdrawn as unfounded with a reason."""
        return self.disposition is not None or self.unfounded_at is not None

    @property
    def stands(self) -> bool:
        """Whether it counts by itself: neither merged into another nor split."""
        return self.retired_at is None

    @property
    def risks(self) -> dict[int, str]:
        """The risk it names in each project's register, by project number."""
        return {one.project.number: one.risk_key for one in self.concerns if one.risk_key is not None}


class Concern(Base):
    """That an objection concerns a project; when it is major, the risk of that project which it names."""

    __tablename__ = "concern"

    objection_id: Mapped[UUID] = mapped_column(ForeignKey("objection.id"), primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), primary_key=True, index=True)
    risk_key: Mapped[str | None]

    objection: Mapped[Objection] = relationship(back_populates="concerns")
    project: Mapped[Project] = relationship()


class Placement(Base):
    """That a comment is one of those that raised an objection: since its wording, or placed there later."""

    __tablename__ = "placement"

    objection_id: Mapped[UUID] = mapped_column(ForeignKey("objection.id"), primary_key=True)
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"), primary_key=True, index=True)
    placed_at: Mapped[datetime | None]
    placed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))

    objection: Mapped[Objection] = relationship(back_populates="placements")
    comment: Mapped[Comment] = relationship()
    placed_by: Mapped[StaffUser | None] = relationship()


class Disposition(Base):
    """处理意见: how an objection was answered, always with a public reason. An objection is answered once."""

    __tablename__ = "disposition"
    __table_args__ = (CheckConstraint("length(reasons) > 0", name="with_reasons"),)

    id: Mapped[Id]
    objection_id: Mapped[UUID] = mapped_column(ForeignKey("objection.id"), unique=True)
    outcome: Mapped[Outcome] = mapped_column(enumerated(Outcome))
    reasons: Mapped[str]
    decided_at: Mapped[datetime]
    approval_id: Mapped[UUID] = mapped_column(ForeignKey("approval.id"))
    ledger_index: Mapped[int]

    objection: Mapped[Objection] = relationship(back_populates="disposition")
    approval: Mapped[Approval] = relationship()


class Answer(Base):
    """答复: a public answer to a group of comments that raise no issue (support, questions)."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("consultation_id", "ordinal"),)

    id: Mapped[Id]
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id"))
    ordinal: Mapped[int]
    number: Mapped[Code] = mapped_column(unique=True)
    title: Mapped[str]
    text: Mapped[str]
    published_at: Mapped[datetime]
    approval_id: Mapped[UUID] = mapped_column(ForeignKey("approval.id"))
    ledger_index: Mapped[int]

    consultation: Mapped[Consultation] = relationship()
    approval: Mapped[Approval] = relationship()
    placements: Mapped[list["AnswerPlacement"]] = relationship(back_populates="answer")

    @property
    def comments(self) -> list[Comment]:
        return sorted((placement.comment for placement in self.placements), key=lambda comment: comment.seq)


class AnswerPlacement(Base):
    """That a comment is answered by an Answer; at most one answers it."""

    __tablename__ = "answer_placement"

    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    answer_id: Mapped[UUID] = mapped_column(ForeignKey("answer.id"), index=True)

    answer: Mapped[Answer] = relationship(back_populates="placements")
    comment: Mapped[Comment] = relationship()


class DispositionDraft(Base):
    """A disposition that is being worked on: seen by staff only, rewritten at will, and put into a batch when ready.

    `edition` counts its wordings, so that two who write at once do not overwrite each other.
    """

    __tablename__ = "disposition_draft"
    __table_args__ = (
        CheckConstraint("outcome IS NULL OR NOT is_unfounded", name="one_outcome"),
        CheckConstraint(
            "NOT is_ready OR (length(reasons) > 0 AND (outcome IS NOT NULL OR is_unfounded))", name="ready_when_whole"
        ),
    )

    objection_id: Mapped[UUID] = mapped_column(ForeignKey("objection.id"), primary_key=True)
    outcome: Mapped[Outcome | None] = mapped_column(enumerated(Outcome))
    is_unfounded: Mapped[bool] = mapped_column(default=False)
    reasons: Mapped[str]
    is_ready: Mapped[bool] = mapped_column(default=False)
    edited_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    edited_at: Mapped[datetime]
    edition: Mapped[int]

    objection: Mapped[Objection] = relationship()
    edited_by: Mapped[StaffUser] = relationship()


class AnswerDraft(Base):
    """An answer to some comments that is being worked on, as `DispositionDraft`; it goes once the answer is published.

    `comments` are numbers; whether they may be answered together is asked when the batch is submitted.
    """

    __tablename__ = "answer_draft"
    __table_args__ = (
        CheckConstraint("NOT is_ready OR (length(title) > 0 AND length(text) > 0)", name="ready_when_whole"),
    )

    id: Mapped[Id]
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id"), index=True)
    title: Mapped[str]
    text: Mapped[str]
    comments: Mapped[list[str]]
    is_ready: Mapped[bool] = mapped_column(default=False)
    edited_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    edited_at: Mapped[datetime]
    edition: Mapped[int]

    consultation: Mapped[Consultation] = relationship()
    edited_by: Mapped[StaffUser] = relationship()


class AnswerTemplate(Base):
    """A wording that a bureau uses again and again in its answers and reasons. Staff only."""

    __tablename__ = "answer_template"
    __table_args__ = (UniqueConstraint("bureau_id", "title"),)

    id: Mapped[Id]
    bureau_id: Mapped[UUID] = mapped_column(ForeignKey("bureau.id"))
    title: Mapped[Code]
    text: Mapped[str]
    edited_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    edited_at: Mapped[datetime]

    bureau: Mapped[Bureau] = relationship()
    edited_by: Mapped[StaffUser] = relationship()


append_only(Disposition.__table__)
append_only(Answer.__table__)
append_only(
    Objection.__table__,
    columns=("consultation_id", "ordinal", "number", "title", "text", "worded_at", "worded_by_id", "split_from_id"),
)
filled_once(
    Objection.__table__,
    (
        "is_major",
        "unfounded_at",
        "unfounded_reason",
        "unfounded_approval_id",
        "retired_at",
        "retired_by_id",
        "merged_into_id",
    ),
)
append_only(Placement.__table__)
append_only(AnswerPlacement.__table__)
append_only(Concern.__table__, columns=("objection_id", "project_id"))
filled_once(Concern.__table__, ("risk_key",))
