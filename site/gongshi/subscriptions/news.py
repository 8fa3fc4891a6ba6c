"""What became of a submission as a list of facts, each worth a line in a mail. Pure; no fact holds anybody's words.

A fact is written `comment|what|of which|how`: `2026-SL-01-0418|disposed|2026-SL-01-O07|adopted`. What a subscriber is
told is the facts that are there now and were not there at the last mail.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from gongshi.comments.models import CommentState
from gongshi.record.receipt_status import CommentStatus, Progress, ReceiptStatus


class News(StrEnum):
    """What may have happened to a comment."""

    PUBLISHED = "published"
    WITHHELD = "withheld"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    ERASED = "erased"
    REDACTED = "redacted"
    APPEAL_DECIDED = "appeal-decided"
    GROUPED = "grouped"
    DISPOSED = "disposed"
    UNFOUNDED = "unfounded"
    ANSWERED = "answered"
    CHANGED = "changed"
    DECIDED = "decided"


@dataclass(frozen=True)
class Fact:
    """One thing that happened to a comment; of which objection, answer or project; and how."""

    comment: str
    what: News
    of: str = ""
    how: str = ""

    def __str__(self) -> str:
        return "|".join((self.comment, self.what, self.of, self.how))

    @classmethod
    def read(cls, written: str) -> "Fact":
        comment, what, of, how = written.split("|")
        return cls(comment, News(what), of, how)


STATES = {
    CommentState.PUBLISHED: News.PUBLISHED,
    CommentState.WITHHELD: News.WITHHELD,
    CommentState.WITHDRAWN: News.WITHDRAWN,
}


def facts(receipt: ReceiptStatus) -> list[str]:
    """What the stations of a submission tell, in the order of its comments."""
    return [str(fact) for comment in receipt.comments for part in PARTS for fact in part(comment)]


def new(facts: Iterable[str], told: Iterable[str]) -> list[str]:
    """The facts that were not told yet."""
    known = set(told)
    return [fact for fact in facts if fact not in known]


def nothing_is_left(receipt: ReceiptStatus) -> bool:
    """Whether the last station of every comment is behind it, so that there will be nothing more to tell.

    A withheld comment may be appealed, and be published after all.
    """
    return all(
        station.progress is Progress.DONE and comment.state is not CommentState.WITHHELD
        for comment in receipt.comments
        for station in comment.stations
    )


def _text(comment: CommentStatus) -> Iterator[Fact]:
    if comment.state in STATES:
        yield Fact(comment.number, STATES[comment.state])
    if comment.redaction is not None:
        yield Fact(comment.number, News.REDACTED, how=str(comment.redaction.ordinal))


def _raised(comment: CommentStatus) -> Iterator[Fact]:
    for raised in comment.raised:
        yield Fact(comment.number, News.GROUPED, raised.number)
        if raised.is_unfounded:
            yield Fact(comment.number, News.UNFOUNDED, raised.number)
        if raised.outcome is not None:
            yield Fact(comment.number, News.DISPOSED, raised.number, raised.outcome)


def _answered(comment: CommentStatus) -> Iterator[Fact]:
    if comment.answer is not None:
        yield Fact(comment.number, News.ANSWERED, comment.answer.number)


def _decided(comment: CommentStatus) -> Iterator[Fact]:
    for project, version in sorted({(line.project, line.after) for one in comment.raised for line in one.changes}):
        yield Fact(comment.number, News.CHANGED, str(project), str(version))
    for decided in comment.decisions:
        if decided.outcome is not None:
            yield Fact(comment.number, News.DECIDED, str(decided.project), decided.outcome)


PARTS = (_text, _raised, _answered, _decided)
