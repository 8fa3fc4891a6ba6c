"""Families of comments that are nearly the same, and what finding them needs. All of it follows from the texts.

A signature lets anyone who sees it test a guess at the text, so it goes when its text goes (`families.forget`).
"""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.comments.models import Comment
from gongshi.db import Base, Id


class Family(Base):
    """一组雷同意见: two or more comments that are nearly the same. The first of them by number is its head.

    `size` counts all of them, `published` those that anybody may read; `shown_seq` is the first of those.
    """

    __tablename__ = "comment_family"
    __table_args__ = (Index("ix_comment_family_size", "consultation_id", "size", "seq"),)

    id: Mapped[Id]
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id"))
    head_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"))
    seq: Mapped[int]
    size: Mapped[int]
    published: Mapped[int] = mapped_column(default=0)
    shown_seq: Mapped[int | None]

    head: Mapped[Comment] = relationship()


class CommentSignature(Base):
    """What a comment is compared by: 64 numbers of 16 bits, and how many different pieces its text has."""

    __tablename__ = "comment_signature"
    __table_args__ = (UniqueConstraint("consultation_id", "seq"),)

    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id"))
    seq: Mapped[int]
    pieces: Mapped[int]
    numbers: Mapped[bytes] = mapped_column(LargeBinary)


class Bucket(Base):
    """That a comment has the key of one band, mixed with its list's own number; one row a band."""

    __tablename__ = "comment_bucket"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class FamilyRebuild(Base):
    """That all families of a list are being worked out anew: until it is done, the worker leaves the list alone."""

    __tablename__ = "family_rebuild"

    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id"), primary_key=True)


class FamilyForgotten(Base):
    """A text that changed while all families of its list were being worked out."""

    __tablename__ = "family_forgotten"

    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id"), index=True)
