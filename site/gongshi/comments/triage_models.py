"""Where each comment stands on the desk of those who work through them. Nothing here is public or part of the record.

One narrow row a comment, kept as the record moves (`queues`), so that a list of 50,000 is looked through by an index.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.accounts.models import StaffUser
from gongshi.append_only import Unless, append_only, changes_only
from gongshi.comments.models import Channel, Comment, CommentKind, CommentState
from gongshi.comments.text_models import WAS_ERASED
from gongshi.db import Base, Code, Id, enumerated


class Queue(StrEnum):
    """Who a comment waits for: it is to be looked at, placed under an objection, answered together with others, held by
    a draft that somebody else approves; or nothing is left to do."""

    LOOK = "look"
    PLACE = "place"
    ANSWER = "answer"
    WAITING = "waiting"
    DONE = "done"


class FlagReason(StrEnum):
    """Why a colleague should look at a comment before anything else is done with it."""

    PERSONAL_DATA = "personal-data"
    SENSITIVE = "sensitive"
    SECOND_LOOK = "second-look"
    URGENT = "urgent"


class Triage(Base):
    """分办: the working state of one comment. `queue` follows from the rest; `queues` keeps it so.

    `held_by` is the open draft that speaks of the comment (a withholding, a redaction), `family` those that are nearly
    the same, empty for one that is like no other; `is_compared` whether that was looked into. A published comment
    `is_representative` if it is alone or the first published of its family.
    """

    __tablename__ = "triage"
    __table_args__ = (
        UniqueConstraint("consultation_id", "seq"),
        Index("ix_triage_queue", "consultation_id", "queue", "seq"),
        Index("ix_triage_flagged", "consultation_id", "is_flagged", "seq"),
        Index("ix_triage_family", "family_id", "consultation_id", "seq"),
        Index("ix_triage_family_state", "family_id", "state", "seq"),
        Index("ix_triage_compared", "is_compared", "consultation_id", "seq"),
        Index("ix_triage_representative", "consultation_id", "is_representative", "seq"),
    )

    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id"))
    seq: Mapped[int]
    kind: Mapped[CommentKind] = mapped_column(enumerated(CommentKind))
    channel: Mapped[Channel] = mapped_column(enumerated(Channel))
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("project.id"))
    paragraph_key: Mapped[str | None]
    received_at: Mapped[datetime]
    state: Mapped[CommentState] = mapped_column(enumerated(CommentState))
    queue: Mapped[Queue] = mapped_column(enumerated(Queue))
    is_placed: Mapped[bool] = mapped_column(default=False)
    is_for_answer: Mapped[bool] = mapped_column(default=False)
    is_flagged: Mapped[bool] = mapped_column(default=False)
    held_by: Mapped[UUID | None]
    family_id: Mapped[UUID | None] = mapped_column(ForeignKey("comment_family.id"))
    is_compared: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_representative: Mapped[bool] = mapped_column(default=False, server_default=false())

    comment: Mapped[Comment] = relationship()


class CommentFlag(Base):
    """标记: that somebody wants a comment looked at again, until somebody clears it."""

    __tablename__ = "comment_flag"

    id: Mapped[Id]
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"), index=True)
    reason: Mapped[FlagReason] = mapped_column(enumerated(FlagReason))
    flagged_at: Mapped[datetime]
    flagged_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    cleared_at: Mapped[datetime | None]
    cleared_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))

    comment: Mapped[Comment] = relationship()
    flagged_by: Mapped[StaffUser] = relationship(foreign_keys=[flagged_by_id])
    cleared_by: Mapped[StaffUser | None] = relationship(foreign_keys=[cleared_by_id])


class CommentNote(Base):
    """内部备注: what colleagues tell each other about a comment. It is never public and never edited."""

    __tablename__ = "comment_note"

    id: Mapped[Id]
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"), index=True)
    text: Mapped[str]
    written_at: Mapped[datetime]
    written_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))

    comment: Mapped[Comment] = relationship()
    written_by: Mapped[StaffUser] = relationship()


class SavedFilter(Base):
    """常用筛选: a filter that one person gave a name."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    id: Mapped[Id]
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    name: Mapped[Code]
    asked: Mapped[dict[str, Any]]


# What colleagues said of a text goes when the text is erased, since it may quote it.
NOTE_ERASED = Unless("erased", ("text",), f"length(NEW.text) = 0 AND {WAS_ERASED}")
append_only(CommentNote.__table__, columns=("id", "comment_id", "written_at", "written_by_id"))
changes_only(CommentNote.__table__, NOTE_ERASED)
