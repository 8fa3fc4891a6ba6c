"""The process that keeps the index true to the database. Run as many as you like: one works, the others wait.

It may be killed at any moment: the lease runs out after 15 seconds, and the outbox still holds what was not done.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from gongshi import clock, db
from gongshi.errors import Busy
from gongshi.search import lease, outbox
from gongshi.search.documents import Sources
from gongshi.search.engine import Health, IndexBusy, IndexMissing, SearchBackend

log = logging.getLogger(__name__)

LEASE = "search"
RENEW_AFTER = 5.0
COUNT_AGAIN_AFTER = 3600.0
BROKEN_AGAIN_AFTER = 600.0
FRESH_FOR = timedelta(days=7)
NIGHT = range(2, 5)  # Beijing hours.


@dataclass(frozen=True)
class Chore:
    """Other work in the background, done by whoever holds the lease: whether there is any, and a portion of it.

    `do` runs inside `db.writing` and returns how much it did.
    """

    waits: Callable[[Session], bool]
    do: Callable[[Session], int]


def run(
    engine: Engine,
    backend: SearchBackend,
    sources: Sources,
    stop: threading.Event,
    poll: float = 1.0,
    chores: Sequence[Chore] = (),
) -> None:
    """Work until `stop` is set, looking every `poll` seconds. A failing database or disk is waited for."""
    worker = Worker(engine, backend, sources, chores)
    while not stop.is_set():
        try:
            done = worker.turn()
        except (Busy, IndexBusy, IndexMissing, OperationalError, OSError):
            log.warning("search worker: could not work, trying again", exc_info=True)
            done = 0
        if not done:
            stop.wait(poll)
    worker.end()


class Worker:
    """One worker and what it remembers from turn to turn."""

    def __init__(self, engine: Engine, backend: SearchBackend, sources: Sources, chores: Sequence[Chore] = ()) -> None:
        self._chores = chores
        self._sessions = sessionmaker(engine)
        self._backend = backend
        self._sources = sources
        self._holder = f"{socket.gethostname()}/{os.getpid()}/{uuid4().hex[:8]}"
        self._held_until = float("-inf")
        self._counted_at = float("-inf")
        self._mended_at = float("-inf")

    def turn(self) -> int:
        """If the lease is to be had: put the index right, and work off some of the outbox; returns how many rows."""
        if not self._holds():
            return 0
        self._put_right()
        done = outbox.drain(self._sessions, self._backend, self._sources)
        return done + sum(self._help(chore) for chore in self._chores)

    def _help(self, chore: Chore) -> int:
        with self._sessions() as session:
            if not chore.waits(session):
                return 0
            with db.writing(session):
                return chore.do(session)

    def end(self) -> None:
        """Give up the lease. If that fails, it runs out."""
        with suppress(Busy, OperationalError), self._sessions() as session:
            lease.release(session, LEASE, self._holder)

    def _holds(self) -> bool:
        """Whether the lease is ours; asks the database again every five seconds, or at once if it is not."""
        if time.monotonic() < self._held_until:
            return True
        with self._sessions() as session:
            held = lease.hold(session, LEASE, self._holder)
        self._held_until = time.monotonic() + RENEW_AFTER if held else float("-inf")
        return held

    def _put_right(self) -> None:
        reason = self._reason_to_rebuild(self._backend.health())
        if not reason:
            return
        log.warning("search index: %s, building it anew", reason)
        outbox.rebuild(self._sessions, self._backend, self._sources)
        self._mended_at = self._counted_at = time.monotonic()
        log.warning("search index: built, %d documents", self._backend.health().count)

    def _reason_to_rebuild(self, health: Health) -> str:
        if not health.ok:
            # A search that fails for another reason than its index must not make the worker build without end.
            again = health.reason in ("missing", "outdated") or _past(self._mended_at, BROKEN_AGAIN_AFTER)
            return health.reason if again else ""
        if _is_old(health.built_at, clock.now()):
            return "a week old"
        if _past(self._counted_at, COUNT_AGAIN_AFTER):
            self._counted_at = time.monotonic()
            with self._sessions() as session:
                return "miscounted" if _drifted(session, health.count, self._sources) else ""
        return ""


def _past(moment: float, seconds: float) -> bool:
    return time.monotonic() > moment + seconds


def _is_old(built_at: datetime | None, at: datetime) -> bool:
    return built_at is not None and at - built_at > FRESH_FOR and clock.beijing(at).hour in NIGHT


def _drifted(session: Session, indexed: int, sources: Sources) -> bool:
    """Whether the index and the database differ by more than what is still to be worked off."""
    at = clock.now()
    return abs(outbox.count_public(session, sources, at) - indexed) > outbox.waiting(session, at)
