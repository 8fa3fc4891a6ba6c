"""The redline: its pieces are both wordings, whole and in order, and no word is half marked."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gongshi.revisions.redline import Mark, redline

WORDINGS = st.text(st.sampled_from("模型每季度复核一次改为月，。 a1GPT\n🧮\u0301\U000f0000"), max_size=40)


@given(WORDINGS, WORDINGS)
@example("", "")
@example("模型每季度复核一次", "")
@example("", "模型每季度复核一次")
@example("甲" * 500, "乙" * 500)
@settings(deadline=None)
def test_the_pieces_join_back_to_both_wordings(before: str, after: str) -> None:
    pieces = redline(before, after)

    assert "".join(piece for mark, piece in pieces if mark is not Mark.ADDED) == before
    assert "".join(piece for mark, piece in pieces if mark is not Mark.REMOVED) == after


@given(WORDINGS)
@settings(deadline=None)
def test_the_same_wording_has_no_marks(wording: str) -> None:
    assert all(mark is Mark.KEPT for mark, _ in redline(wording, wording))


@given(WORDINGS, WORDINGS)
@settings(deadline=None)
def test_no_piece_is_empty(before: str, after: str) -> None:
    assert all(piece for _, piece in redline(before, after))


@pytest.mark.parametrize(
    ("before", "after", "removed", "added"),
    [
        pytest.param("模型每季度复核一次。", "模型每月复核一次。", "每季度", "每月", id="one word for another"),
        pytest.param("保存60个月。", "保存24个月。", "60", "24", id="a number is one word"),
    ],
)
def test_what_changed_is_marked_and_nothing_else(before: str, after: str, removed: str, added: str) -> None:
    pieces = redline(before, after)

    assert "".join(piece for mark, piece in pieces if mark is Mark.REMOVED) in removed
    assert "".join(piece for mark, piece in pieces if mark is Mark.ADDED) in added
    assert any(mark is Mark.REMOVED for mark, _ in pieces)
    assert any(mark is Mark.ADDED for mark, _ in pieces)


def test_a_long_paragraph_rewritten_from_end_to_end_is_still_compared_in_time() -> None:
    before = "".join(chr(0x4E00 + place) for place in range(5_000))
    after = before[::-1]

    pieces = redline(before, after)

    assert "".join(piece for mark, piece in pieces if mark is not Mark.ADDED) == before
