"""Counters whose file a power cut has torn begin anew by themselves, in every process; what only waits, waits."""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import STRATEGIES, MovingWindowRateLimiter
from sqlalchemy.orm import Session

from config import Config
from gongshi import db
from gongshi.web.limits import counter_file, sqlite_storage
from web.client import Client
from web.commenting_people import Person, count, open_list
from web.damaging import no_room

PROCESSES, HITS, LIMIT = 4, 150, 100
MANY, FEW = parse("100000 per day"), parse("3 per day")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that a process before this one counted in, and closed."""
    path = tmp_path / "limits.db"
    storage = sqlite_storage.SqliteStorage(sqlite_storage.address(path))
    limiter = MovingWindowRateLimiter(storage)
    for number in range(300):
        limiter.hit(MANY, f"network {number % 30}")
        storage.incr(f"valve {number}", 600)
    storage._mine.held.connection.close()
    return path


def overwritten(path: Path, start: int, stop: int | None = None, by: bytes = b"\x5a") -> None:
    """Another content for these bytes of a file, in place."""
    with path.open("r+b") as file:
        stop = file.seek(0, os.SEEK_END) if stop is None else stop
        file.seek(start)
        file.write(by * (stop - start))


def cut_in_half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "nothing is left of it": lambda path: overwritten(path, 0),
    "its schema is torn": lambda path: overwritten(path, 100, 4096, b"\x00"),
    "its first page alone is sound": lambda path: overwritten(path, 4096),
    "its end never reached the disk": cut_in_half,
}
damages = pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())


def aside(path: Path) -> list[Path]:
    return [one for one in sorted(path.parent.glob("limits.db.damaged-*")) if one.name.endswith("Z")]


def limiter_of(path: Path, strategy: str = "moving-window") -> MovingWindowRateLimiter:
    found = STRATEGIES[strategy](storage_from_string(sqlite_storage.address(path)))
    assert isinstance(found, STRATEGIES[strategy])
    return found  # type: ignore[return-value]  # All of them hit and test alike.


@pytest.mark.parametrize("strategy", sorted(STRATEGIES))
@damages
def test_a_damaged_file_is_put_aside_and_counting_begins_anew(
    path: Path, damage: Callable[[Path], None], strategy: str, caplog: pytest.LogCaptureFixture
) -> None:
    damage(path)
    torn = path.read_bytes()

    limiter = limiter_of(path, strategy)
    through = [limiter.hit(FEW, "network 1") for _ in range(5)]

    assert through == [True, True, True, False, False]
    assert [one.read_bytes() for one in aside(path)] == [torn]
    told = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [aside(path)[0].name in record.getMessage() for record in told] == [True]


@damages
def test_of_several_processes_one_puts_it_aside_and_all_count_together(
    path: Path, damage: Callable[[Path], None]
) -> None:
    damage(path)

    through = [int(process.communicate()[0]) for process in hitting(path, f"{LIMIT} per day", HITS)]

    assert sum(through) == LIMIT
    assert len(aside(path)) == 1


def test_processes_that_run_go_on_with_the_new_file(path: Path) -> None:
    running = hitting(path, "50 per 60 seconds", 20_000)
    wait_until(lambda: hits_of(path, "%someone%") > 0)

    overwritten(path, 0)
    late = limiter_of(path)
    hits = [late.hit(MANY, "somebody else") for _ in range(20)]
    assert any(process.poll() is None for process in running), "nobody was disturbed"
    ended = [process.communicate()[1].decode() for process in running]

    assert all(hits)
    assert [process.returncode for process in running] == [0] * PROCESSES, ended
    assert len(aside(path)) == 1
    assert (hits_of(path, "%somebody else%"), hits_of(path, "%someone%")) == (20, 50)


def hits_of(path: Path, key: str) -> int:
    connection = db.sqlite_module().connect(str(path))
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(connection.execute("SELECT count(*) FROM hit WHERE key LIKE ?", (key,)).fetchone()[0])
    finally:
        connection.close()


def wait_until(happened: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def hitting(path: Path, limit: str, times: int) -> list[subprocess.Popen[bytes]]:
    script = str(Path(__file__).with_name("limit_hitters.py"))
    command = [sys.executable, script, sqlite_storage.address(path), "moving-window", limit, str(times)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
        for _ in range(PROCESSES)
    ]


def test_whoever_has_the_old_file_open_counts_in_the_new_one_from_the_next_hit_on(path: Path) -> None:
    early = limiter_of(path)
    assert early.hit(FEW, "someone")
    connection = db.sqlite_module().connect(str(path))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    overwritten(path, 4096)
    other = limiter_of(path)

    through = [limiter.hit(FEW, "someone") for limiter in (other, early, other, early)]

    assert through == [True, True, True, False]
    assert len(aside(path)) == 1


def test_a_file_that_somebody_took_away_is_begun_anew(path: Path) -> None:
    limiter = limiter_of(path)
    for _ in range(3):
        limiter.hit(FEW, "someone")

    for file in path.parent.glob("limits.db*"):
        file.unlink()

    assert limiter.hit(FEW, "someone")
    assert not limiter_of(path).storage.get("none")


def test_a_full_disk_puts_nothing_aside(path: Path) -> None:
    limiter = limiter_of(path)
    limiter.hit(FEW, "someone")

    with no_room(), pytest.raises(limiter.storage.base_exceptions):
        limiter.hit(FEW, "someone")

    assert aside(path) == []
    assert [limiter.hit(FEW, "someone") for _ in range(3)] == [True, True, False]


def test_a_file_that_others_hold_puts_nothing_aside(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counter_file, "WAIT_SECONDS", 0.1)
    limiter = limiter_of(path)
    other = db.sqlite_module().connect(str(path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(limiter.storage.base_exceptions):
        limiter.hit(FEW, "someone")

    other.execute("ROLLBACK")
    assert aside(path) == []
    assert limiter.hit(FEW, "someone")


def test_the_site_goes_on_counting(app: Flask, config: Config, client: Client, session: Session) -> None:
    open_list(session)
    Person.opens(client).sends()

    overwritten(config.DATA_DIR / "limits.db", 0)
    for file in config.DATA_DIR.glob("limits.db-*"):
        overwritten(file, 0)
    Person.opens(client).sends()

    assert count(session) == 2
    assert client.get("/readyz").text
