"""What commenters tell of themselves, sealed; and whether their name may be shown."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.append_only import append_only
from gongshi.comments.models import Comment
from gongshi.db import Base, Code, enumerated


class DetailField(StrEnum):
    """What of a person is kept, each sealed by itself."""

    NAME = "name"
    CONTACT = "contact"


class PersonalDetail(Base):
    """个人信息: a name or a contact beside one comment, sealed. Rows go at the end of their retention.

    `sealed` holds the salt of the ledger's commitment before the text, so that both vanish together.
    """

    __tablename__ = "personal_detail"
    __table_args__ = (Index("ix_personal_detail_key_id", "key_id"),)

    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    field: Mapped[DetailField] = mapped_column(enumerated(DetailField), primary_key=True)
    key_id: Mapped[Code]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]

    comment: Mapped[Comment] = relationship()


class NameConsent(Base):
    """单独同意: that the name beside one comment may be shown, since when, and when that was taken back.

    Holds nothing of the person, so it stays as evidence when the name is gone.
    """

    __tablename__ = "name_consent"
    __table_args__ = (CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= given_at", name="given_first"),)

    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    comment: Mapped[Comment] = relationship()


append_only(NameConsent.__table__, columns=("comment_id", "given_at"))
