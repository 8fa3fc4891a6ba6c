"""The one way in which the text of a comment changes after it was taken: by a row that says so, which comes first."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from gongshi.accounts.models import Approval
from gongshi.comments.models import Comment
from gongshi.comments.text_models import TextChange, TextChangeKind


def change(
    session: Session,
    comment: Comment,
    kind: TextChangeKind,
    new: Mapping[str, object],
    *,
    ledger_index: int,
    approval: Approval | None = None,
    at: datetime,
) -> TextChange:
    """Give a comment the `new` values of its text, wish, salts, kind or target, and record that.

    A part of an act, which refuses and enters the ledger itself; `ledger_index` is the entry of that act. The database
    wants the row first, and all values in one step with it.
    """
    row = TextChange(
        comment=comment,
        ordinal=comment.text_ordinal + 1,
        kind=kind,
        changed_at=at,
        ledger_index=ledger_index,
        approval=approval,
    )
    session.add(row)
    session.flush()
    with session.no_autoflush:
        for name, value in new.items():
            setattr(comment, name, value)
        comment.text_ordinal = row.ordinal
    session.flush()
    return row
