"""Tables to be taken away as CSV: the only place that writes them.

A text that a spreadsheet program would run as a formula is led by an apostrophe, and every field is quoted. Programs
that are not told otherwise take the file for UTF-8, by its first character.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from flask import Response, stream_with_context

from gongshi.imports import cells

_AT_ONCE = 60_000
Row = Iterable[str | int | None]


def download(rows: Iterable[Row], name: str) -> Response:
    """The answer that sends these rows as a file."""
    return _named(Response("".join(written(rows)), mimetype="text/csv"), name)


def download_in_pieces(rows: Iterable[Row], name: str) -> Response:
    """The same while the rows are still being read; for long tables of numbers and codes, which are ASCII."""
    return _named(Response(stream_with_context(written(rows, marked=False)), mimetype="text/csv"), name)


def written(rows: Iterable[Row], *, marked: bool = True) -> Iterator[str]:
    """The rows as the text of a file, in pieces."""
    if marked:
        yield "\ufeff"
    text = io.StringIO()
    table = csv.writer(text, quoting=csv.QUOTE_ALL)
    for row in rows:
        table.writerow([_cell(value) for value in row])
        if text.tell() > _AT_ONCE:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def _cell(value: str | int | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else cells.csv(value)


def _named(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
