"""Every document that a query finds in the index, and how good a hit it is.

All matches are visited, so totals and order are exact. A hit whose whole title is the query comes first, then hits in
titles and names, the more parts the better, then bodies by how often and how densely they say it; among equals the
newer one, and the id decides at last, so that pages never overlap.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

from gongshi.search import whoosh_postings as postings
from gongshi.search.query import Part, SearchQuery, Sort
from gongshi.search.whoosh_fields import Card
from gongshi.search.whoosh_postings import Counts, Deadline
from gongshi.search.whoosh_readers import Segment, Snapshot

# A body of this many units counts as of ordinary length.
ORDINARY_UNITS = 400


class Hit(NamedTuple):
    """One document that matches."""

    card: Card
    is_title: bool
    parts_in_names: int
    density: float


class Found(NamedTuple):
    """Where a part of the query was found in a segment."""

    names: Counts
    body: Counts

    @property
    def numbers(self) -> set[int]:
        return {*self.names, *self.body}


def hits(snapshot: Snapshot, query: SearchQuery, deadline: Deadline) -> list[Hit]:
    """All documents that match, of every kind, in no order. Raises `TooBroad`."""
    found = [[_find(segment, part, deadline) for part in query.parts] for segment in snapshot.segments]
    weights = [
        math.log1p(snapshot.count / max(sum(len(parts[place].numbers) for parts in found), 1))
        for place in range(len(query.parts))
    ]
    return [
        hit
        for segment, parts in zip(snapshot.segments, found, strict=True)
        for hit in _hits_of(segment, parts, weights, query, deadline)
    ]


def in_order(found: list[Hit], sort: Sort) -> list[Hit]:
    return sorted(found, key=_newest_first if sort is Sort.NEWEST else _best_first)


def _find(segment: Segment, part: Part, deadline: Deadline) -> Found:
    return Found(
        postings.in_names(segment.reader, part, deadline),
        postings.in_body(segment.reader, segment.characters, part, deadline),
    )


def _hits_of(
    segment: Segment, parts: list[Found], weights: list[float], query: SearchQuery, deadline: Deadline
) -> Iterator[Hit]:
    numbers = _in_all(parts)
    if query.without:
        numbers -= _in_all([_find(segment, part, deadline) for part in query.without])
    titled = postings.titled(segment.reader, query.squeezed, deadline)
    for number in numbers:
        card = segment.cards[number]
        yield Hit(
            card=card,
            is_title=number in titled,
            parts_in_names=sum(number in found.names for found in parts),
            density=sum(
                map(_density, weights, (found.body.get(number, 0) for found in parts), [card.units] * len(parts))
            ),
        )


def _in_all(parts: list[Found]) -> set[int]:
    first, *others = (found.numbers for found in parts)
    return first.intersection(*others)


def _density(weight: float, count: int, units: int) -> float:
    """BM25's curve: the tenth mention adds little, and a mention in a long text less."""
    return weight * count / (count + 0.3 + 0.9 * units / ORDINARY_UNITS)


def _best_first(hit: Hit) -> tuple[object, ...]:
    # Of two that are found by a name alone, the shorter says less beside it: the institution before its projects.
    return not hit.is_title, -hit.parts_in_names, -hit.density, hit.card.units, *_newest_first(hit)


def _newest_first(hit: Hit) -> tuple[object, ...]:
    return -hit.card.microseconds, hit.card.ref
