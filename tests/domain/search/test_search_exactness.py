"""The set of hits is exactly what a scan of all texts finds, whatever is typed and however the index came about."""

import random
from collections.abc import Iterator

import pytest
import search_corpus
from brute_force import found

from gongshi.search import Document, parse
from gongshi.search.matcher import matches
from gongshi.search.query import MOST_RESULTS
from gongshi.search.whoosh_engine import WhooshBackend

pytestmark = pytest.mark.timeout(600)

# Few characters, so that every way in which rows, words and names overlap comes up again and again.
FEW = ["银", "河", "a", "b", "1", " ", "，", "“", "\u200b", "e\u0301", "Ａ", "銀", "𠮷", '"']

Built = tuple[WhooshBackend, list[Document]]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    yield from built(tmp_path_factory, search_corpus.documents(320), search_corpus.documents(40, seed=9))


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    dice = random.Random(3)

    def few(longest: int) -> str:
        return "".join(dice.choices(FEW, k=dice.randrange(longest)))

    def document(number: int) -> Document:
        names = tuple(few(6) for _ in range(dice.randrange(4)))
        return search_corpus.make_document(str(number), title=few(8), names=names, body=few(14))

    yield from built(tmp_path_factory, [document(number) for number in range(300)], map(document, range(250, 280)))


def built(factory, first, later) -> Iterator[Built]:
    """An engine whose index has several segments, deleted documents and replaced ones; and what it should hold."""
    backend = WhooshBackend(factory.mktemp("exact"))
    backend.rebuild(first[:150])
    held = {document.ref: document for document in first[30:]}
    backend.apply({document.ref: document for document in first[150:-20]})
    backend.apply({document.ref: document for document in first[-20:]})
    backend.apply({document.ref: None for document in first[:30]})
    changed = {document.ref: document for document in later}
    backend.apply(changed)
    yield backend, list((held | changed).values())
    backend.close()


def differences(built: Built, queries: Iterator[str]) -> list[object]:
    backend, documents = built
    wrong: list[object] = []
    for typed in queries:
        page = backend.search(parse(typed, per_page=MOST_RESULTS))
        expected = found(documents, typed)
        if set(page.hits) != expected or page.total != len(expected) or len(page.hits) != page.total:
            wrong.append((typed, set(page.hits) ^ expected, page.total))
    return wrong


def test_any_piece_of_up_to_eight_characters_finds_what_a_scan_finds(mixed):
    assert differences(mixed, search_corpus.pieces(mixed[1], 2500, 8)) == []


def test_any_piece_of_up_to_twenty_characters_finds_what_a_scan_finds(mixed):
    assert differences(mixed, search_corpus.pieces(mixed[1], 600, 20, seed=5)) == []


def test_any_two_pieces_find_what_a_scan_finds(mixed):
    pieces = list(search_corpus.pieces(mixed[1], 1600, 5, seed=6))
    assert differences(mixed, map(" ".join, zip(pieces[::2], pieces[1::2], strict=True))) == []


def test_any_quoted_piece_finds_what_a_scan_finds(mixed):
    assert differences(mixed, (f"“{piece}”" for piece in search_corpus.pieces(mixed[1], 400, 9, seed=7))) == []


def test_every_overlap_of_few_characters_finds_what_a_scan_finds(narrow):
    dice = random.Random(4)
    queries = ("".join(dice.choices(FEW, k=dice.randrange(1, 7))) for _ in range(2500))

    assert differences(narrow, queries) == []


def test_the_pure_matcher_agrees_with_the_scan(mixed):
    _, documents = mixed
    for typed in search_corpus.pieces(documents, 40, 8, seed=8):
        assert {one.ref for one in documents if matches(one, parse(typed))} == found(documents, typed)
