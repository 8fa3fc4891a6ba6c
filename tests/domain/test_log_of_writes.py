"""SQLite's log of writes does not grow for ever, however many read while others write."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from gongshi import db
from gongshi.accounts.models import Bureau

LONG = 200_000


@pytest.fixture
def log(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The log of a database, which may grow to a fifth of a megabyte."""
    monkeypatch.setattr(db, "LOG_BYTES", LONG)
    monkeypatch.setattr(db, "LOG_WAIT_SECONDS", 0.2)
    monkeypatch.setattr(db, "LOG_AGAIN_SECONDS", 0.2)
    monkeypatch.setattr(db, "_asked_at", {})
    return Path(f"{engine.url.database}-wal")


def write(engine: Engine, slug: str) -> None:
    with Session(engine) as session, db.writing(session):
        session.add(Bureau(slug=slug, name=f"示例局 {slug}", name_en="x" * 20_000))


def read(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Bureau)) or 0


def test_it_begins_anew_though_somebody_is_always_reading(engine: Engine, log: Path) -> None:
    done = threading.Event()

    def read_on(begins_after: float) -> None:
        time.sleep(begins_after)
        while not done.is_set():
            with Session(engine) as session:
                read(session)
                time.sleep(0.03)

    longest = 0
    with ThreadPoolExecutor(3) as readers:
        for begins_after in (0.0, 0.01, 0.02):
            readers.submit(read_on, begins_after)
        for place in range(60):
            write(engine, f"b{place}")
            longest = max(longest, log.stat().st_size)
        done.set()

    assert longest < 3 * LONG
    with Session(engine) as session:
        assert read(session) == 60


def test_who_reads_for_long_holds_up_no_act_and_afterwards_it_is_emptied(engine: Engine, log: Path) -> None:
    with Session(engine) as reader:
        seen = read(reader)
        for place in range(20):
            write(engine, f"b{place}")
        assert log.stat().st_size > LONG
        assert read(reader) == seen
    time.sleep(0.3)

    write(engine, "last")

    assert log.stat().st_size == 0
    with Session(engine) as session:
        assert read(session) == seen + 21
