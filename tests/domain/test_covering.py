"""What a covered text looks like, wherever it is covered."""

import pytest

from gongshi.comments import covering
from gongshi.comments.covering import MARK, OutsideTheText, PassageNotFound, Piece

TEXT = "王某某（电话13800000000）称模型失效，王某某要求复核。"


def test_every_place_of_a_passage_is_covered() -> None:
    (spans,) = covering.places_of(["王某某", "13800000000"], TEXT)

    assert covering.covered(TEXT, spans) == f"{MARK}（电话{MARK}）称模型失效，{MARK}要求复核。"


def test_the_mark_does_not_tell_how_much_is_under_it() -> None:
    short, long = covering.covered("甲说", [(0, 1)]), covering.covered("甲乙丙丁戊说", [(0, 5)])

    assert short == long == f"{MARK}说"


def test_places_that_touch_or_overlap_become_one() -> None:
    assert covering.joined([(5, 8), (0, 3), (2, 4), (4, 5)]) == [(0, 8)]
    assert covering.joined([(5, 8), (0, 3)]) == [(0, 3), (5, 8)]


def test_a_passage_may_stand_in_the_wish_only() -> None:
    text, resolution = covering.places_of(["示例路1号"], "复核太少。", "请寄示例路1号。")

    assert (text, resolution) == ([], [(2, 7)])


def test_a_passage_that_stands_nowhere_is_named() -> None:
    with pytest.raises(PassageNotFound) as refused:
        covering.places_of(["王某某", "李某"], TEXT)

    assert refused.value.details == {"passage": "李某"}


@pytest.mark.parametrize("span", [(-1, 2), (0, len(TEXT) + 1), (3, 3), (4, 2)])
def test_a_place_outside_the_text_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(OutsideTheText):
        covering.refuse_outside(TEXT, [span])


def test_the_pieces_of_a_shown_text_give_it_back_and_tell_the_covered_places() -> None:
    (spans,) = covering.places_of(["王某某", "13800000000"], TEXT)
    shown = covering.covered(TEXT, spans)

    pieces = covering.pieces(shown, spans)

    assert "".join(piece.text for piece in pieces) == shown
    assert [piece.is_covered for piece in pieces] == [True, False, True, False, True, False]


def test_a_mark_that_somebody_typed_is_not_taken_for_a_covered_place() -> None:
    text = f"{MARK}是什么？电话1380。"
    (spans,) = covering.places_of(["1380"], text)

    pieces = covering.pieces(covering.covered(text, spans), spans)

    assert pieces == [Piece(f"{MARK}是什么？电话"), Piece(MARK, True), Piece("。")]


def test_a_text_of_punctuation_is_nothing_to_read() -> None:
    assert not covering.is_anything_left("甲，乙。", [(0, 1), (2, 3)])
    assert covering.is_anything_left("甲，乙。", [(0, 1)])
