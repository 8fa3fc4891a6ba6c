"""The end of a period, in public: a clock that is the server's, and how many came too late."""

import csv
import io
import re
from datetime import datetime, timedelta

import pytest
from bs4 import Tag
from flask import Flask
from sqlalchemy.orm import Session

from gongshi import clock, db
from gongshi.comments import refusals
from gongshi.comments.refusals import Reason
from web.client import Client, Page
from web.commenting_people import FORM, PARAGRAPH, Person, close_now, counter, open_list
from web.commenting_writers import Writer

LIST = "/consultations/2026-SL-01/"
PREFIXES = pytest.mark.parametrize("prefix", ["", "/en"])


def countdown(page: Page) -> Tag:
    """The page's clock, whose script is there, and whose words are there without it."""
    line = page.one("[data-closes]")
    assert [tag for tag in page.all("script[src]") if "/closing" in str(tag["src"])]
    return line


def instant(line: Tag, name: str) -> datetime:
    return datetime.fromtimestamp(float(str(line[name])) / 1000, tz=clock.BEIJING)


@PREFIXES
@pytest.mark.parametrize("path", [LIST, FORM])
def test_the_clock_of_an_open_period_is_the_server_s(client: Client, session: Session, prefix: str, path: str) -> None:
    closes_at = clock.now() + timedelta(minutes=20)
    open_list(session, closes_at=closes_at)
    before = clock.now()

    line = countdown(client.get(f"{prefix}{path}"))

    assert abs(instant(line, "data-closes") - closes_at) < timedelta(milliseconds=1)
    assert before - timedelta(milliseconds=1) <= instant(line, "data-now") <= clock.now()
    told = client.get(str(line["data-clock"]))
    assert abs(clock.now().timestamp() * 1000 - told.response.get_json()["now"]) < 60_000
    assert told.headers["Cache-Control"] == "no-store"


@PREFIXES
def test_without_a_script_the_clock_says_how_much_was_left_and_when_that_was(
    client: Client, session: Session, prefix: str
) -> None:
    open_list(session, closes_at=clock.now() + timedelta(minutes=20))

    line = countdown(client.get(f"{prefix}{LIST}"))

    said = " ".join(line.get_text(" ").split())
    at = instant(line, "data-now")
    left = r"19 min \d+ s were left" if prefix else r"剩余\s?19\s?分\s?\d+\s?秒"
    assert re.search(left, said), said
    assert f"{at:%H:%M:%S}" in said


@PREFIXES
def test_all_that_the_clock_will_say_is_in_the_language_of_the_page(
    client: Client, session: Session, prefix: str
) -> None:
    open_list(session)

    line = countdown(client.get(f"{prefix}{LIST}"))

    words = "".join(str(line[f"data-{name}"]) for name in ("left", "over", "day", "hour", "minute", "second"))
    assert bool(re.search("[一-鿿]", words)) is not bool(prefix)
    assert bool(re.search("[A-Za-z]", words)) is bool(prefix)


def test_the_page_for_checking_counts_down_too(client: Client, session: Session) -> None:
    made = open_list(session)

    page = Writer.opens(client, **PARAGRAPH).writes().presses("review").page

    assert abs(instant(countdown(page), "data-closes") - made.consultation.rounds[0].closes_at) < timedelta(seconds=1)


def test_before_and_after_the_period_no_clock_runs(client: Client, session: Session) -> None:
    made = open_list(session)
    close_now(session, made.consultation)

    for path in (LIST, FORM):
        assert not client.get(path).all("[data-closes]")


@PREFIXES
def test_attempts_after_the_end_are_counted_on_the_page_of_the_list(
    app: Flask, client: Client, session: Session, prefix: str
) -> None:
    made = open_list(session)
    people = [Person.opens(client) for _ in range(3)]
    words = "after the end, which were not accepted: 3" if prefix else "截止之后提交、未被接收的次数：3"
    assert "未被接收" not in client.get(LIST).words
    close_now(session, made.consultation)
    for person in people:
        person.sends(status=409)
    counter(app).write()

    page = client.get(f"{prefix}{LIST}")

    assert words in page.words
    assert page.links("main").count(f"{prefix}{LIST}refusals/") == 2, "beside the number, and among the links"


def test_too_early_is_no_attempt_after_the_end(app: Flask, client: Client, session: Session) -> None:
    open_list(session, opens_at=clock.now() + timedelta(days=2))
    fields = {"submission_key": "k" * 32, "kind": "ask", "text": "何时？", "resolution": ""}
    client.post(FORM, fields, status=409)
    counter(app).write()

    assert "未被接收" not in client.get(LIST).words
    table = client.get(f"{LIST}refusals/refusals.csv").text
    assert Reason.NOT_OPEN in table
    assert Reason.LATE not in table


@PREFIXES
def test_the_table_of_refusals_has_a_row_for_each_rule_and_hour(
    app: Flask, client: Client, session: Session, prefix: str
) -> None:
    made = open_list(session)
    person, other = Person.opens(client), Person.opens(client)
    person.sends(status=422, text=" ")
    close_now(session, made.consultation)
    for one in (person, other):
        one.sends(status=409)
    counter(app).write()

    page = client.get(f"{prefix}{LIST}refusals/")
    address = next(one for one in page.links("main") if one.endswith(".csv"))
    answer = client.get(address)

    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert answer.response.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="2026-SL-01-refusals.csv"'
    assert {code: int(count) for _, code, _, count in rows[1:]} == {Reason.LATE: 2, Reason.TEXT_MISSING: 1}
    for hour, _, rule, _ in rows[1:]:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:00", hour)
        assert rule in page.words


def test_the_hours_stand_under_their_days_the_latest_first(client: Client, session: Session) -> None:
    made = open_list(session)
    with db.writing(session):
        for hour in ("2026-07-30 22", "2026-07-30 23", "2026-07-31 00"):
            start = datetime.strptime(hour, "%Y-%m-%d %H").replace(tzinfo=clock.BEIJING)
            refusals.count(session, made.consultation.id, Reason.TEXT_MISSING, times=1, at=start)

    page = client.get(f"{LIST}refusals/")

    rows = page.texts('[aria-labelledby="hours"] tbody th')
    assert rows == ["2026年7月31日", "00:00", "2026年7月30日", "23:00", "22:00"]


def test_a_list_without_refusals_has_a_table_without_rows(client: Client, session: Session) -> None:
    open_list(session)

    rows = list(csv.reader(io.StringIO(client.get(f"{LIST}refusals/refusals.csv").text.removeprefix("\ufeff"))))

    assert len(rows) == 1
