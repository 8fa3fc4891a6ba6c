"""What the site asks of a search engine, whichever it is.

Every engine keeps the tokens of `tokens.py` and finds exactly what `matcher.matches` says; only order and speed are
its own.
"""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from gongshi.search.documents import Document, Ref
from gongshi.search.query import SearchQuery


class IndexMissing(Exception):
    """There is no index that can be read. The site works on and says so; the worker builds one."""


class TooBroad(Exception):
    """The query would take too long. Nothing is shown, rather than a part of the truth."""


class IndexBusy(Exception):
    """Somebody else is writing the index. Trying again is safe."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of hits. `total` counts the kinds asked for; `counts_by_kind` counts every kind that matched."""

    hits: list[Ref]
    total: int
    counts_by_kind: dict[str, int] = field(default_factory=dict)
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the index can be trusted; `reason` is missing, outdated, unreadable or broken when it cannot."""

    stamp: str
    count: int
    ok: bool
    reason: str = ""
    built_at: datetime | None = None


class SearchBackend(Protocol):
    """A search engine."""

    def search(self, query: SearchQuery) -> SearchPage:
        """The hits of a page, best or newest first. May raise `IndexMissing` and `TooBroad`."""
        ...

    def apply(self, batch: Mapping[Ref, Document | None]) -> None:
        """Make the index say this of these; None removes. Durable on return. May raise `IndexMissing`, `IndexBusy`."""
        ...

    def rebuild(self, documents: Iterable[Document]) -> None:
        """Put a new index in the place of the old one, which answers until then. May raise `IndexBusy`."""
        ...

    def health(self) -> Health:
        """How the index is. Never raises for the index's sake."""
        ...

    def exclusive(self) -> AbstractContextManager[None]:
        """Inside, nobody else writes this index, so that what is read from the database cannot be overtaken."""
        ...
