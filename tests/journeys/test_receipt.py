"""The receipt in a real browser: kept, printed, scanned, and used to replace, take back and withdraw."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from gongshi.web import qr
from journeys.conftest import Visitor
from journeys.kinds import LANGUAGES
from journeys.landmarks import Receipt
from journeys.pages import LookUp, ReceiptPage, Status
from journeys.reached import FORM, LOOK_UP, send_comment
from journeys.running import RunningSite
from proof_checking import check

TEXT = "建议在本段写明人工复核的时限。"
NEW = "建议写明：收到申诉后三个工作日内由人工复核。"

in_both_languages = pytest.mark.parametrize("language", LANGUAGES, ids=LANGUAGES.values())


def sent(page: Page, site: RunningSite, language: str = "public") -> Receipt:
    """Send a comment on one paragraph; the browser stands on the receipt."""
    page.goto(site.address(FORM.path(site, language)))
    send_comment(page, TEXT)
    return ReceiptPage(page).receipt


def press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


def to_the_status(page: Page) -> Status:
    press(page, '.receipt > .acts form[action$="/receipts/"] button')
    return Status(page)


def replace(page: Page, text: str) -> None:
    page.locator("[id^=acts-] summary").click()
    page.locator("[id^=acts-] textarea[name=text]").fill(text)
    press(page, 'form[action$="/receipts/replace"] button')


@in_both_languages
def test_a_short_receipt_is_printed_on_one_page_with_all_that_opens_it(
    visitor: Visitor, site: RunningSite, language: str, tmp_path: Path
) -> None:
    page = visitor()
    receipt = sent(page, site, language)

    paper = page.pdf(path=str(tmp_path / "receipt.pdf"), format="A4")

    page.emulate_media(media="print")
    printed = page.locator("body").inner_text()
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    assert receipt.number in printed
    assert receipt.secret in printed
    assert site.address("/en/receipts/" if language == "en" else "/receipts/") in printed
    assert TEXT in printed
    for unwanted in (".menu", ".foot nav", ".copy", "main form", "[data-print]"):
        expect(page.locator(unwanted).first).to_be_hidden()
    expect(page.locator(".qr img")).to_be_visible()


def test_the_scanned_code_fills_the_look_up_and_leaves_the_address_bar(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()
    receipt = sent(page, site)
    address = f"{site.address('/receipts/')}#{receipt.number}.{receipt.secret}"
    assert page.locator(".qr img").get_attribute("src") == qr.picture(address)
    asked: list[str] = []
    telephone = visitor(width=375)
    telephone.on("request", lambda request: asked.append(request.url))

    telephone.goto(address)

    expect(telephone.locator("#number")).to_have_value(receipt.number)
    expect(telephone.locator("#secret")).to_have_value(receipt.secret)
    assert telephone.url == site.address("/receipts/")
    assert not [one for one in asked if receipt.secret in one]
    press(telephone, "#look-up button")
    expect(telephone.locator("main")).to_contain_text(TEXT)


def test_without_javascript_both_lines_are_typed(visitor: Visitor, site: RunningSite) -> None:
    page = visitor(java_script_enabled=False, width=320)
    receipt = sent(page, site)

    expect(page.locator(".copy").first).to_be_hidden()
    page.goto(f"{site.address('/receipts/')}#{receipt.number}.{receipt.secret}")
    expect(page.locator("#number")).to_have_value("")
    LookUp(page).look_up(receipt)

    expect(page.locator("main")).to_contain_text(TEXT)


def test_both_lines_can_be_copied(visitor: Visitor, site: RunningSite) -> None:
    page = visitor(permissions=["clipboard-read", "clipboard-write"])
    receipt = sent(page, site)

    page.locator("[data-copy=receipt-secret]").click()

    expect(page.locator("[data-copy=receipt-secret]")).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == receipt.secret


def test_the_files_are_saved_and_prove_the_comment_without_the_site(
    visitor: Visitor, browser: Browser, site: RunningSite, tmp_path: Path
) -> None:
    page = visitor()
    receipt = sent(page, site)

    with page.expect_download() as proof:
        page.locator('form[action$="/receipts/proof"] button').click()
    with page.expect_download() as whole:
        page.locator('form[action$="/receipts/file"] button').click()

    assert proof.value.suggested_filename == f"意见回执-{ReceiptPage(page).comment_number}.tlog-proof"
    saved = tmp_path / "receipt.html"
    whole.value.save_as(saved)
    offline = browser.new_page(offline=True)
    offline.goto(saved.as_uri())
    expect(offline.locator("body")).to_contain_text(receipt.secret)
    key = offline.locator("pre").last.inner_text()
    offline.close()
    assert check(Path(proof.value.path()).read_bytes(), key.strip()).opened == {"text": TEXT}


@in_both_languages
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_comment_is_replaced_and_then_taken_back(
    visitor: Visitor, site: RunningSite, language: str, javascript: bool
) -> None:
    page = visitor(width=375, java_script_enabled=javascript)
    receipt = sent(page, site, language)
    number = ReceiptPage(page).comment_number
    to_the_status(page)

    replace(page, NEW)

    expect(page.get_by_role("status")).to_contain_text(number)
    expect(page.locator("main")).to_contain_text(NEW)
    press(page, 'form[action$="/receipts/withdraw"] button')
    expect(page.locator("main")).to_contain_text(number)
    press(page, "button[name=sure]")
    expect(page.get_by_role("status")).to_contain_text(number)
    assert page.locator('form[action$="/receipts/withdraw"]').count() == 0
    assert receipt.secret not in page.url
    page.goto(site.address(f"/comments/{number}/"))
    expect(page.locator(".tombstone")).to_contain_text("收回")


def test_who_changes_their_mind_twice_leaves_everything_as_it_is(visitor: Visitor, site: RunningSite) -> None:
    page = visitor(java_script_enabled=False)
    sent(page, site)
    to_the_status(page)
    press(page, 'form[action$="/receipts/withdraw"] button')

    press(page, 'main form[action$="/receipts/"] button')

    expect(page.locator("main")).to_contain_text(TEXT)
    expect(page.locator('form[action$="/receipts/withdraw"] button')).to_have_count(1)


def test_words_that_are_refused_stay_in_the_form(visitor: Visitor, site: RunningSite) -> None:
    page = visitor(java_script_enabled=False)
    sent(page, site)
    to_the_status(page)

    replace(page, "长" * 10_001)

    expect(page.get_by_role("alert")).to_contain_text("10001")
    expect(page.locator("[id^=acts-] textarea[name=text]")).to_have_value("长" * 10_001)
    assert page.locator("[id^=acts-] details[open]").count() == 1


@in_both_languages
def test_all_of_it_is_done_by_keyboard(visitor: Visitor, site: RunningSite, language: str) -> None:
    page = visitor()
    sent(page, site, language)
    to_the_status(page)

    _tab_to(page, "[id^=acts-] summary")
    page.keyboard.press("Enter")
    _tab_to(page, "[id^=acts-] textarea[name=text]")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(NEW)
    _tab_to(page, 'form[action$="/receipts/replace"] button')
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "status"
    _tab_to(page, 'form[action$="/receipts/withdraw"] button')
    with page.expect_navigation():
        page.keyboard.press("Enter")
    _tab_to(page, "button[name=sure]")
    with page.expect_navigation():
        page.keyboard.press("Space")

    expect(page.get_by_role("status")).to_be_visible()


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key never came to {selector}")


def test_an_unknown_code_fills_in_nothing(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()

    page.goto(site.address(LOOK_UP.path(site, "public")) + "#<img src=x onerror=alert(1)>.AAAA")

    expect(page.locator("#number")).to_have_value("")
    expect(page.locator("#secret")).to_have_value("")
