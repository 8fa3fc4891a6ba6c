"""Texts of strangers as staff see them: nothing is lost, and what is covered stays covered."""

from gongshi.comments.covering import MARK, Piece
from gongshi.web.workbench.lettering import stretches


def test_nothing_of_the_text_is_lost() -> None:
    text = "前\u202e中\u200b后"

    assert "".join(one.text for one in stretches([Piece(text)])) == text


def test_a_covered_place_stays_covered() -> None:
    found = stretches([Piece("电话"), Piece(MARK, True)])

    assert [(one.text, one.is_covered) for one in found] == [("电话", False), (MARK, True)]
