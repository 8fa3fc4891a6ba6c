"""How many submissions one process works on at once; the rest wait a moment, or are told when to come again.

In a flood a server that takes everybody in answers nobody. So a few are worked on, about as many as threads can bear
wait for half a second at most, and whoever finds the room full is refused at once, at hardly any cost, with all that
was typed. There are always threads left for those who read.
"""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app

from config import Config
from gongshi.errors import Busy

WAIT_SECONDS = 0.5
# Those who are turned away should not all come back in the same second.
AGAIN_SECONDS = range(10, 31)


class Full(Busy):
    """No room at this moment. Nothing was looked at yet; `retry_after` is in seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.retry_after = random.choice(AGAIN_SECONDS)  # noqa: S311  It spreads people out, and keeps no secret.


class Turnstile:
    """The way in of one process."""

    def __init__(self, threads: int) -> None:
        self._at_work = max(2, threads // 8)
        self._permits = threading.Semaphore(self._at_work)
        self._room = max(2, threads // 2)
        self._guard = threading.Lock()
        self._present = 0

    @property
    def is_crowded(self) -> bool:
        """Whether more are here than are worked on at once."""
        return self._present > self._at_work

    @contextmanager
    def pass_through(self) -> Iterator[None]:
        """Be one of those who are worked on. Raises Full."""
        with self._guard:
            if self._present >= self._at_work + self._room:
                raise Full
            self._present += 1
        try:
            if not self._permits.acquire(timeout=WAIT_SECONDS):
                raise Full
            try:
                yield
            finally:
                self._permits.release()
        finally:
            with self._guard:
                self._present -= 1


def init_app(app: Flask, config: Config) -> None:
    """Give the application its way in."""
    app.extensions["gongshi.turnstile"] = Turnstile(config.THREADS)


def turnstile() -> Turnstile:
    """The way in of the application that serves this request."""
    found = current_app.extensions["gongshi.turnstile"]
    assert isinstance(found, Turnstile)
    return found
