"""Disputes of the name under which a comment is published."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.comments.models import Comment
from gongshi.comments.said_models import InOwnWords, keep_words
from gongshi.db import Base, Id, enumerated


class DisputedBy(StrEnum):
    """Who says so: the holder of the comment's receipt, or somebody at the comment's page."""

    RECEIPT = "receipt"
    ANYBODY = "anybody"


class Dispute(InOwnWords, Base):
    """署名争议: somebody says that a comment is not by the person under whose name it is published. It stays as it is.

    What they say is for the bureau; the log holds a salted hash of it.
    """

    __tablename__ = "dispute"
    __table_args__ = (
        UniqueConstraint("comment_id", "ordinal"),
        CheckConstraint("(reason IS NULL) = (reason_salt IS NULL)", name="reason_salted"),
    )

    id: Mapped[Id]
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"))
    ordinal: Mapped[int]
    disputed_by: Mapped[DisputedBy] = mapped_column(enumerated(DisputedBy))
    disputed_at: Mapped[datetime]

    comment: Mapped[Comment] = relationship()


keep_words(Dispute.__table__)
