"""Words of a run-together query that stand apart in a text are found in a list of their own."""

import pytest
import search_corpus
from search_corpus import make_document

from gongshi.search import parse
from gongshi.search.related import words_apart


def test_words_that_stand_apart_are_related_and_not_found(backend):
    together = make_document("1", body="数字人民币应用场景")
    apart = make_document("2", body="应用场景包括数字人民币钱包")
    backend.rebuild([together, apart])
    query = parse("数字人民币应用场景")

    assert backend.search(query).hits == [together.ref]
    assert backend.search(words_apart(query)).hits == [apart.ref]


@pytest.mark.parametrize("typed", ["银行", "gpt", "的", "", "！", "银行 证券"])
def test_a_query_of_single_words_has_nothing_related(typed):
    assert words_apart(parse(typed)) is None


def test_related_hits_and_hits_never_overlap(backend):
    backend.rebuild(search_corpus.documents(150))

    for typed in search_corpus.pieces(search_corpus.documents(150), 60, 12):
        query = parse(typed, per_page=1000)
        related = words_apart(query)
        if related:
            assert not set(backend.search(query).hits) & set(backend.search(related).hits)


def test_the_last_word_may_still_go_on():
    related = words_apart(parse("数据出境api"))

    assert related is not None
    assert related.parts[-1].open_ended
