"""What no eye sees is made visible on every page; what everybody sees stays as it is."""

from secrets import token_urlsafe
from time import process_time

import html5lib
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from gongshi.comments import actions as comments
from gongshi.db import writing
from gongshi.web import odd_characters
from gongshi.web.marking import LOST, marked_page
from making import make_open_list, make_submission
from web.client import Client
from web.staff import signed_in


def codes(text: str) -> list[str]:
    return [odd_characters.code(text[start:end]) for start, end in odd_characters.runs(text)]


@pytest.mark.parametrize(
    ("text", "unseen"),
    [
        pytest.param("看似\u202e正常", ["U+202E"], id="direction override"),
        pytest.param("\u2066a\u2069", ["U+2066", "U+2069"], id="direction isolates"),
        pytest.param("a\u200bb\ufeffc", ["U+200B", "U+FEFF"], id="zero width"),
        pytest.param("\u200b" * 500 + "a\u2060\ufeff", ["U+200B ×500", "U+2060 U+FEFF"], id="runs"),
        pytest.param("\u200b\ufeff" * 9, ["U+200B U+FEFF U+200B U+FEFF U+200B U+FEFF +12"], id="a long mixed run"),
        pytest.param("x\U000e0041", ["U+E0041"], id="tag character"),
        pytest.param("x\x07\ue000", ["U+0007 U+E000"], id="control and private use"),
        pytest.param("x\ufffe\ud800", ["U+FFFE U+D800"], id="no characters at all"),
        pytest.param("空\u3164白\u2800", ["U+3164", "U+2800"], id="blank letters"),
        pytest.param("汉\u200d字", ["U+200D"], id="a joiner between Chinese characters"),
        pytest.param("a\ufe0f\ufe0f\ufe0f", ["U+FE0F ×2"], id="more selectors than one"),
        pytest.param("行\n行\t行\r\n", [], id="lines and tabs"),
        pytest.param("👨\u200d👩\u200d👧 👩🏽\u200d🚀 ❤️\u200d🔥 𠮷 é", [], id="pictures, rare characters, accents"),
        pytest.param("1\ufe0f\u20e3 葛\U000e0100", [], id="a keycap, a variant of a character"),
        pytest.param("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", [], id="the flag of England"),
        pytest.param("می\u200cخواهم क्\u200dष שלום", [], id="Persian, Hindi, Hebrew"),
        pytest.param("⠓\u2800⠊", [], id="braille"),
    ],
)
def test_only_what_no_eye_sees_gets_a_code(text: str, unseen: list[str]) -> None:
    assert codes(text) == unseen


def test_a_mark_holds_the_character_so_that_a_copied_passage_is_the_one_that_was_sent() -> None:
    page = BeautifulSoup(marked_page("<p>看似\u202e正常</p>"), "html.parser")

    assert page.get_text() == "看似\u202e正常"
    assert [mark["data-code"] for mark in page.select("p > bdi.no-eye")] == ["U+202E"]


@pytest.mark.parametrize("element", ["title", "option"])
def test_where_no_element_may_stand_the_mark_is_written_out(element: str) -> None:
    assert marked_page(f"<{element}>a\u202eb</{element}>") == f"<{element}>a⟦U+202E⟧b</{element}>"


def test_what_was_typed_stays_in_its_field_as_it_was() -> None:
    page = '<input value="a\u202eb"><textarea>\na\u202eb</textarea>'

    assert marked_page(page) == page


def test_what_html_cannot_hold_is_replaced_wherever_it_stands() -> None:
    page = marked_page('<input value="\x1b"><textarea>\x1b\ud800</textarea><p>\x1b</p>')

    assert page.count(LOST) == 4
    assert "\x1b" not in page
    html5lib.HTMLParser(strict=True).parse(f'<!doctype html><html lang="en"><title>x</title>{page}')


def test_a_part_of_a_page_that_was_marked_by_itself_is_not_marked_twice() -> None:
    once = marked_page("<p>a\u202eb</p>")

    assert marked_page(f"<div>{once}</div>") == f"<div>{once}</div>"


@given(st.text(st.sampled_from("a<>&\"'\u202e\u200b\x1b\ud800\u3164é汉"), max_size=30).map(lambda text: f"x{text}"))
def test_marks_change_neither_the_structure_of_a_page_nor_its_texts(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;")
    page = f'<p title="{escaped}" class="x">{escaped}<b>{escaped}</b></p><select><option value="1">{escaped}</select>'

    found = BeautifulSoup(marked_page(page), "html.parser")

    expected = "".join(LOST if codes(one) and one in "\x1b\ud800" else one for one in text)
    assert found.p is not None
    assert found.p["title"] == expected
    assert found.p.get_text() == expected * 2
    assert found.option is not None
    assert found.option.get_text() == odd_characters.spelled(text)
    assert {tag.name for tag in found.find_all(True)} <= {"p", "b", "bdi", "select", "option"}


def test_a_reader_and_the_staff_see_the_same_marks(app: Flask, client: Client, session: Session) -> None:
    with writing(session) as at:
        opened = make_open_list(session, at, number="2026-SL-01")
        comment = make_submission(session, opened.consultation, at, text="看似\u202e正常\u200b的意见").comments[0]
        comments.publish(session, comment, by=opened.analyst, at=at)
        analyst = opened.analyst.login

    for page in (
        client.get(f"/comments/{comment.number}/"),
        client.get("/consultations/2026-SL-01/comments/"),
        signed_in(app, analyst).get(
            f"/workbench/consultations/2026-SL-01/triage/?queue=published&comment={comment.number}"
        ),
    ):
        assert {"U+202E", "U+200B"} <= {mark["data-code"] for mark in page.all("main .text .no-eye")}


@pytest.mark.parametrize("sign", ["\x1b", "\x85", "\ufffe"], ids=["escape", "a control of C1", "no character"])
def test_what_staff_paste_loses_what_cannot_be_kept(app: Flask, session: Session, sign: str) -> None:
    with writing(session) as at:
        opened = make_open_list(session, at, number="2026-SL-01")
        analyst = opened.analyst.login

    page = signed_in(app, analyst).post("/workbench/preview", {"preview": "notice:body", "body": f"前{sign}后"}, 200)

    assert sign not in page.text
    assert "前" in page.words


@pytest.mark.parametrize("sign", ["\x1b", "\ufffe"])
@pytest.mark.parametrize("field", ["text", "resolution", "name", "contact"])
def test_what_cannot_be_kept_is_refused_in_every_field_and_what_was_typed_stays(
    client: Client, session: Session, field: str, sign: str
) -> None:
    with writing(session) as at:
        make_open_list(session, at, number="2026-SL-01")
    sent = {
        "submission_key": token_urlsafe(24),
        "kind": "ask",
        "text": "请说明。",
        "resolution": "",
        field: f"前{sign}后",
    }

    page = client.post("/consultations/2026-SL-01/comment", sent, 422)

    held = page.one(f"textarea[name={field}], input[name={field}]:not([type=hidden])")
    assert (held.get_text().strip() or held["value"]) == f"前{LOST}后"


@pytest.mark.parametrize("path", ["/comments/%00/", "/consultations/2026-SL-01/comments/?paragraph=p-2%00"])
def test_an_address_with_nul_leads_nowhere(client: Client, path: str) -> None:
    client.get(path, 404)


def test_a_mark_costs_a_page_no_more_than_its_length() -> None:
    """64 KB of the worst: linear, so twice as much takes about twice as long, and never a hundred times."""
    worst = ["\u200b\u200d", "a\ufe0f", "\U0001f3f4\U000e0041", "<b>\u202e</b>", "Z\u0301"]

    for unit in worst:
        short, long = (_seconds("<p>" + unit * count + "</p>") for count in (4_000, 32_000))
        assert long < 30 * max(short, 1e-4), unit


def _seconds(page: str) -> float:
    best = 1.0
    for _ in range(3):
        began = process_time()
        marked_page(page)
        best = min(best, process_time() - began)
    return best
