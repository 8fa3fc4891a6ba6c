"""Fixtures: an empty engine in a folder of its own."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gongshi.search import Document
from gongshi.search.whoosh_engine import WhooshBackend


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[WhooshBackend]:
    backend = WhooshBackend(tmp_path / "index")
    backend.rebuild([])
    yield backend
    backend.close()


def make_document(
    id: str = "1",
    *,
    kind: str = "notice",
    title: str = "",
    names: tuple[str, ...] = (),
    body: str = "",
    at: datetime = datetime(2026, 3, 2, 4, tzinfo=UTC),
) -> Document:
    return Document(kind=kind, id=id, title=title, names=names, body=body, at=at)


@pytest.fixture(name="make_document")
def make_document_fixture() -> object:
    return make_document
