"""What is shown of a hit is what was written, cut where it may be cut, with the matches marked."""

import random

import pytest
import search_corpus
from search_corpus import make_document

from gongshi.search import parse
from gongshi.search.highlight import GAP, WIDEST, WINDOWS, snippet, whole
from gongshi.search.matcher import matches


def marked(pieces):
    return "".join(f"[{piece.text}]" if piece.is_hit else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        pytest.param("采用联邦学习技术", "联邦", "采用[联邦]学习技术", id="a piece"),
        pytest.param("採用聯邦學習", "联邦", "採用[聯邦]學習", id="as it was written"),
        pytest.param("风险，防范", "险防", "风[险，防]范", id="what stood between"),
        pytest.param("用 ＡＰＩｓ 吧", "api", "用 [ＡＰＩｓ] 吧", id="the whole word that was begun"),
        pytest.param("api apis", "api x", "[api] apis", id="not a longer word than asked for"),
        pytest.param("银行与证券", "证券 银行", "[银行]与[证券]", id="each part"),
        pytest.param("人人人", "人人", "[人人人]", id="overlaps are one"),
        pytest.param("税", "税务", "税", id="nothing to mark"),
        pytest.param("", "税", "", id="nothing to show"),
    ],
)
def test_matches_in_a_body_are_marked(text, typed, shown):
    assert marked(snippet(text, parse(typed))) == shown


@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [
        pytest.param("基于GPT赋能", "PT赋", "基于G[PT赋]能", id="inside a word"),
        pytest.param("示例（北京）公司", "例北京公", "示[例（北京）公]司", id="across brackets"),
        pytest.param("Open Data", "nda", "Ope[n Da]ta", id="across a space"),
        pytest.param("cafe\u0301 甲", "fé", "[cafe\u0301] 甲", id="a word with marks is one piece"),
        pytest.param("示例", "公司", "示例", id="nothing"),
    ],
)
def test_matches_in_a_title_are_marked(name, typed, shown):
    assert marked(whole(name, parse(typed))) == shown


def test_a_long_body_is_shown_around_what_matched():
    text = "前" * 500 + "联邦学习" + "中" * 500 + "数据出境" + "后" * 500

    pieces = snippet(text, parse("联邦学习 数据出境"))

    assert [piece.text for piece in pieces if piece.is_hit] == ["联邦学习", "数据出境"]
    assert [piece.text for piece in pieces].count(GAP) == 3
    assert sum(len(piece.text) for piece in pieces) < 200


def test_a_body_that_matches_only_by_its_title_shows_its_beginning():
    pieces = snippet("开头" + "字" * 500, parse("别的"))

    assert pieces[0].text.startswith("开头")
    assert pieces[-1].text == GAP


def test_nothing_is_cut_inside_what_belongs_together():
    family = "👨\u200d👩\u200d👧"
    for filling in ("e\u0301", "\ud83d\ude00", family):
        for shift in range(6):
            text = "字" * shift + filling * 80 + "联邦" + filling * 80

            shown = "".join(piece.text for piece in snippet(text, parse("联邦"))).strip(GAP)

            start = text.index(shown)
            assert not text[start + len(shown) : start + len(shown) + 1].startswith(("\u0301", "\ude00", "\u200d"))
            assert not shown.startswith(("\u0301", "\ude00", "\u200d"))
            assert not shown.endswith("\u200d")


def test_a_match_without_end_is_not_shown_without_end():
    for text in ("a" * 50_000, "a" + "\u0301" * 50_000, "的" * 50_000):
        assert sum(len(piece.text) for piece in snippet(text, parse(text[:3]))) <= WINDOWS * WIDEST + 100


def test_pieces_are_the_original_text_in_order():
    dice = random.Random(1)
    for document in search_corpus.documents(60):
        query = parse(" ".join(search_corpus.pieces([document], 2, 5, seed=dice.randrange(10**6))))
        place = 0
        for piece in snippet(document.body, query):
            if piece.text != GAP or document.body.startswith(GAP, place):
                place = document.body.index(piece.text, place) + len(piece.text)
        assert "".join(piece.text for piece in whole(document.title, query)) == document.title


def test_whatever_matches_a_body_is_marked_in_it():
    for document in search_corpus.documents(80):
        body_only = make_document(body=document.body)
        for typed in search_corpus.pieces([body_only], 5, 6) if document.body else ():
            query = parse(typed)
            if matches(body_only, query):
                assert any(piece.is_hit for piece in snippet(document.body, query))
