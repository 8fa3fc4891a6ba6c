"""Several comments in one sitting, gathered without JavaScript and without a cookie into one submission."""

import json
from secrets import token_urlsafe
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi import db
from gongshi.comments import checks, refusals
from gongshi.comments.models import Comment, Submission
from gongshi.comments.refusals import Reason
from gongshi.revisions.actions import Explanation
from gongshi.revisions.models import Subject
from making import PLAN, make_revision
from web.client import Client
from web.commenting_people import FORM, PARAGRAPH, TEXT, close_now, count, counter, open_list, receipt
from web.commenting_writers import Writer

WRITTEN = {"project": 1, "version": 1, "paragraph": "p-2", "kind": "ask", "text": "何时公布？", "resolution": ""}


def kept(session: Session) -> list[tuple[str, str]]:
    """Where each comment that was received is about, and what it says."""
    found = session.scalars(select(Comment).order_by(Comment.seq))
    return [
        (f"{one.project.number if one.project else 0} {one.paragraph_key or ''}".strip(), one.text) for one in found
    ]


def posts(client: Client, gathered: Any, *, status: int, step: str = "send", **fields: str) -> Writer:
    """What a program, or somebody's browser after some tampering, may send."""
    text = gathered if isinstance(gathered, str) else json.dumps(gathered)
    data = {"submission_key": token_urlsafe(24), "gathered": text, "step": step, **fields}
    return Writer(client, client.post(FORM, data, status=status), FORM)


def test_three_paragraphs_of_two_projects_come_in_one_submission(client: Client, session: Session) -> None:
    open_list(session)
    writer = Writer.opens(client, **PARAGRAPH).writes("第一条")

    writer = writer.goes_on_at(1, "p-5").writes("第二条", kind="suggest", resolution="改为十分钟。")
    writer = writer.goes_on_at(2, "p-3").writes("第三条", kind="ask")
    page = writer.presses("review").sends()

    assert kept(session) == [("1 p-2", "第一条"), ("1 p-5", "第二条"), ("2 p-3", "第三条")]
    assert count(session, Submission) == 1
    assert page.all("#receipt-number")


def test_nothing_is_stored_before_it_is_sent(client: Client, session: Session) -> None:
    open_list(session)

    Writer.opens(client).writes().goes_on_at(1, "p-2").writes("第二条").presses("review")

    assert count(session) == 0


def test_the_page_for_checking_shows_all_of_it_as_it_would_be_received(client: Client, session: Session) -> None:
    open_list(session)
    writer = Writer.opens(client, **PARAGRAPH).writes("  一\n二 ", resolution="三")

    writer = writer.goes_on_at(2).writes("四", kind="support").presses("review")

    page = writer.page
    assert page.h1 == "提交前核对"
    assert [tag.get_text() for tag in page.all(".checked .text[dir]")] == ["  一\n二 ", "三", "四"]
    assert page.texts(".checked h2") == ["1. 第 1 号项目 · 第 1 版 · ¶2", "2. 第 2 号项目"]
    assert "每季度复核一次" in page.one(".checked blockquote").get_text()
    assert "6 字" in page.words
    assert page.headers["Cache-Control"] == "no-store"
    assert "截止" in page.words


def test_a_comment_is_changed_at_its_place_and_the_others_wait(client: Client, session: Session) -> None:
    open_list(session)
    writer = Writer.opens(client, **PARAGRAPH).writes("第一条").goes_on_at(2, "p-3").writes("第二条").presses("review")

    writer = writer.presses("edit-1")
    assert writer.page.fields("#comment")["text"] == "第一条"
    assert writer.page.one("#comment")["action"] == f"{FORM}?project=1&version=1&paragraph=p-2"
    writer.writes("第一条，改过").presses("review").sends()

    assert kept(session) == [("1 p-2", "第一条，改过"), ("2 p-3", "第二条")]


def test_a_comment_that_is_left_out_can_be_put_back(client: Client, session: Session) -> None:
    open_list(session)
    writer = Writer.opens(client, **PARAGRAPH).writes("第一条").goes_on_at(2, "p-3").writes("第二条").presses("review")

    without = writer.presses("remove-1")
    assert [one["text"] for one in without.gathered] == ["第二条"]
    without.presses("restore").sends()

    assert [text for _, text in kept(session)] == ["第一条", "第二条"]


def test_the_last_comment_can_be_left_out_and_nothing_is_there_to_send(client: Client, session: Session) -> None:
    open_list(session)

    writer = Writer.opens(client).writes().presses("review").presses("remove-1")

    assert not writer.has_button("send")
    assert "没有可提交的意见" in writer.page.words
    assert [one["text"] for one in writer.presses("restore").gathered] == [TEXT]


def test_a_form_opened_for_nothing_is_left_again_without_loss(client: Client, session: Session) -> None:
    open_list(session)
    writer = Writer.opens(client).writes("第一条").goes_on_at(2, "p-3")

    assert [one["text"] for one in writer.presses("skip").gathered] == ["第一条"]
    assert [one["text"] for one in writer.presses("review").gathered] == ["第一条"]
    writer.presses("review").sends()

    assert [text for _, text in kept(session)] == ["第一条"]


def test_an_unfinished_comment_is_named_and_the_others_stay(client: Client, session: Session) -> None:
    open_list(session)
    writer = Writer.opens(client).writes("第一条").goes_on_at(2, "p-3").writes("", resolution="改")

    refused = writer.presses("review", status=422)

    assert refused.page.one("#faults a")["href"] == "#text"
    assert refused.page.fields("#comment")["resolution"] == "改"
    assert [one["text"] for one in refused.gathered] == ["第一条"]
    refused.writes("第二条").presses("review").sends()


def test_twenty_comments_are_taken_and_the_twenty_first_is_refused(client: Client, session: Session) -> None:
    open_list(session)
    writer = posts(client, [{**WRITTEN, "text": f"第{n}条"} for n in range(19)], step="choose", status=200)

    writer = writer.presses("write", to=FORM).writes("第二十条").presses("add", status=422)

    assert "最多包含 20 条意见" in writer.page.words
    assert not writer.has_button("choose")
    assert len(writer.gathered) == checks.MOST_POINTS
    writer.sends()
    assert count(session) == checks.MOST_POINTS
    posts(client, [WRITTEN] * 20, kind="ask", text="第二十一条", status=422)
    assert count(session) == checks.MOST_POINTS


def test_a_hundred_thousand_characters_fit_and_one_more_does_not(app: Flask, client: Client, session: Session) -> None:
    made = open_list(session)
    full = [{**WRITTEN, "text": "意" * 10_000} for _ in range(9)] + [{**WRITTEN, "text": "𠮷" * 10_000}]

    refused = posts(client, [*full, {**WRITTEN, "text": "一"}], status=422)

    counter(app).write()
    assert "合计 100001 字" in refused.page.one("#faults").get_text()
    assert len(refused.gathered) == 11
    assert refusals.totals(session, made.consultation) == {Reason.TEXTS_TOO_LONG: 1}
    refused.presses("remove-11").sends()
    assert count(session) == 10


@pytest.mark.parametrize(
    "gathered",
    [
        pytest.param("[{", id="cut off"),
        pytest.param("{}", id="no list"),
        pytest.param("[" * 50_000, id="a tower"),
        pytest.param([{**WRITTEN, "project": 9}], id="a project that is not there"),
        pytest.param([{**WRITTEN, "version": 9}], id="a version that is not public"),
        pytest.param([{**WRITTEN, "paragraph": "p-99"}], id="a paragraph that is not there"),
        pytest.param([{**WRITTEN, "text": "\ud800"}], id="half a character"),
        pytest.param([{**WRITTEN, "extra": "<script>"}], id="a member too many"),
        pytest.param("a\x00b<script>alert(1)</script>", id="no JSON at all"),
    ],
)
@pytest.mark.parametrize("step", ["send", "review", "add", "edit-1"])
def test_what_comes_back_broken_is_refused_and_handed_back_as_text(
    client: Client, session: Session, gathered: Any, step: str
) -> None:
    open_list(session)

    writer = posts(client, gathered, step=step, kind="ask", text="还在", resolution="", status=422)

    assert "无法读取" in writer.page.one("#faults").get_text()
    assert writer.page.fields("#comment")["text"] == "还在"
    assert writer.page.all("#unread")
    assert count(session) == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        pytest.param({"text": " "}, "第 2 条： 请填写意见内容", id="nothing said"),
        pytest.param({"kind": "praise"}, "第 2 条： 请选择意见的性质", id="a kind we do not know"),
        pytest.param({"text": "意" * 10_001}, "第 2 条： ", id="too long"),
        pytest.param({"text": "a\x00b"}, "无法照原样保存", id="NUL"),
        pytest.param({"resolution": "e" + "\u0301" * 17}, "无法照原样保存", id="a tower of accents"),
    ],
)
def test_what_is_wrong_with_a_gathered_comment_is_named_with_its_number(
    client: Client, session: Session, wrong: dict[str, str], words: str
) -> None:
    open_list(session)

    writer = posts(client, [WRITTEN, {**WRITTEN, **wrong}], status=422)

    assert words in writer.page.one("#faults").get_text()
    assert writer.page.one("#faults a")["href"] == "#edit-2"
    assert count(session) == 0
    writer.presses("edit-2").writes("改好了", resolution="").presses("review").sends()


@pytest.mark.parametrize("step", ["", "publish", "edit-0", "edit-9", "edit-x", "remove-2", "edit-999"])
def test_a_step_that_no_button_of_ours_makes_is_refused(client: Client, session: Session, step: str) -> None:
    open_list(session)

    posts(client, [WRITTEN], step=step, status=400)


def test_a_retry_of_several_comments_gets_the_same_receipt(client: Client, session: Session) -> None:
    open_list(session)
    writer = Writer.opens(client).writes("第一条").goes_on_at(1, "p-2").writes("第二条").presses("review")

    first, again = writer.sends(), writer.sends()

    assert receipt(first) == receipt(again)
    assert count(session) == 2


def test_after_the_closing_all_of_it_stands_there_to_be_copied(app: Flask, client: Client, session: Session) -> None:
    made = open_list(session)
    writer = Writer.opens(client).writes("第一条").goes_on_at(1, "p-2").writes("第二条")
    checked = writer.presses("review")
    close_now(session, made.consultation)

    for late in (writer.presses("review", status=409).page, checked.sends(status=409)):
        assert "收到时已超过截止时间" in late.one("#faults").get_text()
        assert [tag.get_text() for tag in late.all(".checked .text[dir]")] == ["第一条", "第二条"]
        assert not late.all("[value=send]")
    counter(app).write()
    assert refusals.totals(session, made.consultation) == {Reason.LATE: 2}


def test_a_version_that_was_replaced_meanwhile_is_said_to_be_so_and_stays_what_it_is_about(
    client: Client, session: Session
) -> None:
    made = open_list(session)
    writer = Writer.opens(client, **PARAGRAPH).writes("对第一版")
    with db.writing(session) as at:
        make_revision(
            session, made, made.projects[0], PLAN.replace("每季度", "每月"), at,
            explanations={(Subject.PARAGRAPH, "p-2"): Explanation(own_initiative="主动改为每月复核。")},
        )  # fmt: skip

    writer = writer.presses("review")

    assert "已有新的版本" in writer.page.words
    writer.sends()
    comment = session.scalars(select(Comment)).one()
    assert comment.version is not None
    assert comment.version.number == 1


def test_an_english_sitting_stays_english(client: Client, session: Session) -> None:
    open_list(session)

    writer = Writer.opens(client, f"/en{FORM}").writes("One").goes_on_at(1, "p-2").writes("Two").presses("review")

    assert writer.page.h1 == "Check before sending"
    assert writer.sends().all("html[lang=en]")
