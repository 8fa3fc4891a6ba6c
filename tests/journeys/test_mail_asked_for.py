"""Mail about a comment in a real browser: asked for by receipt, confirmed and stopped by the links in the mail."""

import re

import pytest
from playwright.sync_api import expect

from journeys.conftest import Visitor
from journeys.kinds import LANGUAGES
from journeys.pages import LookUp, ReceiptPage
from journeys.reached import LOOK_UP, ask_for_mail, links_of_a_mail, receipt
from journeys.running import RunningSite
from journeys.test_keyboard import Keyboard
from web.mailbox import text_of

in_both_languages = pytest.mark.parametrize("language", LANGUAGES, ids=LANGUAGES.values())


@in_both_languages
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_mail_is_asked_for_confirmed_and_stopped(
    visitor: Visitor, site: RunningSite, language: str, javascript: bool
) -> None:
    page = visitor(width=375, java_script_enabled=javascript)
    confirm, stop = links_of_a_mail(page, site, language)

    page.goto(confirm)
    opened = page.locator("main").inner_text()
    page.locator("main form button").click()

    expect(page.get_by_role("status")).to_be_visible()
    number = re.search(r"HZ-[0-9A-Z]{5}-[0-9A-Z]{5}", opened)
    assert number is not None
    expect(page.get_by_role("status")).to_contain_text(number.group())
    page.goto(stop)
    page.locator("main form button").click()
    expect(page.get_by_role("status")).to_contain_text(number.group())
    page.goto(confirm)
    assert page.locator("main form").count() == 0


def test_the_receipt_says_since_when_there_is_mail_and_stops_it(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()
    receipt(page, site, "public")
    slip = ReceiptPage(page).receipt
    ask_for_mail(page, "follows-by-receipt@example.cn")
    mail = text_of(site.mailbox.wait_for("follows-by-receipt@example.cn"))
    assert slip.secret not in mail
    link = re.search(r"http://\S+/mail/confirm/\S+", mail)
    assert link is not None
    page.goto(link.group())
    page.locator("main form button").click()
    expect(page.get_by_role("status")).to_be_visible()
    page.goto(site.address(LOOK_UP.path(site)))
    LookUp(page).look_up(slip)

    expect(page.locator("#mail")).to_contain_text("本站用邮件通知")
    page.locator("#mail form button").click()

    expect(page.get_by_role("status")).to_be_visible()
    expect(page.locator("#mail details")).to_have_count(1)


def test_mail_is_asked_for_by_keyboard_alone(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()
    keyboard = Keyboard(page)
    receipt(page, site, "public")

    keyboard.to("#mail summary")
    page.keyboard.press("Enter")
    keyboard.type("#mail-address", "shili at example.cn")
    keyboard.follow("#mail form button")
    assert page.evaluate("document.activeElement.id") == "faults"
    keyboard.to("#faults a")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "mail-address"
    expect(page.locator("#mail-address")).to_have_value("shili at example.cn")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("by-keys@example.cn")
    keyboard.follow("#mail form button")

    assert page.evaluate("document.activeElement.getAttribute('role')") == "status"
    assert site.mailbox.wait_for("by-keys@example.cn")
