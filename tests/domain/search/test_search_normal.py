"""Search reads width, case and script form alike, and never loses its place in the text."""

import sys
import unicodedata

import pytest

from gongshi.search.make_table import pairs
from gongshi.search.normal import norm


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("ＧＰＴ－４", "gpt-4", id="full width"),
        pytest.param("ﾃﾞｰﾀ", "テ\u3099ータ", id="half-width kana"),
        pytest.param("FinTech", "fintech", id="capitals"),
        pytest.param("徵求意見", "征求意见", id="traditional"),
        pytest.param("⼀⾦", "一金", id="Kangxi radicals"),
        pytest.param("⻓⻋", "长车", id="radicals out of a PDF"),
        pytest.param("①²", "12", id="numbers in rings and above the line"),
        pytest.param("\u3000", " ", id="the wide space"),
        pytest.param("㈱㎡½", "㈱㎡½", id="expanding forms stay"),
        pytest.param("\ud800\x00", "\ud800\x00", id="what is no character stays"),
    ],
)
def test_a_character_is_read_as_its_plain_form(written, read):
    assert norm(written) == read


def test_the_normalised_text_has_the_length_of_the_original_and_normalising_twice_changes_nothing():
    everything = "".join(map(chr, range(sys.maxunicode + 1)))

    assert len(norm(everything)) == len(everything)
    assert norm(norm(everything)) == norm(everything)


@pytest.mark.skipif(unicodedata.unidata_version != "14.0.0", reason="the shipped table was made with Unicode 14")
def test_the_shipped_table_is_what_its_maker_makes():
    made = dict(pairs())

    assert all(norm(character) == plain for character, plain in made.items())
    assert all(norm(chr(code)) == chr(code) for code in range(sys.maxunicode + 1) if chr(code) not in made)
