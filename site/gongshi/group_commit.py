"""Several acts of one process in one transaction: group commit.

A write costs a lock, a sync of the disk and the reading of what every act looks at, whatever it writes. In a flood
many threads wait for the lock; one of them carries out the acts of all who wait, each at an instant of its own, commits
once and lets them go, and the first of those who came meanwhile leads on. Alone, an act is a transaction of its own.

Each act stands or falls by itself: one that refuses leaves nothing behind, one that breaks is taken out and the others
are done again without it. What the database refuses, it refuses to all of the group.
"""

import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence, Set
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from gongshi.db import next_instant, writing

Result = TypeVar("Result")

# Beyond this the first of a group waits longer than the group saves.
MOST_AT_ONCE = 32
KEYS, ASKED = "group_keys", "group_asked"


def keys_of_group(session: Session) -> Set[str]:
    """The keys of all acts that this session carries out together; none outside a group."""
    keys: Set[str] = session.info.get(KEYS, frozenset())
    return keys


def asked_once(session: Session, what: Hashable, ask: Callable[[], Result]) -> Result:
    """What no act of a group changes is asked of the database once for all of them; outside a group, each time."""
    known: dict[Hashable, Any] | None = session.info.get(ASKED)
    if known is None:
        return ask()
    if what not in known:
        known[what] = ask()
    answer: Result = known[what]
    return answer


@dataclass(frozen=True)
class Written(Generic[Result]):
    """What an act returned, and what `after` said of the commit that it was in."""

    result: Result
    after: bool


class GroupCommit:
    """One process's group. `refusals` are what acts may raise before they change anything.

    `after` is called once after each commit that changed something, while the group still waits.
    """

    def __init__(self, engine: Engine, *, refusals: tuple[type[Exception], ...], after: Callable[[], bool]) -> None:
        self._engine = engine
        self._refusals = refusals
        self._after = after
        self._guard = threading.Lock()
        self._waiting: deque[_Order[Any]] = deque()
        self._is_led = False

    def write(self, act: Callable[[Session, datetime], Result], *, keys: Set[str]) -> Written[Result]:
        """Carry out an act under the write lock, on disk when this returns. Raises what the act raises, and Busy.

        It runs in this caller's context, perhaps in another thread, and perhaps a second time after everything that it
        did at first was undone. Acts that have one of their `keys` in common are never in one group, since within a
        group nothing is written before the end, and so none finds in the database what another is about to write.
        """
        order = _Order(act, keys)
        with self._guard:
            self._waiting.append(order)
            leads, self._is_led = not self._is_led, True
        if not leads:
            order.called.wait()
        if not order.is_done:
            self._lead_until(order)
        return order.outcome()

    def _lead_until(self, own: "_Order[Any]") -> None:
        """Carry out one group after another until this caller's order is done; then the first who waits leads on."""
        try:
            while not own.is_done:
                self._lead()
        finally:
            with self._guard:
                follower = self._waiting[0] if self._waiting else None
                self._is_led = follower is not None
            if follower is not None:
                follower.called.set()

    def _lead(self) -> None:
        orders: list[_Order[Any]] = []
        try:
            self._commit(orders)
        except _Broken as broken:
            self._again([order for order in orders if order is not broken.order], alone=False)
            orders = [broken.order]
        except Exception as error:
            # Some row was not acceptable, and nobody can say whose.
            if isinstance(error, SQLAlchemyError) and not isinstance(error, OperationalError) and len(orders) > 1:
                self._again(orders, alone=True)
                return
            # No lock, no disk, or what nobody thought of: they are told, and none waits for ever.
            orders = orders or self._next()
            _refuse(orders, error)
        for order in orders:
            order.is_done = True
            order.called.set()

    def _commit(self, orders: list["_Order[Any]"]) -> None:
        """One transaction; `orders` is filled with those who are in it, once the lock is had."""
        with Session(self._engine, expire_on_commit=False) as session, writing(session) as at, session.no_autoflush:
            orders += self._next()
            session.info[KEYS] = frozenset().union(*(order.keys for order in orders))
            session.info[ASKED] = {}
            for place, order in enumerate(orders):
                self._carry_out(order, session, next_instant(session) if place else at)
            is_changed = any(order.error is None for order in orders)
            if not is_changed:
                session.rollback()
        after = is_changed and self._after()
        for order in orders:
            order.after = after

    def _next(self) -> list["_Order[Any]"]:
        """Those who wait, as far as they can be one group; whoever cannot keeps the place in front."""
        chosen: list[_Order[Any]] = []
        later: list[_Order[Any]] = []
        taken: set[str] = set()
        with self._guard:
            while self._waiting and len(chosen) < MOST_AT_ONCE:
                order = self._waiting.popleft()
                fits = not chosen or not (order.is_alone or chosen[0].is_alone or taken & order.keys)
                (chosen if fits else later).append(order)
                taken |= order.keys
            self._waiting.extendleft(reversed(later))
        return chosen

    def _again(self, orders: Sequence["_Order[Any]"], *, alone: bool) -> None:
        for order in orders:
            order.error, order.is_alone = None, alone
        with self._guard:
            self._waiting.extendleft(reversed(orders))

    def _carry_out(self, order: "_Order[Any]", session: Session, at: datetime) -> None:
        held = len(session.new), session.info.get("ledger_edge")
        try:
            order.carry_out(session, at)
        except SQLAlchemyError:
            raise
        except Exception as error:
            order.error = error
            is_refusal = isinstance(error, self._refusals)
            if not is_refusal or (len(session.new), session.info.get("ledger_edge")) != held:
                raise _Broken(order) from error


class _Broken(Exception):
    """An act left its transaction unusable for the others."""

    def __init__(self, order: "_Order[Any]") -> None:
        super().__init__(order)
        self.order = order


class _Order(Generic[Result]):
    """An act that waits, and then what came of it."""

    def __init__(self, act: Callable[[Session, datetime], Result], keys: Set[str]) -> None:
        self._act = act
        self._context = copy_context()
        self._results: list[Result] = []
        self.keys = keys
        self.error: Exception | None = None
        self.after = False
        self.is_alone = False
        self.is_done = False
        # Set when it is done, or when its caller is to lead.
        self.called = threading.Event()

    def carry_out(self, session: Session, at: datetime) -> None:
        self._results = [self._context.run(self._act, session, at)]

    def outcome(self) -> Written[Result]:
        if self.error is not None:
            raise self.error
        return Written(self._results[0], self.after)


def _refuse(orders: Iterable[_Order[Any]], error: Exception) -> None:
    for order in orders:
        order.error = order.error or error
