"""Counters of `limits` in one SQLite file: exact across all processes of a machine, and through restarts.

The file is not the site's database and may be lost: `synchronous=OFF`, so that a hit costs no wait for the disk. Every
change is one immediate transaction, so two processes never both take the last place. Where the file is damaged the
counters begin anew: see `counter_file`.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from math import floor
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import quote, unquote, urlsplit

from limits.storage import MovingWindowSupport, SlidingWindowCounterSupport, Storage
from limits.storage.base import TimestampedSlidingWindow

from gongshi import db
from gongshi.web.limits import counter_file

SCHEME = "gongshi-sqlite"
PURGE_EVERY_SECONDS = 60.0

P = ParamSpec("P")
R = TypeVar("R")


def address(path: Path) -> str:
    """The storage address of a counter file, for RATELIMIT_STORAGE_URI."""
    return f"{SCHEME}://{quote(str(path.absolute()))}"


def _on_a_sound_file(
    act: Callable[Concatenate["SqliteStorage", P], R],
) -> Callable[Concatenate["SqliteStorage", P], R]:
    """Once more, on a new file, what found the old one damaged."""

    @wraps(act)
    def acted(storage: "SqliteStorage", /, *args: P.args, **named: P.kwargs) -> R:
        try:
            return act(storage, *args, **named)
        except db.sqlite_module().Error as error:
            if not counter_file.is_damage(error):
                raise
            storage.begin_anew(error)
        return act(storage, *args, **named)

    return acted


class _Mine(threading.local):
    """What a thread has open, and in which process it opened it."""

    held = counter_file.NOTHING
    process = 0


class SqliteStorage(Storage, MovingWindowSupport, SlidingWindowCounterSupport, TimestampedSlidingWindow):
    """Storage for all three strategies. A connection belongs to one thread of one process, and is opened after fork."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012  Declared so by `limits`.

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: float | str | bool) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self._path = Path(unquote(urlsplit(uri or "").path))
        self._mine = _Mine()
        self._purged_at = 0.0

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        return db.sqlite_module().Error, OSError

    # Fixed windows.

    @_on_a_sound_file
    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        with self._changing() as (connection, now):
            return _count(connection, key, expiry, amount, now)

    @_on_a_sound_file
    def get(self, key: str) -> int:
        return _counted(self._connection(), key, time.time())

    @_on_a_sound_file
    def get_expiry(self, key: str) -> float:
        row = self._connection().execute("SELECT expires_at FROM counter WHERE key = ?", (key,)).fetchone()
        return max(float(row[0]), time.time()) if row else time.time()

    # Moving windows: every hit is a row.

    @_on_a_sound_file
    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        with self._changing() as (connection, now):
            connection.execute("DELETE FROM hit WHERE key = ? AND at < ?", (key, now - expiry))
            (taken,) = connection.execute("SELECT count(*) FROM hit WHERE key = ?", (key,)).fetchone()
            if taken + amount > limit:
                return False
            connection.executemany("INSERT INTO hit VALUES (?, ?, ?)", [(key, now, now + expiry)] * amount)
            return True

    @_on_a_sound_file
    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:  # noqa: ARG002  Asked so by `limits`.
        now = time.time()
        query = "SELECT min(at), count(*) FROM hit WHERE key = ? AND at >= ?"
        first, taken = self._connection().execute(query, (key, now - expiry)).fetchone()
        return (now, 0) if first is None else (float(first), int(taken))

    # Sliding windows: the window before counts in proportion to how much of it is still in sight.

    @_on_a_sound_file
    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        with self._changing() as (connection, now):
            before, before_left, current, _ = self._window(connection, key, expiry, now)
            if floor(before * before_left / expiry + current) + amount > limit:
                return False
            _count(connection, self.sliding_window_keys(key, expiry, now)[1], 2 * expiry, amount, now)
            return True

    @_on_a_sound_file
    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        return self._window(self._connection(), key, expiry, time.time())

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        for one in self.sliding_window_keys(key, expiry, time.time()):
            self.clear(one)

    # All of them.

    def check(self) -> bool:
        try:
            self._look()
        except self.base_exceptions:
            return False
        return True

    @_on_a_sound_file
    def _look(self) -> None:
        self._connection().execute("SELECT 1 FROM counter LIMIT 1").fetchone()

    @_on_a_sound_file
    def reset(self) -> int:
        with self._changing() as (connection, _now):
            removed = (
                connection.execute("DELETE FROM hit").rowcount + connection.execute("DELETE FROM counter").rowcount
            )
            return int(removed)

    @_on_a_sound_file
    def clear(self, key: str) -> None:
        with self._changing() as (connection, _now):
            connection.execute("DELETE FROM hit WHERE key = ?", (key,))
            connection.execute("DELETE FROM counter WHERE key = ?", (key,))

    def _window(self, connection: Any, key: str, expiry: int, now: float) -> tuple[int, float, int, float]:
        before_key, current_key = self.sliding_window_keys(key, expiry, now)
        before = _counted(connection, before_key, now)
        left = (1 - now / expiry % 1) * expiry
        return before, left if before else 0.0, _counted(connection, current_key, now), left + expiry

    @contextmanager
    def _changing(self) -> Iterator[tuple[Any, float]]:
        """An immediate transaction, and the instant read under its lock."""
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            now = time.time()
            self._purge(connection, now)
            yield connection, now
            connection.execute("COMMIT")
        except BaseException:
            # A file that is damaged or full has undone it by itself.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _purge(self, connection: Any, now: float) -> None:
        if abs(now - self._purged_at) < PURGE_EVERY_SECONDS:
            return
        self._purged_at = now
        connection.execute("DELETE FROM hit WHERE expires_at < ?", (now,))
        connection.execute("DELETE FROM counter WHERE expires_at < ?", (now,))

    def begin_anew(self, error: BaseException) -> None:
        """Replace the file in which this thread found damage. Raises OSError."""
        counter_file.replace(self._path, self._mine.held, error)

    def _connection(self) -> Any:
        mine = self._mine
        if mine.process != os.getpid() or not mine.held.is_in_place(self._path):
            mine.held, mine.process = counter_file.opened(self._path), os.getpid()
        return mine.held.connection


def _count(connection: Any, key: str, expiry: int, amount: int, now: float) -> int:
    (count,) = connection.execute(
        "INSERT INTO counter VALUES (:key, :amount, :end) ON CONFLICT (key) DO UPDATE SET"
        " count = CASE WHEN expires_at <= :now THEN :amount ELSE count + :amount END,"
        " expires_at = CASE WHEN expires_at <= :now THEN :end ELSE expires_at END RETURNING count",
        {"key": key, "amount": amount, "now": now, "end": now + expiry},
    ).fetchone()
    return int(count)


def _counted(connection: Any, key: str, now: float) -> int:
    row = connection.execute("SELECT count FROM counter WHERE key = ? AND expires_at > ?", (key, now)).fetchone()
    return int(row[0]) if row else 0
