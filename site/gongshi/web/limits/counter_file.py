"""The SQLite file of the counters: opened by every thread of every process, and begun anew where it is damaged.

It is written without waiting for the disk, so a power cut may leave any page of it torn. It holds nothing but counters:
the file is put aside, and all go on with a new one. Opening and putting aside take turns across the processes of the
machine, and whoever holds a connection to a file that is no longer in its place opens the one that is.
"""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongshi import clock, db

log = logging.getLogger(__name__)

WAIT_SECONDS = 5.0
# SQLITE_CORRUPT and SQLITE_NOTADB, and nothing that means busy, full or unreadable just now.
DAMAGED = frozenset({11, 26})
TABLES = """
    CREATE TABLE IF NOT EXISTS hit (key TEXT NOT NULL, at REAL NOT NULL, expires_at REAL NOT NULL);
    CREATE INDEX IF NOT EXISTS hit_key ON hit (key, at);
    CREATE INDEX IF NOT EXISTS hit_expiry ON hit (expires_at);
    CREATE TABLE IF NOT EXISTS counter (key TEXT PRIMARY KEY, count INTEGER NOT NULL, expires_at REAL NOT NULL)
        WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Opened:
    """A connection, and which file it was that it was opened to."""

    connection: Any
    file: tuple[int, int] | None

    def is_in_place(self, path: Path) -> bool:
        """Whether the others count in this file too."""
        return self.file is not None and self.file == _which(path)


NOTHING = Opened(None, None)


def opened(path: Path) -> Opened:
    """A connection to a sound file: where it turns out to be damaged at once, to the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(path):
        try:
            connection = _connected(path)
        except db.sqlite_module().Error as error:
            if not is_damage(error):
                raise
            _put_aside(path, error)
            connection = _connected(path)
        return Opened(connection, _which(path))


def replace(path: Path, found: Opened, error: BaseException) -> None:
    """Put aside the file in which damage was found, unless somebody did so meanwhile."""
    with _one_at_a_time(path):
        if found.is_in_place(path):
            _put_aside(path, error)


def is_damage(error: BaseException) -> bool:
    """Whether this says that the file is no longer what SQLite wrote."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in DAMAGED


def _which(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    # Setting WAL at every opening is refused as locked under contention, too.
    with path.with_name(f"{path.name}.setup").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def _connected(path: Path) -> Any:
    connection = db.sqlite_module().connect(str(path), timeout=WAIT_SECONDS, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        if db.wal_is_safe() and connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode = WAL")
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'counter'").fetchone():
            connection.executescript(TABLES)
    except BaseException:
        connection.close()
        raise
    return connection


def _put_aside(path: Path, error: BaseException) -> None:
    """Move the file and its log of writes away, for whoever wants to look at them."""
    aside = path.with_name(f"{path.name}.damaged-{clock.now():%Y%m%dT%H%M%S%fZ}")
    # The file itself goes last: until then it is found damaged again, whatever interrupts this.
    for ending in ("-wal", "-shm", ""):
        try:
            os.rename(f"{path}{ending}", f"{aside}{ending}")
        except FileNotFoundError:
            continue
    log.error("the counters of limits were damaged (%s) and begin anew; the old file is %s", error, aside.name)
