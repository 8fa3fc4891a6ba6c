"""Pages that have no address of their own, because something has to be sent first: how each is reached."""

from collections.abc import Callable
from secrets import token_urlsafe

from playwright.sync_api import Page

from journeys.kinds import LIST, Kind
from journeys.landmarks import Receipt
from journeys.pages import CommentForm, LookUp
from journeys.running import RunningSite

FORM = Kind("the form", "comments.form", {**LIST, "project": "3", "version": "1", "paragraph": "p-2"})
LOOK_UP = Kind("the look-up", "receipts.look_up")
UNKNOWN = Receipt("HZ-00000-00000", "00000-00000-00000-00000-00000-0")
MANY_LOOK_UPS, MANY_COMMENTS = 30, 5

Way = Callable[[Page, RunningSite, str], None]


def no_such_page(page: Page, site: RunningSite, language: str) -> None:
    page.goto(site.address(("/en" if language == "en" else "") + "/nothing-here/"))


def form_with_errors(page: Page, site: RunningSite, language: str) -> None:
    page.goto(site.address(FORM.path(site, language)))
    CommentForm(page).send()


def receipt(page: Page, site: RunningSite, language: str) -> None:
    page.goto(site.address(FORM.path(site, language)))
    form = CommentForm(page)
    form.choose("suggest")
    form.write("建议在本段写明人工复核的时限。")
    form.send()


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
    for _ in range(MANY_COMMENTS):
        comment = {"submission_key": token_urlsafe(24), "kind": "support", "text": "支持。", "resolution": ""}
        assert page.request.post(address, form=comment).status == 201
    receipt(page, site, language)


REACHED: dict[str, tuple[int, Way]] = {
    "a page that is not there": (404, no_such_page),
    "the form with errors": (422, form_with_errors),
    "the receipt": (201, receipt),
    "a receipt not found": (404, receipt_not_found),
    "what became of a comment": (200, status),
    "too many look-ups": (429, too_many_look_ups),
    "too many comments": (429, too_many_comments),
}
