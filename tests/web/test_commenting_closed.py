"""The comment form before, after and beside its time: only the clock and a notice open and close it."""

import re
import time
from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from gongshi import clock, db
from gongshi.comments import refusals
from gongshi.comments.refusals import Reason
from gongshi.consultations.models import Nature
from gongshi.notices import lists
from gongshi.notices.models import InterruptionKind
from web.client import Client
from web.commenting_people import FORM, TEXT, Person, close_now, count, counter, open_list, unprotected


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
    assert refusals.totals(session, made.consultation) == {Reason.LATE: 1}


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
    made = open_list(session, opens_at=clock.now() - timedelta(days=401))
    unprotected(session, "consultation_no_update")
    made.consultation.nature = Nature.ARCHIVE
    close_now(session, made.consultation)

    assert not client.get(FORM).all("form#comment")
