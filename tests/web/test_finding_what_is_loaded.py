"""The promise of search on the real texts: the hits of any piece equal a scan of everything by the matching rule."""

import random
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from domain.search import brute_force
from gongshi import db
from gongshi.record.sources import SOURCES
from gongshi.search import Document, parse
from gongshi.search.query import MOST_RESULTS
from gongshi.search.whoosh_engine import WhooshBackend

PIECES = 2_000
LONGEST = 8


@pytest.fixture(scope="module")
def documents(example_app: Flask) -> list[Document]:
    engine = db.make_engine(example_app.config["SQLALCHEMY_DATABASE_URI"])
    with Session(engine) as session:
        found = [document for source in SOURCES.values() for document in source.documents(session)]
    engine.dispose()
    return found


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, documents: list[Document]) -> Iterator[WhooshBackend]:
    backend = WhooshBackend(tmp_path_factory.mktemp("index"))
    backend.rebuild(documents)
    yield backend
    backend.close()


@pytest.fixture(scope="module")
def pieces(documents: list[Document]) -> list[str]:
    """Random pieces of 1 to 8 characters of every kind of text that was loaded."""
    chance = random.Random(20211119)
    texts = [text for one in documents for text in (one.title, one.body, *one.names) if text.strip()]
    cut = []
    for _ in range(PIECES):
        text = chance.choice(texts)
        start = chance.randrange(len(text))
        cut.append(text[start : start + chance.randint(1, LONGEST)])
    return cut


def test_every_kind_of_record_is_there_to_be_found(documents: list[Document]) -> None:
    assert {document.kind for document in documents} == set(SOURCES)


def test_two_thousand_random_pieces_find_exactly_what_a_scan_finds(
    documents: list[Document], index: WhooshBackend, pieces: list[str]
) -> None:
    wrong = []
    found_something = 0
    for piece in pieces:
        expected = brute_force.found(documents, piece)
        page = index.search(parse(piece, per_page=MOST_RESULTS))
        found_something += bool(expected)
        if page.total != len(expected) or (page.total <= MOST_RESULTS and set(page.hits) != expected):
            wrong.append(piece)

    assert wrong == []
    assert found_something > PIECES * 0.8


def test_a_piece_of_an_institutions_name_finds_the_institution(documents: list[Document], index: WhooshBackend) -> None:
    names = {one.title: one.ref for one in documents if one.kind == "institution"}

    for name, ref in names.items():
        for start in range(len(name) - 1):
            assert ref in index.search(parse(name[start : start + 2], per_page=MOST_RESULTS)).hits, name
