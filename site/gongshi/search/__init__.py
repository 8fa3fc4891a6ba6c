"""Search 搜索: whatever piece of a name or a sentence someone types, they find it.

Documents in, hits out. The package knows no other concept and no engine by name: what counts as a match is written
down once (docs/search.md, `matcher`), and every engine behind `engine.SearchBackend` finds exactly that.

A Document 文档 is one thing that can be found; a Source says which documents of a kind are public now.
"""

from gongshi.search.documents import Document, Ref, Source, Sources
from gongshi.search.engine import Health, IndexBusy, IndexMissing, SearchBackend, SearchPage, TooBroad
from gongshi.search.outbox import enqueue
from gongshi.search.query import SearchQuery, Sort, parse

__all__ = [
    "Document",
    "Health",
    "IndexBusy",
    "IndexMissing",
    "Ref",
    "SearchBackend",
    "SearchPage",
    "SearchQuery",
    "Sort",
    "Source",
    "Sources",
    "TooBroad",
    "enqueue",
    "parse",
]
