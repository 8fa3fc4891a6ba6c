"""The comment form when something is wrong: what was forged or mangled, a busy database, a full disk, an old copy."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from config import Config
from gongshi import db
from gongshi.comments.models import Submission
from gongshi.web.db import db as site_db
from web.client import Client
from web.commenting_people import FORM, TEXT, Person, count, open_list
from web.damaging import copy_of, put_back

FORM_TYPE = "application/x-www-form-urlencoded"


# What no form of ours sends


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


def test_bytes_that_are_not_utf8_are_refused_and_not_replaced(app: Flask, session: Session) -> None:
    open_list(session)
    browser = app.test_client()
    key = Person.opens(Client(app)).key

    body = b"submission_key=" + key.encode() + b"&kind=oppose&text=%ED%A0%80"
    answer = browser.post(FORM, data=body, content_type=FORM_TYPE)

    assert answer.status_code == 422
    assert count(session) == 0


# When the site cannot write


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


def test_a_site_put_back_to_an_older_copy_can_only_be_read(
    app: Flask, config: Config, client: Client, session: Session, tmp_path: Path
) -> None:
    open_list(session)
    Person.opens(client).sends()
    copy_of(config, tmp_path / "older.db")
    Person.opens(client).sends()

    with put_back(app, config, tmp_path / "older.db") as restored:
        browser = Client(restored)
        page = Person.opens(browser).sends(status=503)
        assert "公开台账不符" in page.one("#faults").get_text()
        assert page.fields("#comment")["text"] == TEXT
        assert "read-only" in browser.get("/readyz", status=503).text
        assert browser.get("/healthz").text == "ok\n"
