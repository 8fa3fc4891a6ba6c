"""Text as search sees it: a row of units, and the tokens under which an index keeps them.

A unit is one Chinese character, or one whole word of any other script (digits too). Punctuation and spaces vanish
between Chinese characters and separate words; zero-width characters vanish everywhere; a combining mark belongs to
its word. The rule itself is in docs/search.md; everything here is pure.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gongshi.search.normal import norm

# A word is kept up to this many characters. No query is longer (query.MOST_CHARACTERS), so nothing is lost by it.
LONGEST_WORD = 100
# Up to this many first characters, a word's beginnings are tokens of their own, marked so that they are no words.
SHORT_START = 2
START = "\0"

_CJK, _WORD, _MARK, _NOTHING, _GAP = "CWM0 "
_UNIT = re.compile(f"{_CJK}|{_WORD}(?:[{_WORD}{_MARK}{_NOTHING}]*[{_WORD}{_MARK}])?")
# Unified ideographs with room for extensions to come, compatibility ideographs, 々 〇 〻.
_CJK_RANGES = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
_CJK_MARKS = frozenset("々〇〻")
_VARIATION_SELECTORS = ((0xFE00, 0xFE0F), (0x180B, 0x180F), (0xE0100, 0xE01EF), (0x034F, 0x034F))


class Unit(NamedTuple):
    """One unit and where it stands in the original text, `start` up to but not including `end`."""

    text: str
    start: int
    end: int


class Step(NamedTuple):
    """What must stand at a place of a field: the token `term`, or with `is_prefix` any token beginning with it."""

    offset: int
    term: str
    is_prefix: bool = False


class _Kinds(dict[int, str]):
    def __missing__(self, code: int) -> str:
        kind = self[code] = _kind_of(chr(code))
        return kind


_KINDS = _Kinds()


def units(text: str) -> list[Unit]:
    """The units of a text, with their places in it."""
    return [Unit(unit, *match.span()) for unit, match in _units(text)]


def cut(text: str) -> list[str]:
    """The units of a text, when their places do not matter."""
    return [unit for unit, _ in _units(text)]


def is_cjk(unit: str) -> bool:
    return _KINDS[ord(unit[0])] == _CJK


def clings(character: str) -> bool:
    """Whether a character must not be parted from the one before it: a combining mark or a zero-width character."""
    return _KINDS[ord(character)] in (_MARK, _NOTHING)


def squeeze(text: str) -> str:
    """A name as the names rule compares it: its letters, digits and Chinese characters, nothing between them."""
    return "".join(cut(text))


def body_tokens(texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The tokens of a body, each with its place.

    At each place the unit with the next one if both are Chinese, else the unit alone. Besides, where a query may stop
    in the middle of such a token, what it begins with: a word's first character and first two, and a Chinese character
    that follows a word.
    """
    chinese = [*map(is_cjk, texts), False]
    for place, text in enumerate(texts):
        if chinese[place]:
            yield place, text + texts[place + 1] if chinese[place + 1] else text
            if place and not chinese[place - 1]:
                yield place, START + text
        else:
            yield place, text
            for length in range(1, min(len(text), SHORT_START) + 1):
                yield place, START + text[:length]


def characters(texts: Sequence[str]) -> str:
    """Every Chinese character of a body, once, in an order that tells nothing of the text."""
    return "".join(sorted(set(filter(is_cjk, texts))))


def name_tokens(squeezed: str) -> Iterator[tuple[int, str]]:
    """Each character of a squeezed name, and each with its right neighbour, with its place."""
    for place in range(len(squeezed)):
        yield place, squeezed[place]
        if place + 1 < len(squeezed):
            yield place, squeezed[place : place + 2]


def body_steps(texts: Sequence[str], *, open_ended: bool) -> list[Step]:
    """The fewest tokens that together say "these units stand here in a row".

    A pair speaks for two characters, so every other one is enough. With `open_ended` the last unit, a word, may go on.
    One Chinese character by itself has no such tokens; see `characters`.
    """
    steps: list[Step] = []
    place = 0
    while place < len(texts):
        end = _end_of_run(texts, place)
        if end - place > 1:
            steps.extend(Step(at, texts[at] + texts[at + 1]) for at in _pairs(place, end))
        elif end < len(texts) or not (open_ended or is_cjk(texts[place])):
            steps.append(Step(place, texts[place]))
        else:
            steps.append(_last_step(place, texts[place]))
        place = end
    return steps


def name_steps(squeezed: str) -> list[Step]:
    """The fewest tokens of `name_tokens` that together say "this string stands here"."""
    if len(squeezed) == 1:
        return [Step(0, squeezed)]
    return [Step(at, squeezed[at : at + 2]) for at in _pairs(0, len(squeezed))]


def _last_step(place: int, text: str) -> Step:
    """The last unit where it may be the beginning of a token."""
    if is_cjk(text) or len(text) <= SHORT_START:
        return Step(place, START + text)
    return Step(place, text, is_prefix=True)


def _pairs(start: int, end: int) -> list[int]:
    """Places of pairs that cover start..end: every other one, and the last."""
    return sorted({*range(start, end - 1, 2), end - 2})


def _end_of_run(texts: Sequence[str], place: int) -> int:
    end = place + 1
    while is_cjk(texts[place]) and end < len(texts) and is_cjk(texts[end]):
        end += 1
    return end


def _units(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    plain = norm(text)
    kinds = plain.translate(_KINDS)
    for match in _UNIT.finditer(kinds):
        yield (plain[match.start()] if match[0] == _CJK else _word(plain, kinds, match)), match


def _word(plain: str, kinds: str, match: re.Match[str]) -> str:
    start, end = match.span()
    word = plain[start:end]
    if _NOTHING in match[0]:
        word = "".join(character for character, kind in zip(word, kinds[start:end], strict=True) if kind != _NOTHING)
    if not word.isascii():
        # é is one character or two, か゛ likewise; both are the same word.
        word = unicodedata.normalize("NFC", word)
    return word[:LONGEST_WORD]


def _kind_of(character: str) -> str:
    code = ord(character)
    if character in _CJK_MARKS or _within(code, _CJK_RANGES):
        return _CJK
    category = unicodedata.category(character)
    if category in ("Cf", "Me") or _within(code, _VARIATION_SELECTORS):
        return _NOTHING
    if category in ("Mn", "Mc"):
        return _MARK
    return _WORD if character.isalnum() else _GAP


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)
