"""Verbs about a comment that was taken: publish, withhold, withdraw it. Taking it is in `intake`."""

from datetime import datetime

from sqlalchemy.orm import Session

from gongshi import ledger, search
from gongshi.accounts.models import Act, Role, StaffUser
from gongshi.accounts.two_people import Hands, approve, check
from gongshi.comments import queues, tallies
from gongshi.comments.models import Comment, CommentState, Withholding, WithholdingReason
from gongshi.errors import RuleBroken


class AlreadySettled(RuleBroken):
    """A comment that was withheld or withdrawn stays so; one that is published is not published again."""

    code = "already-settled"


class ShownOnAppeal(RuleBroken):
    """A text that was published upon an appeal is not withheld again; parts of it can be covered."""

    code = "shown-on-appeal"


def publish(session: Session, comment: Comment, *, by: StaffUser, at: datetime) -> None:
    """Show a comment's text. One analyst is enough. Raises AlreadySettled and what `accounts` raises."""
    if comment.state is not CommentState.PENDING:
        raise AlreadySettled(comment=comment.number)
    check(by, frozenset({Role.ANALYST}), frozenset(one.id for one in comment.consultation.bureaus))

    tallies.move(session, comment, CommentState.PUBLISHED)
    comment.state, comment.state_at, comment.published_by = CommentState.PUBLISHED, at, by
    queues.moved(session, comment)
    entry = ledger.append(
        session,
        ledger.Kind.COMMENT_PUBLISHED,
        {"comment": comment.number, "sha256": ledger.digest(comment.shown_text), "by": by.code},
        at=at,
    )
    comment.state_ledger_index = entry.index
    search.enqueue(session, "comment", str(comment.id))


def withhold(session: Session, comment: Comment, *, reason: WithholdingReason, by: Hands, at: datetime) -> Withholding:
    """Do not show a comment's text, for a reason with a code; it stays counted.

    Raises AlreadySettled, ShownOnAppeal, and what `approve` raises.
    """
    if comment.state not in {CommentState.PENDING, CommentState.PUBLISHED}:
        raise AlreadySettled(comment=comment.number)
    if comment.withholding is not None:
        raise ShownOnAppeal(comment=comment.number)
    bureaus = [one.id for one in comment.consultation.bureaus]
    approval = approve(session, Act.WITHHOLD, by, bureaus=bureaus, at=at)

    tallies.move(session, comment, CommentState.WITHHELD)
    comment.state, comment.state_at = CommentState.WITHHELD, at
    queues.moved(session, comment)
    withholding = Withholding(comment=comment, reason=reason, withheld_at=at, approval=approval)
    session.add(withholding)
    entry = ledger.append(
        session,
        ledger.Kind.COMMENT_WITHHELD,
        {"comment": comment.number, "reason": reason.value, "by": approval.codes},
        at=at,
    )
    comment.state_ledger_index = entry.index
    search.enqueue(session, "comment", str(comment.id))
    return withholding


def withdraw(session: Session, comment: Comment, *, at: datetime) -> None:
    """Take a comment back at its sender's wish; a tombstone stays and it stays counted. Raises AlreadySettled."""
    if comment.state not in {CommentState.PENDING, CommentState.PUBLISHED}:
        raise AlreadySettled(comment=comment.number)

    tallies.move(session, comment, CommentState.WITHDRAWN)
    comment.state, comment.state_at = CommentState.WITHDRAWN, at
    queues.moved(session, comment)
    entry = ledger.append(session, ledger.Kind.COMMENT_WITHDRAWN, {"comment": comment.number}, at=at)
    comment.state_ledger_index = entry.index
    search.enqueue(session, "comment", str(comment.id))
