"""The countdown is the server's: whatever the visitor's clock says, and on a page from a cache too."""

import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

from journeys.conftest import Visitor
from journeys.running import RunningSite

LINE = "[data-closes]"


def open_list(site: RunningSite) -> str:
    return site.address(f"/consultations/{site.landmarks.names['open']}/")


def closing_in(page: Page, seconds: float, *, stale_by: float = 0) -> None:
    """Let pages of the open list say that it closes so soon, and be so old, as one from a cache is."""

    def answer(route: Route) -> None:
        response = route.fetch()
        closes, now = (time.time() + seconds) * 1000, (time.time() - stale_by) * 1000
        body = re.sub(
            r'data-closes="[^"]+" data-now="[^"]+"', f'data-closes="{closes}" data-now="{now}"', response.text()
        )
        route.fulfill(response=response, body=body)

    page.route(re.compile("/consultations/[^/]+/$"), answer)


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_visitor_s_clock_changes_nothing(visitor: Visitor, site: RunningSite, language: str) -> None:
    address = open_list(site).replace("/consultations", f"{language}/consultations")
    right, wrong = visitor(), visitor()
    wrong.clock.install(time="2031-05-05T10:00:00")

    for page in (right, wrong):
        page.goto(address)

    expect(right.locator(f"{LINE} [role=timer]")).to_contain_text("剩余" if not language else "Left")
    assert wrong.locator(f"{LINE} [role=timer]").inner_text() == right.locator(f"{LINE} [role=timer]").inner_text()


def test_in_the_last_hour_it_counts_seconds_even_on_a_page_from_a_cache(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()
    closing_in(page, 125, stale_by=90)
    page.goto(open_list(site))
    timer = page.locator(f"{LINE} [role=timer]")

    expect(timer).to_have_text(re.compile("剩余： ?(2 分 [0-5]|1 分 5[5-9]) 秒"))
    before = timer.inner_text()
    expect(timer).not_to_have_text(before)


def test_the_end_is_said_aloud(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()
    closing_in(page, 3)
    page.goto(open_list(site))

    expect(page.locator(f"{LINE} [role=status]")).to_contain_text("已经截止", timeout=15_000)
    expect(page.locator(f"{LINE} [role=timer]")).to_contain_text("已经截止")


def test_without_javascript_the_page_says_what_its_server_s_clock_showed(visitor: Visitor, site: RunningSite) -> None:
    page = visitor(java_script_enabled=False)
    page.goto(open_list(site))

    expect(page.locator(LINE)).to_contain_text(re.compile(r"以本站时钟为准，\d\d:\d\d:\d\d 时剩余"))
