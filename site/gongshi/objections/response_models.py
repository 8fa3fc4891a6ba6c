"""What the holders of receipts say to the answers they got (rule 15)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.comments.models import Comment
from gongshi.comments.said_models import InOwnWords, keep_words
from gongshi.db import Base, Id
from gongshi.objections.models import Answer, Objection


class Response(InOwnWords, Base):
    """对答复的评价: whether an answer satisfies the person whose comment it answers. The latest one counts.

    An answer is the disposition of one objection that the comment raised, or an Answer. The reason is for the bureau
    and the receipt's holder; the public reads the comment's number, yes or no, and the day.
    """

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("(objection_id IS NULL) <> (answer_id IS NULL)", name="to_one_answer"),
        CheckConstraint("(reason IS NULL) = (reason_salt IS NULL)", name="reason_salted"),
        Index("ix_response_objection", "objection_id", "comment_id", "ledger_index"),
        Index("ix_response_answer", "answer_id", "comment_id", "ledger_index"),
        Index("ix_response_comment", "comment_id", "ledger_index"),
    )

    id: Mapped[Id]
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"))
    objection_id: Mapped[UUID | None] = mapped_column(ForeignKey("objection.id"))
    answer_id: Mapped[UUID | None] = mapped_column(ForeignKey("answer.id"))
    is_satisfied: Mapped[bool]
    recorded_at: Mapped[datetime]

    comment: Mapped[Comment] = relationship()
    objection: Mapped[Objection | None] = relationship()
    answer: Mapped[Answer | None] = relationship()

    @property
    def answered(self) -> str:
        """The number of the objection or the answer it speaks of."""
        given = self.objection or self.answer
        assert given is not None, "one of the two, by constraint"
        return given.number


keep_words(Response.__table__)
