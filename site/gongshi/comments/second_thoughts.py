"""Second thoughts of a comment's sender: take it back or replace it within ten minutes, by the receipt (rule 7)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from gongshi import ledger, search
from gongshi.comments import actions, families, queues, tallies, text_changes
from gongshi.comments.actions import AlreadySettled
from gongshi.comments.checks import refuse_bad_text, refuse_unkeepable
from gongshi.comments.earlier_models import EarlierText
from gongshi.comments.intake import Target
from gongshi.comments.models import Comment, CommentKind, CommentState
from gongshi.comments.text_models import TextChangeKind
from gongshi.errors import RuleBroken

STILL_THERE = frozenset({CommentState.PENDING, CommentState.PUBLISHED})


class TooLateToChange(RuleBroken):
    """A comment is taken back or replaced within ten minutes of its receipt; later it can be withdrawn."""

    code = "too-late-to-change"


class ClosedForChange(RuleBroken):
    """After its round closed, a comment is neither taken back nor replaced; it can be withdrawn."""

    code = "closed-for-change"


class BeingHandled(RuleBroken):
    """A comment that an open draft of the bureau speaks of is not replaced underneath that draft."""

    code = "being-handled"


class AlreadyGrouped(RuleBroken):
    """A comment that stands under an objection or an answer is not replaced, since those speak of what it said."""

    code = "already-grouped"


class PartCovered(RuleBroken):
    """A comment of which part was covered is not replaced: what is covered are places in the text that was sent."""

    code = "part-covered"


@dataclass(frozen=True)
class Choices:
    """What the holder of a receipt can do with a comment. Until `until` it can be taken back, after that withdrawn."""

    until: datetime
    can_withdraw: bool
    can_take_back: bool
    can_replace: bool
    why_not_replace: RuleBroken | None


def choices(session: Session, comment: Comment, *, at: datetime) -> Choices:
    """What can be done with a comment at this moment, and why it cannot be replaced if it cannot."""
    refusal = _why_not_replace(session, comment, at)
    return Choices(
        until=comment.changeable_until,
        can_withdraw=comment.state in STILL_THERE,
        can_take_back=comment.state in STILL_THERE and at < comment.changeable_until,
        can_replace=refusal is None,
        why_not_replace=refusal,
    )


def take_back(session: Session, comment: Comment, *, at: datetime) -> None:
    """Withdraw a comment within its ten minutes; it stays counted, as withdrawn.

    Raises AlreadySettled, ClosedForChange, TooLateToChange.
    """
    _refuse_settled(comment)
    _refuse_late(comment, at)
    actions.withdraw(session, comment, at=at)


def replace(
    session: Session, comment: Comment, *, kind: CommentKind, text: str, resolution: str | None, at: datetime
) -> bool:
    """Put other words in a comment's place: its number and what it speaks of stay, and it is looked at anew.

    What nobody could read yet is destroyed with its salt; what was published stays as an earlier text. The same words
    once more change nothing, and the answer is False. Raises AlreadySettled, ClosedForChange, TooLateToChange,
    BeingHandled, AlreadyGrouped, PartCovered, TextMissing, TextTooLong, TextUnreadable.
    """
    resolution = resolution or None
    _refuse_settled(comment)
    if (kind, text, resolution) == (comment.kind, comment.text, comment.resolution):
        return False
    refusal = _why_not_replace(session, comment, at)
    if refusal is not None:
        raise refusal
    refuse_bad_text(text)
    refuse_unkeepable(resolution or "")

    if comment.state is CommentState.PUBLISHED:
        _keep_what_was_read(session, comment, at)
    _change(session, comment, kind, text, resolution, at)
    queues.replaced(session, comment)
    families.forget(session, comment)
    search.enqueue(session, "comment", str(comment.id))
    return True


def _change(
    session: Session, comment: Comment, kind: CommentKind, text: str, resolution: str | None, at: datetime
) -> None:
    text_salt, resolution_salt = ledger.new_salt(), ledger.new_salt() if resolution else None
    commitments = {"text": ledger.commitment(text_salt, text)}
    if resolution and resolution_salt:
        commitments["resolution"] = ledger.commitment(resolution_salt, resolution)
    target = Target(comment.project, comment.version, comment.paragraph_key)
    entry = ledger.append(
        session,
        ledger.Kind.COMMENT_REPLACED,
        {"comment": comment.number, "kind": kind.value, "target": target.address, "c": commitments},
        at=at,
    )
    new = {
        "kind": kind,
        "text": text,
        "resolution": resolution,
        "text_salt": text_salt,
        "resolution_salt": resolution_salt,
    }
    text_changes.change(session, comment, TextChangeKind.REPLACED, new, ledger_index=entry.index, at=at)


def _keep_what_was_read(session: Session, comment: Comment, at: datetime) -> None:
    """Keep the published text as an earlier one, and put the comment back to be looked at."""
    session.add(
        EarlierText(
            comment=comment,
            ordinal=comment.text_ordinal,
            kind=comment.kind,
            text=comment.text,
            resolution=comment.resolution,
            text_salt=comment.text_salt,
            resolution_salt=comment.resolution_salt,
            published_at=comment.state_at,
            replaced_at=at,
        )
    )
    tallies.move(session, comment, CommentState.PENDING)
    comment.state, comment.state_at, comment.published_by = CommentState.PENDING, at, None


def _why_not_replace(session: Session, comment: Comment, at: datetime) -> RuleBroken | None:
    place = queues.of(session, comment)
    try:
        _refuse_settled(comment)
        _refuse_late(comment, at)
    except RuleBroken as refusal:
        return refusal
    if place.held_by is not None:
        return BeingHandled(comment=comment.number)
    if place.is_placed:
        return AlreadyGrouped(comment=comment.number)
    return PartCovered(comment=comment.number) if comment.redacted_at is not None else None


def _refuse_settled(comment: Comment) -> None:
    if comment.state not in STILL_THERE or comment.erased_at is not None:
        raise AlreadySettled(comment=comment.number)


def _refuse_late(comment: Comment, at: datetime) -> None:
    if at >= comment.round.closes_at:
        raise ClosedForChange(comment=comment.number, closes_at=comment.round.closes_at)
    if at >= comment.changeable_until:
        raise TooLateToChange(comment=comment.number, until=comment.changeable_until)
