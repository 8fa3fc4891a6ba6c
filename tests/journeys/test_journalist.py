"""A journalist at a desk: from a piece of a name to the decision, following links only."""

import pytest
from playwright.sync_api import Page, expect

from journeys.conftest import Visitor
from journeys.pages import FirstPage, Search
from journeys.running import RunningSite


@pytest.fixture
def desk(visitor: Visitor) -> Page:
    return visitor(width=1280, height=800)


def search(page: Page, site: RunningSite, text: str) -> Search:
    page.goto(site.address("/"))
    return FirstPage(page).search(text)


@pytest.mark.parametrize(
    ("piece", "institution"),
    [
        pytest.param("例安全计", "示例安全计算科技", id="cut inside two words"),
        pytest.param("例GP", "示例GPT实验室", id="cut inside GPT"),
        pytest.param("pt实", "示例GPT实验室", id="the end of GPT in small letters"),
    ],
)
def test_a_piece_of_an_institutions_name_finds_the_institution(
    desk: Page, site: RunningSite, piece: str, institution: str
) -> None:
    search(desk, site, piece).follow("机构", institution)

    expect(desk.get_by_role("heading", level=1)).to_have_text(institution)
    assert desk.get_by_role("rowheader").count() >= 2


def test_from_a_piece_of_a_name_to_the_decision_by_links_alone(desk: Page, site: RunningSite) -> None:
    search(desk, site, "例安全计").follow("机构", "示例安全计算科技")
    desk.get_by_role("link", name="基于联邦学习的跨机构客户风险画像").click()
    marked = desk.locator(".para.changed").first
    key = marked.get_attribute("id")
    marked.get_by_role("link", name="异议").first.click()

    expect(desk.locator(".verdict")).to_contain_text("采纳")
    objection = desk.get_by_role("heading", level=1).inner_text()
    desk.locator(f".changes a[href*='/compare/'][href$='#{key}']").first.click()

    change = desk.locator(":target")
    expect(change).to_be_in_viewport()
    expect(change.locator("ins").first).to_be_visible()
    expect(change.locator(".why")).to_contain_text(objection)
    desk.get_by_role("link", name="从异议到决定").click()
    desk.locator("svg.trace.wide a", has_text="正式纳入").click()

    expect(desk.get_by_role("heading", level=1)).to_contain_text("正式纳入")
    desk.locator(".decision a[href*='/gate/#run-']").first.click()
    expect(desk.locator("details:target")).to_be_in_viewport()


def test_a_phrase_of_an_objection_is_found(desk: Page, site: RunningSite) -> None:
    search(desk, site, "末尾标注“仅供参考”起不到提示作用").follow("异议", "模型对买卖发表意见")

    expect(desk.get_by_role("heading", level=1)).to_contain_text("模型对买卖发表意见误导投资者")


def test_a_phrase_of_a_decision_is_found(desk: Page, site: RunningSite) -> None:
    found = search(desk, site, "撤回不影响对举报线索的核查")
    found.follow("纳入决定", "")

    expect(desk.get_by_role("heading", level=1)).to_contain_text("申报人撤回")


def test_hits_of_one_kind_can_be_shown_alone(desk: Page, site: RunningSite) -> None:
    found = search(desk, site, "正式纳入")

    found.narrow("纳入决定")

    assert set(desk.locator(".hits .tag").all_inner_texts()) == {"纳入决定"}


def test_a_hit_in_a_plan_lands_on_its_paragraph(desk: Page, site: RunningSite) -> None:
    found = search(desk, site, "因此不开展征信业务")

    found.follow("方案段落", "基于联邦学习的跨机构客户风险画像")

    expect(desk.locator(":target")).to_be_in_viewport()
    expect(desk.locator(":target")).to_contain_text("因此不开展征信业务")
