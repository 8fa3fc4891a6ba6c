"""What a person typed, as search understands it. Nothing anyone can type is an error.

Parts are separated by spaces and must all match, each anywhere in the document; "a quoted phrase" is one part. There
is no other syntax: a minus, a colon, a star or a bracket is text like any other, because people paste sentences.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from gongshi.search import tokens

MOST_CHARACTERS = 100
MOST_PARTS = 8
MOST_UNITS = 60
MOST_RESULTS = 1000
PER_PAGE = 20

_PART = re.compile(r'["＂]([^"＂]*)["＂](?!\S)|“([^“”]*)”(?!\S)|(\S+)')


class Sort(StrEnum):
    """The order of the hits."""

    RELEVANCE = "relevance"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Part:
    """Units that stand in a row. With `open_ended` the last of them, a word, may be the beginning of a longer one."""

    units: tuple[str, ...]
    open_ended: bool = False

    @property
    def squeezed(self) -> str:
        return "".join(self.units)


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What to look for. `cut` says that some of what was typed was left out, being too long.

    No `kinds` means every kind. A document that matches all of `without`, if there is any, is left out.
    """

    text: str
    parts: tuple[Part, ...]
    kinds: frozenset[str] = frozenset()
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    per_page: int = PER_PAGE
    cut: bool = False
    without: tuple[Part, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing to look for: only punctuation, or nothing at all."""
        return not self.parts

    @property
    def squeezed(self) -> str:
        return "".join(part.squeezed for part in self.parts)

    @property
    def window(self) -> slice:
        """Which hits this page shows; none beyond the first thousand."""
        first = min((self.page - 1) * self.per_page, MOST_RESULTS)
        return slice(first, min(first + self.per_page, MOST_RESULTS))


def parse(
    text: str,
    *,
    kinds: Iterable[str] = (),
    sort: str = Sort.RELEVANCE,
    page: int = 1,
    per_page: int = PER_PAGE,
) -> SearchQuery:
    """Read a search box. Never raises: what is too long is cut, an unknown order is relevance, page 0 is page 1."""
    typed = text.strip()
    shown = typed[:MOST_CHARACTERS]
    rows = [row for row in _rows(shown) if row]
    kept = list(_within_budget(rows[:MOST_PARTS]))
    return SearchQuery(
        text=shown,
        parts=_parts(kept),
        kinds=frozenset(kinds),
        sort=Sort(sort) if sort in set(Sort) else Sort.RELEVANCE,
        page=max(page, 1),
        per_page=min(max(per_page, 1), MOST_RESULTS),
        cut=len(typed) > MOST_CHARACTERS or kept != rows,
    )


def _rows(text: str) -> Iterator[tuple[str, ...]]:
    """The units of each part."""
    for match in _PART.finditer(text):
        part = next(group for group in match.groups() if group is not None)
        yield tuple(tokens.cut(part))


def _within_budget(rows: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    left = MOST_UNITS
    for row in rows:
        if left > 0:
            yield row[:left]
        left -= len(row)


def _parts(rows: list[tuple[str, ...]]) -> tuple[Part, ...]:
    if not rows:
        return ()
    last = rows[-1]
    parts = [*map(Part, rows[:-1]), Part(last, open_ended=not tokens.is_cjk(last[-1]))]
    return tuple(dict.fromkeys(parts))
