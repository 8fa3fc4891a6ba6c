"""Plans of a list that is not public yet: written, read from files, previewed; and the rows they belong to."""

import io
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi import clock, db
from gongshi.consultations.models import Consultation
from gongshi.projects import actions, queries
from gongshi.projects.models import Category, PlanDraft, PlanSource
from gongshi.web import markdown
from making import PLAN, Office, make_draft, make_office, make_open_list
from web.client import Page
from web.staff import StaffClient, signed_in

NUMBER = "2026-SL-09"
DESK = f"/workbench/consultations/{NUMBER}/projects"
EXAMPLES = sorted((Path(__file__).parents[2] / "content" / "example" / "open" / "plans").glob("*.md"))


@dataclass
class Desk:
    """A list of three projects without plans, and the people of its bureau."""

    session: Session
    office: Office
    editor: StaffClient
    colleague: StaffClient
    publisher: StaffClient
    stranger: StaffClient

    @property
    def consultation(self) -> Consultation:
        self.session.rollback()
        return self.session.scalars(select(Consultation).where(Consultation.number == NUMBER)).one()

    def draft(self, number: int) -> PlanDraft | None:
        project = queries.numbered(self.session, self.consultation, number)
        assert project is not None
        return queries.plan_draft(self.session, project)

    def names(self) -> list[str]:
        return [one.name for one in queries.of_list(self.session, self.consultation)]

    def form(self, number: int) -> dict[str, str]:
        return self.editor.get(f"{DESK}/{number}/plan").fields("form[enctype]")


@pytest.fixture
def desk(app: Flask, session: Session) -> Desk:
    with db.writing(session) as at:
        office, other = make_office(session, at), make_office(session, at)
        consultation, _ = make_draft(session, office, number=NUMBER, project_count=0)
        make_open_list(session, clock.now(), number="2026-SL-01", office=office)
        lead = actions.register(session, name="示例证券", category=Category.SECURITIES)
        session.flush()
        for number, name in enumerate(("甲项目", "乙项目", "丙项目"), 1):
            actions.propose(session, consultation, number=number, name=name, lead=lead)
        people = [one.id for one in (office.editor, office.editor, office.publisher, other.editor)]
        session.expunge_all()
    return Desk(session, office, *(signed_in(app, one) for one in people))


def test_a_plan_is_typed_kept_and_then_in_order(desk: Desk) -> None:
    page = desk.editor.send(f"{DESK}/1/plan", {**desk.form(1), "markdown": PLAN, "do": "keep"})

    draft = desk.draft(1)
    assert draft is not None
    assert (draft.source, draft.edition) == (PlanSource.TYPED, 1)
    assert page.one("#project-1 .tag.done")
    assert "{#p-" not in desk.form(1)["markdown"]


def test_an_unfinished_plan_is_kept_and_its_faults_are_named_by_line(desk: Desk) -> None:
    page = desk.editor.send(f"{DESK}/1/plan", {**desk.form(1), "markdown": "# 甲\n\n正文\n", "do": "keep"})

    draft = desk.draft(1)
    assert draft is not None
    assert draft.markdown == "# 甲\n\n正文"
    assert [one["data-line"] for one in page.all("a[data-line]")] == ["1", "1"]
    assert desk.editor.get(DESK).one("#project-1 .tag.urgent")


def test_two_people_who_edit_at_once_see_each_others_text_and_lose_nothing(desk: Desk) -> None:
    mine, theirs = desk.form(1), desk.colleague.get(f"{DESK}/1/plan").fields("form[enctype]")
    desk.colleague.post(f"{DESK}/1/plan", {**theirs, "markdown": "## 对方的文字", "do": "keep"}, 303)

    page = desk.editor.post(f"{DESK}/1/plan", {**mine, "markdown": "## 我的文字", "do": "keep"}, 422)

    assert "对方的文字" in page.one(".theirs").get_text()
    again = page.fields("form[enctype]")
    assert again["markdown"] == "## 我的文字"
    desk.editor.post(f"{DESK}/1/plan", {**again, "do": "keep"}, 303)
    draft = desk.draft(1)
    assert draft is not None
    assert draft.markdown == "## 我的文字"


def test_a_file_is_read_into_the_editor_and_kept_only_when_saved(desk: Desk) -> None:
    file = (io.BytesIO("# 标题\n\n## 甲\n\n**正文**\n".encode()), "方案.md")
    page = desk.editor.post(f"{DESK}/1/plan", {**desk.form(1), "file": file, "do": "read"}, 200)

    form = page.fields("form[enctype]")
    assert form["markdown"] == "## 甲\n\n正文\n"
    assert len(page.all(".box[role=status] li")) == 3
    assert desk.draft(1) is None
    desk.editor.post(f"{DESK}/1/plan", {**form, "do": "keep"}, 303)
    draft = desk.draft(1)
    assert draft is not None
    assert draft.source is PlanSource.UPLOADED


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(None, id="no file"),
        pytest.param((b"%PDF-1.7\n%%EOF", "方案.pdf"), id="a pdf"),
        pytest.param((b"PK\x03\x04", "方案.docx"), id="a broken file"),
    ],
)
def test_a_file_that_cannot_be_read_leaves_what_was_typed(desk: Desk, file: tuple[bytes, str] | None) -> None:
    sent = {"file": (io.BytesIO(file[0]), file[1])} if file else {}
    page = desk.editor.post(f"{DESK}/1/plan", {**desk.form(1), "markdown": "## 已键入", **sent, "do": "read"}, 422)

    assert page.links("#faults") == ["#file"]
    assert page.fields("form[enctype]")["markdown"] == "## 已键入"


def test_the_small_form_writes_a_row_into_the_register(desk: Desk) -> None:
    risk = {"risk": "模型|失效", "severity": "major", "prevention": "复核", "compensation": "", "owner": "示例证券"}
    form = {**desk.form(1), "markdown": "## 甲\n\n正文"}
    first = desk.editor.post(f"{DESK}/1/plan", {**form, **risk, "do": "risk"}, 200).fields("form[enctype]")
    second = desk.editor.post(f"{DESK}/1/plan", {**first, **risk, "risk": "泄露", "do": "risk"}, 200)

    rows = second.fields("form[enctype]")["markdown"].rstrip().splitlines()[-2:]
    assert rows == ["| r-1 | 模型｜失效 | 重大 | 复核 |  | 示例证券 |", "| r-2 | 泄露 | 重大 | 复核 |  | 示例证券 |"]
    assert not second.all("a[data-line]")
    refused = desk.editor.post(f"{DESK}/1/plan", {**form, "do": "risk"}, 422)
    assert refused.links("#faults") == ["#risk", "#owner"]


def test_all_plans_are_taken_at_once_and_every_file_is_accounted_for(desk: Desk) -> None:
    texts = [path.read_bytes() for path in EXAMPLES[:3]]
    names = ("01 方案.md", "乙项目.md", "no number.md")
    files = [(io.BytesIO(text), name) for text, name in zip(texts, names, strict=True)]
    page = desk.editor.post(f"{DESK}/plans", {"files": [*files, (io.BytesIO(b"%PDF-"), "3.pdf")]}, 422)

    assert [one.get_text() for one in page.all("section[aria-labelledby=taken] .tag")] == [
        "已保存",
        "已保存",
        "未保存",
        "未保存",
    ]
    assert [desk.draft(number) is not None for number in (1, 2, 3)] == [True, True, False]
    assert page.one("#project-1 .tag.done")
    assert page.one("#project-3 .tag.waiting")


def test_two_files_for_one_project_are_stored_for_none(desk: Desk) -> None:
    files = [(io.BytesIO(PLAN.encode()), name) for name in ("1.md", "01 新.md")]

    desk.editor.post(f"{DESK}/plans", {"files": files}, 422)

    assert desk.draft(1) is None


def test_no_files_or_too_many_are_refused(desk: Desk) -> None:
    desk.editor.post(f"{DESK}/plans", {}, 422)
    desk.editor.post(f"{DESK}/plans", {"files": [(io.BytesIO(b"x"), f"{n}.md") for n in range(61)]}, 422)


def test_sixteen_plans_make_a_list_that_can_be_published(desk: Desk) -> None:
    with db.writing(desk.session):
        consultation = desk.session.scalars(select(Consultation).where(Consultation.number == NUMBER)).one()
        lead = queries.institution_named(desk.session, "示例证券")
        for number in range(4, 17):
            actions.propose(desk.session, consultation, number=number, name=f"项目之{number}", lead=lead)

    page = desk.editor.post(
        f"{DESK}/plans", {"files": [(io.BytesIO(path.read_bytes()), path.name) for path in EXAMPLES]}, 200
    )
    with db.writing(desk.session):
        consultation = desk.session.scalars(select(Consultation).where(Consultation.number == NUMBER)).one()
        settled = actions.settle_plans(desk.session, consultation)

    assert len(page.all("tr[id] .tag.done")) == 16
    assert len(settled) == 16


def test_a_row_is_added_changed_moved_and_removed(desk: Desk) -> None:
    new = {"name": "丁项目", "lead": "示例 证券", "joint": "", "technologies": "区块链、大数据", "scenarios": ""}
    desk.editor.post(f"{DESK}/new", new, 303)
    assert desk.names()[-1] == "丁项目"

    form = desk.editor.get(f"{DESK}/4/row").fields("main form")
    asked = desk.editor.post(f"{DESK}/4/row", {**form, "name": "丁改", "joint": "示例新科技"}, 422)
    form = asked.fields("main form")
    desk.editor.post(f"{DESK}/4/row", {**form, "as:示例新科技": "new:科技企业"}, 303)
    assert desk.names()[-1] == "丁改"

    desk.editor.post(f"{DESK}/4/move", {"place": "1"}, 303)
    assert desk.names() == ["丁改", "甲项目", "乙项目", "丙项目"]

    form = desk.editor.get(f"{DESK}/2/remove").fields("main form")
    desk.editor.post(f"{DESK}/2/remove", form, 303)
    assert desk.names() == ["丁改", "乙项目", "丙项目"]


def test_a_row_that_changed_meanwhile_is_neither_overwritten_nor_removed(desk: Desk) -> None:
    mine, removal = (desk.editor.get(f"{DESK}/1/{what}").fields("main form") for what in ("row", "remove"))
    desk.colleague.post(f"{DESK}/1/row", {**mine, "name": "对方改的"}, 303)

    page = desk.editor.post(f"{DESK}/1/row", {**mine, "name": "我改的"}, 422)
    desk.editor.post(f"{DESK}/1/remove", removal, 422)

    assert page.fields("main form")["name"] == "我改的"
    assert desk.names()[0] == "对方改的"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "#name"),
        ({"name": "长" * 121}, "#name"),
        ({"lead": ""}, "#lead"),
        ({"lead": "示例证券、示例科技"}, "#lead"),
        ({"joint": "长" * 61}, "#joint"),
        ({"technologies": "长" * 41}, "#technologies"),
    ],
)
def test_a_fault_in_a_row_is_named_at_its_field(desk: Desk, change: dict[str, str], field: str) -> None:
    form = desk.editor.get(f"{DESK}/1/row").fields("main form")

    assert desk.editor.post(f"{DESK}/1/row", {**form, **change}, 422).links("#faults") == [field]


def test_of_a_public_list_nothing_can_be_changed_here(desk: Desk) -> None:
    public = "/workbench/consultations/2026-SL-01/projects"

    page = desk.editor.get(public)
    assert not page.all("main form")
    for what in ("1/row", "1/remove", "1/plan", "new"):
        desk.editor.get(f"{public}/{what}", 303)
        desk.editor.post(f"{public}/{what}", {"name": "改", "markdown": "改", "do": "keep"}, 303)
    desk.editor.post(f"{public}/plans", {"files": [(io.BytesIO(b"x"), "1.md")]}, 303)
    desk.editor.post(f"{public}/1/move", {"place": "2"}, 303)
    assert desk.editor.get(public).texts("main th[scope=row]") == page.texts("main th[scope=row]")


def test_only_editors_of_the_bureau_prepare_a_list(desk: Desk) -> None:
    for what in ("1/row", "1/remove", "1/plan", "new", "plans", "1/move"):
        desk.publisher.post(f"{DESK}/{what}", {}, 403)
        desk.stranger.post(f"{DESK}/{what}", {}, 404)
    desk.publisher.get(f"{DESK}/1/plan")
    desk.stranger.get(f"{DESK}/1/plan", 404)


def shown(page: Page) -> str:
    return page.one("#preview").get_text(" ", strip=True)


def test_the_preview_shows_a_plan_as_far_as_it_can_be_read(desk: Desk) -> None:
    page = desk.editor.post(
        "/workbench/preview", {"preview": "plan:markdown", "markdown": "## 甲\n\n- 项\n\n<b>文"}, 200
    )

    assert page.texts("#preview .plan-heading") == ["甲"]
    assert page.texts("#preview ul[class!=plain-list] li")[-1] == "项"
    assert "<b>文" in shown(page)


def test_the_preview_shows_a_notice_sanitised_and_refuses_what_is_slow(desk: Desk) -> None:
    page = desk.publisher.post(
        "/workbench/preview", {"preview": "notice:body", "body": "**着重**<script>1</script>"}, 200
    )
    slow = desk.publisher.post("/workbench/preview", {"preview": "notice:body", "body": "[" * 12_000}, 200)

    assert page.one("#preview strong").get_text() == "着重"
    assert not page.all("#preview script")
    assert slow.one("#preview .wrong")
    desk.publisher.post("/workbench/preview", {"preview": "other:body", "body": ""}, 400)


@pytest.mark.parametrize("text", ["[" * 20_000, "<![CDATA[" * 2_000, "![" * 9_000, "*a_ " * 4_000])
def test_a_text_that_is_proven_is_quick_to_render(app: Flask, text: str) -> None:
    with app.test_request_context():
        try:
            proven = markdown.proven(text)
        except markdown.MarkdownTooSlow:
            return
        begun = clock.now()
        assert markdown.render(text) == proven
        assert (clock.now() - begun).total_seconds() < 2


def test_a_text_that_is_too_long_or_too_slow_is_refused(app: Flask) -> None:
    with app.test_request_context():
        with pytest.raises(markdown.MarkdownTooLong):
            markdown.proven("字" * 7_000)
        with pytest.raises(markdown.MarkdownTooSlow):
            markdown.proven("[" * 20_000)
        assert "<h2" in markdown.proven("## 甲\n\n| 乙 |\n|---|\n| 丙 |\n")
