"""What no eye sees in a text: direction marks, characters without width, controls, tags, private and blank characters.

They are how a text can read as something else than it is, so they are shown as marks; the text itself stays as it was
sent. What scripts and pictures need is left alone: joiners within Arabic and Indic words and between emoji, variation
selectors after a character, the tags of a flag, blanks of braille. Pure.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby

from gongshi.comments.checks import UNHOLDABLE

# Blank or without width by their nature: no script in use today needs them to be unseen.
_BLANK = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2028\u2029\u3164\uffa0"
_DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_FORMAT = "\u2060-\u2065\u206a-\u206f\ufeff\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
_TAGS = "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_BRAILLE_BLANK, _ZWNJ, _ZWJ = "\u2800", "\u200c", "\u200d"
_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_CANDIDATES = re.compile(
    f"[{UNHOLDABLE}{_BLANK}{_DIRECTION}{_FORMAT}{_TAGS}{_PRIVATE}{_SELECTORS}{_BRAILLE_BLANK}{_ZWNJ}{_ZWJ}]"
)
_DEPENDS = re.compile(f"[{_SELECTORS}{_BRAILLE_BLANK}{_ZWNJ}{_ZWJ}{_TAGS}]")
_SELECTOR = re.compile(f"[{_SELECTORS}]")
# Hebrew to the scripts of India and beyond, Tibetan, Khmer, Mongolian: joiners are part of their spelling.
_JOINING = re.compile("[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u17ff\u1800-\u18af\ua840-\ua8ff\ufb50-\ufeff]")
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f")
_FLAG_LENGTH = 8
# Of a long run so many kinds are named; how many characters more there are is said.
_MOST_NAMED = 6


def runs(text: str) -> Iterator[tuple[int, int]]:
    """Where odd characters stand, each run of neighbours as one half-open stretch."""
    start = end = -1
    for found in _CANDIDATES.finditer(text):
        place = found.start()
        if not _is_odd(text, place):
            continue
        if place != end:
            if start >= 0:
                yield start, end
            start = place
        end = place + 1
    if start >= 0:
        yield start, end


def code(run: str) -> str:
    """A run of odd characters by their code points: `U+202E`, `U+200B ×500`, `U+200B U+FEFF +12`."""
    named: list[str] = []
    left = len(run)
    for character, same in groupby(run):
        if len(named) == _MOST_NAMED:
            return f"{' '.join(named)} +{left}"
        count = sum(1 for _ in same)
        named.append(f"U+{ord(character):04X}" + (f" ×{count}" if count > 1 else ""))
        left -= count
    return " ".join(named)


def spelled(text: str) -> str:
    """A text with its marks written out, where there can be no elements: `⟦U+202E⟧`."""
    parts, read = [], 0
    for start, end in runs(text):
        parts += [text[read:start], f"⟦{code(text[start:end])}⟧"]
        read = end
    return "".join([*parts, text[read:]])


def _is_odd(text: str, place: int) -> bool:
    character = text[place]
    if not _DEPENDS.match(character):
        return True
    before, after = text[max(0, place - 1) : place], text[place + 1 : place + 2]
    if _SELECTOR.match(character):
        # One may follow a character; further ones carry what nobody sees.
        return not before or before.isspace() or _CANDIDATES.match(before) is not None
    if character == _BRAILLE_BLANK:
        return not any("\u2801" <= one <= "\u28ff" for one in (before, after))
    if character in {_ZWNJ, _ZWJ}:
        return not _joins(character, before, after)
    return not _is_of_a_flag(text, place)


def _joins(character: str, before: str, after: str) -> bool:
    if not before or not after:
        return False
    if _JOINING.match(before) and (_JOINING.match(after) or after.isspace()):
        return True
    return character == _ZWJ and all(unicodedata.category(one) in {"So", "Sk", "Mn"} for one in (before, after))


def _is_of_a_flag(text: str, place: int) -> bool:
    begun = text.rfind("\U0001f3f4", max(0, place - _FLAG_LENGTH), place)
    flag = _FLAG.match(text, begun) if begun >= 0 else None
    return flag is not None and place < flag.end()
