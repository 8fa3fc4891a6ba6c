"""The comments on a list are worked through until nothing is left, and one is withheld by two people."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from gongshi.comments.models import CommentKind
from journeys.bureau_lists import ANALYST, EDITOR, PUBLISHER, Said, list_with_comments
from journeys.clerks import Clerk
from journeys.conftest import Sit
from journeys.running import RunningSite

MANY, FEW = "2026-SL-21", "2026-SL-22"
SOLD = "示例药业的祖传秘方包治百病，欢迎订购。"

# What is handed round and signed by many, each with a word of their own.
LETTERS = {
    "复核间隔过长": "本人反对第一个项目：模型每季度才复核一次，行情突变时不足以及时发现失效，"
    "建议改为每月复核并向社会公布复核结果和补偿办法。",
    "数据不应交给第三方": "我建议修改第二个项目：客户数据只应由持牌机构保存，不得转交第三方技术公司加工，"
    "合作协议和删除期限都要写进方案并公开。",
}
# What people object to in words of their own.
ISSUES = {
    "保存期限过长": (
        "数据保存期限60个月太长，缩短到24个月。", "为什么数据要保存60个月？保存期限应与服务期一致。",
        "保存期限过长，注销账户后数据应当立即删除。", "数据保存期限没有理由定为60个月。",
        "建议数据保存期限不超过12个月。", "60个月的数据保存期限高于同业，请缩短保存期限。",
    ),
    "人工接管太慢": (
        "人工坐席5分钟才接管，太慢。", "出现异常时5分钟接管，损失已经发生，人工接管应当立即。",
        "人工接管5分钟太慢，要求1分钟。", "人工坐席接管的时间应当写明上限，5分钟太慢。",
        "夜间没有人工坐席，如何在5分钟内接管？太慢了。", "异常时人工坐席接管太慢，建议自动暂停。",
    ),
    "收费不透明": (
        "方案没有写收费，收费不透明。", "收费标准应当公开，现在的收费不透明。", "要不要付费？收费不透明不可接受。",
        "请把收费写进方案，不要收费不透明。", "收费不透明，容易引起纠纷。",
    ),
}  # fmt: skip
QUESTIONS = (
    "请问试点何时开始？", "请问试点在哪些城市开展？", "请问试点持续多久？", "老年人怎样使用这项服务？",
    "没有智能手机能否办理？", "退出试点后账户怎么办？", "出现纠纷向谁投诉？", "方案今后还会修改吗？",
    "意见在哪里可以查到？", "结果何时公布？", "参加试点需要什么条件？", "机构是如何选定的？", "外地投资者能否参加？",
    "是否影响现有业务？", "由谁来监督试点？",
)  # fmt: skip
CHEERS = tuple(
    f"{why}，支持{what}。"
    for why in ("有利于中小投资者", "服务更加便利", "技术已经成熟")
    for what in ("开展试点", "本项目尽快落地", "扩大试点范围", "这样的创新", "监管部门的安排")
)
SPITEFUL = {
    "加微信 example-0001 领取内部荐股名单。": "广告",
    "王某某住在示例路1号，电话13800000000，就是他泄露的。": "他人个人信息",
    "出售示例牌照，价格面议，请致电00000000。": "广告",
}
TITLES = {part: title for title, texts in ISSUES.items() for part in texts}


def crowd() -> list[Said]:
    """A hundred and twenty comments as they come in: all kinds in between each other."""
    first, second = LETTERS.values()
    said = [Said(CommentKind.OPPOSE, f"{first}（联署人{place}）") for place in range(40)]
    said += [Said(CommentKind.SUGGEST, f"{second}（联署人{place}）", 2) for place in range(31)]
    said += [Said(CommentKind.ASK, text) for text in QUESTIONS]
    said += [Said(CommentKind.SUPPORT, text, 2) for text in CHEERS]
    said += [Said(CommentKind.OPPOSE, text, 2 if title == "收费不透明" else 1) for text, title in TITLES.items()][:16]
    said += [Said(CommentKind.SUGGEST, text) for text in SPITEFUL]
    return [said[place * 37 % len(said)] for place in range(len(said))]


class TriageDesk:
    """An analyst who keeps the hands on the keyboard."""

    def __init__(self, clerk: Clerk, number: str) -> None:
        self.clerk, self.page = clerk, clerk.page
        self.path = f"/workbench/consultations/{number}/triage/"

    @property
    def is_empty(self) -> bool:
        return self.page.locator(".nothing-left").is_visible()

    @property
    def words(self) -> str:
        """What the comment in hand says."""
        return self.page.locator(".comment-in-hand .said").first.inner_text()

    @property
    def kind(self) -> str:
        return self.page.locator("#in-hand .kind").inner_text()

    def send(self, key: str) -> None:
        """A key after which another page comes."""
        with self.page.expect_navigation():
            self.clerk.key(key)

    def to(self, wanted: Locator) -> None:
        """Tab on until it has the focus."""
        for _ in range(150):
            if wanted.evaluate("one => one === document.activeElement"):
                return
            self.clerk.key("Tab")
        raise AssertionError(f"{wanted} cannot be reached with Tab")

    def enter(self, wanted: Locator) -> None:
        self.to(wanted)
        self.send("Enter")

    def write(self, selector: str, text: str) -> None:
        self.to(self.page.locator(selector))
        self.page.keyboard.insert_text(text)

    def suggested(self, title: str) -> Locator:
        return self.page.locator(".suggested button").filter(has_text=title)

    def place(self, title: str) -> None:
        """Put the comment in hand under the objection of this name: the suggested one, another one, or a new one."""
        if self.suggested(title).count():
            self.send(self.suggested(title).locator("kbd").inner_text())
            return
        known = self.page.locator(f"#every-objection option[value$='{title}']")
        self.clerk.key("o")
        if known.count():
            self.write("#other", known.get_attribute("value") or "")
            self.enter(self.page.get_by_role("button", name="归入", exact=True))
            return
        self._word(title)

    def _word(self, title: str) -> None:
        new = self.page.locator("details.new-objection")
        if new.get_attribute("open") is None:
            self.to(new.locator("summary"))
            self.clerk.key("Enter")
        self.write("#title", title)
        self.write("#text", f"{title}，不利于保护投资者。")
        self.enter(self.page.get_by_role("button", name="拟定异议并归入本条"))

    def place_family(self, title: str) -> None:
        """Word the objection with the comment in hand, then put under it all that is nearly the same, at once."""
        number = self.page.locator("#in-hand").inner_text().split()[1]
        self.place(title)
        self.clerk.open(f"{self.path}?comment={number}")
        self.enter(self.page.get_by_role("link", name="逐条对照本组雷同意见"))
        self.enter(self.suggested(title))
        expect(self.page.locator(".nothing-left")).to_contain_text("本组意见已全部办结")
        self.enter(self.page.locator(".nothing-left a"))

    def withhold(self, reason: str) -> None:
        self.clerk.key("w")
        wanted = self.page.get_by_role("radio", name=reason, exact=True)
        self.clerk.key("Space")
        for _ in range(10):
            if wanted.is_checked():
                break
            self.clerk.key("ArrowDown")
        self.enter(self.page.get_by_role("button", name="送审不予公开"))

    def deal(self) -> None:
        """Do with the comment in hand what a person would."""
        words = self.words
        letter = next((title for title, text in LETTERS.items() if words.startswith(text)), None)
        if self.kind in {"咨询", "支持"}:
            self.send("a")
        elif words in SPITEFUL:
            self.withhold(SPITEFUL[words])
        elif letter:
            self.place_family(letter)
        else:
            self.place(TITLES[words])


def answer(clerk: Clerk, number: str, kind: str, text: str) -> None:
    """Write one answer to all comments of a kind that were set aside, and mark it ready."""
    clerk.open(f"/workbench/consultations/{number}/answers/new")
    clerk.follow(f"全部未归入：{kind}")
    clerk.touch("全选")
    clerk.fill("标题", f"对{kind}类意见的答复")
    clerk.page.locator("#text").fill(text)
    clerk.press("保存并标为可送审")
    clerk.sees("已保存")


def approve_all(clerk: Clerk, number: str) -> int:
    """Read and approve every draft on a list that waits for this person; returns how many there were."""
    approved = 0
    while True:
        clerk.open("/workbench/drafts/")
        mine = clerk.page.locator("section[aria-labelledby=for-me] tbody tr").filter(has_text=number)
        if not mine.count():
            return approved
        clerk.approves(mine.first.locator("th a").get_attribute("href") or "")
        approved += 1


def tally(page: Page) -> list[int]:
    """Received, published, withheld, withdrawn and under review, as the page of the list says."""
    return [int(one) for one in page.locator(".tally .term b").all_inner_texts()]


@pytest.fixture(scope="module")
def many(bureau_site: RunningSite) -> None:
    list_with_comments(bureau_site.app, MANY, crowd())


@pytest.fixture(scope="module")
def few(bureau_site: RunningSite) -> None:
    list_with_comments(bureau_site.app, FEW, [Said(CommentKind.SUGGEST, text) for text in (SOLD, "建议写明退出安排。")])


@pytest.mark.usefixtures("many")
def test_a_hundred_and_twenty_comments_are_worked_off_until_nothing_is_left(sit_down: Sit) -> None:
    analyst, publisher = sit_down(ANALYST), sit_down(PUBLISHER)
    desk = TriageDesk(analyst, MANY)
    analyst.open(desk.path)
    expect(analyst.page.locator("nav.tabs [aria-current] b")).to_have_text("120")

    for _ in range(120):
        if desk.is_empty:
            break
        desk.deal()
    analyst.sees("本队列已全部办结")
    analyst.sees("答复已归入集中答复的30条")

    answer(analyst, MANY, "咨询", "试点的时间、范围和条件以公告为准，投诉渠道见方案。")
    answer(analyst, MANY, "支持", "感谢支持。")
    analyst.submits()
    assert approve_all(publisher, MANY) == 4, "three withholdings and the answers"

    analyst.open(desk.path)
    analyst.sees("收到的意见已全部办结。")
    expect(analyst.page.locator("nav.tabs a").filter(has_text=re.compile("^已办结"))).to_contain_text("120")

    publisher.open(f"/consultations/{MANY}/")
    assert tally(publisher.page) == [120, 117, 3, 0, 0]
    publisher.open(f"/consultations/{MANY}/objections/")
    for title in (*LETTERS, *ISSUES):
        publisher.sees(title)
    for title, signed in zip(LETTERS, (40, 31), strict=True):
        publisher.open(f"/consultations/{MANY}/objections/")
        publisher.follow(title, exact=False)
        expect(publisher.page.locator("#comments")).to_contain_text(str(signed))


@pytest.mark.usefixtures("few")
def test_a_comment_is_withheld_when_a_second_person_approves(sit_down: Sit) -> None:
    analyst, editor, publisher = sit_down(ANALYST), sit_down(EDITOR), sit_down(PUBLISHER)
    public = f"/comments/{FEW}-0001/"
    publisher.open(public)
    publisher.sees("正在审核，尚未公开")
    desk = TriageDesk(analyst, FEW)
    analyst.open(desk.path)
    assert desk.words == SOLD

    desk.withhold("广告")
    analyst.sees("不予公开，已送审")
    analyst.open(f"{desk.path}?comment={FEW}-0001")
    analyst.page.locator(".comment-in-hand .box a").click()
    for clerk in (analyst, editor):
        clerk.open(analyst.page.url.removeprefix(analyst.site.origin))
        clerk.sees("不予公开")
        expect(clerk.page.get_by_role("button", name="批准", exact=True)).to_have_count(0)
    analyst.open(public)
    analyst.sees("正在审核，尚未公开")

    publisher.open("/workbench/drafts/")
    publisher.page.locator("section[aria-labelledby=for-me] tbody tr").filter(has_text=FEW).locator("th a").click()
    publisher.sees(SOLD)
    publisher.sees("广告")
    assert approve_all(publisher, FEW) == 1

    publisher.open(public)
    publisher.sees("本条意见不予公开。")
    publisher.sees("理由：广告。")
    publisher.sees("本条意见仍计入收到的意见")
    assert SOLD not in publisher.page.content()
    publisher.open(f"/consultations/{FEW}/comments/")
    publisher.follow("查看收到的全部意见")
    publisher.sees(f"{FEW}-0001")
    assert SOLD not in publisher.page.content()
    publisher.open(f"/consultations/{FEW}/")
    assert tally(publisher.page) == [2, 0, 1, 0, 1]
    publisher.open("/search?q=祖传秘方")
    expect(publisher.page.locator(".hits")).to_have_count(0)
    assert SOLD not in publisher.page.content()
