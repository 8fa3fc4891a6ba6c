"""Texts that mean to break a page stay where they stand: nothing around them moves, and none of them is covered."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.accounts.models import StaffUser
from gongshi.comments import actions as comments
from gongshi.comments.intake import Point, Target, submit
from gongshi.comments.models import CommentKind
from gongshi.consultations import queries as consultations
from gongshi.db import writing
from journeys.bureau_lists import ANALYST
from journeys.conftest import Visitor
from journeys.furnished import session_of
from journeys.running import RunningSite
from making import SERVER_KEY

LIST = "2026-SL-02"
PLAIN = "平常的一条意见。"
HOSTILE = {
    "sixteen marks on every letter": ("Z" + "\u0335\u0321\u0489\u0301" * 4) * 60,
    "ten thousand characters without a break": "w" * 10_000,
    "direction turned round and never back": "\u202e\u2067\u202b意见\u2069\u2069\u2069 (abc) 123 שלום",
    "a thousand line ends": "首行" + "\n" * 1_000 + "末行",
    "ten thousand characters that no eye sees": "\u200b\ufeff" * 4_999 + "字",
    "tables and boxes drawn of characters": "█" * 300 + "\n" + "\u2800" * 300,
}
# Where the neighbours of a text are: what stands before it in its row, what comes after the row, and the page itself.
BOXES = """(id) => {
  const box = (one) => {
    const {left, right, top, bottom} = one.getBoundingClientRect();
    return {left, right, top, bottom};
  };
  const row = document.getElementById(id);
  return {
    head: box(row.querySelector(".voice-head")), text: box(row.querySelector(".text")), row: box(row),
    next: row.nextElementSibling && box(row.nextElementSibling),
    heads: [...row.querySelectorAll(".voice-head > *")].map((one) => [one.textContent, box(one).left]),
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    clipped: getComputedStyle(row.querySelector(".text")).overflowX,
  };
}"""


@pytest.fixture(scope="module")
def rows(site: RunningSite) -> dict[str, str]:
    """The ids of the rows in which these texts stand, one after another among plain ones."""
    found: dict[str, str] = {}
    with session_of(site.app) as session, writing(session) as at:
        analyst = session.scalars(select(StaffUser).where(StaffUser.login == ANALYST)).one()
        for name, text in {"": PLAIN, **HOSTILE}.items():
            found[name] = f"c-{_published(session, text, analyst, at)}"
            _published(session, PLAIN, analyst, at)
    return found


def _published(session: Session, text: str, analyst: StaffUser, at: datetime) -> int:
    opened = consultations.numbered(session, LIST)
    assert opened is not None
    point = Point(CommentKind.SUGGEST, text, None, Target())
    made = submit(session, opened, submission_key=uuid4().hex, points=[point], server_key=SERVER_KEY, at=at)
    comments.publish(session, made.comments[0], by=analyst, at=at)
    return made.comments[0].seq


def boxes(page: Page, site: RunningSite, id: str) -> dict[str, Any]:
    page.goto(site.address(f"/consultations/{LIST}/comments/?each=1"))
    while not page.locator(f"#{id}").count():
        with page.expect_navigation():
            page.locator(".pager [rel=next]").click()
    found: dict[str, Any] = page.evaluate(BOXES, id)
    return found


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_neither_moves_nor_covers_its_neighbours(
    visitor: Visitor, site: RunningSite, rows: dict[str, str], name: str, width: int
) -> None:
    page = visitor(width=width)
    plain = boxes(page, site, rows[""])

    found = boxes(page, site, rows[name])

    assert found["wide"] <= 0, "the page is wider than its window"
    assert found["clipped"] == "clip", "what stands out of its box would be seen"
    assert [left for _, left in found["heads"]][:3] == pytest.approx([left for _, left in plain["heads"]][:3], abs=40)
    assert found["head"]["bottom"] <= found["text"]["top"] + 1
    assert found["text"]["left"] == pytest.approx(plain["text"]["left"])
    assert found["text"]["right"] == pytest.approx(plain["text"]["right"])
    assert found["next"] is None or found["next"]["top"] >= found["text"]["bottom"] - 1
    assert found["row"]["bottom"] - found["row"]["top"] < 3_000, "a row of a list has an end"


def test_a_text_turned_round_turns_nothing_else_round(
    visitor: Visitor, site: RunningSite, rows: dict[str, str]
) -> None:
    page = visitor()
    boxes(page, site, rows["direction turned round and never back"])
    row = page.locator(f"#{rows['direction turned round and never back']}")

    marks = row.locator(".no-eye")

    assert [mark.get_attribute("data-code") for mark in marks.all()] == ["U+202E U+2067 U+202B", "U+2069 ×3"]
    assert row.locator(".text").text_content() == HOSTILE["direction turned round and never back"]
