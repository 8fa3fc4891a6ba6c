"""What the site hands to search: one found thing, said without knowing what it is or where its page is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

Ref = tuple[str, str]
"""The kind and id of a document: what a search returns, for the page to read again from the database."""


@dataclass(frozen=True, slots=True)
class Document:
    """One thing that can be found, from the instant `at` on. Its id is unique within its kind.

    `names` are matched anywhere, like the title: institutions, aliases, numbers. `place` says which page shows it, in
    words that only the web layer understands.
    """

    kind: str
    id: str
    title: str
    names: tuple[str, ...]
    body: str
    at: datetime
    consultation: str = ""
    place: Mapping[str, str | int] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not self.kind or ":" in self.kind:
            raise ValueError(f"a kind is a word without a colon: {self.kind!r}")
        if self.at.tzinfo is None:
            raise ValueError(f"naive datetime: {self.at!r}")

    @property
    def ref(self) -> Ref:
        return self.kind, self.id


class Source(Protocol):
    """Where the documents of one kind come from: only what the public may read."""

    def document(self, session: Session, id: str) -> Document | None:
        """The thing as it is now, or None when it is not, or no longer, public."""
        ...

    def documents(self, session: Session) -> Iterator[Document]:
        """All of them, each once."""
        ...


Sources = Mapping[str, Source]
"""The source of each kind."""
