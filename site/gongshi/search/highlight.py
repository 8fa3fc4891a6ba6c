"""Why a document was found: the words that matched, cut out of the original text.

Matching is done on the units of the text, cutting on the text itself, so what is shown is what was written.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gongshi.search import matcher, tokens
from gongshi.search.query import SearchQuery

WIDTH = 80
WIDEST = 240
BEFORE = 24
WINDOWS = 2
GAP = "…"

Span = tuple[int, int]


class Piece(NamedTuple):
    """A stretch of text, and whether the query matched it."""

    text: str
    is_hit: bool


def snippet(text: str, query: SearchQuery) -> list[Piece]:
    """Up to two windows of about 80 characters around what matched in a body, or its beginning.

    “…” stands for what is left out.
    """
    units = tokens.units(text)
    texts = [unit.text for unit in units]
    hits = [
        [(units[start].start, units[start + len(part.units) - 1].end) for start in matcher.in_body(texts, part)]
        for part in query.parts
    ]
    spans = _merged(span for found in hits for span in found)
    pieces: list[Piece] = []
    end = 0
    for window in _windows(text, hits):
        if window[0] > end:
            pieces.append(Piece(GAP, False))
        pieces.extend(_cut(text, window, spans))
        end = window[1]
    return [*pieces, Piece(GAP, False)] if end < len(text) else pieces


def whole(name: str, query: SearchQuery) -> list[Piece]:
    """A title or a name in full, with what the names rule matched in it."""
    places = list(_places(name))
    squeezed = "".join(character for character, _ in places)
    spans = _merged(
        (places[start][1][0], places[start + len(part.squeezed) - 1][1][1])
        for part in query.parts
        for start in matcher.in_name(squeezed, part)
    )
    return list(_cut(name, (0, len(name)), spans))


def _places(name: str) -> Iterator[tuple[str, Span]]:
    """Each character of the squeezed name and where it came from; the whole word where that is not one to one."""
    for unit in tokens.units(name):
        one_to_one = len(unit.text) == unit.end - unit.start
        for index, character in enumerate(unit.text):
            at = unit.start + index
            yield character, (at, at + 1) if one_to_one else (unit.start, unit.end)


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _windows(text: str, hits: list[list[Span]]) -> list[Span]:
    """Windows that between them show as many parts of the query as fit: each opens at a part not yet shown."""
    windows: list[Span] = []
    for found in hits:
        shown = any(start <= hit[0] and hit[1] <= end for hit in found for start, end in windows)
        if found and not shown and len(windows) < WINDOWS:
            windows.append(_around(text, found[0]))
    return _merged(windows) or [(0, _whole_place(text, WIDTH))]


def _around(text: str, hit: Span) -> Span:
    start = min(_whole_place(text, max(hit[0] - BEFORE, 0)), hit[0])
    end = min(max(start + WIDTH, hit[1]), start + WIDEST)
    return start, _whole_place(text, end)


def _whole_place(text: str, at: int) -> int:
    """The nearest place at or after `at` where a cut parts nothing that belongs together."""
    latest = min(at + WIDTH, len(text))
    while 0 < at < latest and _belong_together(text[at - 1], text[at]):
        at += 1
    return min(at, len(text))


def _belong_together(left: str, right: str) -> bool:
    """A character with its marks, two halves of a surrogate pair, two sides of a zero-width joiner."""
    return tokens.clings(right) or left == "\u200d" or "\udc00" <= right <= "\udfff"


def _cut(text: str, window: Span, spans: list[Span]) -> Iterator[Piece]:
    place, end = window
    for span in spans:
        start, stop = max(span[0], place), min(span[1], end)
        if start >= stop:
            continue
        if start > place:
            yield Piece(text[place:start], False)
        yield Piece(text[start:stop], True)
        place = stop
    if place < end:
        yield Piece(text[place:end], False)
