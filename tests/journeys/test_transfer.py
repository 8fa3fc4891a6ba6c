"""What a page costs to load, and what it does not do behind a reader's back (see watching.py)."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext

from journeys.kinds import KINDS, LANGUAGES, Kind
from journeys.running import RunningSite
from journeys.watching import Watch

FIRST_VIEW, LATER_VIEW = 60_000, 15_000
PARTS = "() => [...new Set(performance.getEntriesByType('resource').map(part => part.name))]"


@dataclass(frozen=True)
class Visit:
    """What came over the line for one page: bytes of it and of all else, as gzip makes them."""

    kind: Kind
    page: int
    rest: int


@dataclass(frozen=True)
class Tour:
    visits: list[Visit]
    watch: Watch


@pytest.fixture(scope="module")
def tour(browser: Browser, site: RunningSite) -> Iterator[Tour]:
    """Every kind of page in both languages, one after the other, by the same visitor."""
    context = browser.new_context()
    watch = Watch(context, site.origin)
    page = context.new_page()
    parts: dict[str, int] = {}
    visits = []
    for kind in KINDS:
        for language in LANGUAGES:
            address = site.address(kind.path(site, language))
            page.goto(address, wait_until="load")
            used = page.evaluate(PARTS)
            parts.update({part: _weight(context, part) for part in used if part not in parts})
            visits.append(Visit(kind, _weight(context, address), sum(parts[part] for part in used)))
    yield Tour(visits, watch)
    context.close()


def _weight(context: BrowserContext, address: str) -> int:
    """Bytes of the body as a front server compresses it."""
    return len(gzip.compress(context.request.get(address).body(), 6))


def test_a_page_is_light_at_the_first_visit(tour: Tour) -> None:
    heavy = {visit.kind.name: visit.page + visit.rest for visit in tour.visits if visit.page + visit.rest > FIRST_VIEW}

    assert not heavy


def test_a_page_is_lighter_at_the_next(tour: Tour) -> None:
    heavy = {visit.kind.name: visit.page for visit in tour.visits if visit.page > LATER_VIEW}

    assert not heavy


def test_reading_leaves_no_cookie_asks_nobody_else_and_breaks_no_policy(tour: Tour) -> None:
    assert len(tour.visits) == len(KINDS) * len(LANGUAGES)

    tour.watch.finds_nothing()
