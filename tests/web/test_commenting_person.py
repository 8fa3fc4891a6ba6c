"""Who writes: asked for on the page for checking, never needed, and public only by a consent of its own."""

import logging

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.comments import refusals
from gongshi.comments.models import Comment
from gongshi.comments.personal_models import NameConsent, PersonalDetail
from gongshi.comments.refusals import Reason
from gongshi.ledger.models import LedgerEntry
from web.client import Client
from web.commenting_people import FORM, TEXT, Person, count, counter, open_list
from web.commenting_writers import Writer

NAME, CONTACT = "示例提意见人甲", "示例电话 000-0000-0000"


def checking(client: Client) -> Writer:
    return Writer.opens(client, project=1).writes().presses("review")


def details(session: Session) -> list[PersonalDetail]:
    session.rollback()
    return list(session.scalars(select(PersonalDetail)))


def test_nobody_has_to_say_who_they_are(client: Client, session: Session) -> None:
    open_list(session)
    writer = checking(client)

    assert writer.page.fields("#comment") | {"name": "", "contact": ""} == writer.page.fields("#comment")
    assert not writer.page.one("#publish_name").has_attr("checked")
    assert not writer.page.one("details.person").has_attr("open")
    writer.sends()
    assert details(session) == []


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_notice_says_all_that_the_law_asks_for(client: Client, session: Session, language: str) -> None:
    made = open_list(session)
    page = Writer.opens(client, f"{language}{FORM}").writes().presses("review").page

    notice = page.one("details.person").get_text(" ")

    bureau = made.bureau.name_en if language else made.bureau.name
    words = ("365", "encrypted", "erased", "need not") if language else ("365", "加密", "删除", "可以不填", "撤回")
    assert bureau in notice
    assert [word for word in words if word not in notice] == []


def test_what_was_told_is_kept_with_the_comment_and_stands_on_no_public_page(
    client: Client, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    open_list(session)
    caplog.set_level(logging.DEBUG)
    writer = checking(client)
    writer.filled |= {"name": NAME, "contact": CONTACT}

    writer.sends()

    assert {one.field.value for one in details(session)} == {"name", "contact"}
    assert session.scalars(select(NameConsent)).all() == []
    number = session.scalars(select(Comment)).one().number
    for address in (f"/comments/{number}/", "/consultations/2026-SL-01/comments/?state=all", "/ledger/"):
        page = client.get(address)
        assert NAME not in page.text
        assert CONTACT not in page.text
    entries = " ".join(str(one.__dict__) for one in session.scalars(select(LedgerEntry)))
    assert NAME not in entries
    assert CONTACT not in entries
    assert NAME not in caplog.text
    assert CONTACT not in caplog.text


def test_a_name_is_published_only_by_a_tick_of_its_own(client: Client, session: Session) -> None:
    open_list(session)
    writer = checking(client)
    writer.filled |= {"name": NAME, "publish_name": "yes"}

    writer.sends()

    assert len(session.scalars(select(NameConsent)).all()) == 1


@pytest.mark.parametrize(
    ("told", "anchor", "words", "reason"),
    [
        pytest.param({"publish_name": "yes"}, "#publish_name", "没有填写姓名", Reason.NAME_MISSING, id="no name"),
        pytest.param(
            {"publish_name": "yes", "name": " "}, "#publish_name", "没有填写姓名", Reason.NAME_MISSING, id="blank"
        ),
        pytest.param({"name": "名" * 101}, "#name", "101 字，最多 100 字", Reason.TEXT_TOO_LONG, id="a long name"),
        pytest.param({"contact": "0" * 201}, "#contact", "201 字", Reason.TEXT_TOO_LONG, id="a long contact"),
        pytest.param({"name": "a\x00b"}, "#name", "无法照原样保存", Reason.TEXT_UNREADABLE, id="NUL"),
        pytest.param(
            {"contact": "e" + "\u0301" * 17}, "#contact", "无法照原样保存", Reason.TEXT_UNREADABLE, id="a tower"
        ),
    ],
)
def test_what_cannot_be_taken_is_named_at_its_field_and_nothing_is_lost(
    app: Flask, client: Client, session: Session, told: dict[str, str], anchor: str, words: str, reason: Reason
) -> None:
    made = open_list(session)
    writer = checking(client)
    writer.filled |= {"name": NAME, "contact": CONTACT, **told}
    if told.get("publish_name") and "name" not in told:
        writer.filled["name"] = ""

    page = writer.sends(status=422)

    counter(app).write()
    assert page.one("#faults a")["href"] == anchor
    assert words in page.one("#faults").get_text()
    assert page.one("details.person").has_attr("open")
    kept = page.fields("#comment")
    assert {name: kept.get(name) for name in writer.filled} == {
        name: text.replace("\x00", "\ufffd") for name, text in writer.filled.items()
    }
    assert [one["text"] for one in Writer(client, page, FORM).gathered] == [TEXT]
    assert count(session) == 0
    assert refusals.totals(session, made.consultation) == {reason: 1}


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "\"><b>'", "{{ 7*7 }}", "‮倒着", "𠮷👨‍👩‍👧"])
def test_a_hostile_name_is_kept_as_text_and_shown_as_text(client: Client, session: Session, name: str) -> None:
    open_list(session)
    writer = checking(client)
    writer.filled |= {"name": name}

    changed = writer.presses("edit-1")
    assert changed.fields["name"] == name
    again = changed.presses("review")

    assert again.page.fields("#comment")["name"] == name
    again.sends()
    assert len(details(session)) == 1


def test_it_goes_along_wherever_the_sitting_goes(client: Client, session: Session) -> None:
    open_list(session)
    writer = checking(client)
    writer.filled |= {"name": NAME, "contact": CONTACT, "publish_name": "yes"}

    writer = writer.goes_on_at(1, "p-5").writes("第二条").presses("review")
    writer.sends()

    assert sorted((one.comment.seq, one.field.value) for one in details(session)) == [
        (1, "contact"), (1, "name"), (2, "contact"), (2, "name"),
    ]  # fmt: skip


def test_a_form_without_steps_may_tell_it_too(client: Client, session: Session) -> None:
    open_list(session)

    Person.opens(client).sends(name=NAME)

    assert [one.field.value for one in details(session)] == ["name"]
