"""Crowds and impatience, against real server processes that share one database."""

import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Config
from floods.people import letters, look_up, send_all, send_until_settled
from floods.servers import NO_LIMITS, NUMBER, prepare, servers, serving
from gongshi import clock, db
from gongshi.comments import refusals
from gongshi.comments.models import Comment, Submission
from gongshi.comments.refusals import Reason
from gongshi.consultations import queries as consultations

PROCESSES, POSTS, LIMIT, SILENT = 4, 200, 10, 300

pytestmark = pytest.mark.slow


@pytest.fixture
def site(tmp_path: Path) -> Config:
    return prepare(tmp_path)


def counts(config: Config) -> tuple[int, int]:
    """Comments and submissions on disk."""
    engine = db.make_engine(config.database_url)
    with Session(engine) as session:
        found = tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in (Comment, Submission))
    engine.dispose()
    return found[0], found[1]


def refused(config: Config) -> dict[Reason, int]:
    engine = db.make_engine(config.database_url)
    with Session(engine) as session:
        found = refusals.totals(session, consultations.public(session, NUMBER, clock.now()))
    engine.dispose()
    return found


def test_two_hundred_at_once_from_one_network_are_let_in_exactly_up_to_the_limit(site: Config) -> None:
    sending = letters(POSTS)
    limits = {"COMMENT_LIMITS": f"{LIMIT} per hour;500 per day", "COMMENT_LIMITS_WITHOUT_PROOF": "1000 per hour"}
    with servers(site, PROCESSES, **limits) as running:
        answers = send_until_settled(sending, [server.port for server in running])
        time.sleep(1)  # The public count is written a moment later.

    received = [answer for answer in answers if answer.status == 201]
    turned_away = [answer for answer in answers if answer.status == 429]
    assert len(received) == LIMIT
    assert len(turned_away) == POSTS - LIMIT
    assert all(0 < int(answer.retry_after or 0) <= 3600 for answer in turned_away)
    assert all(answer.shows_the_text and answer.letter.key in answer.body for answer in turned_away)
    assert counts(site) == (LIMIT, LIMIT)
    counted = refused(site)
    counted.pop(Reason.BUSY, None)
    assert counted == {Reason.NETWORK_LIMIT: POSTS - LIMIT}


def test_the_same_form_sent_two_hundred_times_at_once_is_one_comment_with_one_receipt(site: Config) -> None:
    sending = letters(1) * POSTS
    with servers(site, PROCESSES) as running:
        answers = send_until_settled(sending, [server.port for server in running])

    assert [answer.status for answer in answers] == [201] * POSTS
    assert len({answer.receipt for answer in answers}) == 1
    assert counts(site) == (1, 1)


def test_a_receipt_can_be_looked_up_at_every_process(site: Config) -> None:
    with servers(site, 2, **NO_LIMITS) as running:
        answers = send_all(letters(10), [running[0].port])
        receipts = [answer.receipt for answer in answers if answer.receipt is not None]
        found = look_up(receipts, running[1].port)

    assert [answer.status for answer in found] == [200] * 10


def test_people_who_send_half_a_request_and_then_nothing_stop_nobody(site: Config, tmp_path: Path) -> None:
    half = b"POST /consultations/2026-SL-01/comment HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nsubm"
    with serving(site, tmp_path / "slow.log", processes=1) as server, ExitStack() as silent:
        for _ in range(SILENT):
            connection = silent.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            connection.sendall(half)

        answers = send_until_settled(letters(5), [server.port])

    assert [answer.status for answer in answers] == [201] * 5
