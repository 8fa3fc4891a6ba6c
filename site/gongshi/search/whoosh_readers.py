"""Open readers of the current Whoosh index, a few for each process, each used by one thread at a time.

Whoosh's readers share file positions between queries, so two threads must not share one; and `refresh()` is never
called: a reader of an older state is closed and the index opened anew, which takes a few milliseconds.
"""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from whoosh import index

from gongshi.search import whoosh_folder
from gongshi.search.engine import IndexMissing, TooBroad
from gongshi.search.whoosh_fields import Card, read_card

log = logging.getLogger(__name__)

MOST_OPEN = 4
LOOK_AGAIN_AFTER = 1.0
ATTEMPTS = 3

State = tuple[Path, int]
"""A generation and the number of its latest commit."""


class Segment(NamedTuple):
    """A part of the index: its postings, and what it knows of its documents, deleted ones included.

    All its files are open, so that a commit which takes them out of the folder does not matter to this reader.
    """

    reader: Any
    cards: list[Card]
    characters: Any


class Snapshot:
    """The index as it was after one commit."""

    def __init__(self, state: State, reader: Any, segments: list[Segment]) -> None:
        self.state = state
        self.reader = reader
        self.segments = segments

    @property
    def count(self) -> int:
        return int(self.reader.doc_count())

    def close(self) -> None:
        self.reader.close()


class Readers:
    """Hands out snapshots; looks at most once a second whether there is a newer one."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._turn = threading.BoundedSemaphore(MOST_OPEN)
        self._idle: list[Snapshot] = []
        self._process = os.getpid()
        self._cards: dict[str, list[Card]] = {}
        self._state: State | None = None
        self._looked_at = float("-inf")

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """The latest state of the index, for this thread. Raises `IndexMissing`."""
        with self._turn:
            snapshot = self._take()
            try:
                yield snapshot
            finally:
                self._give_back(snapshot)

    def look_again(self) -> None:
        """Let the next reader see what was just written."""
        with self._lock:
            self._looked_at = float("-inf")

    def close(self) -> None:
        with self._lock:
            self._close_idle()

    def _take(self) -> Snapshot:
        with self._lock:
            if self._process != os.getpid():
                # A forked process shares the positions in files that are open; it must open its own.
                self._close_idle()
                self._process = os.getpid()
            state = self._latest()
            if self._idle and self._idle[-1].state == state:
                return self._idle.pop()
            self._close_idle()
            return self._open(state)

    def _give_back(self, snapshot: Snapshot) -> None:
        with self._lock:
            if snapshot.state == self._state:
                self._idle.append(snapshot)
            else:
                snapshot.close()

    def _close_idle(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _latest(self) -> State:
        if time.monotonic() - self._looked_at > LOOK_AGAIN_AFTER or self._state is None:
            self._state = _state(self._root)
            self._looked_at = time.monotonic()
        return self._state

    def _open(self, state: State) -> Snapshot:
        with sound(state[0]):
            for _ in range(ATTEMPTS):
                # A commit in this very moment may take away files that were there when the folder was read.
                with suppress(FileNotFoundError):
                    return self._open_once(state)
            return self._open_once(state)

    def _open_once(self, state: State) -> Snapshot:
        with ExitStack() as undo:
            reader = index.open_dir(str(state[0]), readonly=True).reader()
            undo.callback(reader.close)
            leaves = [leaf for leaf, _ in reader.leaf_readers()] if reader.doc_count_all() else []
            self._cards = {_name(state, leaf): self._cards_of(state, leaf) for leaf in leaves}
            segments = [Segment(leaf, self._cards[_name(state, leaf)], _characters_of(leaf)) for leaf in leaves]
            undo.pop_all()
            return Snapshot(state, reader, segments)

    def _cards_of(self, state: State, leaf: Any) -> list[Card]:
        """Segments never change, so their cards are read once."""
        known = self._cards.get(_name(state, leaf))
        cards = known or [read_card(value) for value in leaf.column_reader("card", translate=False)]
        if len(cards) != leaf.doc_count_all():
            raise ValueError("a segment without all its cards")
        return cards


@contextmanager
def sound(folder: Path) -> Iterator[None]:
    """Inside, an index is read that may be garbled; if it is, it gets marked as broken. Raises `IndexMissing`."""
    try:
        yield
    except (TooBroad, IndexMissing):
        raise
    except Exception as error:  # Whoosh checks nothing, so a garbled file raises whatever its bytes happen to spell.
        log.exception("the search index %s cannot be read", folder.name)
        if not isinstance(error, OSError) or isinstance(error, FileNotFoundError):
            whoosh_folder.mark_broken(folder)
        raise IndexMissing("unreadable") from error


def _state(root: Path) -> State:
    generation = whoosh_folder.current(root)
    if generation is None:
        raise IndexMissing("missing")
    if not generation.is_readable:
        raise IndexMissing("outdated")
    with sound(generation.folder):
        return generation.folder, max(int(path.stem.split("_")[-1]) for path in generation.folder.glob("_MAIN_*.toc"))


def _characters_of(leaf: Any) -> Any:
    return leaf.column_reader("characters", translate=False)


def _name(state: State, leaf: Any) -> str:
    return f"{state[0].name}/{leaf.segment().segment_id()}"
