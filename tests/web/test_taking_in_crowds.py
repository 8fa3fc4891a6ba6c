"""In a crowd what may refuse is asked under the lock, once for many: every refusal is the same as at a quiet hour."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from config import Config
from gongshi import clock
from gongshi.comments import refusals
from gongshi.comments.refusals import Reason
from gongshi.consultations import queries as consultations
from web.client import Client
from web.commenting_people import TEXT, Person, close_now, count, counter, open_list, receipt
from web.solving import asked, solved
from web.staff import signed_in

NUMBER = "2026-SL-01"
INSIDE = {"X-Forwarded-For": "203.0.113.9"}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(
        DATA_DIR=tmp_path / "var",
        SEARCH_INDEX_DIR=tmp_path / "index",
        SECRET_KEY="test" * 8,
        COMMENT_LIMITS="4 per 10 minutes",
        COMMENT_LIMITS_WITHOUT_PROOF="2 per hour",
        TRUSTED_PROXIES=1,
    )


@pytest.fixture(autouse=True)
def crowd(app: Flask) -> Iterator[None]:
    """More people are at the turnstile than are worked on, and there is room for one more."""
    turnstile = app.extensions["gongshi.turnstile"]
    turnstile._present = turnstile._most_inside
    yield
    turnstile._present = 0


def test_who_comes_too_late_is_told_by_how_much_and_keeps_the_text(
    app: Flask, client: Client, session: Session
) -> None:
    made = open_list(session)
    person = Person.opens(client)
    close_now(session, made.consultation)

    page = person.sends(status=409)

    assert page.one("#text").get_text().removeprefix("\n") == TEXT
    assert re.search(r"已超过截止时间\d+秒", page.one("#faults").get_text())
    assert told(app, session) == {Reason.LATE: 1}
    assert count(session) == 0


def test_from_a_blocked_network_nothing_is_taken_and_nothing_is_used_up(
    app: Flask, client: Client, session: Session
) -> None:
    made = open_list(session)
    until = (clock.beijing(clock.now()) + timedelta(days=7)).date().isoformat()
    rule = {"kind": "block", "network": "203.0.113.0/24", "reason": "一小时内自动提交大量相同内容。", "until": until}
    signed_in(app, made.office.publisher).post("/workbench/networks/", rule, 303)
    person = Person.opens(client)

    page = person.sends(status=403, headers=INSIDE)

    assert rule["reason"] in page.one("#faults").get_text()
    assert page.fields("#comment")["text"] == TEXT
    assert told(app, session) == {Reason.NETWORK_BLOCKED: 1}
    assert count(session) == 0


def test_the_limits_hold_with_proofs_and_without(app: Flask, client: Client, session: Session) -> None:
    open_list(session)
    for _ in range(2):
        Person.opens(client).sends(headers=INSIDE)

    refused = Person.opens(client).sends(status=429, headers=INSIDE)
    Person.opens(client).sends(headers=INSIDE, proof=solved(asked(client, headers=INSIDE)))

    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert told(app, session) == {Reason.WITHOUT_PROOF_LIMIT: 1}
    assert count(session) == 3


def test_a_proof_is_spent_once(client: Client, session: Session) -> None:
    open_list(session)
    proof = solved(asked(client))
    Person.opens(client).sends(proof=proof)

    Person.opens(client).sends(status=409, proof=proof)

    assert count(session) == 1


def test_a_retry_gets_the_same_receipt_after_the_closing_too(client: Client, session: Session) -> None:
    made = open_list(session)
    person = Person.opens(client)
    first = receipt(person.sends())
    close_now(session, made.consultation)

    assert receipt(person.sends()) == first
    assert count(session) == 1


def told(app: Flask, session: Session) -> dict[Reason, int]:
    """The public count."""
    counter(app).write()
    session.rollback()
    return refusals.totals(session, consultations.numbered(session, NUMBER))
