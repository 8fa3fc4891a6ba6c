"""Objections and answers at the desk: worded, answered in batches by two people, merged, split; nothing is lost."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi import clock, db
from gongshi.comments.models import Comment, CommentKind
from gongshi.drafts.models import Draft, DraftState
from gongshi.objections import queries
from gongshi.objections.models import AnswerDraft, AnswerTemplate, Objection
from making import OpenList, make_comment, make_objection, make_open_list
from web.client import Client
from web.staff import StaffClient, signed_in

NUMBER = "2026-SL-01"
DESK = f"/workbench/consultations/{NUMBER}"


@dataclass
class Desk:
    """A list with two objections and some comments that wait, and the people who work on it."""

    session: Session
    open_list: OpenList
    first: str
    second: str
    waiting: list[str]
    analyst: StaffClient
    colleague: StaffClient
    publisher: StaffClient

    def objection(self, number: str) -> Objection:
        self.session.rollback()
        self.session.expire_all()
        return queries.numbered(self.session, number)

    def all(self, kind: type) -> list:  # type: ignore[type-arg]  # Rows of whatever table.
        self.session.rollback()
        return list(self.session.scalars(select(kind)))


@pytest.fixture
def desk(app: Flask, session: Session) -> Desk:
    with db.writing(session):
        at = clock.now() - timedelta(days=2)
        open_list = make_open_list(session, at)
        projects = open_list.projects
        raising = [make_comment(session, open_list, at, project=projects[0]) for _ in range(3)]
        first = make_objection(session, open_list, raising[:2], at).number
        second = make_objection(session, open_list, raising[2:], at, project=projects[1], risk="r-2").number
        asked = [make_comment(session, open_list, at, kind=CommentKind.ASK) for _ in range(3)]
        waiting = [one.number for one in asked]
        people = [one.id for one in (open_list.analyst, open_list.analyst_too, open_list.publisher)]
    return Desk(session, open_list, first, second, waiting, *(signed_in(app, one) for one in people))


def ready(desk: Desk, number: str, outcome: str = "explained", reasons: str = "方案已有规定。") -> None:
    path = f"/workbench/objections/{number}/"
    sent = {**desk.analyst.get(path).fields('form[action$="disposition"]'), "outcome": outcome, "reasons": reasons}
    desk.analyst.post(f"{path}disposition", {**sent, "do": "ready"})


def test_the_whole_job_from_a_comment_to_published_answers(desk: Desk, client: Client) -> None:
    ready(desk, desk.first, "adopted", "将改为每月复核。")
    ready(desk, desk.second, "unfounded", "经核实不成立。")
    page = desk.analyst.get(f"{DESK}/answers/new?all=1&kind=ask")
    assert page.texts("input[name=comments][checked]") == [""] * 3
    desk.analyst.post(
        f"{DESK}/answers/new?kind=ask",
        {"title": "关于开始时间", "text": "将另行公告。", "comments": desk.waiting, "edition": "0", "do": "ready"},
    )

    batch = desk.analyst.get(f"{DESK}/answers/")
    items = [str(one["value"]) for one in batch.all("input[name=item][checked]")]
    assert len(items) == 3
    shown = desk.analyst.send(f"{DESK}/answers/", {"item": items, "edition": "", "do": "submit"})
    assert "将另行公告。" in shown.words
    (draft,) = desk.all(Draft)
    assert draft.state is DraftState.SUBMITTED
    seen = desk.publisher.get(f"/workbench/drafts/{draft.number}/")
    for words in ("将改为每月复核。", "经核实不成立。", "将另行公告。", desk.waiting[0]):
        assert words in seen.words
    desk.publisher.post(f"/workbench/drafts/{draft.number}/approve", seen.fields('form[action$="approve"]'))

    assert "将改为每月复核。" in client.get(f"/objections/{desk.first}/").words
    assert "经核实不成立。" in client.get(f"/objections/{desk.second}/").words
    assert "将另行公告。" in client.get(f"/answers/{NUMBER}-A01/").words
    assert desk.all(AnswerDraft) == []


def test_a_batch_is_edited_after_it_was_given_back(desk: Desk) -> None:
    ready(desk, desk.first)
    ready(desk, desk.second)
    desk.analyst.post(f"{DESK}/answers/", {"item": [desk.first, desk.second], "edition": "", "do": "submit"})
    (draft,) = desk.all(Draft)
    address = f"/workbench/drafts/{draft.number}"
    desk.publisher.post(f"{address}/give-back", {"note": "第一条请再改。"})
    ready(desk, desk.first, reasons="改过的理由。")

    page = desk.analyst.get(f"{DESK}/answers/?draft={draft.number}")
    assert {str(one["value"]) for one in page.all("input[name=item][checked]")} == {desk.first, desk.second}
    sent = {"item": [desk.first], "edition": page.fields("main form")["edition"], "do": "submit"}
    shown = desk.analyst.send(f"{DESK}/answers/?draft={draft.number}", sent)

    assert "改过的理由。" in shown.words
    desk.session.expire_all()
    (draft,) = desk.all(Draft)
    assert [one["objection"] for one in draft.contents["rulings"]] == [desk.first]


def test_what_is_in_an_open_batch_is_not_offered_twice(desk: Desk) -> None:
    ready(desk, desk.first)
    desk.analyst.post(f"{DESK}/answers/", {"item": [desk.first], "edition": "", "do": "submit"})

    page = desk.colleague.get(f"{DESK}/answers/")

    assert page.all("input[name=item]") == []
    assert "拟稿" in page.words or "Draft" in desk.colleague.get(f"/en{DESK}/answers/").words


def test_an_empty_batch_is_refused(desk: Desk) -> None:
    ready(desk, desk.first)

    page = desk.analyst.post(f"{DESK}/answers/", {"edition": "", "do": "submit"}, 422)

    assert page.one("[role=alert]")
    assert desk.all(Draft) == []


@pytest.mark.parametrize("lacking", [{"outcome": ""}, {"reasons": " "}], ids=["outcome", "reasons"])
def test_what_is_not_whole_is_not_marked_ready_and_nothing_typed_is_lost(desk: Desk, lacking: dict[str, str]) -> None:
    sent = {"outcome": "explained", "reasons": "写了一半的理由", "edition": "0", "do": "ready", **lacking}

    page = desk.analyst.post(f"/workbench/objections/{desk.first}/disposition", sent, 422)

    assert page.one("[role=alert]")
    assert page.one("#reasons").get_text().strip() == sent["reasons"].strip()
    desk.analyst.post(f"/workbench/objections/{desk.first}/disposition", {**sent, "do": "keep"})


def test_two_analysts_do_not_overwrite_each_other(desk: Desk) -> None:
    address = f"/workbench/objections/{desk.first}/disposition"
    desk.analyst.post(address, {"outcome": "explained", "reasons": "甲的话", "edition": "0", "do": "keep"})

    page = desk.colleague.post(
        address, {"outcome": "explained", "reasons": "乙的话", "edition": "0", "do": "keep"}, 422
    )

    assert page.one("#reasons").get_text().strip() == "乙的话"
    assert "甲的话" in desk.analyst.get(f"/workbench/objections/{desk.first}/").one("#reasons").get_text()


def test_a_template_is_put_into_the_text_without_a_script(desk: Desk) -> None:
    desk.analyst.post("/workbench/wordings/", {"title": "通用", "text": "感谢〔事项〕。"})
    (template,) = desk.all(AnswerTemplate)

    page = desk.analyst.post(
        f"/workbench/objections/{desk.first}/disposition",
        {"reasons": "首先，", "edition": "0", "do": "insert", "template": str(template.id)},
        200,
    )

    assert page.one("#reasons").get_text().strip() == "首先，\n\n感谢〔事项〕。"


def test_templates_are_edited_and_deleted(desk: Desk) -> None:
    desk.analyst.post("/workbench/wordings/", {"title": "通用", "text": "感谢。"})
    again = desk.analyst.post("/workbench/wordings/", {"title": "通用", "text": "另一个。"}, 422)
    assert "另一个。" in again.one("#text").get_text()
    (template,) = desk.all(AnswerTemplate)
    address = f"/workbench/wordings/{template.id}"

    desk.colleague.post(address, {"title": "通用", "text": "感谢您。"})
    assert "感谢您。" in desk.analyst.get("/workbench/wordings/").words
    desk.analyst.post(f"{address}/drop")

    desk.analyst.get(address, 404)


def test_an_objection_is_worded_from_chosen_comments(desk: Desk, client: Client) -> None:
    page = desk.analyst.get(f"{DESK}/objections/new?comment={desk.waiting[0]}&comment={desk.waiting[1]}")
    assert desk.waiting[1] in page.one("#comments").get_text()
    sent = {**page.fields("main form"), "title": "开始时间不明", "text": "没有写明开始时间。"}

    refused = desk.analyst.post(f"{DESK}/objections/new", sent, 422)
    assert refused.one("#title")["value"] == "开始时间不明"
    desk.analyst.post(f"{DESK}/objections/new", {**sent, "projects": ["1"], "is_major": "y", "risk-1": "r-1"})

    shown = client.get(f"/objections/{NUMBER}-O03/")
    assert "没有写明开始时间。" in shown.words
    assert desk.objection(f"{NUMBER}-O03").risks == {1: "r-1"}


@pytest.mark.parametrize("typed", ["0004", "{number}", "{number}，0005"], ids=["short", "whole", "several"])
def test_further_comments_are_placed_by_their_numbers(desk: Desk, typed: str) -> None:
    address = f"/workbench/objections/{desk.first}/comments"

    desk.analyst.post(address, {"comments": typed.format(number=desk.waiting[0])})

    assert desk.waiting[0] in [one.number for one in desk.objection(desk.first).comments]
    page = desk.analyst.post(address, {"comments": "9999"}, 422)
    assert page.one("#place")["value"] == "9999"


def test_merging_leaves_a_trail_that_the_public_can_follow(desk: Desk, client: Client) -> None:
    address = f"/workbench/objections/{desk.first}/merge"
    assert desk.second in desk.analyst.get(address).text
    refused = desk.analyst.post(address, {"into": desk.second}, 422)
    assert refused.one(f'input[value="{desk.second}"]').has_attr("checked")

    desk.analyst.post(address, {"into": desk.second, "risk-1": "r-1"})

    old, new = client.get(f"/objections/{desk.first}/"), client.get(f"/objections/{desk.second}/")
    assert f"/objections/{desk.second}/" in old.links("main")
    assert f"/objections/{desk.first}/" in new.links("main")
    listed = client.get(f"/consultations/{NUMBER}/objections/")
    assert len(listed.all("ol.rows > li")) == 2
    assert f"/objections/{desk.second}/" in listed.links("ol.rows > li:first-child")
    for number in (1, 2):
        client.get(f"/consultations/{NUMBER}/projects/{number}/trace/")


def test_splitting_takes_parts_and_keeps_what_was_typed(desk: Desk, client: Client) -> None:
    address = f"/workbench/objections/{desk.first}/split"
    page = desk.analyst.get(address)
    sent = {**_fields(page.soup), "do": "more"}
    page = desk.analyst.post(address, sent, 200)
    assert len(page.all("fieldset.part")) == 2
    one, other = (int(number.number[-4:]) for number in desk.objection(desk.first).comments)

    parts = {
        "parts": "2",
        "title-1": "甲",
        "text-1": "甲的内容。",
        "projects-1": ["1"],
        "comments-1": [str(one)],
        "title-2": "乙",
        "text-2": "乙的内容。",
        "projects-2": ["1"],
        "do": "split",
    }
    refused = desk.analyst.post(address, parts, 422)
    assert refused.one("#title-2")["value"] == "乙"
    desk.analyst.post(address, {**parts, "comments-2": [str(other)]})

    assert [part.title for part in desk.objection(desk.first).parts] == ["甲", "乙"]
    shown = client.get(f"/objections/{desk.first}/")
    assert f"/objections/{NUMBER}-O03/" in shown.links("main")
    assert f"/objections/{desk.first}/" in client.get(f"/objections/{NUMBER}-O04/").links("main")


def test_an_objection_is_marked_major(desk: Desk) -> None:
    address = f"/workbench/objections/{desk.first}/major"
    desk.analyst.get(address)
    desk.analyst.post(address, {}, 422)

    desk.analyst.post(address, {"risk-1": "r-1"})

    assert desk.objection(desk.first).is_major


@pytest.mark.parametrize(
    "path",
    [
        "/workbench/objections/",
        f"{DESK}/objections/",
        f"{DESK}/objections/?stage=all",
        f"{DESK}/answers/",
        f"/workbench/objections/{NUMBER}-O01/",
        "/workbench/wordings/",
    ],
)
def test_colleagues_read_and_only_analysts_write(desk: Desk, path: str) -> None:
    for language in ("", "/en"):
        desk.publisher.get(f"{language}{path}")
    desk.publisher.get(f"{DESK}/objections/new", 200)
    desk.publisher.post(f"/workbench/objections/{desk.first}/disposition", {"reasons": "。"}, 403)


def test_another_bureau_finds_nothing(desk: Desk, app: Flask) -> None:
    with db.writing(desk.session):
        other = make_open_list(desk.session, clock.now(), number="2026-SL-07").analyst.id
    stranger = signed_in(app, other)

    for path in (f"{DESK}/answers/", f"{DESK}/objections/", f"/workbench/objections/{desk.first}/"):
        stranger.get(path, 404)
    stranger.post(f"/workbench/objections/{desk.first}/merge", {"into": desk.second}, 404)


def test_an_answer_given_up_frees_its_comments(desk: Desk) -> None:
    desk.analyst.post(
        f"{DESK}/answers/new", {"title": "答", "text": "", "comments": desk.waiting[:1], "edition": "0", "do": "keep"}
    )
    (kept,) = desk.all(AnswerDraft)
    address = f"{DESK}/answers/{kept.id}"
    assert desk.waiting[0] in desk.analyst.get(address).text
    refused = desk.analyst.post(address, {"title": "答", "text": "", "edition": "1", "do": "ready"}, 422)
    assert refused.one("#title")["value"] == "答"

    desk.analyst.post(f"{address}/give-up")

    assert desk.all(AnswerDraft) == []
    assert desk.waiting[0] in [one.number for one in desk.all(Comment)]


def _fields(soup: BeautifulSoup) -> dict[str, list[str]]:
    """Every ticked box and every text of the form, several of one name included."""
    sent: dict[str, list[str]] = {}
    for field in soup.select("input[name], textarea[name]"):
        is_box = field.get("type") in {"checkbox", "radio"}
        if field["name"] != "csrf_token" and (not is_box or field.has_attr("checked")):
            sent.setdefault(str(field["name"]), []).append(str(field.get("value") or field.get_text()))
    return sent
