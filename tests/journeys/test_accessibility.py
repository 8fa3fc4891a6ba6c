"""axe-core finds nothing: on every kind of page, in both languages, at a desk and on a telephone, by day and night."""

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from journeys.conftest import Visitor
from journeys.kinds import KINDS, LANGUAGES, Kind
from journeys.reached import REACHED
from journeys.running import RunningSite

RULES: dict[str, Any] = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
    # Off unless asked for by name; WCAG 2.2's 2.5.8.
    "rules": {"target-size": {"enabled": True}},
}
# By night only the colours differ, and on a telephone everything but the colours; telling contrast is the slow part.
BY_NIGHT = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
BUT_COLOURS = {**RULES, "rules": {**RULES["rules"], "color-contrast": {"enabled": False}}}
# What a browser saves and does not show.
FILES = {"comments.not_shown_table", "comments.refusals_table", "notices.file"}
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 375, "height": 800}

in_both_languages = pytest.mark.parametrize("language", LANGUAGES, ids=LANGUAGES.values())


def faults(page: Page, rules: dict[str, Any] = RULES) -> list[str]:
    """What axe-core objects to on the page as it is shown now."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("rules => axe.run(document, rules)", rules)["violations"]
    return [
        f"{rule['id']}: {node['html'][:200]} — {node['failureSummary']}" for rule in found for node in rule["nodes"]
    ]


def looked_at(page: Page, language: str, *, closely: bool) -> list[str]:
    """At a desk and on a telephone, without loading the page again; closely: also by night, and every rule twice.

    In English on a telephone only: there words are longest for their room, and no colour is another one.
    """
    if language == "en":
        page.set_viewport_size(PHONE)
        return [f"in English: {fault}" for fault in faults(page, BUT_COLOURS)]
    found = faults(page)
    if closely:
        page.emulate_media(color_scheme="dark")
        found += [f"by night: {fault}" for fault in faults(page, BY_NIGHT)]
        page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    return found + [f"on a telephone: {fault}" for fault in faults(page, RULES if closely else BUT_COLOURS)]


def test_every_public_page_is_among_the_kinds(site: RunningSite) -> None:
    rules = {rule.endpoint for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ())}

    public = {endpoint.partition(".")[2] for endpoint in rules if endpoint.partition(".")[0] in LANGUAGES}

    assert public - FILES == {kind.endpoint for kind in KINDS}, "give every new page an example in kinds.py"


@in_both_languages
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_axe_finds_nothing(visitor: Visitor, site: RunningSite, kind: Kind, language: str) -> None:
    page = visitor(width=DESK["width"], height=DESK["height"])
    answer = page.goto(site.address(kind.path(site, language)))

    assert answer is not None
    assert answer.status == 200
    assert not looked_at(page, language, closely=kind.main)


@in_both_languages
@pytest.mark.parametrize("name", REACHED)
def test_axe_finds_nothing_after_something_was_sent(
    visitor: Visitor, site: RunningSite, name: str, language: str
) -> None:
    page = visitor(width=DESK["width"], height=DESK["height"])
    status, way = REACHED[name]
    with page.expect_response(lambda response: response.status == status):
        way(page, site, language)
    page.wait_for_load_state()

    assert not looked_at(page, language, closely=True)
