"""Three comments on two projects in one sitting: on a telephone, by keyboard alone, in both languages, with and without
a script."""

import re

import pytest
from playwright.sync_api import Page, expect

from journeys.conftest import Visitor
from journeys.kinds import LIST, Kind
from journeys.pages import Checking, CommentForm
from journeys.running import RunningSite
from journeys.test_keyboard import Keyboard, focused

FORM = Kind("a form", "comments.form", {**LIST, "project": "3", "version": "1", "paragraph": "p-2"})
TEXTS = ["第一条：请写明复核的时限。", "第二条：请写明申诉的渠道。", "第三条：保存期限从何时起算？"]
NUMBERS = re.compile(r"\d{4}-[A-Z]{2}-\d{2}-\d{4}")


def write(page: Page, kind: str, text: str) -> CommentForm:
    form = CommentForm(page)
    form.choose(kind)
    form.write(text)
    return form


def three_written(page: Page, site: RunningSite, language: str = "public") -> Checking:
    page.goto(site.address(FORM.path(site, language)))
    write(page, "oppose", TEXTS[0]).also_on(3, "p-5")
    write(page, "suggest", TEXTS[1]).also_on(4, "p-3")
    return write(page, "ask", TEXTS[2]).check()


@pytest.mark.parametrize("script", [False, True], ids=["without a script", "with one"])
def test_three_paragraphs_of_two_projects_on_a_telephone(visitor: Visitor, site: RunningSite, script: bool) -> None:
    page = visitor(width=375, java_script_enabled=script)

    checking = three_written(page, site)

    expect(checking.comments).to_have_count(3)
    for place, text in enumerate(TEXTS):
        expect(checking.comments.nth(place)).to_contain_text(text)
    checking.send()
    receipt = page.locator(".receipt").inner_text()
    assert len(set(NUMBERS.findall(receipt))) == 3
    assert [text for text in TEXTS if text not in receipt] == []
    assert page.locator("#receipt-number").count() == 1


def test_a_comment_is_changed_left_out_and_put_back(visitor: Visitor, site: RunningSite) -> None:
    page = visitor(width=375, java_script_enabled=False)
    checking = three_written(page, site)

    form = checking.change(2)
    expect(form.text).to_have_value(TEXTS[1])
    form.text.fill("改过的第二条")
    checking = form.check()
    expect(checking.comments.nth(1)).to_contain_text("改过的第二条")
    page.locator("button[value=remove-1]").click()
    expect(checking.comments).to_have_count(2)
    page.locator("button[value=restore]").click()

    expect(checking.comments).to_have_count(3)
    expect(checking.comments.nth(0)).to_contain_text(TEXTS[0])


@pytest.mark.parametrize("language", ["public", "en"])
def test_a_sitting_by_keyboard_alone(visitor: Visitor, site: RunningSite, language: str) -> None:
    page = visitor()
    keyboard = Keyboard(page)
    page.goto(site.address(FORM.path(site, language)))

    keyboard.to("input[name=kind]")
    page.keyboard.press("Space")
    keyboard.type("#text", TEXTS[0])
    keyboard.follow("button[value=add]")
    keyboard.follow("button[value=write][formaction$='paragraph=p-5']")
    keyboard.to("input[name=kind]")
    page.keyboard.press("Space")
    keyboard.type("#text", TEXTS[1])
    keyboard.follow("button[value=review]")
    keyboard.to("details.person summary")
    page.keyboard.press("Enter")
    keyboard.to("#publish_name")
    page.keyboard.press("Space")
    keyboard.follow("button.btn[value=send]")
    assert focused(page) == "faults"
    keyboard.type("#name", "示例提意见人甲")
    # Enter in a field sends, and does not change the first comment.
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert len(set(NUMBERS.findall(page.locator(".receipt").inner_text()))) == 2


def test_what_is_read_aloud_comes_in_the_order_in_which_it_is_needed(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()
    three_written(page, site)

    tree = page.locator("main").aria_snapshot()

    order = ["提交前核对", "截止", "1. 第 3 号项目", TEXTS[0], "修改第 1 条意见", "2. 第 3 号项目", TEXTS[1],
             "3. 第 4 号项目", TEXTS[2], "姓名和联系方式", "提交这 3 条意见"]  # fmt: skip
    places = [tree.find(words) for words in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)
    assert tree.count("提交这 3 条意见") == 1
