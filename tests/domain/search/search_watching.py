"""Threads that look at something again and again while a test changes it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Seen = TypeVar("Seen")


@contextmanager
def watching(look: Callable[[], Seen], threads: int = 5) -> Iterator[list[Seen]]:
    """What the threads saw; the first failure of a thread is raised at the end."""
    seen: list[Seen] = []
    failures: list[Exception] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set() and not failures:
            try:
                seen.append(look())
                time.sleep(0.01)
            except Exception as error:  # Raised again below, in the test's own thread.
                failures.append(error)

    watchers = [threading.Thread(target=watch) for _ in range(threads)]
    for watcher in watchers:
        watcher.start()
    try:
        yield seen
    finally:
        done.set()
        for watcher in watchers:
            watcher.join()
    if failures:
        raise failures[0]
