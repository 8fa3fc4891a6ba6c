"""Every page fits: a narrow telephone, a page enlarged twice, large letters, paper."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright

from journeys import chromium
from journeys.conftest import Visitor
from journeys.kinds import KINDS, Kind
from journeys.reached import REACHED, receipt
from journeys.running import RunningSite

NARROW = 320
TWICE = 1280 // 2
LARGE_LETTERS = 24

# What stands out to the right, unless it can be scrolled to inside a region of its own.
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const out = [...document.body.querySelectorAll("*")].filter(one =>
    one.checkVisibility() && !one.closest(".scroll") && one.getBoundingClientRect().right > width + 1);
  const shown = out.map(one => one.outerHTML.slice(0, 160)).slice(0, 5);
  return [...shown, `page is ${document.documentElement.scrollWidth} px wide`];
}"""
# What scrolls sideways must say what it is and be reachable by keyboard.
SILENT_REGIONS = """() => [...document.body.querySelectorAll("*")].filter(one =>
    ["auto", "scroll"].includes(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth + 1
    && !["TEXTAREA", "INPUT", "SELECT"].includes(one.tagName)
    && !(one.tabIndex === 0 && one.getAttribute("role") === "region"
    && (one.getAttribute("aria-label") || one.getAttribute("aria-labelledby")))
  ).map(one => one.outerHTML.slice(0, 160))"""
LINKS = "links => links.map(link => link.getAttribute('href'))"
PAPER = 10_000


def misfits(page: Page) -> list[str]:
    return [*page.evaluate(TOO_WIDE), *page.evaluate(SILENT_REGIONS)]


@pytest.fixture(scope="module")
def large_letters(playwright: Playwright) -> Iterator[Browser]:
    """A browser whose owner has set larger letters."""
    browser = chromium.launch(playwright, f"--blink-settings=defaultFontSize={LARGE_LETTERS}")
    yield browser
    browser.close()


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_no_page_is_wider_than_the_screen(visitor: Visitor, site: RunningSite, kind: Kind) -> None:
    page = visitor(width=NARROW)
    for language in ("public", "en"):
        page.set_viewport_size({"width": NARROW, "height": 800})
        page.goto(site.address(kind.path(site, language)))
        assert not misfits(page), "at 320 px"
        page.set_viewport_size({"width": TWICE, "height": 400})
        assert not misfits(page), "at 1280 px enlarged twice"


@pytest.mark.parametrize("name", [name for name in REACHED if not name.startswith("too many")])
def test_no_answer_to_a_form_is_wider_than_the_screen(visitor: Visitor, site: RunningSite, name: str) -> None:
    page = visitor(width=NARROW)
    REACHED[name][1](page, site, "public")

    assert not misfits(page)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_large_letters_fit_on_a_telephone(large_letters: Browser, site: RunningSite, kind: Kind) -> None:
    page = large_letters.new_page(viewport={"width": 375, "height": 800})
    page.goto(site.address(kind.path(site)))

    assert page.evaluate("() => parseFloat(getComputedStyle(document.documentElement).fontSize)") == LARGE_LETTERS
    assert not misfits(page)
    page.close()


@pytest.mark.parametrize("name", ["the trace of an admitted project", "the trace of a refused project"])
def test_what_the_drawing_shows_stands_in_the_table_too(visitor: Visitor, site: RunningSite, name: str) -> None:
    page = visitor()
    page.goto(site.address(next(kind for kind in KINDS if kind.name == name).path(site)))

    wide = page.locator("svg.trace.wide a").evaluate_all(LINKS)
    upright = page.locator("svg.trace.upright a").evaluate_all(LINKS)
    in_words = page.locator("main a:not(svg a)").evaluate_all(LINKS)

    assert wide
    assert set(wide) == set(upright)
    assert not objects(wide) - objects(in_words)


def objects(links: list[str]) -> set[str]:
    """What is linked to, wherever on its page; a group of comments stands one by one in the table."""
    return {link.partition("#")[0] for link in links if "/comments/?" not in link}


@pytest.mark.parametrize("name", ["before and after", "the trace of an admitted project", "a project admitted"])
def test_a_page_of_the_record_can_be_printed(visitor: Visitor, site: RunningSite, name: str) -> None:
    page = visitor()
    page.goto(site.address(next(kind for kind in KINDS if kind.name == name).path(site)))

    can_be_printed(page)


def test_a_receipt_can_be_printed_with_all_that_is_needed(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()
    receipt(page, site, "public")

    can_be_printed(page)
    for part in ("#receipt-number", "#receipt-secret", ".slip .site", ".qr img", ".receipt .text"):
        assert page.locator(part).first.is_visible(), part
    assert not page.locator(".menu").is_visible()


def can_be_printed(page: Page) -> None:
    """There is a PDF, and it holds more than its frame."""
    page.emulate_media(media="print")
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF")
    assert len(paper) > PAPER
    assert page.locator("main h1").is_visible()
