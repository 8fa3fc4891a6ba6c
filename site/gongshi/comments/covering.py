"""Covering 遮盖 parts of a text: where the covered places are, and what is left to read. Pure.

Places are counted in characters of the text as it was sent, which never changes. A covered place is shown as a mark of
fixed length, so that the mark does not tell how much is under it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gongshi.errors import RuleBroken

MARK = "████"
# So many lines of a text stand in a list of texts.
MOST_LINES = 30

Span = tuple[int, int]
"""A half-open stretch of a text."""


class PassageNotFound(RuleBroken):
    """A passage to cover is covered where it stands, letter by letter; this one stands nowhere in the text."""

    code = "passage-not-found"


class NothingToCover(RuleBroken):
    """A redaction covers something that could be read before."""

    code = "nothing-to-redact"


class NothingLeftToRead(RuleBroken):
    """A text of which nothing would be left is withheld, not redacted."""

    code = "nothing-left-to-read"


class OutsideTheText(RuleBroken):
    """What is covered lies within the text."""

    code = "outside-the-text"


@dataclass(frozen=True)
class Piece:
    """A stretch of a shown text, one covered place of it, or what stands where all of it was erased."""

    text: str
    is_covered: bool = False
    is_erased: bool = False


def places_of(passages: Iterable[str], *texts: str) -> list[list[Span]]:
    """Every place of each passage, text by text. Raises PassageNotFound for one that is in none of them."""
    found: list[list[Span]] = [[] for _ in texts]
    for passage in dict.fromkeys(passages):
        places = [_places(passage, text) for text in texts]
        if not any(places):
            raise PassageNotFound(passage=passage)
        for held, more in zip(found, places, strict=True):
            held.extend(more)
    return [joined(spans) for spans in found]


def joined(spans: Iterable[Sequence[int]]) -> list[Span]:
    """The same stretches in order, those that touch or overlap made one."""
    result: list[Span] = []
    for start, end in sorted((span[0], span[1]) for span in spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def refuse_outside(text: str, spans: Iterable[Span]) -> None:
    """Raises OutsideTheText."""
    for start, end in spans:
        if not 0 <= start < end <= len(text):
            raise OutsideTheText(start=start, end=end)


def covered(text: str, spans: Sequence[Span]) -> str:
    """The text as it is shown. `spans` are joined."""
    return "".join(MARK if piece.is_covered else piece.text for piece in _cut(text, spans))


def is_anything_left(text: str, spans: Sequence[Span]) -> bool:
    """Whether a reader still finds a letter or a digit."""
    return any(any(map(str.isalnum, piece.text)) for piece in _cut(text, spans) if not piece.is_covered)


def pieces(shown: str, spans: Sequence[Span]) -> list[Piece]:
    """A shown text in its pieces, told apart by the places of the original, so that a mark that somebody typed is not
    taken for a covered place."""
    moved, offset = [], 0
    for start, end in spans:
        moved.append((start - offset, start - offset + len(MARK)))
        offset += end - start - len(MARK)
    return [Piece(MARK, True) if piece.is_covered else piece for piece in _cut(shown, moved)]


def beginning(of: Iterable[Piece], longest: int, most_lines: int = MOST_LINES) -> list[Piece]:
    """The first pieces, cut where `longest` characters or `most_lines` lines are reached; a mark is never cut."""
    result, left, lines = [], longest, most_lines
    for piece in of:
        if left <= 0 or lines <= 0:
            break
        text = piece.text if piece.is_covered else _first_lines(piece.text[:left], lines)
        result.append(replace(piece, text=text))
        left -= len(piece.text)
        lines -= piece.text.count("\n")
    return result


def _first_lines(text: str, most: int) -> str:
    return "\n".join(text.split("\n", most)[:most])


def _cut(text: str, spans: Sequence[Span]) -> list[Piece]:
    result, read = [], 0
    for start, end in spans:
        result += [Piece(text[read:start])] if read < start else []
        result.append(Piece(text[start:end], True))
        read = end
    return result + ([Piece(text[read:])] if read < len(text) else [])


def _places(passage: str, text: str) -> list[Span]:
    found, start = [], text.find(passage) if passage else -1
    while start >= 0:
        found.append((start, start + len(passage)))
        start = text.find(passage, start + len(passage))
    return found
