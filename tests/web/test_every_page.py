"""The whole site as someone who follows every link: nothing is dead, and nothing of the example goes unmarked."""

import re
from urllib.parse import urldefrag, urlsplit

import pytest

from web.client import Client, Page

# Of the many comments every tenth stands for all; query strings only filter and sort.
PASSED_OVER = re.compile(r"/comments/\d{4}-SL-\d\d-\d{3}[1-9]/|\?|^/static/|^/en/")
ABOUT_THE_EXAMPLE = re.compile(r"20\d\d-(?:SL|sl)-\d\d|/institutions/示例|/institutions/%E7%A4%BA")


@pytest.fixture(scope="module")
def pages(example: Client) -> dict[str, Page]:
    """Every page that can be reached from the home page."""
    found: dict[str, Page] = {}
    waiting = ["/"]
    while waiting:
        address = waiting.pop()
        if address in found or PASSED_OVER.search(address):
            continue
        page = found[address] = example.get(address)
        waiting += [urldefrag(link)[0] for link in page.links("html") if _is_ours(link)]
    return found


def test_every_link_of_the_site_leads_to_a_page(pages: dict[str, Page]) -> None:
    assert len(pages) > 250


def test_every_anchor_that_is_linked_to_is_there(pages: dict[str, Page]) -> None:
    missing = {
        link
        for page in pages.values()
        for link in page.links("main")
        if _is_ours(link) and (target := urldefrag(link)).fragment and target.url in pages
        if not pages[target.url].soup.find(id=target.fragment)
    }

    assert missing == set()


def test_every_page_of_the_example_carries_its_mark(pages: dict[str, Page]) -> None:
    # A table to be saved is no page; the page that leads to it carries the mark.
    about = {address for address in pages if ABOUT_THE_EXAMPLE.search(address) and not address.endswith(".csv")}

    assert len(about) > 200
    assert {address for address in about if not pages[address].all("p.example")} == set()


def test_no_page_of_the_archive_carries_the_mark(pages: dict[str, Page]) -> None:
    about = {address for address in pages if "2021-BJ-01" in address}

    assert about
    assert {address for address in about if pages[address].all("p.example")} == set()


def _is_ours(link: str) -> bool:
    return not urlsplit(link).netloc and link.startswith("/")
