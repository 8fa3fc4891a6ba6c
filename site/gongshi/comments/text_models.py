"""How the text of a comment may change once it was taken, and that the database lets it change in no other way."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.accounts.models import Approval
from gongshi.append_only import Unless, append_only, changes_only
from gongshi.comments.models import Comment, Redaction, Submission
from gongshi.db import Base, enumerated


class TextChangeKind(StrEnum):
    """The two ways in which the text of a comment changes: its sender replaces it, or it is erased for law's sake."""

    REPLACED = "replaced"
    ERASED = "erased"


class TextChange(Base):
    """One change of a comment's text. Without its row here the database lets no text change; what was there is gone.

    Made by `text_changes.change` alone.
    """

    __tablename__ = "comment_text_change"
    __table_args__ = (CheckConstraint("(kind = 'erased') = (approval_id IS NOT NULL)", name="erased_by_two"),)

    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[TextChangeKind] = mapped_column(enumerated(TextChangeKind))
    changed_at: Mapped[datetime]
    ledger_index: Mapped[int]
    approval_id: Mapped[UUID | None] = mapped_column(ForeignKey("approval.id"))

    comment: Mapped[Comment] = relationship()
    approval: Mapped[Approval | None] = relationship()


# A replacement has a text and a salt of its own. An erasure takes a text away with its salt, and puts none there.
TEXT_CHANGES = Unless(
    "text_changes",
    (
        "kind",
        "text",
        "resolution",
        "text_salt",
        "resolution_salt",
        "project_id",
        "version_id",
        "paragraph_key",
        "text_ordinal",
    ),
    "NEW.text_ordinal = OLD.text_ordinal + 1 AND EXISTS (SELECT 1 FROM comment_text_change x "
    "WHERE x.comment_id = NEW.id AND x.ordinal = NEW.text_ordinal AND ("
    "(x.kind = 'replaced' AND length(NEW.text) > 0 AND length(NEW.text_salt) = 32) OR (x.kind = 'erased' "
    "AND NEW.kind = OLD.kind AND NEW.project_id IS NOT DISTINCT FROM OLD.project_id "
    "AND NEW.version_id IS NOT DISTINCT FROM OLD.version_id "
    "AND NEW.paragraph_key IS NOT DISTINCT FROM OLD.paragraph_key "
    "AND ((NEW.text = OLD.text AND NEW.text_salt = OLD.text_salt) "
    "OR (length(NEW.text) = 0 AND length(NEW.text_salt) = 0)) "
    "AND ((NEW.resolution IS NOT DISTINCT FROM OLD.resolution "
    "AND NEW.resolution_salt IS NOT DISTINCT FROM OLD.resolution_salt) "
    "OR (NEW.resolution IS NULL AND NEW.resolution_salt IS NULL)))))",
)
WAS_ERASED = "EXISTS (SELECT 1 FROM comment_text_change x WHERE x.comment_id = NEW.comment_id AND x.kind = 'erased')"
# What quotes an erased text goes with it, and into nothing else than nothing.
BODY_FORGOTTEN = Unless(
    "body_forgotten",
    ("body_sha256",),
    "length(NEW.body_sha256) = 0 AND EXISTS (SELECT 1 FROM comment_text_change x JOIN comment c "
    "ON c.id = x.comment_id WHERE c.submission_id = NEW.id AND x.kind = 'erased')",
)
REDACTION_ERASED = Unless(
    "erased",
    ("shown_text", "shown_resolution"),
    "(NEW.shown_text = OLD.shown_text OR length(NEW.shown_text) = 0) "
    "AND (NEW.shown_resolution IS NOT DISTINCT FROM OLD.shown_resolution OR NEW.shown_resolution IS NULL) "
    f"AND {WAS_ERASED}",
)

append_only(TextChange.__table__)
changes_only(Comment.__table__, TEXT_CHANGES)
changes_only(Submission.__table__, BODY_FORGOTTEN)
changes_only(Redaction.__table__, REDACTION_ERASED)
