"""Pages that have no address of their own, because something has to be sent first: how each is reached."""

import re
from collections.abc import Callable
from secrets import token_urlsafe

from playwright.sync_api import Page

from gongshi.subscriptions.links import stop_token
from gongshi.subscriptions.models import Subscription
from gongshi.subscriptions.queries import by_confirm_token
from gongshi.web.keys import mail_key
from journeys.furnished import session_of
from journeys.kinds import LIST, Kind
from journeys.landmarks import Receipt
from journeys.pages import CommentForm, LookUp
from journeys.running import RunningSite
from web.mailbox import text_of

FORM = Kind("the form", "comments.form", {**LIST, "project": "3", "version": "1", "paragraph": "p-2"})
LOOK_UP = Kind("the look-up", "receipts.look_up")
UNKNOWN = Receipt("HZ-00000-00000", "00000-00000-00000-00000-00000-0")
MANY_LOOK_UPS, MANY_COMMENTS = 30, 5

Way = Callable[[Page, RunningSite, str], None]


def no_such_page(page: Page, site: RunningSite, language: str) -> None:
    page.goto(site.address(("/en" if language == "en" else "") + "/nothing-here/"))


def form_with_errors(page: Page, site: RunningSite, language: str) -> None:
    page.goto(site.address(FORM.path(site, language)))
    CommentForm(page).check()


def several_written(page: Page, site: RunningSite, language: str) -> CommentForm:
    """The form for the second comment of a sitting, filled in."""
    page.goto(site.address(FORM.path(site, language)))
    form = CommentForm(page)
    form.choose("oppose")
    form.write("本段没有写明人工复核的时限。" * 8, resolution="写明时限。")
    form = form.also_on(4, "p-3")
    form.choose("ask")
    form.write("http://example.org/" + "a" * 300)
    return form


def second_comment(page: Page, site: RunningSite, language: str) -> None:
    several_written(page, site, language)


def choosing_a_project(page: Page, site: RunningSite, language: str) -> None:
    choosing_a_paragraph(page, site, language)
    with page.expect_navigation():
        page.locator("button[value=choose]").click()


def choosing_a_paragraph(page: Page, site: RunningSite, language: str) -> None:
    several_written(page, site, language)
    with page.expect_navigation():
        page.locator("form#comment button[value=add]").click()


def checking(page: Page, site: RunningSite, language: str) -> None:
    several_written(page, site, language).check()
    page.locator("details.person summary").click()


def checking_with_errors(page: Page, site: RunningSite, language: str) -> None:
    checked = several_written(page, site, language).check()
    checked.tell(name="名" * 101)
    checked.page.locator("#publish_name").check()
    checked.send()


def draft_restored(page: Page, site: RunningSite, language: str) -> None:
    several_written(page, site, language)
    page.goto(page.url)


def receipt(page: Page, site: RunningSite, language: str) -> None:
    page.goto(site.address(FORM.path(site, language)))
    send_comment(page, "建议在本段写明人工复核的时限。")


def send_comment(page: Page, text: str) -> None:
    """From the form to the receipt."""
    form = CommentForm(page)
    form.choose("suggest")
    form.write(text)
    form.send()


def just_received(page: Page, site: RunningSite, language: str) -> None:
    """What became of a comment that can still be replaced, with the form for that unfolded."""
    receipt(page, site, language)
    with page.expect_navigation():
        page.locator('.receipt > .acts form[action$="/receipts/"] button').click()
    page.locator("[id^=acts-] summary").click()


def replaced(page: Page, site: RunningSite, language: str) -> None:
    just_received(page, site, language)
    _press_replace(page, "请在本段写明人工复核的时限。")


def not_replaced(page: Page, site: RunningSite, language: str) -> None:
    just_received(page, site, language)
    _press_replace(page, "")


def _press_replace(page: Page, text: str) -> None:
    page.locator("[id^=acts-] textarea[name=text]").fill(text)
    with page.expect_navigation():
        page.locator('form[action$="/receipts/replace"] button').click()


def taking_back(page: Page, site: RunningSite, language: str) -> None:
    just_received(page, site, language)
    with page.expect_navigation():
        page.locator('form[action$="/receipts/withdraw"] button').click()


def taken_back(page: Page, site: RunningSite, language: str) -> None:
    taking_back(page, site, language)
    with page.expect_navigation():
        page.locator("button[name=sure]").click()


def mail_refused(page: Page, site: RunningSite, language: str) -> None:
    receipt(page, site, language)
    ask_for_mail(page, "shili at example.cn")


def address_confirmed(page: Page, site: RunningSite, language: str) -> None:
    confirm, _ = links_of_a_mail(page, site, language)
    page.goto(confirm)
    _press_only_button(page)


def mail_stopped(page: Page, site: RunningSite, language: str) -> None:
    _, stop = links_of_a_mail(page, site, language)
    page.goto(stop)
    _press_only_button(page)


def links_of_a_mail(page: Page, site: RunningSite, language: str) -> tuple[str, str]:
    """Ask for mail about a comment just sent: the link in what comes, and the one to stop, which later mails have."""
    receipt(page, site, language)
    address = f"{token_urlsafe(9).lower()}@example.cn".replace("_", "0").lstrip("-")
    ask_for_mail(page, address)
    chinese, english = re.findall(r"http://\S+/mail/confirm/\S+", text_of(site.mailbox.wait_for(address)))
    confirm = english if language == "en" else chinese
    with session_of(site.app) as session:
        subscription = by_confirm_token(session, confirm.rpartition("/")[2])
    assert subscription is not None
    return confirm, site.address(Kind("", "mail.stop", {"token": _stop_token(site, subscription)}).path(site, language))


def _stop_token(site: RunningSite, subscription: Subscription) -> str:
    return stop_token(mail_key(site.app.config["SITE"]), subscription.id)


def ask_for_mail(page: Page, address: str) -> None:
    page.locator("#mail summary").click()
    page.locator("#mail-address").fill(address)
    with page.expect_navigation():
        page.locator("#mail form button").click()


def _press_only_button(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main form button").click()


def receipt_not_found(page: Page, site: RunningSite, language: str) -> None:
    page.goto(site.address(LOOK_UP.path(site, language)))
    LookUp(page).look_up(UNKNOWN)


def status(page: Page, site: RunningSite, language: str) -> None:
    """Of a comment that went all the way: published, grouped, answered, lines changed, decided."""
    page.goto(site.address(LOOK_UP.path(site, language)))
    LookUp(page).look_up(site.landmarks.receipt)


def too_many_look_ups(page: Page, site: RunningSite, language: str) -> None:
    address = site.address(LOOK_UP.path(site, language))
    for _ in range(MANY_LOOK_UPS):
        page.request.post(address, form={"number": UNKNOWN.number, "secret": UNKNOWN.secret})
    receipt_not_found(page, site, language)


def too_many_comments(page: Page, site: RunningSite, language: str) -> None:
    address = site.address(FORM.path(site, language))
    # As in a browser that cannot do the proof of work: then an hour's share is small.
    page.route("**/proof.js*", lambda route: route.fulfill(content_type="text/javascript", body=""))
    for _ in range(MANY_COMMENTS):
        comment = {"submission_key": token_urlsafe(24), "kind": "support", "text": "支持。", "resolution": ""}
        assert page.request.post(address, form=comment).status == 201
    receipt(page, site, language)


REACHED: dict[str, tuple[int, Way]] = {
    "a page that is not there": (404, no_such_page),
    "the form with errors": (422, form_with_errors),
    "the form for the second comment": (200, second_comment),
    "choosing a project": (200, choosing_a_project),
    "choosing a paragraph": (200, choosing_a_paragraph),
    "checking before sending": (200, checking),
    "checking with errors": (422, checking_with_errors),
    "a draft put back": (200, draft_restored),
    "the receipt": (201, receipt),
    "a comment just received": (200, just_received),
    "a comment replaced": (200, replaced),
    "a comment not replaced": (422, not_replaced),
    "taking a comment back": (200, taking_back),
    "a comment taken back": (200, taken_back),
    "mail to no address": (422, mail_refused),
    "an address confirmed": (200, address_confirmed),
    "mail stopped": (200, mail_stopped),
    "a receipt not found": (404, receipt_not_found),
    "what became of a comment": (200, status),
    "too many look-ups": (429, too_many_look_ups),
    "too many comments": (429, too_many_comments),
}
