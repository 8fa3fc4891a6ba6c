"""Limits hold exactly, across processes and restarts, and tell when to come again."""

import os
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest
import redis
from flask import Flask
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import STRATEGIES, MovingWindowRateLimiter
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config import Config
from gongshi.app import create_app
from gongshi.comments import refusals
from gongshi.comments.refusals import Reason
from gongshi.web.db import db
from gongshi.web.limits import network, sqlite_storage
from gongshi.web.limits.sqlite_storage import SqliteStorage
from tests.conftest import missing
from web.client import Client
from web.commenting_people import TEXT, Person, count, counter, open_list

REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
PROCESSES, HITS, LIMIT = 4, 250, 100


@pytest.fixture(params=["sqlite", "redis"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return sqlite_storage.address(tmp_path / "limits of ours?.db")
    try:
        redis.Redis.from_url(REDIS, socket_connect_timeout=1).ping()
    except redis.ConnectionError:
        missing("no Redis answers at TEST_REDIS_URL")
    return REDIS


@pytest.mark.parametrize("strategy", sorted(STRATEGIES))
def test_four_processes_are_let_through_exactly_as_often_as_one(storage: str, strategy: str) -> None:
    limit = f"{LIMIT} per {86_400 + int(uuid4()) % 100_000} seconds"  # A limit of its own, as Redis outlives the test.

    command = [sys.executable, str(Path(__file__).with_name("limit_hitters.py")), storage, strategy, limit, str(HITS)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) for _ in range(PROCESSES)]
    through = [int(process.communicate()[0]) for process in running]

    assert sum(through) == LIMIT
    assert not STRATEGIES[strategy](storage_from_string(storage)).test(parse(limit), "someone")


@pytest.mark.parametrize("strategy", sorted(STRATEGIES))
def test_a_place_becomes_free_when_its_time_is_over(storage: str, strategy: str) -> None:
    limiter = STRATEGIES[strategy](storage_from_string(storage))
    item, who = parse("2 per 1 second"), uuid4().hex
    _wait_for_the_start_of_a_second()

    first = [limiter.hit(item, who) for _ in range(3)]
    asked, reset = time.time(), limiter.get_window_stats(item, who)
    time.sleep(2.1)

    assert first == [True, True, False]
    assert reset.remaining == 0
    assert 0 <= reset.reset_time - asked <= 1.2
    assert limiter.hit(item, who)


def test_a_moving_window_gives_no_double_measure_at_its_seam(storage: str) -> None:
    limiter = MovingWindowRateLimiter(storage_from_string(storage))
    item, who = parse("3 per 1 second"), uuid4().hex

    passed = []
    while len(passed) < 12:
        asked = time.time()
        if limiter.hit(item, who):
            passed.append((asked, time.time()))
        time.sleep(0.01)

    assert all(later - asked >= 1 for (asked, _), (_, later) in zip(passed, passed[3:], strict=False))


def test_counters_can_be_cleared_and_survive_a_new_process(tmp_path: Path) -> None:
    address = sqlite_storage.address(tmp_path / "limits.db")
    item = parse("1 per day")
    assert MovingWindowRateLimiter(storage_from_string(address)).hit(item, "a")

    again = MovingWindowRateLimiter(storage_from_string(address))

    assert not again.hit(item, "a")
    again.clear(item, "a")
    assert again.hit(item, "a")
    assert again.storage.reset() == 1
    assert again.storage.check()


def test_what_is_over_is_swept_away(tmp_path: Path) -> None:
    storage = SqliteStorage(sqlite_storage.address(tmp_path / "limits.db"))
    for name in range(20):
        storage.acquire_entry(f"moving {name}", 1, 0)
        storage.incr(f"fixed {name}", 0)

    storage._purged_at = 0.0  # As if the last sweep were a while ago.
    time.sleep(0.01)
    storage.incr("fresh", 60)

    assert storage.reset() == 1


@pytest.mark.parametrize(
    ("remote", "counted_as"),
    [
        pytest.param("203.0.113.7", "203.0.113.7", id="IPv4 alone"),
        pytest.param("::ffff:203.0.113.7", "203.0.113.7", id="IPv4 dressed as IPv6"),
        pytest.param("2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::/64", id="IPv6 by its subscriber"),
        pytest.param("2001:db8:1:2::1%eth0", "2001:db8:1:2::/64", id="IPv6 with a zone"),
        pytest.param("garbage", "unknown", id="garbage"),
        pytest.param("1.2.3.4:1234", "unknown", id="an address with a port"),
        pytest.param("", "unknown", id="nothing"),
        pytest.param(None, "unknown", id="a socket without address"),
    ],
)
def test_a_network_is_an_ipv4_address_or_an_ipv6_subscriber(remote: str | None, counted_as: str) -> None:
    assert network(remote) == counted_as


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(
        DATA_DIR=tmp_path / "var",
        SEARCH_INDEX_DIR=tmp_path / "index",
        SECRET_KEY="test" * 8,
        COMMENT_LIMITS="3 per 10 minutes;4 per day",
        CONSULTATION_LIMIT="5 per minute",
        TRUSTED_PROXIES=1,
    )


def coming_from(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": address}


def test_above_the_limit_the_person_is_told_when_and_keeps_the_text(
    app: Flask, client: Client, session: Session
) -> None:
    made = open_list(session)
    for _ in range(3):
        Person.opens(client).sends()
    person = Person.opens(client)

    page = person.sends(status=429, resolution="每月复核")

    counter(app).write()
    assert 0 < int(page.headers["Retry-After"]) <= 600
    assert "您所在的网络" in page.one("#faults").get_text()
    assert "起）重新提交" in page.one("#faults").get_text()
    assert page.fields("#comment") == {
        "submission_key": person.key, "kind": "oppose", "text": TEXT, "resolution": "每月复核",
    }  # fmt: skip
    assert count(session) == 3
    assert refusals.totals(session, made.consultation) == {Reason.NETWORK_LIMIT: 1}


def test_a_retry_is_not_counted_and_is_answered_above_the_limit(client: Client, session: Session) -> None:
    open_list(session)
    people = [Person.opens(client) for _ in range(3)]

    for _ in range(3):
        for person in people:
            person.sends()

    assert count(session) == 3


def test_what_is_refused_for_another_reason_uses_nothing_up(client: Client, session: Session) -> None:
    open_list(session)
    person = Person.opens(client)
    for _ in range(5):
        person.sends(status=422, text="")

    for _ in range(3):
        Person.opens(client).sends()

    assert count(session) == 3


def test_one_network_does_not_use_up_the_places_of_another(client: Client, session: Session) -> None:
    open_list(session)
    for _ in range(3):
        Person.opens(client).sends(headers=coming_from("203.0.113.7"))

    Person.opens(client).sends(status=429, headers=coming_from("203.0.113.7"))
    Person.opens(client).sends(headers=coming_from("203.0.113.8"))


def test_neighbours_in_one_ipv6_subscription_are_one_network(client: Client, session: Session) -> None:
    open_list(session)
    for host in range(3):
        Person.opens(client).sends(headers=coming_from(f"2001:db8::{host + 1}"))

    Person.opens(client).sends(status=429, headers=coming_from("2001:db8::ffff"))
    Person.opens(client).sends(headers=coming_from("2001:db8:0:1::1"))


def test_the_valve_of_a_consultation_closes_for_everybody_and_costs_nobody_a_place(
    app: Flask, client: Client, session: Session
) -> None:
    made = open_list(session)
    for host in range(5):
        Person.opens(client).sends(headers=coming_from(f"203.0.113.{host}"))

    page = Person.opens(client).sends(status=429, headers=coming_from("203.0.113.99"))

    counter(app).write()
    assert "接收能力" in page.words
    assert 0 < int(page.headers["Retry-After"]) <= 60
    assert refusals.totals(session, made.consultation) == {Reason.CONSULTATION_LIMIT: 1}


def test_garbage_for_an_address_is_one_bucket_and_no_fault(client: Client, session: Session) -> None:
    open_list(session)
    for address in ("garbage", "1.2.3.4:1234", "::::"):
        Person.opens(client).sends(headers=coming_from(address))

    Person.opens(client).sends(status=429, headers=coming_from("other garbage"))


def test_the_counters_hold_no_addresses(config: Config, client: Client, session: Session) -> None:
    open_list(session)
    Person.opens(client).sends(headers=coming_from("203.0.113.77"))

    files = list(config.DATA_DIR.glob("limits.db*"))

    assert files
    assert not any(b"203.0.113.77" in file.read_bytes() for file in files)


def test_limits_survive_a_restart(app: Flask, config: Config, client: Client, session: Session) -> None:
    open_list(session)
    for _ in range(3):
        Person.opens(client).sends()

    again = create_app(config)
    Person.opens(Client(again)).sends(status=429)

    with again.app_context():
        db.engine.dispose()


def test_while_the_counters_cannot_be_reached_each_process_counts_alone(
    tmp_path: Path, engine: Engine, session: Session, config: Config
) -> None:
    open_list(session)
    lost = Config(
        DATA_DIR=config.DATA_DIR,
        SECRET_KEY="test" * 8,
        COMMENT_LIMITS="3 per 10 minutes",
        RATELIMIT_STORAGE_URI="redis://127.0.0.1:1/0",
    )
    app = create_app(lost)
    client = Client(app)

    for _ in range(3):
        Person.opens(client).sends()

    Person.opens(client).sends(status=429)
    with app.app_context():
        db.engine.dispose()


def test_searching_has_a_generous_limit(client: Client) -> None:
    for _ in range(120):
        client.get("/search")

    page = client.get("/search", status=429)

    assert 0 < int(page.headers["Retry-After"]) <= 60
    client.get("/search", headers=coming_from("203.0.113.8"))


def _wait_for_the_start_of_a_second() -> None:
    time.sleep(1 - time.time() % 1)
