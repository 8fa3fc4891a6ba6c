"""The verb of saying that a comment which is published under a name is not by the person named."""

from datetime import datetime

from sqlalchemy.orm import Session

from gongshi import ledger
from gongshi.comments import contests
from gongshi.comments.dispute_models import Dispute, DisputedBy
from gongshi.comments.models import Comment
from gongshi.comments.own_words import own_words
from gongshi.errors import RuleBroken


class NoNameShown(RuleBroken):
    """Only a comment that is published under a name can be disputed so."""

    code = "no-name-shown"


class DisputeReasonMissing(RuleBroken):
    """Who has no receipt says why: the bureau has nothing else to go by."""

    code = "dispute-reason-missing"


def dispute(
    session: Session, comment: Comment, *, disputed_by: DisputedBy, reason: str | None = None, at: datetime
) -> Dispute:
    """Enter that an attribution is disputed; text and name stay as they are.

    Raises NoNameShown, DisputeReasonMissing, TextTooLong, TextUnreadable.
    """
    if not contests.is_name_shown(session, comment):
        raise NoNameShown(comment=comment.number)
    said = own_words(reason)
    if said.text is None and disputed_by is DisputedBy.ANYBODY:
        raise DisputeReasonMissing(comment=comment.number)

    entry = ledger.append(session, ledger.Kind.COMMENT_DISPUTED, {"comment": comment.number, **said.committed}, at=at)
    made = Dispute(
        comment=comment,
        ordinal=contests.disputed(session, comment).count + 1,
        disputed_by=disputed_by,
        reason=said.text,
        reason_salt=said.salt,
        disputed_at=at,
        ledger_index=entry.index,
    )
    session.add(made)
    session.flush()
    return made
