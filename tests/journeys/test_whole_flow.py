"""What a citizen does from beginning to end, in both languages: read a list, comment on two of its paragraphs, check,
send, look it up, replace one, take one back, say what one thinks of an answer, appeal a withholding.

Once with a telephone, where every page met is looked at by axe-core, fits 320 px and can be followed by ear; once with
the keys alone; once without a script.
"""

from collections.abc import Callable
from itertools import count

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from gongshi.admissions import queries as admissions
from gongshi.comments.models import Appeal, Comment, CommentState
from gongshi.objections import responses
from gongshi.objections.models import Placement
from gongshi.web.settings import settings
from journeys.conftest import Visitor
from journeys.furnished import session_of
from journeys.kinds import LANGUAGES
from journeys.landmarks import Receipt, receipt_of
from journeys.pages import ReceiptPage
from journeys.reading_order import Told
from journeys.running import RunningSite
from journeys.test_accessibility import BUT_COLOURS, faults
from journeys.test_any_screen import misfits
from journeys.test_keyboard import Keyboard

TEXTS = "请写明人工复核的时限。", "数据保存期限从何时起算？"
NEW, WHY = "请写明：三个工作日内由人工复核。", "答复没有回应我的问题。"
NAME = "示例提意见人乙"
NARROW = 320
_times = count(1)

in_both_languages = pytest.mark.parametrize("language", LANGUAGES, ids=LANGUAGES.values())


class Finger:
    """A person who touches what is shown."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def follow(self, selector: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def tick(self, name: str, value: str) -> None:
        self.page.locator(f"input[name={name}][value={value}]").first.check()

    def type(self, selector: str, text: str) -> None:
        self.page.locator(selector).first.fill(text)

    def unfold(self, selector: str) -> None:
        self.page.locator(selector).first.click()


class Keys(Finger):
    """A person who only presses keys, and sees each time where they are."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.board = Keyboard(page)

    def follow(self, selector: str) -> None:
        self.board.follow(selector)

    def tick(self, name: str, value: str) -> None:
        self.board.to(f"input[name={name}]")
        self.page.keyboard.press("Space")
        for _ in range(4):
            if self.page.evaluate("() => document.activeElement.value") == value:
                break
            self.page.keyboard.press("ArrowDown")
        assert self.page.locator(f"input[name={name}][value={value}]").first.is_checked()

    def type(self, selector: str, text: str) -> None:
        self.board.to(selector)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def unfold(self, selector: str) -> None:
        self.board.to(selector)
        self.page.keyboard.press("Enter")


class Citizen:
    """Goes the whole way; at every page that is met, `look` is called."""

    def __init__(self, hand: Finger, site: RunningSite, language: str, look: Callable[[], None]) -> None:
        self.hand, self.page, self.site, self.look = hand, hand.page, site, look
        self.home = "/en/" if language == "en" else "/"

    def writes_two_and_checks(self) -> None:
        self._comes_to(self.home)
        for link in (".box.open .btn:not(.second)", "th a", "#p-2 .margin a", "button[value=review]"):
            self._follows(link)
        self._is_told("alert")
        self._writes("suggest", TEXTS[0])
        self._follows("button[value=add]")
        self._follows("button[value=write][formaction$='paragraph=p-5']")
        self._writes("ask", TEXTS[1])
        self._follows("button[value=review]")
        self._unfolds("details.person summary")
        self.hand.type("#name", NAME)

    def sends(self) -> Receipt:
        self._follows("button.btn[value=send]")
        for text in TEXTS:
            expect(self.page.locator(".receipt")).to_contain_text(text)
        self._unfolds("#mail summary")
        return ReceiptPage(self.page).receipt

    def looks_up(self, receipt: Receipt) -> None:
        self._comes_to(f"{self.home}receipts/")
        self.hand.type("#number", receipt.number)
        self.hand.type("#secret", receipt.secret)
        self._follows("#look-up button")
        assert receipt.secret not in self.page.url

    def replaces_the_first(self) -> None:
        self._unfolds("[id^=acts-] summary")
        self.hand.type("[id^=acts-] textarea[name=text]", NEW)
        self._follows("form[action$='/receipts/replace'] button")
        self._is_told("status")
        expect(self.page.locator("main")).to_contain_text(NEW)

    def takes_back_the_first(self) -> None:
        self._follows("form[action$='/receipts/withdraw'] button")
        self._follows("button[name=sure]")
        self._is_told("status")

    def is_not_satisfied(self) -> None:
        if not self.page.locator("[id^=response-] details").first.evaluate("one => one.open"):
            self._unfolds("[id^=response-] summary")
        self.hand.tick("satisfied", "no")
        self.hand.type("textarea[id^=response-reason]", f"{WHY}（第{next(_times)}次）")
        self._follows("form[action$='/receipts/response'] button")
        self._is_told("status")

    def appeals(self) -> None:
        self.hand.type("textarea[id^=appeal-reason]", WHY)
        self._follows("form[action$='/receipts/appeal'] button")
        self._is_told("status")

    def _comes_to(self, path: str) -> None:
        self.page.goto(self.site.address(path))
        self.look()

    def _follows(self, selector: str) -> None:
        self.hand.follow(selector)
        self.look()

    def _unfolds(self, selector: str) -> None:
        self.hand.unfold(selector)
        self.look()

    def _writes(self, kind: str, text: str) -> None:
        self.hand.tick("kind", kind)
        self.hand.type("#text", text)

    def _is_told(self, role: str) -> None:
        """What was done, or not done, has the focus and is said aloud."""
        expect(self.page.get_by_role(role).first).to_be_focused()  # type: ignore[arg-type]  # One of two roles.


@pytest.fixture
def receipts(site: RunningSite) -> tuple[Receipt, Receipt]:
    """Of a comment whose answer can still be judged, and of one that was withheld and that nobody appealed yet."""
    with site.app.app_context(), session_of(site.app) as session:
        placed = session.scalars(select(Comment).join(Placement, Placement.comment_id == Comment.id))
        answered = next(
            one
            for one in placed
            if any(admissions.takes_responses(session, given) for given in responses.given_to(session, one))
        )
        appealed = select(Appeal.comment_id)
        withheld = session.scalars(
            select(Comment).where(Comment.state == CommentState.WITHHELD, Comment.id.not_in(appealed)).limit(1)
        ).one()
        return receipt_of(answered.submission, settings()), receipt_of(withheld.submission, settings())


def the_whole_way(citizen: Citizen, receipts: tuple[Receipt, Receipt]) -> None:
    answered, withheld = receipts
    citizen.writes_two_and_checks()
    citizen.looks_up(citizen.sends())
    citizen.replaces_the_first()
    citizen.takes_back_the_first()
    citizen.looks_up(answered)
    citizen.is_not_satisfied()
    citizen.looks_up(withheld)
    citizen.appeals()


@in_both_languages
def test_on_a_narrow_telephone_every_page_fits_and_can_be_followed_by_ear(
    visitor: Visitor, site: RunningSite, receipts: tuple[Receipt, Receipt], language: str
) -> None:
    page = visitor(width=NARROW)
    seen: dict[str, list[str]] = {}

    def look() -> None:
        page.wait_for_load_state()
        found = [*misfits(page), *Told(page).faults(), *faults(page, BUT_COLOURS)]
        seen[f"{len(seen)} {page.title()}"] = found

    the_whole_way(Citizen(Finger(page), site, language, look), receipts)

    assert len(seen) > 15
    assert not {name: found for name, found in seen.items() if found}


@in_both_languages
def test_with_the_keys_alone(
    visitor: Visitor, site: RunningSite, receipts: tuple[Receipt, Receipt], language: str
) -> None:
    page = visitor()

    the_whole_way(Citizen(Keys(page), site, language, lambda: None), receipts)


@in_both_languages
def test_without_a_script(
    visitor: Visitor, site: RunningSite, receipts: tuple[Receipt, Receipt], language: str
) -> None:
    page = visitor(width=NARROW, java_script_enabled=False)

    the_whole_way(Citizen(Finger(page), site, language, lambda: None), receipts)


BROKEN = {
    "a heading left out": "document.querySelector('main h2').ariaLevel = '4'",
    "a button without a name": "document.querySelector('main button').replaceChildren()",
    "a field hidden from the tree": "document.querySelector('#text').closest('.field').ariaHidden = 'true'",
    "another order than it looks": "document.querySelector('form#comment').style.cssText ="
    "'display: flex; flex-direction: column-reverse'",
    "a fault that is not told": "document.querySelector('#text').removeAttribute('aria-describedby')",
    "what is wrong, silently": "document.querySelector('#faults').removeAttribute('role')",
}


@pytest.mark.parametrize("harm", BROKEN)
def test_what_cannot_be_followed_by_ear_is_noticed(visitor: Visitor, site: RunningSite, harm: str) -> None:
    page = visitor(width=NARROW)
    page.goto(site.address(f"/consultations/{site.landmarks.names['open']}/comment?project=3&version=1&paragraph=p-2"))
    Finger(page).follow("button[value=review]")
    assert not Told(page).faults()

    page.evaluate(BROKEN[harm])

    assert Told(page).faults()
