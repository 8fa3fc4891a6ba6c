"""The comment form as a person without JavaScript meets it: sent, refused, sent again."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from config import Config
from gongshi import clock, db
from gongshi.app import create_app
from gongshi.comments import checks, refusals
from gongshi.comments.models import Comment, Submission
from gongshi.comments.refusals import Reason
from gongshi.consultations.models import Nature
from gongshi.notices import lists
from gongshi.notices.models import InterruptionKind
from gongshi.web.db import db as site_db
from web.client import Client
from web.commenting_people import FORM, TEXT, Person, close_now, count, counter, open_list, receipt

FORM_TYPE = "application/x-www-form-urlencoded"
PARAGRAPH = {"project": 1, "version": 1, "paragraph": "p-2"}


def test_the_form_shows_what_it_is_about(client: Client, session: Session) -> None:
    open_list(session)

    on_list, on_project = client.get(FORM), client.get(FORM, project=1)
    on_paragraph = client.get(FORM, **PARAGRAPH)

    assert "整份名单" in on_list.words
    assert "基于人工智能的投资者服务项目1" in on_project.words
    assert "每季度复核一次" in on_paragraph.one("blockquote").get_text()
    assert on_paragraph.one("#comment")["action"] == f"{FORM}?project=1&version=1&paragraph=p-2"


def test_an_english_form_is_sent_in_english(client: Client, session: Session) -> None:
    open_list(session)

    page = Person.opens(client, f"/en{FORM}", project=2).sends()

    assert page.h1 == "Your comment has been received"


def test_the_form_belongs_to_one_person_and_is_kept_nowhere(client: Client, session: Session) -> None:
    open_list(session)

    first, second = client.get(FORM), client.get(FORM)

    assert first.headers["Cache-Control"] == "no-store"
    assert "ETag" not in first.headers
    assert first.fields("#comment")["submission_key"] != second.fields("#comment")["submission_key"]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({"project": 9}, id="a project that is not in the list"),
        pytest.param({"project": 1, "version": 7}, id="a version that is not public"),
        pytest.param({"project": 1, "version": 1, "paragraph": "p-99"}, id="a paragraph that is not there"),
        pytest.param({"paragraph": "p-2"}, id="a paragraph of no project"),
        pytest.param({"project": "x"}, id="no number"),
    ],
)
def test_there_is_no_form_for_what_is_not_published(
    client: Client, session: Session, query: dict[str, str | int]
) -> None:
    open_list(session)

    client.get(FORM, status=404, **query)


def test_a_comment_is_received_with_its_target_and_its_receipt(client: Client, session: Session) -> None:
    open_list(session)
    person = Person.opens(client, **PARAGRAPH)

    page = person.sends(kind="suggest", text=TEXT, resolution="改为每月复核。")

    comment = session.scalars(select(Comment)).one()
    assert (comment.kind.value, comment.text, comment.resolution) == ("suggest", TEXT, "改为每月复核。")
    assert comment.paragraph_key == "p-2"
    assert comment.version is not None
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers
    assert page.one("#receipt-number").get_text() == comment.submission.receipt_number
    assert comment.number in page.words
    assert f"序号 {comment.ledger_index}" in page.words


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


def test_bytes_that_are_not_utf8_are_refused_and_not_replaced(app: Flask, session: Session) -> None:
    open_list(session)
    browser = app.test_client()
    key = Person.opens(Client(app)).key

    body = b"submission_key=" + key.encode() + b"&kind=oppose&text=%ED%A0%80"
    answer = browser.post(FORM, data=body, content_type=FORM_TYPE)

    assert answer.status_code == 422
    assert count(session) == 0


def test_a_retry_after_a_lost_answer_gets_the_same_receipt(client: Client, session: Session) -> None:
    open_list(session)
    person = Person.opens(client)

    first, again = person.sends(), person.sends()

    assert receipt(first) == receipt(again)
    assert "同一份回执" in again.words
    assert count(session) == count(session, Submission) == 1


def test_a_retry_after_the_closing_still_gets_its_receipt(client: Client, session: Session) -> None:
    made = open_list(session)
    person = Person.opens(client)
    first = person.sends()

    close_now(session, made.consultation)

    assert receipt(person.sends()) == receipt(first)


def test_the_same_form_with_another_text_is_refused(app: Flask, client: Client, session: Session) -> None:
    made = open_list(session)
    person = Person.opens(client)
    person.sends()

    page = person.sends(status=409, text="另一段文字")

    counter(app).write()
    assert count(session) == 1
    assert "先前已用另一段文字提交" in page.one("#faults").get_text()
    assert page.fields("#comment")["text"] == "另一段文字"
    assert page.fields("#comment")["submission_key"] != person.key
    assert refusals.totals(session, made.consultation) == {Reason.KEY_USED_FOR_ANOTHER_TEXT: 1}


def test_pressing_again_after_that_sends_a_second_comment(client: Client, session: Session) -> None:
    open_list(session)
    person = Person.opens(client)
    person.sends()

    person.fields = person.sends(status=409, text="另一段文字").fields("#comment")
    person.sends(text="另一段文字")

    assert count(session) == 2


def test_only_the_clock_opens_and_closes(client: Client, session: Session) -> None:
    closes_at = clock.now() + timedelta(seconds=1.5)
    open_list(session, closes_at=closes_at)
    person = Person.opens(client)
    person.sends()

    time.sleep(max(0.0, (closes_at - clock.now()).total_seconds()))
    late = Person(client, person.address, {**person.fields, "submission_key": "n" * 32}).sends(status=409)

    assert "收到时已超过截止时间" in late.one("#faults").get_text()
    assert not late.all("form#comment")
    assert late.one("#text").get_text().removeprefix("\n") == TEXT
    assert not client.get(FORM).all("form#comment")
    assert count(session) == 1


def test_a_late_comment_is_told_by_how_much_and_loses_no_word(app: Flask, client: Client, session: Session) -> None:
    made = open_list(session)
    person = Person.opens(client)
    close_now(session, made.consultation)

    page = person.sends(status=409, resolution="改为每月")

    counter(app).write()
    assert re.search(r"收到时已超过截止时间\d+秒", page.one("#faults").get_text())
    assert [tag.get_text().removeprefix("\n") for tag in page.all("textarea[readonly]")] == [TEXT, "改为每月"]
    assert count(session) == 0
    assert refusals.totals(session, made.consultation) == {Reason.NOT_OPEN: 1}


def test_before_it_opens_the_page_says_from_when(client: Client, session: Session) -> None:
    opens_at = clock.now() + timedelta(days=2)
    open_list(session, opens_at=opens_at)

    page = client.get(FORM)

    assert not page.all("form#comment")
    assert "尚未开始" in page.words
    assert clock.beijing(opens_at).strftime("%H:%M") in page.words


def test_a_suspended_project_takes_none_while_its_neighbour_does(client: Client, session: Session) -> None:
    made = open_list(session)
    person = Person.opens(client, project=1)
    with db.writing(session) as at:
        lists.interrupt(
            session,
            made.consultation,
            kind=InterruptionKind.SUSPENDED,
            project=made.projects[0],
            slug="suspended",
            title="中止公告",
            reason="申报材料需要补正。",
            by=made.published_by,
            at=at,
        )

    page = person.sends(status=409)

    assert "/notices/suspended/" in page.links()
    assert page.one("#text").get_text().removeprefix("\n") == TEXT
    Person.opens(client, project=2).sends()


def test_an_archive_takes_no_comments(client: Client, session: Session) -> None:
    made = open_list(session)
    made.consultation.nature = Nature.ARCHIVE
    made.consultation.rounds[0].opens_at -= timedelta(days=400)
    close_now(session, made.consultation)

    assert not client.get(FORM).all("form#comment")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 201, id="an old browser that says nothing"),
        pytest.param({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 201, id="our own page"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, 403, id="another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, 403, id="a sister site"),
        pytest.param({"Origin": "https://elsewhere.example"}, 403, id="another origin"),
        pytest.param({"Origin": "null"}, 403, id="a hidden origin"),
    ],
)
def test_a_comment_forged_on_another_site_is_refused(
    client: Client, session: Session, headers: dict[str, str], status: int
) -> None:
    open_list(session)

    Person.opens(client).sends(status=status, headers=headers)

    assert count(session) == (status == 201)


def test_a_comment_of_unknown_length_is_refused_whole(app: Flask, session: Session) -> None:
    open_list(session)

    answer = app.test_client().post(FORM, headers={"Transfer-Encoding": "chunked"})

    assert answer.status_code == 411
    assert count(session) == 0


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        pytest.param(b"submission_key=short&kind=oppose&text=a", FORM_TYPE, 400, id="no key"),
        pytest.param(b"submission_key=%b&kind=ask&text=a&text=b" % (b"k" * 32), FORM_TYPE, 400, id="a field twice"),
        pytest.param(b"{}", "application/json", 415, id="not a form"),
    ],
)
def test_what_no_form_of_ours_sends_is_refused(
    app: Flask, session: Session, body: bytes, content_type: str, status: int
) -> None:
    open_list(session)

    assert app.test_client().post(FORM, data=body, content_type=content_type).status_code == status
    assert count(session) == 0


def test_while_the_database_is_busy_the_text_waits_in_the_form(
    app: Flask, client: Client, session: Session, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_list(session)
    person = Person.opens(client)
    monkeypatch.setattr(db, "LOCK_SECONDS", 0.2)

    with Session(engine) as other, db.writing(other):
        page = person.sends(status=503)

    assert page.headers["Retry-After"] == "2"
    assert page.fields("#comment") == {"submission_key": person.key, "kind": "oppose", "text": TEXT, "resolution": ""}
    assert "系统繁忙" in page.one("#faults").get_text()
    person.sends()


def test_on_a_full_disk_nothing_is_half_written_and_the_text_waits_in_the_form(
    app: Flask, client: Client, session: Session
) -> None:
    open_list(session)
    person = Person.opens(client, project=1)
    with app.app_context():
        engine = site_db.engine
    engine.dispose()
    event.listen(engine, "connect", _leave_no_room)

    page = person.sends(status=503, text="意" * 10_000)

    assert page.headers["Retry-After"]
    assert page.fields("#comment")["text"] == "意" * 10_000
    assert count(session) == count(session, Submission) == 0
    event.remove(engine, "connect", _leave_no_room)
    engine.dispose()
    person.sends(text="意" * 10_000)


def _leave_no_room(connection: Any, _record: Any) -> None:
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")


def test_refusals_are_counted_in_public_by_rule_and_hour(app: Flask, client: Client, session: Session) -> None:
    open_list(session)
    for text in ("", "", "意" * 10_001):
        Person.opens(client).sends(status=422, text=text)
    counter(app).write()

    page = client.get("/consultations/2026-SL-01/refusals/")

    assert page.texts("table:first-of-type tbody tr")[:2] == ["没有内容 2", "内容过长 1"]
    assert "收到 0" in page.words


def test_a_site_put_back_to_an_older_copy_can_only_be_read(
    app: Flask, config: Config, client: Client, session: Session, tmp_path: Path
) -> None:
    open_list(session)
    Person.opens(client).sends()
    copy_of(config, tmp_path / "older.db")
    Person.opens(client).sends()
    restored = put_back(app, config, tmp_path / "older.db")

    for browser in restored:
        page = Person.opens(browser).sends(status=503)
        assert "公开台账不符" in page.one("#faults").get_text()
        assert page.fields("#comment")["text"] == TEXT
        assert "read-only" in browser.get("/readyz", status=503).text
        assert browser.get("/healthz").text == "ok\n"


def copy_of(config: Config, target: Path) -> None:
    """A backup, as SQLite itself makes it."""
    sqlite = db.sqlite_module()
    source, copy = sqlite.connect(str(config.DATA_DIR / "gongshi.db")), sqlite.connect(str(target))
    source.backup(copy)
    source.close()
    copy.close()


def put_back(app: Flask, config: Config, older: Path) -> Iterator[Client]:
    with app.app_context():
        site_db.session.remove()
        site_db.engine.dispose()
    for file in config.DATA_DIR.glob("gongshi.db*"):
        file.unlink()
    older.rename(config.DATA_DIR / "gongshi.db")
    again = create_app(config)
    yield Client(again)
    with again.app_context():
        site_db.session.remove()
        site_db.engine.dispose()
