"""Nothing that can be typed makes search fail, or makes it slow."""

import time

import pytest
import search_corpus

from gongshi.search import parse
from gongshi.search.query import MOST_CHARACTERS, MOST_PARTS, MOST_UNITS
from gongshi.search.whoosh_engine import WhooshBackend

HOSTILE = {
    "NUL": "银\x00河\x00",
    "lone surrogates": "\ud800银\udfff\udc00河\ud8ff",
    "three thousand open brackets": "(" * 3000 + "银",
    "three thousand nested brackets": "(" * 1500 + "银" + ")" * 1500,
    "a thousand words": " ".join(f"w{number}" for number in range(1000)),
    "a thousand letters": " ".join("a" * 1000),
    "one long word": "a" * 100_000,
    "one long row": "的" * 100_000,
    "the most common characters": " ".join("的和与及在对应当"),
    "a hundred thousand quotation marks": '"' * 100_000,
    "quotation marks and blanks": '" ' * 50_000,
    "quotations in quotations": "“" * 2000 + "银" + "”" * 2000,
    "wildcards": "*的* ?银? 银* *",
    "regular expression": "r/(银|河)+(.*)*$/ (a+)+$",
    "fuzzy": "kubernetes~2 银河~9",
    "Whoosh syntax": "title:银 AND NOT (body:河 OR *) [a TO z] {a TO} ^2.5 銀^9",
    "SQL": "' OR 1=1; DROP TABLE search_outbox; --",
    "markup": "<script>alert('银')</script> {{7*7}} ${7*7} %00 %E9%93%B6",
    "zero width only": "\u200b\u200d\ufeff\u00ad" * 30,
    "marks upon marks": "a" + "\u0301" * 99,
    "right to left": "\u202e银河\u202c مرحبا שלום",
    "emoji": "😀👩‍👩‍👧‍👦🇨🇳",
    "every kind of blank": "银\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2028\u2029\u202f\u205f\u3000河",
    "digits without end": "9" * 99,
    "highest characters": "\U0010ffff\ufffe\uffff\U000e0001\U0003ffff",
    "start marks of tokens": "\x00a \x00ap \x00的",
    "nothing": "",
}


@pytest.fixture(scope="module")
def backend(tmp_path_factory):
    backend = WhooshBackend(tmp_path_factory.mktemp("hostile"))
    backend.rebuild(search_corpus.documents(300))
    yield backend
    backend.close()


@pytest.mark.parametrize("typed", [pytest.param(text, id=name) for name, text in HOSTILE.items()])
def test_a_hostile_query_is_a_query_within_the_limits(backend, typed):
    started = time.perf_counter()
    query = parse(typed)
    page = backend.search(query)
    took = time.perf_counter() - started

    assert len(query.text) <= MOST_CHARACTERS
    assert len(query.parts) <= MOST_PARTS
    assert sum(len(part.units) for part in query.parts) <= MOST_UNITS
    assert len(page.hits) <= query.per_page
    assert took < 2
    assert not (query.is_empty and page.total)


def test_the_inner_marks_of_the_index_cannot_be_typed(backend):
    assert backend.search(parse("\x00ap")).total == backend.search(parse("ap")).total
