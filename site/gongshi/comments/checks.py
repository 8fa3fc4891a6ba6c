"""What is refused at the door, before anything is stored: text that could not be kept or shown as it was sent."""

import re
import unicodedata
from collections.abc import Sequence

from gongshi.errors import RuleBroken

LONGEST_TEXT = 10_000
# One submission: as many comments, and so many characters in all of them together.
MOST_POINTS = 20
LONGEST_TOGETHER = 100_000
# Normalising long runs of combining marks takes quadratic time, and no script needs more than a few.
LONGEST_MARK_RUN = 16
_MARKS = {"Mn", "Me"}
# Control characters but tab and line ends, halves of surrogate pairs, and code points that are no characters: one or
# other of HTML, XML and the databases cannot hold them, so they could not be shown as they were sent.
UNHOLDABLE = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef" + "".join(
    f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17)
)
_UNHOLDABLE = re.compile(f"[{UNHOLDABLE}]")


class TextMissing(RuleBroken):
    """A comment says something."""

    code = "text-missing"


class TextTooLong(RuleBroken):
    """At most 10,000 characters; nothing is ever cut silently."""

    code = "text-too-long"


class TextUnreadable(RuleBroken):
    """Control characters, half of a surrogate pair, or a long run of combining marks cannot be kept as sent."""

    code = "text-unreadable"


class TooManyPoints(RuleBroken):
    """At most 20 comments in one submission; whoever has more to say sends another."""

    code = "too-many-points"


class TextsTooLong(RuleBroken):
    """At most 100,000 characters in the comments of one submission together."""

    code = "texts-too-long"


def refuse_too_much(lengths: Sequence[int]) -> None:
    """By the number of characters of each comment. Raises TooManyPoints, TextsTooLong."""
    if len(lengths) > MOST_POINTS:
        raise TooManyPoints(count=len(lengths), limit=MOST_POINTS)
    if sum(lengths) > LONGEST_TOGETHER:
        raise TextsTooLong(length=sum(lengths), limit=LONGEST_TOGETHER)


def refuse_bad_text(text: str) -> None:
    """Raises TextMissing, TextTooLong, TextUnreadable."""
    if not text.strip():
        raise TextMissing
    refuse_unkeepable(text)


def refuse_unkeepable(text: str, longest: int = LONGEST_TEXT) -> None:
    """Raises TextTooLong, TextUnreadable; empty is fine."""
    if len(text) > longest:
        raise TextTooLong(length=len(text), limit=longest)
    if _UNHOLDABLE.search(text) or has_long_mark_run(text):
        raise TextUnreadable


def holdable(text: str) -> str:
    """The same text without what cannot be kept: for words that staff paste, where nobody's record is touched.

    Line and page breaks of word processors become line ends; of a run of marks the first 16 stay.
    """
    kept = _UNHOLDABLE.sub(lambda found: "\n" if found[0] in "\x0b\x0c\x85" else "", text)
    return _with_short_mark_runs(kept) if has_long_mark_run(kept) else kept


def has_long_mark_run(text: str) -> bool:
    """Whether more than 16 combining marks follow each other."""
    if text.isascii():
        return False
    run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in _MARKS else 0
        if run > LONGEST_MARK_RUN:
            return True
    return False


def _with_short_mark_runs(text: str) -> str:
    kept, run = [], 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in _MARKS else 0
        if run <= LONGEST_MARK_RUN:
            kept.append(character)
    return "".join(kept)
