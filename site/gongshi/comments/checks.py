"""What is refused at the door, before anything is stored: text that could not be kept or shown as it was sent."""

import unicodedata

from gongshi.errors import RuleBroken

LONGEST_TEXT = 10_000
# Normalising long runs of combining marks takes quadratic time, and no script needs more than a few.
LONGEST_MARK_RUN = 16


class TextMissing(RuleBroken):
    """A comment says something."""

    code = "text-missing"


class TextTooLong(RuleBroken):
    """At most 10,000 characters; nothing is ever cut silently."""

    code = "text-too-long"


class TextUnreadable(RuleBroken):
    """NUL, half of a surrogate pair, or a long run of combining marks cannot be kept as sent."""

    code = "text-unreadable"


def refuse_bad_text(text: str) -> None:
    """Raises TextMissing, TextTooLong, TextUnreadable."""
    if not text.strip():
        raise TextMissing
    refuse_unkeepable(text)


def refuse_unkeepable(text: str) -> None:
    """Raises TextTooLong, TextUnreadable; empty is fine."""
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(length=len(text), limit=LONGEST_TEXT)
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise TextUnreadable
    run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if run > LONGEST_MARK_RUN:
            raise TextUnreadable
