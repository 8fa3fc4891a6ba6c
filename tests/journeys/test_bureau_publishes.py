"""Two people of a bureau publish: a spreadsheet becomes a public list; a public list is corrected and extended."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import APIResponse, Browser, Locator, Page, expect
from sqlalchemy.orm import Session

from gongshi import clock, db
from gongshi.accounts import actions as accounts
from gongshi.accounts import queries as staff
from gongshi.accounts.models import Role, StaffUser
from gongshi.consultations import queries as consultations
from gongshi.consultations.models import Nature
from gongshi.web.db import db as flask_db
from journeys.clerks import Clerk
from journeys.conftest import Sit
from journeys.running import RunningSite
from journeys.watching import Watch
from making import PLAN, Office, make_draft, make_open_list

MOST_ACTIONS = 25
PROJECTS = 16
TITLE = "示例证监局第三批创新试点拟纳入项目公开征求意见"
HEADER = ("序号", "项目名称", "牵头申报单位", "牵头单位类别", "联合申报单位", "技术", "业务场景")
NEWCOMER = "示例丰禾证券"

Row = Sequence[object]
Reader = Callable[..., Page]


def rows() -> list[list[object]]:
    """Sixteen projects; the last is led by an institution that the site does not know."""
    listed: list[list[object]] = [
        [number, project_name(number), "示例证券", "证券公司", "示例科技", "人工智能、大数据", "智能投顾"]
        for number in range(1, PROJECTS + 1)
    ]
    listed[-1][2] = NEWCOMER
    return listed


def project_name(number: int) -> str:
    return f"示例项目{number}：智能客服质检"


def spreadsheet(folder: Path, name: str, listed: Sequence[Row]) -> Path:
    """A workbook as people make one: a header, then a row for each project."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (HEADER, *listed):
        sheet.append(list(row))
    book.save(folder / name)
    return folder / name


def plans(folder: Path) -> list[Path]:
    """A plan file for every project, named by its number."""
    files = [folder / f"{number:02d}.md" for number in range(1, PROJECTS + 1)]
    for number, file in enumerate(files, 1):
        file.write_text(PLAN.replace("本项目", f"第{number}号示例项目"), "utf-8")
    return files


def in_days(days: int) -> date:
    return clock.beijing(clock.now()).date() + timedelta(days=days)


def spoken(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


@dataclass
class ListDesk:
    """The editor's work on one list, each step reached from the one before."""

    clerk: Clerk
    number: str = ""

    @property
    def page(self) -> Page:
        return self.clerk.page

    def open(self) -> None:
        self.clerk.open(f"/workbench/consultations/{self.number}/")

    def begin(self) -> None:
        """From the bureau's lists to a new one; its number is the next free one."""
        self.clerk.open("/workbench/consultations/")
        self.clerk.follow("新建征求意见")
        self.number = self.page.locator("#number").input_value()
        self.clerk.fill("标题", TITLE, exact=True)
        self.clerk.fill("英文标题", "Third batch of pilot projects (example)", exact=True)
        self.clerk.fill("说明", "就示例证监局第三批拟纳入试点的项目公开征求意见。", exact=True)
        self.clerk.press("新建")
        self.clerk.sees("仅工作人员可见")

    def read(self, file: Path) -> None:
        """Hand the spreadsheet in; nothing is stored by that."""
        self.clerk.hand_in("项目清单", file)
        self.clerk.press("读取并预览")

    def store(self, count: int) -> None:
        self.clerk.press(f"保存这{count}个项目")
        self.clerk.sees(f"已保存{count}个项目。")

    def take_plans(self, files: Sequence[Path]) -> None:
        self.clerk.hand_in("方案文件", *files)
        self.clerk.press("读取并保存方案")
        self.clerk.sees(f"已保存{len(files)}份方案。")
        self.clerk.sees("全部方案均已就绪。")

    def submit(self) -> None:
        self.clerk.submits()

    def listed(self) -> Locator:
        """The rows of the list on its page of the workbench."""
        return self.page.locator("section[aria-labelledby=projects] tbody tr")


@dataclass
class Approvals:
    """The publisher's: what waits, what it says, and the one button."""

    clerk: Clerk

    def read(self, title: str) -> Locator:
        """Open what waits under this title; gives what is to be approved."""
        self.clerk.open("/workbench/drafts/")
        waiting = self.clerk.page.locator("section[aria-labelledby=for-me]")
        self.clerk.follow(title, within=waiting)
        return self.clerk.page.get_by_role("article", name="审批内容")

    def approve(self) -> None:
        self.clerk.press("批准")
        self.clerk.sees("已批准，已载入公开记录。")
        expect(self.clerk.page.locator(".state-approved")).to_be_visible()


@dataclass
class PublicList:
    """The list as everybody reads it."""

    page: Page

    @property
    def projects(self) -> Locator:
        return self.page.locator("section[aria-labelledby=projects] tbody tr")

    @property
    def notices(self) -> Locator:
        return self.page.locator("section[aria-labelledby=notices]")

    @property
    def corrections(self) -> Locator:
        return self.page.locator(".corrections")

    @property
    def clock(self) -> Locator:
        return self.page.locator(".clock")

    def is_open_until(self, day: date) -> None:
        expect(self.clock).to_contain_text("正在征求意见")
        expect(self.clock).to_contain_text(f"{spoken(day)} 24:00")
        expect(self.page.get_by_role("link", name="对名单提意见")).to_be_visible()


@pytest.fixture
def reader(browser: Browser, bureau_site: RunningSite) -> Iterator[Reader]:
    """Somebody of the public, without any account: `reader("/…")` gives the page as they see it."""
    context = browser.new_context()
    context.set_default_timeout(10_000)
    watch = Watch(context, bureau_site.origin)
    page = context.new_page()

    def opens(path: str, status: int = 200) -> Page:
        answer = page.goto(bureau_site.address(path))
        assert answer is not None
        assert answer.status == status
        return page

    yield opens
    watch.finds_nothing()
    context.close()


def office_of(session: Session) -> Office:
    """The bureau of the worked example with its staff."""
    editor, analyst, analyst_too, publisher, admin = (
        _person(session, login)
        for login in ("shili-jingban", "shili-fenxi", "shili-fenxi-2", "shili-fabu", "shili-guanli")
    )
    return Office(editor.bureau, editor, analyst, publisher, analyst_too, admin, left=editor)


def _person(session: Session, login: str) -> StaffUser:
    found = staff.staff_by_login(session, login)
    assert found is not None, login
    return found


@pytest.fixture
def database(bureau_site: RunningSite) -> Iterator[Session]:
    """The database of the running site, for what must be there before a journey begins."""
    with bureau_site.app.app_context(), Session(flask_db.engine) as session:
        yield session


@pytest.fixture
def published(database: Session) -> str:
    """The number of a list that was published yesterday and is open for thirty days more."""
    with db.writing(database) as at:
        number = consultations.next_number(database, "SL", clock.beijing(at).year)
        make_open_list(database, at, number=number, nature=Nature.EXAMPLE, office=office_of(database))
    return number


@pytest.fixture
def prepared(database: Session) -> str:
    """The number of a list whose projects and plans are ready, and which nobody has published."""
    with db.writing(database) as at:
        number = consultations.next_number(database, "SL", clock.beijing(at).year)
        make_draft(database, office_of(database), number=number, nature=Nature.EXAMPLE)
    return number


@pytest.fixture
def person_of_both_roles(database: Session) -> str:
    """The login of somebody who prepares lists, and may approve those of others."""
    login = f"shili-{uuid4().hex[:8]}"
    with db.writing(database) as at:
        bureau = office_of(database).bureau
        accounts.appoint(
            database, bureau, login=login, pseudonym="示例兼任己", roles=[Role.EDITOR, Role.PUBLISHER], at=at
        )
    return login


def test_a_spreadsheet_of_sixteen_becomes_a_public_list_in_under_25_actions(
    sit_down: Sit, reader: Reader, tmp_path: Path
) -> None:
    table, files = spreadsheet(tmp_path, "名单.xlsx", rows()), plans(tmp_path)
    desk, approvals = ListDesk(sit_down("shili-jingban")), Approvals(sit_down("shili-fabu"))

    desk.begin()
    desk.clerk.follow("导入项目")
    desk.read(table)
    desk.clerk.choose(NEWCOMER, "证券公司")
    desk.store(PROJECTS)
    desk.take_plans(files)
    desk.clerk.follow("下一步：公布名单")
    desk.clerk.follow("确定征求意见期限并送审")
    desk.clerk.fill("截止日", in_days(40).isoformat(), exact=True)
    desk.submit()

    reader(f"/consultations/{desk.number}/", 404)
    what = approvals.read(f"公布名单 {desk.number}")
    expect(what).to_contain_text(f"关于{TITLE}的公告")
    expect(what).to_contain_text(f"{spoken(in_days(40))} 24:00")
    expect(what.locator("tbody tr")).to_have_count(PROJECTS)
    approvals.approve()

    public = PublicList(reader(f"/consultations/{desk.number}/"))
    expect(public.projects).to_have_count(PROJECTS)
    expect(public.projects.last).to_contain_text(NEWCOMER)
    public.is_open_until(in_days(40))
    expect(public.notices).to_contain_text(f"关于{TITLE}的公告")
    public.page.get_by_role("link", name=project_name(7), exact=True).click()
    expect(public.page.locator("#p-2")).to_contain_text("第7号示例项目")
    expect(public.page.locator("#p-2").get_by_role("link", name=re.compile("提意见"))).to_be_visible()
    assert desk.clerk.actions + approvals.clerk.actions < MOST_ACTIONS


def test_a_file_with_faults_names_each_at_its_cell_and_nothing_is_stored(sit_down: Sit, tmp_path: Path) -> None:
    wrong = rows()
    wrong[5][2] = None
    wrong[8][0] = "第九"
    desk = ListDesk(sit_down("shili-jingban"))
    desk.begin()
    desk.clerk.follow("导入项目")

    desk.read(spreadsheet(tmp_path, "有错.xlsx", wrong))

    faults = desk.page.get_by_role("alert")
    expect(faults).to_contain_text("尚未保存：文件中有2处需要改正")
    expect(desk.page.locator("#cell-C7")).to_contain_text("C7 缺少牵头申报单位。")
    expect(desk.page.locator("#cell-A10")).to_contain_text("A10 “第九”不是整数")
    expect(desk.page.get_by_role("button", name=re.compile("^保存这"))).to_have_count(0)
    desk.clerk.follow("C7", within=faults)
    expect(desk.page.locator("#cell-C7")).to_be_in_viewport()
    desk.open()
    desk.clerk.sees("还没有项目")

    desk.clerk.follow("导入项目", within=desk.page.locator(".steps-next"))
    desk.read(spreadsheet(tmp_path, "改正.xlsx", rows()[:15]))
    desk.store(15)
    desk.open()
    expect(desk.listed()).to_have_count(15)


def test_a_correction_and_an_extension_of_a_public_list_are_public_with_both_notices(
    sit_down: Sit, reader: Reader, published: str
) -> None:
    desk, approvals = ListDesk(sit_down("shili-jingban"), published), Approvals(sit_down("shili-fabu"))
    public = PublicList(reader(f"/consultations/{published}/"))
    before = public.projects.first.get_by_role("rowheader").inner_text()
    after = "基于人工智能的投资者服务项目（更正后）"
    new_day = in_days(45)

    desk.open()
    desk.clerk.follow("更正名单")
    desk.clerk.choose("更正内容", "1")
    desk.clerk.press("显示已公布内容")
    desk.clerk.fill("项目名称", after, exact=True)
    desk.submit()
    desk.open()
    desk.clerk.follow("延长征求意见期限")
    desk.clerk.fill("延长后的截止日", new_day.isoformat())
    desk.clerk.fill("延期理由", "来信较多，公众需要更多时间研究方案。")
    desk.submit()

    public.page.reload()
    expect(public.corrections).to_have_count(0)
    expect(public.projects.first).to_contain_text(before)
    what = approvals.read(f"更正 {published} 项目1")
    expect(what).to_contain_text(before)
    expect(what).to_contain_text(after)
    approvals.approve()
    what = approvals.read(f"延长征求意见期限 {published}")
    expect(what).to_contain_text(f"{spoken(new_day)} 24:00")
    approvals.approve()

    public.page.reload()
    expect(public.corrections).to_contain_text("更正")
    expect(public.corrections.locator("del")).to_have_text(before)
    expect(public.corrections.locator("ins")).to_have_text(after)
    expect(public.projects.first.get_by_role("rowheader")).to_have_text(after)
    public.is_open_until(new_day)
    for words, said in (("更正", after), ("延长", spoken(new_day))):
        public.notices.get_by_role("link", name=re.compile(f"^关于{words}")).click()
        expect(public.page.locator("main")).to_contain_text(said)
        public.page.go_back()


def test_whoever_prepared_a_list_has_no_button_to_approve_it_and_the_publisher_has(
    sit_down: Sit, prepared: str
) -> None:
    desk, approvals = ListDesk(sit_down("shili-jingban"), prepared), Approvals(sit_down("shili-fabu"))
    desk.open()
    desk.clerk.follow("确定征求意见期限并送审")
    desk.submit()

    expect(desk.page.get_by_role("button", name="批准", exact=True)).to_have_count(0)
    expect(desk.page.get_by_role("button", name="撤回送审", exact=True)).to_be_visible()
    approvals.read(f"公布名单 {prepared}")
    expect(approvals.clerk.page.get_by_role("button", name="批准", exact=True)).to_be_visible()


def test_who_may_approve_for_others_cannot_approve_what_they_prepared_themselves(
    sit_down: Sit, reader: Reader, prepared: str, person_of_both_roles: str
) -> None:
    desk, approvals = ListDesk(sit_down(person_of_both_roles), prepared), Approvals(sit_down("shili-fabu"))
    desk.open()
    desk.clerk.follow("确定征求意见期限并送审")
    desk.submit()
    expect(desk.page.get_by_role("button", name="批准", exact=True)).to_have_count(0)
    approvals.read(f"公布名单 {prepared}")

    refused = approve_by_hand(desk.page, shown=approvals.clerk.page.locator("input[name=shown]").input_value())

    assert refused.status == 409
    assert "承办人不得审批自己承办的事项" in refused.text()
    reader(f"/consultations/{prepared}/", 404)
    desk.clerk.open("/workbench/drafts/")
    expect(desk.page.locator("section[aria-labelledby=for-me]")).not_to_contain_text(prepared)
    approvals.approve()
    PublicList(reader(f"/consultations/{prepared}/")).is_open_until(in_days(31))


def approve_by_hand(page: Page, *, shown: str) -> APIResponse:
    """Send what the button of a draft's page would send, from that page, to somebody who has no such button."""
    token = page.locator("main input[name=csrf_token]").first.input_value()
    origin = page.url.partition("/workbench")[0]
    return page.request.post(
        f"{page.url}approve", form={"csrf_token": token, "shown": shown}, headers={"Origin": origin}
    )
