"""Several acts of one process in one transaction: group commit.

A write costs a lock, a sync of the disk and the reading of what every act looks at, whatever it writes. In a flood many
threads wait for the lock; whoever gets it carries out the acts of all who wait, each at an instant of its own, commits
once, and lets all of them go. Alone, an act is a transaction of its own, as ever.

Each act stands or falls by itself: one that refuses leaves nothing behind, one that breaks is taken out and the others
are done again without it. What the database refuses, it refuses to all of the group.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence, Set
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from gongshi.db import next_instant, writing
from gongshi.errors import Busy

Result = TypeVar("Result")

# Beyond this the first of a group waits longer than the group saves.
MOST_AT_ONCE = 32


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
        self._waiting: deque[_Order[Any]] = deque()
        self._leading = threading.Lock()

    def write(self, act: Callable[[Session, datetime], Result], *, keys: Set[str]) -> Written[Result]:
        """Carry out an act under the write lock, on disk when this returns. Raises what the act raises, and Busy.

        It runs in this caller's context, perhaps in another thread, and perhaps a second time after everything that it
        did at first was undone. Acts that have one of their `keys` in common are never in one group, since within a
        group nothing is written before the end, and so none finds in the database what another is about to write.
        """
        order = _Order(act, keys)
        self._waiting.append(order)
        with self._leading:
            while not order.is_done:
                self._lead()
        return order.outcome()

    def _lead(self) -> None:
        orders: list[_Order[Any]] = []
        try:
            self._commit(orders)
        except _Broken as broken:
            self._again([order for order in orders if order is not broken.order], alone=False)
            orders = [broken.order]
        except OperationalError as error:
            _refuse(orders, error)
        except SQLAlchemyError as error:
            # Some row was not acceptable, and nobody can say whose.
            if len(orders) > 1:
                self._again(orders, alone=True)
                return
            _refuse(orders, error)
        except Busy as error:
            orders = orders or self._next()
            _refuse(orders, error)
        for order in orders:
            order.is_done = True

    def _commit(self, orders: list["_Order[Any]"]) -> None:
        """One transaction; `orders` is filled with those who are in it, once the lock is had."""
        with Session(self._engine, expire_on_commit=False) as session, writing(session) as at, session.no_autoflush:
            orders += self._next()
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

    def carry_out(self, session: Session, at: datetime) -> None:
        self._results = [self._context.run(self._act, session, at)]

    def outcome(self) -> Written[Result]:
        if self.error is not None:
            raise self.error
        return Written(self._results[0], self.after)


def _refuse(orders: Iterable[_Order[Any]], error: Exception) -> None:
    for order in orders:
        order.error = order.error or error
