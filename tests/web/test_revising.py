"""A plan's next version in the browser: the text, a reason for every change, somebody else's approval, the public."""

import io
from pathlib import Path

import pytest
from docx import Document
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from gongshi.drafts.models import Draft
from gongshi.projects.models import PlanDraft
from gongshi.revisions.models import ReturnedVersion
from making import PLAN
from web.client import Client, Page
from web.revising_world import CHANGED, HOME, NUMBER, RETURNED, Desk, make_desk

NO_IDS = CHANGED.replace(" {#p-", "\x00").split("\x00")
BARE = NO_IDS[0] + "".join(part.split("}", 1)[1] for part in NO_IDS[1:])


@pytest.fixture
def desk(app: Flask, session: Session) -> Desk:
    return make_desk(app, session)


def keep(desk: Desk, markdown: str = BARE, status: int = 303) -> Page:
    form = desk.editor.get(f"{HOME}/text").fields("main form")
    return desk.editor.post(f"{HOME}/text", {**form, "markdown": markdown, "do": "keep"}, status)


def explain(desk: Desk, given: dict[str, object], do: str = "save", status: int = 303) -> Page:
    form = desk.editor.get(f"{HOME}/changes").fields("form.reasons")
    return desk.editor.post(f"{HOME}/changes", {**form, **given, "do": do}, status)


def test_an_adopted_objection_leads_to_a_public_version_that_names_it(desk: Desk, client: Client) -> None:
    before = desk.editor.get(f"{HOME}/")
    assert desk.objection[-3:] in before.words
    assert "尚无对应修改" in before.words or "no change yet" in before.words

    keep(desk)
    explain(desk, {"why-paragraph-p-5": desk.objection, "own-risk-r-1": "补全登记。"}, do="next")
    form = desk.editor.get(f"{HOME}/submit").fields("main form")
    answer = desk.editor.post(f"{HOME}/submit", {**form, "summary": "缩短接管时限。", "do": "submit"})
    draft = answer.headers["Location"]
    shown = desk.publisher.get(draft)
    assert "缩短接管时限。" in shown.words
    assert "补全登记。" in shown.words
    desk.publisher.post(f"{draft}approve", shown.fields("form[action$=approve]"))

    public = client.get(f"/consultations/{NUMBER}/projects/1/compare/1..2/")
    assert "接管时限过长" in public.one("#p-5").get_text()
    assert "补全登记。" in public.one("#r-1").get_text()
    assert "2分钟" in client.get(f"/consultations/{NUMBER}/projects/1/").words


def test_the_text_of_the_applicant_needs_no_ids(desk: Desk) -> None:
    keep(desk)

    page = desk.editor.get(f"{HOME}/changes")

    assert [one["id"] for one in page.all("article.cmp")] == ["paragraph-p-5", "risk-r-1"]


def test_the_objection_that_speaks_of_the_place_is_offered_first(desk: Desk) -> None:
    keep(desk)

    page = desk.editor.get(f"{HOME}/changes")

    near = page.one("#paragraph-p-5 input[type=checkbox]")
    assert near["value"] == desk.objection
    assert "意见提到此处" in page.one("#paragraph-p-5").get_text()
    assert "意见提到此处" not in page.one("#risk-r-1").get_text()


def test_half_the_reasons_are_kept_and_the_rest_is_asked_for_by_name(desk: Desk) -> None:
    keep(desk)
    page = explain(desk, {"why-paragraph-p-5": desk.objection}, do="next", status=422)

    assert page.links("#faults") == ["#risk-r-1"]
    again = desk.editor.get(f"{HOME}/changes")
    assert again.one("#paragraph-p-5 input[type=checkbox]").has_attr("checked")
    assert len(again.all("article.unsaid")) == 1


def test_nothing_is_submitted_while_a_change_has_no_reason(desk: Desk) -> None:
    keep(desk)
    explain(desk, {"why-paragraph-p-5": desk.objection})

    page = desk.editor.get(f"{HOME}/submit")
    assert page.links(".faults") == [f"{HOME}/changes#risk-r-1"]
    desk.editor.post(f"{HOME}/submit", {"title": "方案", "summary": "修改", "do": "submit"}, 422)


def test_saving_beside_a_change_comes_back_to_it(desk: Desk) -> None:
    keep(desk)

    answer = explain(desk, {"own-risk-r-1": "补全登记。"}, do="save:risk-r-1")

    assert answer.headers["Location"] == f"{HOME}/changes#risk-r-1"


def test_one_reason_can_be_given_to_all_that_have_none(desk: Desk) -> None:
    keep(desk)
    explain(desk, {"why-paragraph-p-5": desk.objection, "own-all": "统一用语。"}, do="all")

    page = desk.editor.get(f"{HOME}/changes")

    assert not page.all("article.unsaid")
    assert page.one("#own-risk-r-1").get_text().strip() == "统一用语。"
    assert page.one("#own-paragraph-p-5").get_text().strip() == ""


def test_the_clerk_corrects_what_the_site_took_for_one_paragraph_and_keeps_what_was_typed(desk: Desk) -> None:
    keep(desk)
    explain(desk, {"own-risk-r-1": "补全登记。"}, do="new:p-5")

    apart = desk.editor.get(f"{HOME}/changes")
    assert {one["id"] for one in apart.all("article.cmp")} == {"paragraph-p-5", "paragraph-p-6", "risk-r-1"}
    assert apart.one("#own-risk-r-1").get_text().strip() == "补全登记。"
    explain(desk, {"earlier-p-6": "p-5"}, do="same:p-6")
    again = desk.editor.get(f"{HOME}/changes")
    assert {one["id"] for one in again.all("article.cmp")} == {"paragraph-p-5", "risk-r-1"}


def test_a_paragraph_is_changed_where_it_stands_cut_in_two_and_taken_out(desk: Desk) -> None:
    place = f"{HOME}/plan/p-5"
    form = desk.editor.get(place).fields("main form")
    desk.editor.post(place, {**form, "words": "出现异常时，人工坐席在2分钟内接管。\n\n当日向客户说明。"})
    taken = desk.editor.get(f"{HOME}/plan/p-3").fields("main form")
    desk.editor.post(f"{HOME}/plan/p-3", {**taken, "words": ""})

    read = desk.editor.get(f"{HOME}/plan")

    assert [one["id"] for one in read.all(".part")] == ["p-1", "p-2", "p-4", "p-5", "p-6"]
    assert "当日向客户说明。" in read.one("#p-6").get_text()


def test_the_register_is_changed_as_a_form(desk: Desk) -> None:
    form = desk.editor.get(f"{HOME}/risks").fields("main form")
    added = desk.editor.post(f"{HOME}/risks", {**form, "risks-0-compensation": "专项资金|先行赔付", "do": "add"}, 200)
    more = {
        **added.fields("main form"),
        "risks-1-remove": "y",
        "risks-2-description": "供应商中断服务",
        "risks-2-owner": "示例证券信息技术部",
    }
    desk.editor.post(f"{HOME}/risks", {**more, "do": "keep"})

    page = desk.editor.get(f"{HOME}/changes")
    assert [one["id"] for one in page.all("article.cmp")] == ["risk-r-1", "risk-r-3", "risk-r-2"]
    assert "专项资金｜先行赔付" in page.one("#risk-r-1").get_text()


def test_a_risk_without_an_owner_is_asked_for_at_its_field(desk: Desk) -> None:
    form = desk.editor.get(f"{HOME}/risks").fields("main form")

    page = desk.editor.post(f"{HOME}/risks", {**form, "risks-0-owner": " ", "do": "keep"}, 422)

    assert page.links("#faults") == ["#risks-0-owner"]


def test_a_text_that_cannot_be_read_comes_back_as_typed_with_its_lines(desk: Desk) -> None:
    broken = BARE.replace("| 重大 |", "| 严重 |")

    page = keep(desk, broken, 422)

    assert page.one("textarea[name=markdown]").get_text().strip() == broken.strip()
    assert str(broken.splitlines().index(next(x for x in broken.splitlines() if "严重" in x)) + 1) in page.words


def test_two_editors_at_once_lose_nothing(desk: Desk, app: Flask) -> None:
    stale = desk.editor.get(f"{HOME}/text").fields("main form")
    keep(desk)

    page = desk.editor.post(f"{HOME}/text", {**stale, "markdown": PLAN, "do": "keep"}, 409)

    assert page.one("textarea[name=markdown]").get_text().strip() == PLAN.strip()
    desk.editor.post(f"{HOME}/text", {**page.fields("main form"), "do": "keep"})


def test_a_file_is_read_into_the_text_and_kept_only_when_it_is_saved(desk: Desk) -> None:
    form = desk.editor.get(f"{HOME}/text").fields("main form")
    sent = {**form, "file": (io.BytesIO(BARE.encode()), "修改稿.md"), "do": "read"}

    page = desk.editor.post(f"{HOME}/text", sent, 200)

    assert "2分钟" in page.one("textarea[name=markdown]").get_text()
    assert not desk.editor.get(f"{HOME}/changes").all("article.cmp")


def test_a_file_that_is_no_plan_says_so_at_its_field(desk: Desk) -> None:
    form = desk.editor.get(f"{HOME}/text").fields("main form")

    page = desk.editor.post(f"{HOME}/text", {**form, "file": (io.BytesIO(b"MZ"), "plan.exe"), "do": "read"}, 422)

    assert page.links("#faults") == ["#file"]


def test_while_somebody_looks_at_it_the_text_is_not_changed(desk: Desk) -> None:
    keep(desk)
    explain(desk, {"why-paragraph-p-5": desk.objection, "own-risk-r-1": "补全登记。"})
    form = desk.editor.get(f"{HOME}/submit").fields("main form")
    desk.editor.post(f"{HOME}/submit", {**form, "summary": "缩短接管时限。", "do": "submit"})

    keep(desk, PLAN, 409)
    desk.editor.get(f"{HOME}/submit")


@pytest.mark.parametrize("path", ["/", "/plan", "/plan/p-5", "/text", "/risks", "/changes", "/submit"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_of_the_revision_works_in_both_languages_for_all_who_may_read(
    desk: Desk, path: str, prefix: str
) -> None:
    keep(desk)

    for person in (desk.editor, desk.analyst, desk.publisher):
        person.get(f"{prefix}{HOME}{path}")


def test_returned_texts_are_recorded_and_their_file_is_handed_out_to_staff_only(desk: Desk, client: Client) -> None:
    form = desk.editor.get(f"{RETURNED}/").fields("form[enctype]")
    sent = {
        **form,
        "contact_role": "合规负责人",
        "returned_on": "2026-01-05",
        "file": (io.BytesIO(BARE.encode()), "修改稿.md"),
    }
    desk.editor.post(f"{RETURNED}/", sent)

    assert "修改稿.md" in desk.analyst.get(f"{RETURNED}/").words
    file = desk.analyst.get(f"{RETURNED}/1/file")
    assert file.response.get_data() == BARE.encode()
    assert file.headers["Content-Disposition"].startswith("attachment")
    client.get(f"{RETURNED}/1/file", 303)


def test_a_file_goes_under_a_name_that_is_one_whatever_lies_in_the_database(desk: Desk, session: Session) -> None:
    form = desk.editor.get(f"{RETURNED}/").fields("form[enctype]")
    sent = {**form, "contact_role": "合规负责人", "returned_on": "2026-01-05", "file": (io.BytesIO(b"## x"), "x.md")}
    desk.editor.post(f"{RETURNED}/", sent)
    session.execute(text('DROP TRIGGER "returned_version_no_update"'))
    session.execute(update(ReturnedVersion).values(file_name="x\r\nSet-Cookie: a=b.md"))
    session.commit()

    file = desk.analyst.get(f"{RETURNED}/1/file")

    assert file.headers["Content-Disposition"] == 'attachment; filename="xSet-Cookie: a=b.md"'


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"contact_role": ""}, "contact_role"),
        ({"returned_on": "2999-01-01"}, "returned_on"),
        ({"returned_on": "昨天"}, "returned_on"),
        ({"file": (b"MZ", "plan.exe")}, "file"),
    ],
)
def test_what_is_wrong_with_a_returned_text_is_said_at_its_field(
    desk: Desk, given: dict[str, object], field: str
) -> None:
    form = desk.editor.get(f"{RETURNED}/").fields("form[enctype]")
    sent = {**form, "contact_role": "合规负责人", "returned_on": "2026-01-05", **given}
    if isinstance(sent["file"], tuple):
        sent["file"] = (io.BytesIO(sent["file"][0]), sent["file"][1])

    page = desk.editor.post(f"{RETURNED}/", sent, 422)

    assert page.links("#faults") == [f"#{field}"]


def test_the_list_of_issues_is_a_word_file_and_that_it_was_made_out_is_recorded(desk: Desk) -> None:
    file = desk.analyst.post(f"{RETURNED}/issues", {}, 200)

    words = "\n".join(one.text for one in Document(io.BytesIO(file.response.get_data())).paragraphs)
    assert "接管时限过长" in words
    assert "2026-SL-01-01-v1-issues.docx" in file.headers["Content-Disposition"]
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert len(desk.editor.get(f"{RETURNED}/").all("section[aria-labelledby=issues] tbody tr")) == 1


def test_starting_over_brings_the_public_text_back(desk: Desk) -> None:
    keep(desk)

    desk.editor.post(f"{HOME}/start-over", desk.editor.get(f"{HOME}/").fields("form[action$=start-over]"))

    assert not desk.editor.get(f"{HOME}/changes").all("article.cmp")


def damage(session: Session) -> None:
    """The working text, and the one that was submitted, as a stricter release would find them."""
    session.execute(update(PlanDraft).values(markdown="一段没有编号的文字。"))
    for draft in session.scalars(select(Draft)):
        draft.contents = {**draft.contents, "markdown": "一段没有编号的文字。"}
    session.commit()


def test_a_kept_text_that_cannot_be_read_is_shown_and_the_public_one_put_back(desk: Desk, session: Session) -> None:
    keep(desk)
    damage(session)

    for path in ("plan", "text", "risks", "changes", "submit"):
        assert "无法读取（见其第1行）" in desk.editor.get(f"{HOME}/{path}", status=409).words
    page = desk.editor.get(f"{HOME}/", status=409)
    assert "一段没有编号的文字。" in page.words
    desk.editor.post(f"{HOME}/start-over", page.fields("form[action$=start-over]"), 303)

    assert not desk.editor.get(f"{HOME}/changes").all("article.cmp")


def test_a_submitted_text_that_cannot_be_read_is_given_back_and_never_published(desk: Desk, session: Session) -> None:
    keep(desk)
    explain(desk, {"why-paragraph-p-5": desk.objection, "own-risk-r-1": "补全登记。"}, do="next")
    form = desk.editor.get(f"{HOME}/submit").fields("main form")
    draft = desk.editor.post(f"{HOME}/submit", {**form, "summary": "缩短接管时限。", "do": "submit"}).headers[
        "Location"
    ]
    damage(session)

    shown = desk.publisher.get(draft)
    assert "一段没有编号的文字。" in shown.words
    refused = desk.publisher.post(f"{draft}approve", shown.fields("form[action$=approve]"), 409)
    assert "无法读取" in refused.words
    desk.publisher.post(f"{draft}give-back", {**shown.fields("form[action$=give-back]"), "note": "请重新录入。"}, 303)

    assert "一段没有编号的文字。" in desk.editor.get(f"{HOME}/", status=409).words


def test_styles_of_the_revision_stay_small() -> None:
    """No page of the workbench loads more than it shows."""
    sheet = Path(__file__).parents[2] / "site" / "gongshi" / "web" / "static" / "workbench-revising.css"

    assert sheet.stat().st_size < 8_000
