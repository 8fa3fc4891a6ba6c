"""A citizen with a telephone and no JavaScript: from the first page to a receipt, and back with it."""

import pytest
from playwright.sync_api import Page, expect

from journeys.conftest import Visitor
from journeys.pages import CommentForm, FirstPage, LookUp, OpenList, Project, ReceiptPage
from journeys.running import RunningSite

TEXT = "第二段没有写明人工复核的时限。\n请写明：收到申诉后几个工作日内由人工复核。"
RESOLUTION = "在本段末尾补充“收到申诉后3个工作日内由人工复核”。"


@pytest.fixture
def phone(visitor: Visitor) -> Page:
    return visitor(width=375, height=800, java_script_enabled=False)


def to_the_form(page: Page, site: RunningSite) -> CommentForm:
    """From the first page, through the list and its filter, to the form for a paragraph."""
    page.goto(site.address("/"))
    FirstPage(page).open_list()
    projects = OpenList(page)
    projects.filter_by("场景", "智能投顾")
    expect(projects.projects).not_to_have_count(16)
    name = projects.open_first_project()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    return Project(page).comment_on("p-2")


def comment(page: Page, site: RunningSite) -> ReceiptPage:
    form = to_the_form(page, site)
    form.choose("suggest")
    form.write(TEXT, resolution=RESOLUTION)
    return form.send()


def test_a_citizen_finds_a_project_and_comes_to_the_form_of_one_paragraph(phone: Page, site: RunningSite) -> None:
    to_the_form(phone, site)

    expect(phone.get_by_role("heading", level=1)).to_have_text("对这一段提意见")
    assert "paragraph=p-2" in phone.url
    expect(phone.locator(".about blockquote")).not_to_be_empty()


def test_a_form_sent_without_text_says_so_and_loses_nothing(phone: Page, site: RunningSite) -> None:
    form = to_the_form(phone, site)
    form.choose("oppose")
    form.write("", resolution=RESOLUTION)

    form.send()

    expect(form.faults).to_contain_text("意见没有提交")
    expect(form.faults.get_by_role("link")).to_have_attribute("href", "#text")
    assert form.chosen() == "oppose"
    expect(form.resolution).to_have_value(RESOLUTION)
    form.text.fill(TEXT)
    assert form.send().receipt.number.startswith("HZ-")


def test_with_the_receipt_the_citizen_sees_where_the_comment_stands(phone: Page, site: RunningSite) -> None:
    receipt = comment(phone, site).receipt

    phone.get_by_role("link", name="回执查询", exact=True).first.click()
    status = LookUp(phone).look_up(receipt)

    expect(phone.locator("main")).to_contain_text(TEXT.splitlines()[0])
    assert status.passed() == ["收到"]
    assert status.stations.count() > 3
    assert receipt.secret not in phone.locator("body").inner_text()
    assert receipt.secret not in phone.url


def test_loading_the_receipt_again_gives_the_same_receipt(phone: Page, site: RunningSite) -> None:
    page = comment(phone, site)
    first, number = page.receipt, page.comment_number

    phone.reload()

    assert page.receipt == first
    assert page.comment_number == number


def test_until_it_is_published_the_comment_stands_on_no_public_page(
    phone: Page, site: RunningSite, visitor: Visitor
) -> None:
    number = comment(phone, site).comment_number
    consultation = number.rpartition("-")[0]
    stranger = visitor()
    phrase = TEXT[:12]

    for path in (
        "/",
        f"/consultations/{consultation}/",
        f"/consultations/{consultation}/comments/?state=all",
        "/ledger/",
    ):
        stranger.goto(site.address(path))
        expect(stranger.locator("main")).not_to_contain_text(phrase)
    stranger.goto(site.address(f"/search?q={phrase}"))
    expect(stranger.locator("main")).to_contain_text("没有找到")
    stranger.goto(site.address(f"/comments/{number}/"))
    expect(stranger.locator(".tombstone")).to_contain_text("正在审核")
    expect(stranger.locator("main")).not_to_contain_text(phrase)


def test_the_receipt_of_a_comment_that_changed_a_plan_leads_to_the_changed_lines(
    phone: Page, site: RunningSite
) -> None:
    phone.goto(site.address("/receipts/"))

    status = LookUp(phone).look_up(site.landmarks.receipt)

    expect(phone.locator(".stations")).to_contain_text("异议")
    phone.locator(".stations a[href*='/compare/']").first.click()
    expect(phone.locator(":target")).to_be_in_viewport()
    assert status.page.url.partition("#")[2]
