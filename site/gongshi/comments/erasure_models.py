"""What was erased for law's sake: when, why and by whom; of what it was, nothing."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.accounts.models import Approval
from gongshi.append_only import append_only
from gongshi.comments.models import Comment
from gongshi.db import Base, Id, enumerated


class ErasureReason(StrEnum):
    """Which duty makes the bureau destroy what it would otherwise keep."""

    COURT_ORDER = "court-order"
    AUTHORITY_ORDER = "authority-order"
    PERSONAL_DATA_REQUEST = "personal-data-request"
    UNLAWFUL_TO_KEEP = "unlawful-to-keep"


class ErasedField(StrEnum):
    """What of a comment can be erased, each alone or together with others.

    `REASONS` are those of its appeals, disputes and responses. They may quote the text, so they go with it.
    """

    TEXT = "text"
    RESOLUTION = "resolution"
    NAME = "name"
    CONTACT = "contact"
    REASONS = "reasons"


class Erasure(Base):
    """删除: bytes and salts destroyed, by two people. The comment stays counted in its state, its entry in the log.

    `order_number` is the file number of what ordered or asked for it; it is for the bureau alone.
    """

    __tablename__ = "erasure"

    id: Mapped[Id]
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"), index=True)
    fields: Mapped[list[str]]
    reason: Mapped[ErasureReason] = mapped_column(enumerated(ErasureReason))
    order_number: Mapped[str]
    erased_at: Mapped[datetime]
    ledger_index: Mapped[int]
    approval_id: Mapped[UUID] = mapped_column(ForeignKey("approval.id"))

    comment: Mapped[Comment] = relationship()
    approval: Mapped[Approval] = relationship()

    @property
    def named(self) -> list[ErasedField]:
        """What was erased."""
        return [ErasedField(field) for field in self.fields]


append_only(Erasure.__table__)
