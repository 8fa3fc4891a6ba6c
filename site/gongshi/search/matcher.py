"""The matching rule of docs/search.md in its plainest form: pure, on one document, without an index.

An engine must find exactly the documents for which `matches` is true. Pages use the same functions to show why a
document was found.
"""

from collections.abc import Iterator, Sequence

from gongshi.search import tokens
from gongshi.search.documents import Document
from gongshi.search.query import Part, SearchQuery


def matches(document: Document, query: SearchQuery) -> bool:
    """Whether every part is in the title, in one of the names or in the body. The kinds asked for are not looked at."""
    names = [tokens.squeeze(name) for name in (document.title, *document.names)]
    body = tokens.cut(document.body)
    if not query.parts or not all(_is_in(part, names, body) for part in query.parts):
        return False
    return not query.without or not all(_is_in(part, names, body) for part in query.without)


def in_body(units: Sequence[str], part: Part) -> Iterator[int]:
    """Each place at which the units of a part stand in a row."""
    *firm, last = part.units
    for start in range(len(units) - len(firm)):
        end = start + len(firm)
        if (
            (not firm or units[start] == firm[0])
            and list(units[start:end]) == firm
            and _ends_with(units[end], last, part)
        ):
            yield start


def in_name(squeezed: str, part: Part) -> Iterator[int]:
    """Each place at which a part stands in a squeezed name."""
    start = squeezed.find(part.squeezed)
    while start >= 0:
        yield start
        start = squeezed.find(part.squeezed, start + 1)


def _ends_with(unit: str, last: str, part: Part) -> bool:
    return unit.startswith(last) if part.open_ended else unit == last


def _is_in(part: Part, names: Sequence[str], body: Sequence[str]) -> bool:
    return any(part.squeezed in name for name in names) or next(in_body(body, part), None) is not None
