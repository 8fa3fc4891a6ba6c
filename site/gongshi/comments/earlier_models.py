"""What the public could read of a comment before its sender replaced it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.append_only import Unless, append_only, changes_only
from gongshi.comments.models import Comment, CommentKind
from gongshi.comments.text_models import WAS_ERASED
from gongshi.db import Base, enumerated


class EarlierText(Base):
    """更换前的文本: a text that was published and then replaced. It stays readable (rule 1), with its salts.

    What was replaced before anyone could read it is not kept. `ordinal` is the comment's `text_ordinal` of that time.
    """

    __tablename__ = "earlier_text"

    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[CommentKind] = mapped_column(enumerated(CommentKind))
    text: Mapped[str]
    resolution: Mapped[str | None]
    text_salt: Mapped[bytes] = mapped_column(LargeBinary)
    resolution_salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    published_at: Mapped[datetime]
    replaced_at: Mapped[datetime]

    comment: Mapped[Comment] = relationship()


EARLIER_ERASED = Unless(
    "erased",
    ("text", "resolution", "text_salt", "resolution_salt"),
    "((NEW.text = OLD.text AND NEW.text_salt = OLD.text_salt) "
    "OR (length(NEW.text) = 0 AND length(NEW.text_salt) = 0)) "
    "AND ((NEW.resolution IS NOT DISTINCT FROM OLD.resolution "
    "AND NEW.resolution_salt IS NOT DISTINCT FROM OLD.resolution_salt) "
    "OR (NEW.resolution IS NULL AND NEW.resolution_salt IS NULL)) "
    f"AND {WAS_ERASED}",
)

append_only(EarlierText.__table__, columns=("comment_id", "ordinal", "kind", "published_at", "replaced_at"))
changes_only(EarlierText.__table__, EARLIER_ERASED)
