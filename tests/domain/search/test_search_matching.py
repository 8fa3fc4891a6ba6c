"""The matching rule of docs/search.md, sentence by sentence: in the pure matcher and in the engine."""

import pytest
from brute_force import found
from search_corpus import make_document

from gongshi.search import parse
from gongshi.search.matcher import matches

RULE = [
    ("title", "中国国际金融股份有限公司", "国际金融", True, "a piece of a name"),
    ("title", "国泰君安证券", "国泰君安", True, "a name that a dictionary would cut"),
    ("title", "国泰君安证券", "泰君", True, "a piece across words"),
    ("title", "示例（北京）有限公司", "北京有限", True, "punctuation in a name vanishes"),
    ("title", "基于GPT赋能的投顾", "PT赋能", True, "a piece that begins inside a word of a name"),
    ("title", "BloombergGPT 试点", "Bloom", True, "the beginning of a word of a name"),
    ("title", "BloombergGPT 试点", "berg gpt", True, "two pieces of a word of a name"),
    ("title", "BloombergGPT 试点", "GPT试", True, "a piece across word and characters of a name"),
    ("title", "Open Data Platform", "nDatapl", True, "a piece across words of a name, run together"),
    ("title", "试点", "试", True, "one character of a name"),
    ("title", "甲 ABC", "b", True, "one letter inside a word of a name"),
    ("title", "2026-SL-01", "sl01", True, "a number without its hyphens"),
    ("names", "银河证券", "河证", True, "a piece of an alias"),
    ("body", "数字人民币应用场景", "民币应", True, "any piece of a sentence"),
    ("body", "风险，防范", "险防", True, "punctuation between characters vanishes"),
    ("body", "风险 防\u200b范", "风险防范", True, "spaces and zero width between characters vanish"),
    ("body", "风险防范", "风险。防范", True, "punctuation in the query vanishes too"),
    ("body", "他说：税", "税", True, "one character of a body, the last"),
    ("body", "税务", "税", True, "one character of a body, the first"),
    ("body", "税务", "务", True, "one character of a body, inside"),
    ("body", "use the API now", "api", True, "a whole word"),
    ("body", "use the API now", "AP", True, "the last word of the query may be a beginning"),
    ("body", "use the API now", "PI", False, "the inside of a word of a body is not found"),
    ("body", "use the API now", "ap now", False, "a word before the last is whole"),
    ("body", "use the API now", "the api n", True, "words in any place, the last begun"),
    ("body", "use the API now", '"the api n"', True, "a phrase, its last word begun"),
    ("body", "use the API now", '"api the"', False, "a phrase keeps its order"),
    ("body", "use the API now", '"the now"', False, "a phrase has no gaps"),
    ("body", "fin tech", "fintech", False, "a space separates words"),
    ("body", "fin tech", '"fin-tech"', True, "any sign separates words"),
    ("body", "接入API后", "入api后", True, "characters on both sides of a word"),
    ("body", "接入API后台", "api后", True, "one character after a word"),
    ("body", "接入API", "入AP", True, "the beginning of a word after a character"),
    ("body", "接入APIs", "入api后", False, "a word inside a phrase is whole"),
    ("body", "第2026号", "2026", True, "a number"),
    ("body", "第20261号", "2026号", False, "a number inside a phrase is whole"),
    ("body", "增长10%", "10％", True, "full width in the query"),
    ("body", "ＡＰＩ　接口", "api", True, "full width in the text"),
    ("body", "徵求意見稿", "征求意见", True, "traditional in the text"),
    ("body", "征求意见稿", "徵求意見", True, "traditional in the query"),
    ("body", "𠮷野家〇一", "𠮷野", True, "rare characters"),
    ("body", "人人时时々々", "时々", True, "the iteration mark"),
    ("body", "二〇二六年", "〇二", True, "the round zero"),
    ("body", "cafe\u0301 au lait", "café", True, "an accent written in two ways"),
    ("body", "银行。证券", "证券 银行", True, "parts in any order"),
    ("body", "银行。证券", "银行 保险", False, "every part must match"),
    ("body", "", "银行", False, "nothing in nothing"),
]


@pytest.mark.parametrize(("field", "text", "typed", "is_found"), [pytest.param(*row[:4], id=row[4]) for row in RULE])
def test_a_document_is_found_by(backend, field, text, typed, is_found):
    document = make_document(**{field: (text,) if field == "names" else text})
    backend.apply({document.ref: document})

    assert matches(document, parse(typed)) is is_found
    assert bool(found([document], typed)) is is_found
    assert (backend.search(parse(typed)).total == 1) is is_found


def test_parts_may_match_in_different_fields(backend):
    document = make_document(title="示例证券", names=("玄鉴科技",), body="采用联邦学习")
    backend.apply({document.ref: document})

    assert backend.search(parse("证券 玄鉴 联邦")).hits == [document.ref]


def test_no_match_runs_from_one_name_into_the_next(backend):
    document = make_document(title="甲乙", names=("丙丁", "ab", "cd"))
    backend.apply({document.ref: document})

    assert [backend.search(parse(typed)).total for typed in ("乙丙", "甲乙丙", "bc", "丁ab")] == [0, 0, 0, 0]


def test_no_match_runs_from_the_title_into_the_body(backend):
    document = make_document(title="甲乙", body="丙丁")
    backend.apply({document.ref: document})

    assert backend.search(parse("乙丙")).total == 0
