"""The worker keeps the index true to the database, whatever becomes of it."""

import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import search_shelf
from search_shelf import METADATA, SHELF, SHORT_LEASE, SOURCES, put_now
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from gongshi import clock, db
from gongshi.search import IndexMissing, lease, outbox, parse, whoosh_folder, worker
from gongshi.search.models import WorkerLease
from gongshi.search.whoosh_engine import WhooshBackend
from gongshi.search.worker import LEASE, Worker


@pytest.fixture
def shelf(engine):
    METADATA.create_all(engine)
    return engine


@pytest.fixture
def index(tmp_path):
    backend = WhooshBackend(tmp_path / "index")
    yield backend
    backend.close()


def hits(backend, typed="公示"):
    return {id for _, id in backend.search(parse(typed, per_page=1000)).hits}


def public(engine):
    with Session(engine) as session:
        return {row.id: row.body for row in session.execute(select(SHELF).where(SHELF.c.is_public))}


def work_off(engine, backend):
    one = Worker(engine, backend, SOURCES)
    while one.turn():
        pass
    one.end()


@contextmanager
def running(engine, root):
    """A worker in a thread, with an engine and a backend of its own."""
    stop = threading.Event()
    backend = WhooshBackend(root)
    thread = threading.Thread(target=worker.run, args=(engine, backend, SOURCES, stop), kwargs={"poll": 0.02})
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join()
        backend.close()


def wait_until(is_so, seconds=20.0):
    give_up = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def test_a_missing_index_is_built(shelf, index):
    put_now(shelf, a="公示一", b="公示二")

    work_off(shelf, index)

    assert hits(index) == {"a", "b"}
    with Session(shelf) as session:
        assert outbox.waiting(session) == 0


def test_a_running_worker_brings_changes_into_the_index_and_stops_when_told(shelf, index):
    with running(shelf, index.root):
        put_now(shelf, a="公示一")
        wait_until(lambda: index.health().ok and hits(index) == {"a"})
        put_now(shelf, b="公示二")
        wait_until(lambda: hits(index) == {"a", "b"})

    with Session(shelf) as session:
        assert session.get(WorkerLease, LEASE) is None


def test_a_garbled_index_is_built_anew(shelf, index, caplog):
    put_now(shelf, a="公示一")
    work_off(shelf, index)
    (whoosh_folder.current(index.root).folder / whoosh_folder.BROKEN).touch()

    work_off(shelf, index)

    assert index.health().ok
    assert hits(index) == {"a"}


def test_an_outdated_index_is_built_anew(shelf, index):
    put_now(shelf, a="公示一")
    work_off(shelf, index)
    (whoosh_folder.current(index.root).folder / whoosh_folder.STAMP).write_text(
        '{"stamp": "old", "built_at": "2026-01-01T00:00:00Z"}'
    )

    work_off(shelf, index)

    assert hits(index) == {"a"}


def test_an_index_that_lost_documents_is_built_anew(shelf, index):
    put_now(shelf, a="公示一", b="公示二", c="公示三")
    work_off(shelf, index)
    index.apply({("thing", "a"): None, ("thing", "b"): None})

    work_off(shelf, index)

    assert hits(index) == {"a", "b", "c"}


def test_an_index_a_week_old_is_built_anew_at_night(shelf, index, monkeypatch):
    put_now(shelf, a="公示一")
    work_off(shelf, index)
    first = whoosh_folder.current(index.root).folder
    noon, night = (clock.start_of(clock.now().date() + timedelta(days=9)) + timedelta(hours=hours) for hours in (12, 3))

    monkeypatch.setattr(clock, "now", lambda: noon)
    work_off(shelf, index)
    assert whoosh_folder.current(index.root).folder == first

    monkeypatch.setattr(clock, "now", lambda: night)
    work_off(shelf, index)
    assert whoosh_folder.current(index.root).folder != first


def test_whoever_holds_the_lease_does_the_chores_until_none_waits(shelf, index):
    left, done_inside = [3], []

    def do(session):
        left[0] -= 1
        done_inside.append("recorded_at" in session.info)
        return 1

    one = Worker(shelf, index, SOURCES, [worker.Chore(lambda _session: left[0] > 0, do)])
    other = Worker(shelf, index, SOURCES, [worker.Chore(lambda _session: True, do)])
    while one.turn():
        pass

    assert other.turn() == 0
    assert (left, done_inside) == ([0], [True] * 3)


def test_a_search_that_keeps_failing_does_not_make_the_worker_build_without_end(shelf, index):
    put_now(shelf, a="公示一")
    one = Worker(shelf, index, SOURCES)
    one.turn()
    built = whoosh_folder.current(index.root).folder

    (built / whoosh_folder.BROKEN).touch()
    put_now(shelf, b="公示二")
    with pytest.raises(IndexMissing, match="broken"):
        one.turn()

    assert whoosh_folder.current(index.root).folder == built


def test_the_lease_is_held_by_one(any_engine):
    with Session(any_engine) as session:
        assert lease.hold(session, LEASE, "first")
        assert lease.hold(session, LEASE, "first")
        assert not lease.hold(session, LEASE, "second")

        lease.release(session, LEASE, "second")
        assert not lease.hold(session, LEASE, "second")

        lease.release(session, LEASE, "first")
        assert lease.hold(session, LEASE, "second")


def test_a_lease_that_ran_out_is_anybodys(any_engine):
    with Session(any_engine) as session:
        lease.hold(session, LEASE, "first")
        with db.writing(session) as at:
            session.execute(update(WorkerLease).values(until=at))

        assert lease.hold(session, LEASE, "second")
        assert not lease.hold(session, LEASE, "first")


def test_of_two_workers_one_works_and_the_other_takes_over(shelf, index):
    with running(shelf, index.root) as first:
        wait_until(lambda: index.health().ok)
        with Session(shelf) as session:
            holder = session.get_one(WorkerLease, LEASE).holder
        with running(shelf, index.root):
            for number in range(10):
                put_now(shelf, **{f"a{number}": "公示"})
            wait_until(lambda: len(hits(index)) == 10)
            with Session(shelf) as session:
                assert session.get_one(WorkerLease, LEASE).holder == holder

            first.set()
            put_now(shelf, b="公示")
            wait_until(lambda: len(hits(index)) == 11)
            wait_until(lambda: _holder(shelf) not in (holder, None))


def _holder(engine):
    with Session(engine) as session:
        held = session.get(WorkerLease, LEASE)
        return held and held.holder


def test_two_workers_whose_lease_is_lost_again_and_again_leave_a_true_index(shelf, index):
    with running(shelf, index.root), running(shelf, index.root):
        wait_until(lambda: index.health().ok)
        for number in range(25):
            put_now(shelf, **{f"a{number % 7}": f"公示 第{number}版"})
            with Session(shelf) as session, db.writing(session):
                session.execute(delete(WorkerLease))

    work_off(shelf, index)
    assert_true(shelf, index)


@pytest.mark.timeout(240)
def test_a_worker_that_is_killed_again_and_again_leaves_a_true_index(shelf, index, tmp_path, monkeypatch):
    dice = random.Random(11)
    put_now(shelf, **{f"a{number}": f"公示 初稿{number}" for number in range(40)})
    for round in range(12):
        process = subprocess.Popen(
            [sys.executable, search_shelf.__file__, shelf.url.render_as_string(hide_password=False), str(index.root)],
            env={"PYTHONPATH": ":".join(path for path in sys.path if path)},
        )
        started = time.monotonic()
        lives = 0.3 + dice.random() * 2.5
        while time.monotonic() < started + lives:
            changed = {f"a{dice.randrange(40)}": f"公示 第{round}轮 {'字' * dice.randrange(300)}" for _ in range(20)}
            put_now(shelf, is_public=dice.random() < 0.8, **changed)
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()

    assert index.health().count > 0
    monkeypatch.setattr(lease, "LASTS", SHORT_LEASE)
    time.sleep(SHORT_LEASE.total_seconds())
    work_off(shelf, index)
    with Session(shelf) as session:
        assert outbox.waiting(session) == 0
    assert_true(shelf, index)


def assert_true(engine, backend):
    """The index holds what is public, each thing once and as it is now."""
    expected = public(engine)
    fresh = WhooshBackend(backend.root)
    assert fresh.search(parse("公示")).total == fresh.health().count == len(expected)
    assert hits(fresh) == set(expected)
    for id, body in expected.items():
        assert ("thing", id) in fresh.search(parse(f"“{body[:90]}”", per_page=1000)).hits
    fresh.close()


def test_an_index_that_vanishes_under_a_running_worker_comes_back(shelf, index):
    put_now(shelf, a="公示一")
    with running(shelf, index.root):
        wait_until(lambda: index.health().ok)
        shutil.rmtree(index.root / Path(whoosh_folder.current(index.root).folder).name)
        wait_until(lambda: index.health().ok)

    assert hits(index) == {"a"}
