"""A major objection changes the plan; the gate turns, the project is admitted, and the opinions are summed up.

A decision waits three working days after the last answer (rule 15), and the clock of the site is the real one. So what
has to lie back was done three weeks ago: comments, objections, and the answer to the first project's objection. All
the rest is done here; the answer given here is to the second project, whose gate then waits.
"""

import pytest
from playwright.sync_api import Page, expect

from gongshi.admissions.notice_text import BASIS, CONTACT
from journeys.bureau_lists import ANALYST, EDITOR, PUBLISHER, SECOND, list_with_objections
from journeys.clerks import Clerk
from journeys.conftest import Sit
from journeys.running import RunningSite

NUMBER = "2026-SL-23"
LIST = f"/consultations/{NUMBER}/"
PROJECT = f"{LIST}projects/1/"
DESK = f"/workbench{LIST}"
REVISION = f"/workbench{PROJECT}revision/"
PREVENTION = "行情异常时自动停用模型，转由人工处理。"
COMPENSATION = "设立专项资金，对损失先行赔付。"


@pytest.fixture(scope="module")
def objections(bureau_site: RunningSite) -> tuple[str, str]:
    """The adopted objection to the first project, and one to the second that waits for its answer."""
    return list_with_objections(bureau_site.app, NUMBER)


def unmet(clerk: Clerk, project: int = 1) -> list[str]:
    """The conditions that are not met, on the public page of a gate."""
    clerk.open(f"{LIST}projects/{project}/gate/")
    return [one.get_attribute("id") or "" for one in clerk.page.locator("#now ~ ol li.condition.unmet").all()]


def cause(page: Page, change: str, objection: str) -> None:
    """Say that this objection caused a change."""
    page.locator(f"#{change} input[value='{objection}']").check()


def mark_major(analyst: Clerk, objection: str) -> None:
    analyst.open(f"/workbench/objections/{objection}/")
    analyst.follow("标为重大风险")
    analyst.choose("第1号项目的风险点", "r-1")
    analyst.press("标为重大（不可取消）")
    analyst.open(f"/objections/{objection}/")
    analyst.sees("重大")


def revise(editor: Clerk, objection: str) -> str:
    """Prevention and compensation go into the register, a paragraph is reworded, every change is explained."""
    editor.open(f"{REVISION}risks")
    risk = editor.page.locator("section.risk").first
    editor.fill("防范措施", PREVENTION, within=risk)
    editor.fill("补偿机制", COMPENSATION, within=risk)
    editor.press("保存并对照")
    editor.open(f"{REVISION}text")
    whole = editor.page.locator("textarea[name=markdown]")
    editor.fill("方案文本", whole.input_value().replace("在5分钟内接管", "在1分钟内接管"))
    editor.press("保存并对照")

    cause(editor.page, "risk-r-1", objection)
    editor.press("保存并转到送审")
    editor.sees("¶5")
    editor.page.locator("#own-paragraph-p-5").fill("申报人同时缩短接管时限。")
    editor.press("保存并转到送审")
    editor.fill("本版修改概要（一句话）", "补充防范措施和补偿机制，缩短接管时限。")
    return editor.submits()


def judge(analyst: Clerk) -> str:
    analyst.open(f"/workbench{PROJECT}judgement")
    risk = analyst.page.locator("#risk-r-1")
    analyst.check("足够", within=risk, exact=True)
    analyst.fill("理由（公开）", "停用与赔付的安排足以覆盖损失。", within=risk)
    return analyst.submits()


def dispose(analyst: Clerk, objection: str) -> str:
    """Answer the other objection, in a batch."""
    analyst.open(f"/workbench/objections/{objection}/")
    analyst.check("未采纳", exact=True)
    analyst.fill("理由", "收费标准已在公司网站公布。", within=analyst.page.locator("form.broad"), exact=True)
    analyst.press("保存并标为可送审")
    analyst.open(f"{DESK}answers/")
    return analyst.submits()


def decide(analyst: Clerk) -> str:
    analyst.open(f"/workbench{PROJECT}gate/")
    analyst.sees("条件全部满足，可以纳入。")
    analyst.follow("作出决定")
    notice = analyst.page.locator("#notice_body")
    analyst.fill("公告正文", notice.input_value().replace(BASIS, "有关规定").replace(CONTACT, "示例电话"))
    return analyst.submits()


def sum_up(editor: Clerk) -> str:
    editor.open(f"{DESK}summary")
    return editor.submits()


def test_a_major_objection_changes_the_plan_and_the_project_is_admitted(
    sit_down: Sit, objections: tuple[str, str]
) -> None:
    major, other = objections
    editor, publisher = sit_down(EDITOR), sit_down(PUBLISHER)
    analyst, second = sit_down(ANALYST), sit_down(SECOND)
    assert unmet(publisher) == ["adopted-realised"]

    mark_major(analyst, major)
    assert unmet(publisher) == ["adopted-realised", "major-risks-covered"]

    publisher.approves(revise(editor, major), PREVENTION, COMPENSATION, "申报人同时缩短接管时限。")
    assert unmet(publisher) == ["major-risks-covered"]
    publisher.sees("尚未判断是否足够")

    judgement = judge(analyst)
    assert unmet(publisher) == ["major-risks-covered"], "one person's judgement does not count"
    second.approves(judgement, "停用与赔付的安排足以覆盖损失。", PREVENTION)
    assert unmet(publisher) == []

    assert unmet(publisher, 2) == ["objections-disposed"]
    publisher.approves(dispose(analyst, other), "收费标准已在公司网站公布。")
    assert unmet(publisher, 2) == ["answers-waited"], "three working days have to pass"
    assert unmet(publisher) == []

    decision = decide(analyst)
    publisher.open(f"{PROJECT}decision/")
    publisher.sees("尚未作出决定")
    publisher.approves(decision, "有关规定", "条件")
    publisher.approves(sum_up(editor), "意见采纳情况")
    _is_public(publisher, major, other)


def _is_public(reader: Clerk, major: str, other: str) -> None:
    """Gate, decision, notice, trace and summary, as anybody reads them."""
    reader.open(f"{PROJECT}gate/")
    expect(reader.page.locator("details.run summary")).to_contain_text("通过")
    reader.sees("停用与赔付的安排足以覆盖损失。")

    reader.open(f"{PROJECT}decision/")
    expect(reader.page.locator("section.decision h2")).to_contain_text("正式纳入")
    reader.page.locator("section.decision a[href*='/notices/']").click()
    reader.sees("有关规定")
    reader.sees("示例电话")
    reader.sees(major)

    reader.open(f"{PROJECT}trace/")
    expect(reader.page.locator("p.sum b")).to_have_text("正式纳入")
    row = reader.page.locator("table.strands tbody tr").filter(has_text="没有防范也没有赔付")
    for words in ("重大", "采纳", "r-1"):
        expect(row).to_contain_text(words)

    reader.open(f"{PROJECT}versions/2/")
    reader.sees(COMPENSATION)

    reader.open(LIST)
    reader.follow("意见采纳情况", exact=False)
    for words in ("意见采纳情况", major, other, "收到"):
        reader.sees(words)
