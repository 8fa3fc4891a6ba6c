"""Done at the desk and the public never sees: flag, note, set aside, keep a filter. No acts of record."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.accounts.models import Role, StaffUser
from gongshi.accounts.two_people import check
from gongshi.comments import queues
from gongshi.comments.models import Comment, CommentState
from gongshi.comments.triage_models import CommentFlag, CommentNote, FlagReason, SavedFilter
from gongshi.errors import RuleBroken

WORKING = frozenset({Role.EDITOR, Role.PUBLISHER, Role.ANALYST})
ANALYSTS = frozenset({Role.ANALYST})
LONGEST_NAME = 40
LONGEST_NOTE = 2_000
MOST_FILTERS = 30


class NoteEmpty(RuleBroken):
    """A note says something, in at most 2,000 characters."""

    code = "note-empty"


class FilterUnnamed(RuleBroken):
    """A filter is kept under a name of at most 40 characters."""

    code = "filter-unnamed"


class TooManyFilters(RuleBroken):
    """A person keeps at most 30 filters."""

    code = "too-many-filters"


class OnlyPublishedIsAnswered(RuleBroken):
    """Only a comment that the public can read is set aside to be answered."""

    code = "only-published-is-answered"


def flag(session: Session, comment: Comment, *, reason: FlagReason, by: StaffUser, at: datetime) -> CommentFlag:
    """Ask colleagues to look at a comment. Raises what `accounts` raises."""
    check(by, WORKING, _bureaus(comment))
    raised = CommentFlag(comment=comment, reason=reason, flagged_at=at, flagged_by=by)
    session.add(raised)
    queues.of(session, comment).is_flagged = True
    return raised


def clear_flags(session: Session, comment: Comment, *, by: StaffUser, at: datetime) -> None:
    """Say that what a comment was flagged for is seen to. Raises what `accounts` raises."""
    check(by, WORKING, _bureaus(comment))
    standing = select(CommentFlag).where(CommentFlag.comment_id == comment.id, CommentFlag.cleared_at.is_(None))
    for one in session.scalars(standing):
        one.cleared_at, one.cleared_by = at, by
    queues.of(session, comment).is_flagged = False


def note(session: Session, comment: Comment, *, text: str, by: StaffUser, at: datetime) -> CommentNote:
    """Tell colleagues something about a comment. Raises NoteEmpty, and what `accounts` raises."""
    check(by, WORKING, _bureaus(comment))
    if not 0 < len(text.strip()) <= LONGEST_NOTE:
        raise NoteEmpty(limit=LONGEST_NOTE)
    written = CommentNote(comment=comment, text=text.strip(), written_at=at, written_by=by)
    session.add(written)
    return written


def set_aside(session: Session, comment: Comment, *, by: StaffUser) -> None:
    """Put a comment with those that raise no issue and are answered together. Raises OnlyPublishedIsAnswered."""
    check(by, ANALYSTS, _bureaus(comment))
    if comment.state is not CommentState.PUBLISHED:
        raise OnlyPublishedIsAnswered(comment=comment.number)
    queues.set_aside(session, comment)


def take_back(session: Session, comment: Comment, *, by: StaffUser) -> None:
    """A comment is to be placed after all, not answered together with others."""
    check(by, ANALYSTS, _bureaus(comment))
    queues.taken_back(session, comment)


def keep_filter(session: Session, *, name: str, asked: Mapping[str, str], by: StaffUser) -> SavedFilter:
    """Keep a filter under a name; one of the same name is replaced. Raises FilterUnnamed, TooManyFilters."""
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise FilterUnnamed(limit=LONGEST_NAME)
    kept = list(session.scalars(select(SavedFilter).where(SavedFilter.owner_id == by.id)))
    same = next((one for one in kept if one.name == name), None)
    if same is None:
        if len(kept) >= MOST_FILTERS:
            raise TooManyFilters(limit=MOST_FILTERS)
        same = SavedFilter(owner_id=by.id, name=name, asked={})
        session.add(same)
    same.asked = dict(asked)
    return same


def forget_filter(session: Session, *, name: str, by: StaffUser) -> None:
    """Drop one of one's own filters."""
    mine = select(SavedFilter).where(SavedFilter.owner_id == by.id, SavedFilter.name == name)
    for one in session.scalars(mine):
        session.delete(one)


def _bureaus(comment: Comment) -> frozenset[UUID]:
    return frozenset(one.id for one in comment.consultation.bureaus)
