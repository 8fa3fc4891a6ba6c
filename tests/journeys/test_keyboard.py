"""Everything can be done without a mouse, and one always sees where one is."""

import pytest
from playwright.sync_api import Page, expect

from journeys.conftest import Visitor
from journeys.kinds import MAIN, Kind
from journeys.landmarks import Receipt
from journeys.pages import ReceiptPage, Status
from journeys.running import RunningSite

# What a reader can act on, as far as it is shown; of a group of radio buttons one is a stop.
STOPS = """() => {
  const all = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")];
  const shown = all.filter(one => !one.disabled && one.checkVisibility({visibilityProperty: true}));
  return shown.filter((one, place) => one.type !== "radio" ||
    shown.findIndex(other => other.type === "radio" && other.name === one.name) === place);
}"""
# How the focused element shows that it is: an outline, or in a drawing the thick edge of its box.
SEEN = """one => {
  const style = getComputedStyle(one), box = one.querySelector("rect");
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return outlined || (box !== null && parseFloat(getComputedStyle(box).strokeWidth) >= 4);
}"""
LISTEN = f"""() => {{
  const stops = ({STOPS})(), seen = {SEEN};
  window.reached = new Set();
  window.unseen = [];
  window.stops = stops;
  document.addEventListener("focusin", event => {{
    window.reached.add(event.target);
    if (!seen(event.target)) window.unseen.push(event.target.outerHTML.slice(0, 200));
  }});
  return stops.length;
}}"""
LEFT_OUT = "() => window.stops.filter(one => !window.reached.has(one)).map(one => one.outerHTML.slice(0, 200))"
FARTHEST = 400


class Keyboard:
    """A person who only presses keys."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, selector: str) -> None:
        """Tab on until the element that matches is focused, and see that it is."""
        for _ in range(FARTHEST):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                assert self.page.evaluate(f"() => ({SEEN})(document.activeElement)"), (
                    f"{selector} does not show its focus"
                )
                return
        raise AssertionError(f"{selector} cannot be reached with Tab")

    def follow(self, selector: str) -> None:
        self.to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def choose(self, selector: str, value: str) -> None:
        """In a drop-down list, with the arrow."""
        self.to(selector)
        for _ in range(FARTHEST):
            if self.page.locator(selector).input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} cannot be chosen in {selector}")

    def type(self, selector: str, text: str) -> None:
        self.to(selector)
        self.page.keyboard.insert_text(text)


def focused(page: Page) -> str:
    return str(page.evaluate("() => document.activeElement.id"))


def test_the_first_tab_offers_to_skip_to_the_content(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()
    page.goto(site.address("/"))

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("() => document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("kind", MAIN, ids=str)
def test_all_that_can_be_clicked_is_reached_with_tab_and_seen(visitor: Visitor, site: RunningSite, kind: Kind) -> None:
    page = visitor()
    page.goto(site.address(kind.path(site)))
    stops = page.evaluate(LISTEN)

    for _ in range(stops):
        page.keyboard.press("Tab")

    assert not page.evaluate(LEFT_OUT)
    assert not page.evaluate("() => window.unseen")


def test_a_comment_is_sent_and_looked_up_by_keyboard_alone(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()
    keyboard = Keyboard(page)
    page.goto(site.address("/"))
    keyboard.follow(".box.open .btn:not(.second)")
    keyboard.choose("#scenario", "智能投顾")
    keyboard.follow(".filter button")
    keyboard.follow("th a")
    keyboard.follow("#p-2 .margin a")

    keyboard.to("input[name=kind]")
    page.keyboard.press("Space")
    keyboard.follow("form#comment button")
    assert focused(page) == "faults"
    keyboard.to("#faults a")
    page.keyboard.press("Enter")
    assert focused(page) == "text"
    page.keyboard.insert_text("请写明人工复核的时限。")
    keyboard.follow("form#comment button")
    keyboard.follow("form#comment button.btn[value=send]")
    receipt: Receipt = ReceiptPage(page).receipt
    keyboard.follow("main a[href$='/receipts/']")
    keyboard.type("#number", receipt.number)
    keyboard.type("#secret", receipt.secret)
    keyboard.follow("main form button")

    assert Status(page).passed() == ["收到"]
