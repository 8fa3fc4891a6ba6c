"""The proof of work in a real browser: found while one writes, recorded, made anew when it is too old, never needed."""

import base64
import json
import re
from urllib.parse import parse_qs

from playwright.sync_api import Page, Request, expect
from sqlalchemy import select

from gongshi.comments.models import Proof, Submission
from gongshi.web.db import db
from journeys.conftest import Visitor
from journeys.pages import ReceiptPage
from journeys.running import RunningSite

TEXT = "第二段没有写明人工复核的时限。"
FIELD = "input[name=proof]"
SOLVED_WITHIN = 60_000


def to_the_last_page(page: Page, site: RunningSite) -> None:
    """Write a comment on the open list and come to the page that sends it."""
    page.goto(site.address(f"/consultations/{site.landmarks.names['open']}/comment"))
    page.locator("input[name=kind][value=suggest]").check()
    page.locator("textarea[name=text]").fill(TEXT)
    page.locator("button[name=step][value=review]").click()
    expect(page.locator(FIELD)).to_be_attached()


def send(page: Page) -> str:
    """Press the button; returns the number of the receipt."""
    page.locator(".acts button[name=step][value=send]").click()
    expect(page.locator("#receipt-number")).to_be_visible(timeout=SOLVED_WITHIN)
    return ReceiptPage(page).receipt.number


def marks(site: RunningSite, receipt: str) -> tuple[Proof | None, int | None]:
    with site.app.app_context():
        found = db.session.scalars(select(Submission).where(Submission.receipt_number == receipt)).one()
        told = found.proof, found.difficulty
        db.session.remove()
    return told


def nonce(proof: str) -> str:
    found: str = json.loads(base64.b64decode(proof))["challenge"]["parameters"]["nonce"]
    return found


def posted(request: Request) -> str:
    return parse_qs(request.post_data or "", keep_blank_values=True)["proof"][0]


def test_a_browser_solves_it_by_itself_and_nothing_is_seen_of_it(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()
    to_the_last_page(page, site)
    expect(page.locator(FIELD)).to_have_value(re.compile(".+"), timeout=SOLVED_WITHIN)

    proof, difficulty = marks(site, send(page))

    assert proof is Proof.SOLVED
    assert difficulty is not None
    assert difficulty >= 100


def test_whoever_presses_the_button_at_once_waits_for_it_and_presses_no_second_time(
    visitor: Visitor, site: RunningSite
) -> None:
    page = visitor()
    # A network that asked for many gets a harder one, so that the button is pressed before it is solved.
    for _ in range(32):
        page.request.get(site.address(f"/proof?consultation={site.landmarks.names['open']}"))
    to_the_last_page(page, site)

    proof, difficulty = marks(site, send(page))

    assert proof is Proof.SOLVED
    assert difficulty is not None
    assert difficulty >= 800


def test_a_slow_reader_s_proof_is_made_anew_when_the_button_is_pressed(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()
    page.clock.install()
    to_the_last_page(page, site)
    expect(page.locator(FIELD)).to_have_value(re.compile(".+"), timeout=SOLVED_WITHIN)
    first = page.locator(FIELD).input_value()
    page.clock.fast_forward("09:30")

    with page.expect_request(lambda request: request.method == "POST") as sending:
        receipt = send(page)

    assert nonce(posted(sending.value)) != nonce(first)
    assert marks(site, receipt)[0] is Proof.SOLVED


def test_without_javascript_the_comment_is_taken_without_one(visitor: Visitor, site: RunningSite) -> None:
    page = visitor(java_script_enabled=False)
    to_the_last_page(page, site)

    assert marks(site, send(page)) == (Proof.NONE, None)


def test_where_the_browser_has_no_cryptography_the_comment_is_taken_without_one(
    visitor: Visitor, site: RunningSite
) -> None:
    page = visitor()
    page.add_init_script("delete Crypto.prototype.subtle")
    to_the_last_page(page, site)

    assert marks(site, send(page)) == (Proof.NONE, None)
