"""Writing to a Whoosh index, in the one way in which it is done here."""

import marshal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from whoosh import index
from whoosh.codec.whoosh3 import W3Codec
from whoosh.writing import PostingPool

from gongshi.search.documents import Ref
from gongshi.search.whoosh_fields import key_of
from gongshi.search.whoosh_postings import numbers_of

MEGABYTES_TO_SORT_IN = 256
ITEMS_AT_ONCE = 1000


class Codec(W3Codec):  # type: ignore[misc]  # Whoosh has no types.
    """Whoosh's own format, without the field lengths that only its scorers want.

    Where there are none, it would look for them on disk once for every posting: a third of the time of a build.
    """

    length_stats = False


class Pool(PostingPool):  # type: ignore[misc]  # Whoosh has no types.
    """Whoosh's sorting pool; what does not fit in memory is put on disk by the thousand, not one by one."""

    def _write_run(self, file: BinaryIO, items: Iterable[Any]) -> None:
        rest = iter(items)
        with file:
            while chunk := list(islice(rest, ITEMS_AT_ONCE)):
                marshal.dump(chunk, file)

    def _read_run(self, path: str) -> Iterator[Any]:
        with self._open_run(path) as file:
            while chunk := _next_chunk(file):
                yield from chunk
        self._remove_run(path)


@contextmanager
def writing(folder: Path) -> Iterator[Any]:
    """A Whoosh writer whose work is committed when the block ends, and undone when it fails.

    The caller is the only writer. `_lk=False` leaves out Whoosh's own lock, which leaks when a commit fails.
    """
    writer = index.open_dir(str(folder)).writer(compound=False, codec=Codec(), _lk=False)
    writer.pool = Pool(writer.temp_storage(), writer.newsegment, limitmb=MEGABYTES_TO_SORT_IN)
    try:
        yield writer
    except BaseException:
        writer.cancel()
        raise
    writer.commit()


def remove(writer: Any, refs: Iterable[Ref]) -> None:
    """Mark the committed documents with these keys as deleted. What was added in the same block is not seen."""
    reader = writer.reader()
    try:
        for ref in refs:
            for number in numbers_of(reader, key_of(ref)):
                writer.delete_document(number)
    finally:
        reader.close()


def _next_chunk(file: BinaryIO) -> list[Any]:
    try:
        return list(marshal.load(file))  # noqa: S302  # Our own file, written a moment ago in a private folder.
    except EOFError:
        return []
