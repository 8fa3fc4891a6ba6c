"""What no eye sees is made visible to staff; what everybody sees stays as it is."""

import pytest

from gongshi.comments.covering import MARK, Piece
from gongshi.web.workbench.lettering import stretches


def codes(text: str) -> list[str]:
    return [one.code for one in stretches([Piece(text)]) if one.code]


@pytest.mark.parametrize(
    ("text", "unseen"),
    [
        pytest.param("看似\u202e正常", ["U+202E"], id="direction override"),
        pytest.param("a\u200bb\ufeffc", ["U+200B", "U+FEFF"], id="zero width"),
        pytest.param("x\U000e0041", ["U+E0041"], id="tag character"),
        pytest.param("x\x07\ue000", ["U+0007", "U+E000"], id="control and private use"),
        pytest.param("汉\u200d字", ["U+200D"], id="a joiner between letters"),
        pytest.param("行\n行\t行", [], id="lines and tabs"),
        pytest.param("👨\u200d👩\u200d👧 𠮷 é", [], id="a family of pictures, rare characters, accents"),
    ],
)
def test_only_what_no_eye_sees_gets_a_code(text: str, unseen: list[str]) -> None:
    assert codes(text) == unseen


def test_nothing_of_the_text_is_lost() -> None:
    text = "前\u202e中\u200b后"

    assert "".join(one.text for one in stretches([Piece(text)])) == text


def test_a_covered_place_stays_covered() -> None:
    found = stretches([Piece("电话"), Piece(MARK, True)])

    assert [(one.text, one.is_covered) for one in found] == [("电话", False), (MARK, True)]
