"""Notices and the interruptions that they announce."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.accounts.models import Approval, Bureau
from gongshi.append_only import append_only
from gongshi.consultations.models import Consultation, Nature, Round
from gongshi.db import Base, Code, Id, enumerated
from gongshi.imports.file_kinds import FileKind
from gongshi.projects.models import Project


class NoticeKind(StrEnum):
    """申报通知, 征求意见公告, 更正, 延期, 中止/撤回, 意见采纳情况, 纳入公告, 试点动态."""

    CALL = "call"
    CONSULTATION = "consultation"
    CORRECTION = "correction"
    EXTENSION = "extension"
    INTERRUPTION = "interruption"
    SUMMARY = "summary"
    ADMISSION = "admission"
    LIFE_CYCLE = "life-cycle"


class InterruptionKind(StrEnum):
    """中止 suspended, or 撤回 withdrawn."""

    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class Notice(Base):
    """公告: a dated Markdown document. Published once, never edited; a correction is another notice.

    `published_at` may lie ahead: it was approved already, and everybody reads it from then on.
    """

    __tablename__ = "notice"
    __table_args__ = (CheckConstraint("nature = 'archive' OR approval_id IS NOT NULL", name="approved"),)

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[NoticeKind] = mapped_column(enumerated(NoticeKind))
    nature: Mapped[Nature] = mapped_column(enumerated(Nature))
    title: Mapped[str]
    body: Mapped[str]
    source: Mapped[str | None]
    bureau_id: Mapped[UUID | None] = mapped_column(ForeignKey("bureau.id"))
    consultation_id: Mapped[UUID | None] = mapped_column(ForeignKey("consultation.id"), index=True)
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("project.id"))
    published_at: Mapped[datetime] = mapped_column(index=True)
    approval_id: Mapped[UUID | None] = mapped_column(ForeignKey("approval.id"))
    ledger_index: Mapped[int]

    bureau: Mapped[Bureau | None] = relationship()
    consultation: Mapped[Consultation | None] = relationship()
    project: Mapped[Project | None] = relationship()
    approval: Mapped[Approval | None] = relationship()
    attachments: Mapped[list["NoticeAttachment"]] = relationship(
        back_populates="notice", order_by="NoticeAttachment.ordinal"
    )

    def is_public(self, at: datetime) -> bool:
        return self.published_at <= at

    @property
    def is_example(self) -> bool:
        return self.nature is Nature.EXAMPLE


class NoticeAttachment(Base):
    """附件: a file of a notice, by the hash of its bytes; the bytes are in a folder, see `attachments`."""

    __tablename__ = "notice_attachment"
    __table_args__ = (UniqueConstraint("notice_id", "ordinal"), CheckConstraint("size > 0", name="not_empty"))

    id: Mapped[Id]
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notice.id"))
    ordinal: Mapped[int]
    name: Mapped[str]
    kind: Mapped[FileKind] = mapped_column(enumerated(FileKind))
    size: Mapped[int]
    sha256: Mapped[Code] = mapped_column(index=True)

    notice: Mapped[Notice] = relationship(back_populates="attachments")


class Interruption(Base):
    """A list, or one project of it, suspended or withdrawn during a round by a notice that says why (rule 4a).

    It ends the taking of comments in that round; a new round takes them again.
    """

    __tablename__ = "interruption"

    id: Mapped[Id]
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id"), index=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("project.id"))
    kind: Mapped[InterruptionKind] = mapped_column(enumerated(InterruptionKind))
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notice.id"))
    from_at: Mapped[datetime]

    consultation: Mapped[Consultation] = relationship()
    round: Mapped[Round] = relationship()
    project: Mapped[Project | None] = relationship()
    notice: Mapped[Notice] = relationship()


append_only(Notice.__table__)
append_only(NoticeAttachment.__table__)
append_only(Interruption.__table__)
