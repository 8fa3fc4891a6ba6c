"""Whoosh 2.7.4 as the search engine of one machine.

Used in the narrow way that was measured to be right (docs/decisions/0007): one writer under a file lock of our own,
one segment's files side by side (`compound=False`), each id at most once a commit, fresh readers instead of
`refresh()`, and no query parser, query class or collector.
"""

import os
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from whoosh import index

from gongshi.search import whoosh_folder, whoosh_search
from gongshi.search.documents import Document, Ref
from gongshi.search.engine import Health, IndexMissing, SearchPage
from gongshi.search.query import SearchQuery
from gongshi.search.whoosh_fields import fields_of, schema
from gongshi.search.whoosh_postings import Deadline
from gongshi.search.whoosh_readers import Readers, sound
from gongshi.search.whoosh_writing import remove, writing

SECONDS_A_SEARCH = 2.0


class WhooshBackend:
    """A `SearchBackend` in a folder on a local disk; safe for many threads and processes at once."""

    def __init__(self, root: Path, *, seconds: float = SECONDS_A_SEARCH) -> None:
        self.root = root
        self._seconds = seconds
        self._readers = Readers(root)
        self._writing = threading.RLock()
        self._depth = 0

    def search(self, query: SearchQuery) -> SearchPage:
        if query.is_empty:
            return SearchPage([], 0)
        started = time.perf_counter()
        with self._readers.snapshot() as snapshot, sound(snapshot.state[0]):
            found = whoosh_search.hits(snapshot, query, Deadline(self._seconds))
        counts = Counter(hit.card.ref[0] for hit in found)
        wanted = [hit for hit in found if hit.card.ref[0] in query.kinds] if query.kinds else found
        page = whoosh_search.in_order(wanted, query.sort)[query.window]
        return SearchPage(
            hits=[hit.card.ref for hit in page],
            total=len(wanted),
            counts_by_kind=dict(counts),
            took_ms=(time.perf_counter() - started) * 1000,
        )

    def apply(self, batch: Mapping[Ref, Document | None]) -> None:
        added = [fields_of(document) for document in batch.values() if document]
        with self.exclusive():
            folder = self._sound_folder()
            known = set(os.listdir(folder))
            with sound(folder), writing(folder) as writer:
                remove(writer, batch)
                for fields in added:
                    writer.add_document(**fields)
            whoosh_folder.sync(folder, known)
        self._readers.look_again()

    def rebuild(self, documents: Iterable[Document]) -> None:
        with self.exclusive(), whoosh_folder.new_generation(self.root) as folder:
            index.create_in(str(folder), schema())
            with writing(folder) as writer:
                for document in _each_once(documents):
                    writer.add_document(**fields_of(document))
        self._readers.look_again()

    def health(self) -> Health:
        generation = whoosh_folder.current(self.root)
        if generation is None:
            return Health("", 0, ok=False, reason="missing")
        unwell = Health(generation.stamp, 0, ok=False, built_at=generation.built_at)
        if not generation.is_readable:
            return replace(unwell, reason="outdated")
        if generation.is_broken:
            return replace(unwell, reason="broken")
        try:
            with self._readers.snapshot() as snapshot:
                return replace(unwell, ok=True, count=snapshot.count)
        except IndexMissing:
            return replace(unwell, reason="unreadable")

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        with self._writing:
            self._depth += 1
            try:
                if self._depth > 1:
                    yield
                else:
                    with whoosh_folder.locked(self.root):
                        yield
            finally:
                self._depth -= 1

    def close(self) -> None:
        """Let go of the files of idle readers."""
        self._readers.close()

    def _sound_folder(self) -> Path:
        health = self.health()
        generation = whoosh_folder.current(self.root)
        if generation is None or not health.ok:
            raise IndexMissing(health.reason)
        return generation.folder


def _each_once(documents: Iterable[Document]) -> Iterator[Document]:
    seen: set[Ref] = set()
    for document in documents:
        if document.ref not in seen:
            seen.add(document.ref)
            yield document
