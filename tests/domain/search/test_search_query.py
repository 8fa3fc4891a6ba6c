"""Whatever is typed becomes a query within the limits, and nothing that can be typed is an error."""

import pytest

from gongshi.search import Sort, parse
from gongshi.search.query import MOST_CHARACTERS, MOST_PARTS, MOST_UNITS


def parts(text):
    return [" ".join(part.units) for part in parse(text).parts]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("银河 GPT-4", ["银 河", "gpt 4"], id="spaces part"),
        pytest.param("  银河\u3000证券\n", ["银 河", "证 券"], id="every kind of space"),
        pytest.param('"open data" 银行', ["open data", "银 行"], id="a quoted phrase is one part"),
        pytest.param("“数字 人民币” ＂a b＂", ["数 字 人 民 币", "a b"], id="other quotation marks"),
        pytest.param('说"open data', ["说 open", "data"], id="a quotation mark inside is text"),
        pytest.param('"open data', ["open", "data"], id="an open quotation is text"),
        pytest.param("银河 - “” 证券", ["银 河", "证 券"], id="a part of punctuation is nothing"),
        pytest.param("-gpt 机构:银河 (a OR b)", ["gpt", "机 构 银 河", "a", "or", "b"], id="no other syntax"),
        pytest.param("银行 银行", ["银 行"], id="once is enough"),
    ],
)
def test_a_query_is_read_as_parts(typed, expected):
    assert parts(typed) == expected


def test_only_the_last_word_of_the_query_may_go_on():
    query = parse("fin 银行 dat")

    assert [part.open_ended for part in query.parts] == [False, False, True]


def test_a_last_chinese_character_needs_no_going_on():
    assert [part.open_ended for part in parse("fin 银行").parts] == [False, False]


@pytest.mark.parametrize("typed", ["", "   ", "。，！", "\x00", "\ud800\udfff", "😀", '""', "“”", "()[]{}*?~^:+-"])
def test_a_query_without_a_letter_is_empty(typed):
    query = parse(typed)

    assert query.is_empty
    assert query.parts == ()


@pytest.mark.parametrize(
    ("typed", "cut"),
    [
        pytest.param("银" * 60, False, id="sixty units"),
        pytest.param("银" * 61, True, id="sixty-one units"),
        pytest.param("a" * 100, False, id="a hundred characters"),
        pytest.param("a" * 101, True, id="a hundred and one"),
        pytest.param(" " + "a" * 100 + " ", False, id="spaces around do not count"),
        pytest.param(" ".join("甲乙丙丁戊己庚辛"), False, id="eight parts"),
        pytest.param(" ".join("甲乙丙丁戊己庚辛壬"), True, id="nine parts"),
    ],
)
def test_a_query_that_is_too_long_is_cut_and_says_so(typed, cut):
    query = parse(typed)

    assert query.cut is cut
    assert len(query.text) <= MOST_CHARACTERS
    assert len(query.parts) <= MOST_PARTS
    assert sum(len(part.units) for part in query.parts) <= MOST_UNITS


def test_an_unknown_order_is_relevance_and_a_page_before_the_first_is_the_first():
    query = parse("银行", sort="drop table", page=-3, per_page=0)

    assert (query.sort, query.page, query.per_page) == (Sort.RELEVANCE, 1, 1)


def test_no_page_goes_beyond_the_thousandth_hit():
    assert parse("银行", page=50).window == slice(980, 1000)
    assert parse("银行", page=51).window == slice(1000, 1000)
    assert parse("银行", page=10**30).window == slice(1000, 1000)
