"""How many submissions one process works on at once; the rest wait a moment, or are told when to come again.

In a flood a server that takes everybody in answers nobody. Threads of one process share one interpreter: more than a
few that calculate at once only keep each other, and those who read, waiting. So of those who are let in a few work, the
others wait for the disk together (`aside`); as many wait outside for half a second at most, and whoever finds the room
full is refused at once, at hardly any cost, with all that was typed.
"""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app

from config import Config
from gongshi.errors import Busy

WAIT_SECONDS = 0.5
WORKING = 2
# Those who are turned away should not all come back in the same second.
AGAIN_SECONDS = range(10, 31)


class Full(Busy):
    """No room at this moment. Nothing was looked at yet; `retry_after` is in seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.retry_after = random.choice(AGAIN_SECONDS)  # noqa: S311  It spreads people out, and keeps no secret.


class Turnstile:
    """The way in of one process: so many are inside, of whom so many work at once, and so many more wait outside."""

    def __init__(self, *, inside: int, room: int, working: int) -> None:
        self._most_inside = inside
        self._most_present = inside + room
        self._most_working = working
        self._present = self._inside = self._working = self._returning = 0
        guard = threading.Lock()
        self._way_in = threading.Condition(guard)
        self._way_back = threading.Condition(guard)

    @property
    def is_crowded(self) -> bool:
        """Whether so many are here that some will soon have to wait outside."""
        return self._present > self._most_inside // 2

    @contextmanager
    def pass_through(self) -> Iterator[None]:
        """Be let in and work. Raises Full."""
        with self._way_in:
            if self._present >= self._most_present:
                raise Full
            self._present += 1
            if not self._way_in.wait_for(self._has_room, WAIT_SECONDS):
                self._present -= 1
                raise Full
            self._inside += 1
            self._working += 1
        try:
            yield
        finally:
            with self._way_in:
                self._present -= 1
                self._inside -= 1
                self._stop_working()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Wait for something and let another work meanwhile. Whoever comes back goes before whoever comes."""
        with self._way_in:
            self._stop_working()
        try:
            yield
        finally:
            with self._way_back:
                self._returning += 1
                self._way_back.wait_for(self._has_work)
                self._returning -= 1
                self._working += 1

    def _stop_working(self) -> None:
        self._working -= 1
        (self._way_back if self._returning else self._way_in).notify()

    def _has_work(self) -> bool:
        return self._working < self._most_working

    def _has_room(self) -> bool:
        return self._inside < self._most_inside and not self._returning and self._has_work()


def init_app(app: Flask, config: Config) -> None:
    """Give the application its way in."""
    quarter = max(2, config.THREADS // 4)
    app.extensions["gongshi.turnstile"] = Turnstile(inside=quarter, room=quarter, working=WORKING)


def turnstile() -> Turnstile:
    """The way in of the application that serves this request."""
    found = current_app.extensions["gongshi.turnstile"]
    assert isinstance(found, Turnstile)
    return found
