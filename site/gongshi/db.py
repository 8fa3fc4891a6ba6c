"""The ground floor of the data: one Base, one way to write a time, one way to open a write.

`writing(session)` is the only door to a change. It queues writers on a file lock (SQLite) or an advisory lock
(PostgreSQL), begins, and yields an instant that never runs backwards, so that a deadline is compared with the time
at which the comment really is being written. It commits when its block ends, or rolls everything back.
"""

import fcntl
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import JSON, DateTime, Engine, Enum, MetaData, String, Text, create_engine, event, text
from sqlalchemy.engine import Connection, Dialect, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from gongshi import clock
from gongshi.errors import Busy, RuleBroken

_log = logging.getLogger(__name__)
_asked_at: dict[Path, float] = {}

# SQLite before 3.51.3 can corrupt a WAL file that several processes write; 3.50.7 and 3.44.6 carry the fix too.
FIRST_SAFE_WAL = (3, 51, 3)
LOCK_SECONDS = 5.0
ADVISORY_LOCK = 7_201_911_190
# How long SQLite's log of writes may grow; how long whoever empties it waits for those who read in it, and how often.
LOG_BYTES = 16 << 20
LOG_WAIT_SECONDS = 0.5
LOG_AGAIN_SECONDS = 5.0
STEP_WORTH_RECORDING = timedelta(seconds=2)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, on SQLite (which forgets zones) as on PostgreSQL. A naive datetime is refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime: {value!r}")
        aware = value.astimezone(UTC)
        return aware if dialect.name == "postgresql" else aware.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The parent of every table; constraint names follow one convention so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        str: Text(),
        list[str]: JSON(),
        dict[str, Any]: JSON(),
    }


def enumerated(kind: type[StrEnum]) -> Enum:
    """A column that stores a StrEnum by its value, as text with a check, on every database alike."""
    return Enum(
        kind, native_enum=False, length=32, create_constraint=True, values_callable=lambda e: [m.value for m in e]
    )


Id = Annotated[UUID, mapped_column(primary_key=True, default=uuid4)]
Code = Annotated[str, mapped_column(String(64))]


class LastInstant(Base):
    """The latest instant at which anything was written: the floor under the next one."""

    __tablename__ = "last_instant"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]


def sqlite_module() -> Any:
    """SQLite as shipped with the site (`pysqlite3`), or the system's own where that wheel is missing."""
    try:
        import pysqlite3.dbapi2 as module  # Deferred: the wheel exists for Linux only.
    except ImportError:
        import sqlite3 as module  # The same interface, another library.
    return module


def wal_is_safe() -> bool:
    """Whether this SQLite may keep a write-ahead log for several writing processes."""
    return tuple(sqlite_module().sqlite_version_info) >= FIRST_SAFE_WAL


def engine_options(url: str) -> dict[str, Any]:
    """Arguments for `create_engine` that go with a database address."""
    if make_url(url).get_backend_name() != "sqlite":
        return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 20, "hide_parameters": True}
    # A thread waits for the write lock while it holds no other connection, so the pool may be as deep as the threads.
    return {
        "module": sqlite_module(),
        "pool_size": 32,
        "max_overflow": 32,
        "connect_args": {"timeout": LOCK_SECONDS},
        # What a person typed stays out of error messages, and so out of logs.
        "hide_parameters": True,
    }


def make_engine(url: str) -> Engine:
    """An engine as the site uses it."""
    engine = create_engine(url, **engine_options(url))
    prepare(engine)
    return engine


def prepare(engine: Engine) -> None:
    """Make every SQLite connection durable and strict: WAL where safe, synchronous=FULL, foreign keys, own BEGIN."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


@contextmanager
def writing(session: Session) -> Iterator[datetime]:
    """Take the write lock, begin, and yield the instant of this act; commit at the end, or undo it all.

    The instant is read under the lock and never earlier than the one before. Raises `Busy` after 5 seconds.
    """
    session.rollback()
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    with _queue(engine):
        try:
            connection = session.connection(execution_options={"writing": True})
            at = _monotone_instant(session, connection)
            session.info["recorded_at"] = at
            yield at
            session.commit()
            _begin_log_anew(engine)
        except OperationalError as error:
            session.rollback()
            if _means_locked(error):
                raise Busy from error
            raise
        except BaseException as error:
            session.rollback()
            if isinstance(error, RuleBroken):
                session.info["refused"] = error.code  # However the edge shows it, the workbench's audit learns of it.
            raise
        finally:
            for name in ("recorded_at", "clock_stepped_by", "ledger_edge", "erasures"):
                session.info.pop(name, None)


def next_instant(session: Session) -> datetime:
    """A further instant within `writing`: the clock is read again, for one more act in the same transaction."""
    last = session.get_one(LastInstant, 1)
    session.info["recorded_at"] = last.at = max(clock.now(), last.at + clock.AN_INSTANT)
    return last.at


def _monotone_instant(session: Session, connection: Connection) -> datetime:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS:.0f}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    last = session.get(LastInstant, 1)
    present = clock.now()
    if last is None:
        session.add(LastInstant(id=1, at=present))
        session.flush()
        return present
    if present < last.at - STEP_WORTH_RECORDING:
        session.info["clock_stepped_by"] = (present - last.at).total_seconds()
    last.at = max(present, last.at + clock.AN_INSTANT)
    return last.at


@contextmanager
def _queue(engine: Engine) -> Iterator[None]:
    database = engine.url.database
    if engine.dialect.name != "sqlite" or not database or database == ":memory:":
        yield
        return
    with Path(f"{database}.writers").open("a") as queue:
        _lock(queue.fileno())
        yield


def _begin_log_anew(engine: Engine) -> None:
    """Empty SQLite's log of writes when it has grown long. Where people read without a break it never would by itself.

    Called by whoever holds the queue of writers, when the act is on disk. It waits a moment for those who read in the
    log, and while one of them takes long, asks again only after some seconds. What goes wrong here harms no act.
    """
    log = Path(f"{engine.url.database}-wal")
    if engine.dialect.name != "sqlite" or not log.exists() or log.stat().st_size < LOG_BYTES:
        return
    if time.monotonic() < _asked_at.get(log, float("-inf")) + LOG_AGAIN_SECONDS:
        return
    _asked_at[log] = time.monotonic()
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {LOG_WAIT_SECONDS * 1000:.0f}")
        is_refused = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if not is_refused:
            del _asked_at[log]
    except sqlite_module().DatabaseError:
        _log.warning("the log of writes could not be emptied; it goes on growing until it can", exc_info=True)
    finally:
        with suppress(sqlite_module().DatabaseError):
            cursor.execute(f"PRAGMA busy_timeout = {LOCK_SECONDS * 1000:.0f}")
        connection.close()


def _lock(descriptor: int) -> None:
    give_up = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > give_up:
                raise Busy from None
            time.sleep(0.002)


def _means_locked(error: OperationalError) -> bool:
    words = str(error.orig).lower()
    return "locked" in words or "lock timeout" in words


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours, see _on_begin.
    cursor = connection.cursor()
    if wal_is_safe():
        # Setting it on every open contends; asking does not.
        if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            cursor.execute("PRAGMA journal_mode = WAL")
    else:
        cursor.execute("PRAGMA journal_mode = DELETE")
    cursor.execute("PRAGMA synchronous = FULL")
    # What is deleted or shortened is overwritten at once: an erased text leaves nothing in the file.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
