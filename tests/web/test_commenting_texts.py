"""What is typed into the comment form: kept as text, or refused and handed back."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.comments import checks, refusals
from gongshi.comments.models import Comment
from gongshi.comments.refusals import Reason
from web.client import Client
from web.commenting_people import PARAGRAPH, Person, count, counter, open_list


def test_line_ends_count_once_as_people_count_them(client: Client, session: Session) -> None:
    open_list(session)

    Person.opens(client).sends(text="第一行\r\n第二行\r\n")

    assert session.scalars(select(Comment.text)).one() == "第一行\n第二行\n"


NAUGHTY = [
    pytest.param("<script>alert(1)</script>", id="a script"),
    pytest.param("\"><img src=x onerror=alert(1)>'", id="a broken attribute"),
    pytest.param("{{ 7*7 }} {% raise %} ${7*7} %s %(x)s", id="templates"),
    pytest.param("\n\n  前有空行", id="leading line ends"),
    pytest.param("‮倒着写⁦的字​", id="direction marks and zero width"),
    pytest.param("𠮷野家 👨‍👩‍👧 e\u0301 ½ ﷺ", id="rare characters"),
    pytest.param("</textarea><h1>二</h1>", id="the end of a field"),
    pytest.param("a=1&text=2;%00+%E6", id="form syntax"),
    pytest.param("=1+1|cmd", id="a formula"),
]


@pytest.mark.parametrize("text", NAUGHTY)
def test_whatever_is_typed_is_kept_as_text_and_shown_as_text(client: Client, session: Session, text: str) -> None:
    open_list(session)

    page = Person.opens(client).sends(text=text, resolution=text)

    assert session.scalars(select(Comment.text)).one() == text
    assert [tag.get_text() for tag in page.all(".receipt .facts .text")] == [text, text]


@pytest.mark.parametrize("text", NAUGHTY)
def test_a_refusal_keeps_everything_that_was_typed(client: Client, session: Session, text: str) -> None:
    open_list(session)
    person = Person.opens(client, **PARAGRAPH)

    page = person.sends(status=422, kind="", text=text, resolution=text)

    assert page.fields("#comment") == {"submission_key": person.key, "text": text, "resolution": text}
    assert page.one("#faults")["role"] == "alert"
    assert page.one("#faults").has_attr("autofocus")
    assert page.one("#faults a")["href"] == "#kind-0"
    assert page.one("#comment")["action"] == person.address
    assert page.title.startswith("尚未提交")


@pytest.mark.parametrize(
    ("fields", "anchor", "words", "reason"),
    [
        pytest.param({"kind": ""}, "#kind-0", "请选择意见的性质", Reason.KIND_MISSING, id="no kind"),
        pytest.param(
            {"kind": "praise"}, "#kind-0", "请选择意见的性质", Reason.KIND_MISSING, id="a kind we do not know"
        ),
        pytest.param({"text": "  \n "}, "#text", "请填写意见内容", Reason.TEXT_MISSING, id="nothing said"),
        pytest.param(
            {"text": "意" * 10_001}, "#text", "10001 字，最多 10000 字", Reason.TEXT_TOO_LONG, id="a letter too long"
        ),
        pytest.param({"text": "a\x00b"}, "#text", "无法照原样保存", Reason.TEXT_UNREADABLE, id="NUL"),
        pytest.param(
            {"text": "e" + "\u0301" * 17}, "#text", "无法照原样保存", Reason.TEXT_UNREADABLE, id="a tower of accents"
        ),
        pytest.param(
            {"resolution": "意" * 10_001}, "#resolution", "10001 字", Reason.TEXT_TOO_LONG, id="too long a wish"
        ),
    ],
)
def test_what_cannot_be_taken_is_named_at_its_field(
    app: Flask, client: Client, session: Session, fields: dict[str, str], anchor: str, words: str, reason: Reason
) -> None:
    made = open_list(session)

    page = Person.opens(client).sends(status=422, **fields)

    counter(app).write()
    assert page.one("#faults a")["href"] == anchor
    assert words in page.one("#faults").get_text()
    assert page.all(anchor)
    assert count(session) == 0
    assert refusals.totals(session, made.consultation) == {reason: 1}


def test_ten_thousand_characters_are_taken_whole(client: Client, session: Session) -> None:
    open_list(session)
    longest = "意" * (checks.LONGEST_TEXT - 1) + "𠮷"

    Person.opens(client).sends(text=longest, resolution=longest)

    assert session.scalars(select(Comment.text)).one() == longest


def test_refusals_are_counted_in_public_by_rule_and_hour(app: Flask, client: Client, session: Session) -> None:
    open_list(session)
    for text in ("", "", "意" * 10_001):
        Person.opens(client).sends(status=422, text=text)
    counter(app).write()

    page = client.get("/consultations/2026-SL-01/refusals/")

    assert page.texts("table:first-of-type tbody tr")[:2] == ["没有内容 2", "内容过长 1"]
    assert "收到 0" in page.words
