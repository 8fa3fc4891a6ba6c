"""What people say of a comment in their own words beside an act: kept for the bureau, until the law says it must go."""

from uuid import UUID

from sqlalchemy import FromClause, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from gongshi.append_only import Unless, append_only, changes_only


class InOwnWords:
    """A row that may hold such words, with the salt of their commitment.

    `reason` is none where nothing was said, and empty once it was erased.
    """

    comment_id: Mapped[UUID]
    ledger_index: Mapped[int]
    reason: Mapped[str | None]
    reason_salt: Mapped[bytes | None] = mapped_column(LargeBinary)

    @property
    def is_reason_erased(self) -> bool:
        return self.reason == ""


# LIKE needs per cent signs, which drivers read as places for values.
REASON_ERASED = Unless(
    "erased",
    ("reason", "reason_salt"),
    "((NEW.reason IS NOT DISTINCT FROM OLD.reason AND NEW.reason_salt IS NOT DISTINCT FROM OLD.reason_salt) "
    "OR (OLD.reason IS NOT NULL AND length(NEW.reason) = 0 AND length(NEW.reason_salt) = 0)) "
    "AND EXISTS (SELECT 1 FROM erasure e WHERE e.comment_id = NEW.comment_id "
    "AND replace(CAST(e.fields AS TEXT), '\"reasons\"', '') <> CAST(e.fields AS TEXT))",
)


def keep_words(table: FromClause) -> None:
    """Make `create_all` protect such a table: no row changes or goes, but that its words are erased."""
    columns = [column.name for column in table.columns if column.name not in REASON_ERASED.columns]
    append_only(table, columns=columns)
    changes_only(table, REASON_ERASED)
