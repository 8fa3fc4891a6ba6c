"""The draft in the browser: there after whatever went wrong, gone when the receipt is here, and never kept unasked."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from gongshi import db
from journeys.conftest import Visitor
from journeys.kinds import LIST, Kind
from journeys.pages import Checking, CommentForm
from journeys.running import RunningSite

TEXT = "草稿：本段没有写明人工复核的时限。\n请写明几个工作日内由人工复核。👨‍👩‍👧"
FORBIDDEN = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }});"
FULL = """() => {
  let piece = "x".repeat(1024 * 1024);
  for (let n = 0; piece; n++) {
    try { localStorage.setItem(`filler ${n}`, piece); } catch { piece = piece.slice(0, piece.length / 2); }
  }
}"""
DRAFTS = "() => Object.keys(localStorage).filter(name => name.startsWith('gongshi-draft ')).length"
IN_STORAGE = "() => JSON.stringify({...localStorage})"


def form_on(project: int, key: str) -> Kind:
    return Kind("a form", "comments.form", {**LIST, "project": str(project), "version": "1", "paragraph": key})


FIRST, SECOND = form_on(3, "p-2"), form_on(4, "p-3")


def begun(page: Page, site: RunningSite, kind: Kind = FIRST) -> CommentForm:
    """A comment that is written and not sent."""
    page.goto(site.address(kind.path(site)))
    form = CommentForm(page)
    form.choose("suggest")
    form.write(TEXT, resolution="写明时限。")
    return form


def reopened(visitor: Visitor, page: Page, **how: Any) -> Page:
    """The same browser after it was closed: a new window with what the old one had stored, and nothing else."""
    stored = page.context.storage_state()
    page.close()
    return visitor(storage_state=stored, **how)


def expect_draft(page: Page) -> CommentForm:
    form = CommentForm(page)
    expect(form.text).to_have_value(TEXT)
    expect(form.resolution).to_have_value("写明时限。")
    assert form.chosen() == "suggest"
    expect(page.locator("#draft")).to_contain_text("草稿已恢复到表单中")
    return form


def test_a_closed_browser_finds_its_draft_again_and_sends_it(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()
    begun(page, site)

    page = reopened(visitor, page)
    page.goto(site.address(FIRST.path(site)))

    receipt = expect_draft(page).send()
    assert receipt.receipt.number.startswith("HZ-")
    assert page.evaluate(DRAFTS) == 0
    expect(page.locator(".receipt")).to_contain_text(TEXT.splitlines()[0])


def test_what_was_checked_but_not_sent_is_a_draft_too(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()
    begun(page, site).also_on(4, "p-3")
    CommentForm(page).choose("ask")
    CommentForm(page).write("第二条")
    CommentForm(page).check()

    page = reopened(visitor, page)
    page.goto(site.address(SECOND.path(site)))
    expect(page.locator("#draft")).to_contain_text("含 2 条意见")
    with page.expect_navigation():
        page.get_by_role("button", name="核对并提交草稿").click()

    checking = Checking(page)
    expect(checking.comments).to_have_count(2)
    expect(checking.comments.first).to_contain_text(TEXT.splitlines()[0])
    checking.send()
    assert page.evaluate(DRAFTS) == 0


def test_a_comment_written_elsewhere_can_be_added_to_the_draft(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()
    begun(page, site)
    page.goto(site.address(SECOND.path(site)))

    page.get_by_role("button", name="把这一条加入草稿").click()
    form = CommentForm(page)
    form.choose("ask")
    form.write("第二条，在别处写的")
    checking = form.check()

    expect(checking.comments).to_have_count(2)
    expect(checking.comments.nth(0)).to_contain_text(TEXT.splitlines()[0])
    expect(checking.comments.nth(1)).to_contain_text("第二条，在别处写的")
    checking.send()
    assert page.evaluate(DRAFTS) == 0


def test_one_can_go_on_where_the_draft_was_begun(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()
    begun(page, site)
    page.goto(site.address(SECOND.path(site)))

    with page.expect_navigation():
        page.get_by_role("button", name="继续填写草稿").click()

    expect_draft(page)
    assert "paragraph=p-2" in page.url


def test_a_draft_can_be_discarded(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()
    begun(page, site)
    page.goto(site.address(FIRST.path(site)))

    page.get_by_role("button", name="丢弃草稿").click()

    expect(CommentForm(page).text).to_have_value("")
    expect(page.locator("#draft")).to_contain_text("草稿已丢弃")
    assert page.evaluate(DRAFTS) == 0
    page.reload()
    expect(page.locator("#draft")).to_be_hidden()


def test_a_busy_site_costs_no_letter(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()
    checking = begun(page, site).check()
    engine = db.make_engine(site.app.config["SITE"].database_url)

    with Session(engine) as other, db.writing(other), page.expect_response(lambda response: response.status == 503):
        checking.send()
    engine.dispose()

    expect(page.get_by_role("alert")).to_contain_text("系统繁忙")
    page = reopened(visitor, page)
    page.goto(site.address(SECOND.path(site)))
    with page.expect_navigation():
        page.get_by_role("button", name="核对并提交草稿").click()
    Checking(page).send()
    assert page.evaluate(DRAFTS) == 0


def test_without_a_connection_one_is_warned_and_loses_nothing(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()
    begun(page, site)
    page.context.set_offline(True)

    page.locator("button[value=review]").click()

    expect(page.locator("#draft")).to_contain_text("没有网络连接")
    expect(CommentForm(page).text).to_have_value(TEXT)
    page.context.set_offline(False)
    CommentForm(page).send()
    assert page.evaluate(DRAFTS) == 0


def test_a_lost_answer_is_asked_for_again_from_the_draft_and_counts_once(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()
    checking = begun(page, site).check()
    stored = page.context.storage_state()
    first = checking.send().receipt

    again = visitor(storage_state=stored)
    again.goto(site.address(SECOND.path(site)))
    with again.expect_navigation():
        again.get_by_role("button", name="核对并提交草稿").click()

    assert Checking(again).send().receipt == first


def test_on_a_shared_computer_no_draft_is_kept(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()
    form = begun(page, site)
    assert page.evaluate(DRAFTS) == 1

    page.get_by_label(re.compile("不在此设备上保存草稿")).check()
    form.text.fill(TEXT + "再补充一句。")
    form.check()

    assert page.evaluate(DRAFTS) == 0
    assert "草稿" not in page.evaluate(IN_STORAGE)
    page.goto(site.address(FIRST.path(site)))
    expect(CommentForm(page).text).to_have_value("")
    expect(page.get_by_label(re.compile("不在此设备上保存草稿"))).to_be_checked()


def test_name_and_contact_are_in_the_draft_only_if_one_says_so(visitor: Visitor, site: RunningSite) -> None:
    page = visitor()
    checking = begun(page, site).check()

    checking.tell(name="示例提意见人甲", contact="示例电话 000")
    assert "示例提意见人甲" not in page.evaluate(IN_STORAGE)
    page.get_by_label(re.compile("姓名和联系方式也保存")).check()
    assert "示例提意见人甲" in page.evaluate(IN_STORAGE)

    page = reopened(visitor, page)
    page.goto(site.address(SECOND.path(site)))
    with page.expect_navigation():
        page.get_by_role("button", name="核对并提交草稿").click()
    expect(page.locator("#name")).to_have_value("示例提意见人甲")
    expect(page.locator("#contact")).to_have_value("示例电话 000")


@pytest.mark.parametrize("trouble", ["forbidden", "full"])
def test_where_nothing_can_be_stored_everything_else_works(visitor: Visitor, site: RunningSite, trouble: str) -> None:
    page = visitor()
    if trouble == "forbidden":
        page.add_init_script(FORBIDDEN)
    page.goto(site.address(FIRST.path(site)))
    if trouble == "full":
        page.evaluate(FULL)
    form = CommentForm(page)
    form.choose("suggest")
    form.write(TEXT)

    expect(page.locator("#keeping")).to_contain_text("不允许网页保存草稿")
    assert form.send().receipt.number.startswith("HZ-")


def test_without_a_script_nothing_is_promised_that_only_a_script_does(visitor: Visitor, site: RunningSite) -> None:
    page = visitor(java_script_enabled=False)
    form = begun(page, site)

    expect(page.locator("#keeping")).to_be_hidden()
    expect(page.locator("#draft")).to_be_hidden()
    assert form.send().receipt.number.startswith("HZ-")
