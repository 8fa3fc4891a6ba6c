"""A text is a row of units, and each unit knows where it stood."""

import pytest

from gongshi.search import tokens


@pytest.mark.parametrize(
    ("text", "units"),
    [
        pytest.param("银河证券", ["银", "河", "证", "券"], id="each Chinese character is one"),
        pytest.param("基于GPT-4的API", ["基", "于", "gpt", "4", "的", "api"], id="a word is one"),
        pytest.param("2026年3.5%", ["2026", "年", "3", "5"], id="digits are a word"),
        pytest.param("人\u200b工 智，能", ["人", "工", "智", "能"], id="nothing stands between Chinese characters"),
        pytest.param("fin\u200btech fin-tech", ["fintech", "fin", "tech"], id="zero width does not cut a word"),
        pytest.param("cafe\u0301 café", ["café", "café"], id="a mark belongs to its word"),
        pytest.param("中\u0301文 \u0301a", ["中", "文", "a"], id="a mark without a word is nothing"),
        pytest.param("葛\U000e0100城1\ufe0f\u20e3", ["葛", "城", "1"], id="variation selectors and keycaps vanish"),
        pytest.param("〇一々𠮷㐂", ["〇", "一", "々", "𠮷", "㐂"], id="rare characters are Chinese"),
        pytest.param("データ 데이터 договор हिन्दी", ["データ", "데이터", "договор", "हिन्दी"], id="other scripts"),
        pytest.param("《》……😀₹→_\x00\ud800", [], id="what is no letter is no unit"),
    ],
)
def test_a_text_is_cut_into_units(text, units):
    assert tokens.cut(text) == units


def test_units_keep_their_places_in_the_original():
    text = "甲 ＧＰ\u200bＴ、乙cafe\u0301"

    places = [(unit.text, text[unit.start : unit.end]) for unit in tokens.units(text)]

    assert places == [("甲", "甲"), ("gpt", "ＧＰ\u200bＴ"), ("乙", "乙"), ("café", "cafe\u0301")]


def test_a_body_is_kept_as_pairs_of_chinese_characters_and_whole_words():
    kept = list(tokens.body_tokens(["基", "于", "gpt", "的"]))

    whole = [(place, token) for place, token in kept if not token.startswith(tokens.START)]
    assert whole == [(0, "基于"), (1, "于"), (2, "gpt"), (3, "的")]
    assert {token for place, token in kept if token.startswith(tokens.START)} == {"\0g", "\0gp", "\0的"}


@pytest.mark.parametrize(
    ("units", "open_ended", "steps"),
    [
        pytest.param("银 河", False, [(0, "银河", False)], id="a pair"),
        pytest.param("银 河 证 券", False, [(0, "银河", False), (2, "证券", False)], id="every other pair"),
        pytest.param("银 河 证", False, [(0, "银河", False), (1, "河证", False)], id="an odd row"),
        pytest.param("gpt", False, [(0, "gpt", False)], id="a whole word"),
        pytest.param("gpt", True, [(0, "gpt", True)], id="a word that may go on"),
        pytest.param("gp", True, [(0, "\0gp", False)], id="a short beginning has a token"),
        pytest.param("gpt 的", False, [(0, "gpt", False), (1, "\0的", False)], id="a character after a word"),
        pytest.param("a 的 b", False, [(0, "a", False), (1, "的", False), (2, "b", False)], id="between words"),
    ],
)
def test_a_row_of_units_takes_as_few_tokens_as_can_be(units, open_ended, steps):
    assert [tuple(step) for step in tokens.body_steps(units.split(), open_ended=open_ended)] == steps


def test_a_very_long_word_is_kept_up_to_the_length_of_the_longest_query():
    assert tokens.cut("a" * 5000) == ["a" * 100]


def test_a_name_is_squeezed_together():
    assert tokens.squeeze("基于 GPT-4（示例）的“投顾”") == "基于gpt4示例的投顾"
