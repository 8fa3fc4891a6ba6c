"""What travels in the hidden field: read back exactly as it went out, and nothing else is read at all."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.web.public.gathering import Broken, Written, packed, put, unpacked

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
PLACES = st.one_of(
    st.just((None, None, None)),
    st.tuples(st.integers(1, 99), st.none(), st.none()),
    st.tuples(st.integers(1, 99), st.integers(1, 9), st.from_regex(r"p-[1-9][0-9]{0,3}", fullmatch=True)),
)
COMMENTS = st.builds(
    lambda place, kind, text, wish: Written(*place, kind, text, wish),
    PLACES,
    st.sampled_from(["", "oppose", "suggest", "ask", "support"]),
    TEXTS,
    TEXTS,
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
GOOD = {"project": 1, "version": 1, "paragraph": "p-2", "kind": "ask", "text": "一", "resolution": ""}


@given(st.lists(COMMENTS, max_size=20))
def test_what_is_packed_comes_back_as_it_was(comments: list[Written]) -> None:
    assert unpacked(packed(comments)) == comments


@given(st.lists(COMMENTS, min_size=1, max_size=5))
def test_no_raw_line_end_is_in_it_that_a_browser_could_rewrite(comments: list[Written]) -> None:
    assert not {"\r", "\n"} & set(packed(comments))


@given(st.text(max_size=200) | ANYTHING.map(json.dumps))
def test_whatever_else_comes_is_refused_whole(text: str) -> None:
    if not text:
        return
    try:
        comments = unpacked(text)
    except Broken:
        return
    assert unpacked(packed(comments)) == comments
    assert comments


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), ANYTHING, min_size=1))
def test_a_member_of_another_type_is_refused_or_read_as_it_stands(wrong: dict[str, object]) -> None:
    try:
        (found,) = unpacked(json.dumps([{**GOOD, **wrong}]))
    except Broken:
        return
    assert all(getattr(found, name) == value for name, value in wrong.items())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 100_000, id="a tower"),
        pytest.param("[]", id="an empty list"),
        pytest.param(json.dumps([GOOD] * 21), id="twenty-one comments"),
        pytest.param(json.dumps(GOOD), id="no list"),
        pytest.param(json.dumps([{**GOOD, "more": 1}]), id="a member too many"),
        pytest.param(json.dumps([{name: GOOD[name] for name in ("kind", "text")}]), id="members missing"),
        pytest.param('[{"project":1,"project":2,' + json.dumps(GOOD)[1:] + "]", id="a member twice"),
        pytest.param(json.dumps([{**GOOD, "project": True}]), id="true for a number"),
        pytest.param(json.dumps([{**GOOD, "project": 1.0}]), id="a fraction"),
        pytest.param(json.dumps([{**GOOD, "project": -1}]), id="less than nothing"),
        pytest.param(json.dumps([{**GOOD, "project": None}]), id="a paragraph of no project"),
        pytest.param(json.dumps([{**GOOD, "version": None}]), id="a paragraph of no version"),
        pytest.param(json.dumps([{**GOOD, "paragraph": "p-2\x00"}]), id="NUL in a key"),
        pytest.param(json.dumps([{**GOOD, "kind": "<b>"}]), id="markup for a kind"),
        pytest.param(json.dumps([{**GOOD, "text": "\ud800"}]), id="half a character"),
        pytest.param('[{"project":NaN}]', id="no number"),
        pytest.param('[{"project":' + "9" * 5000 + "}]", id="a number without end"),
    ],
)
def test_what_the_form_never_sends_out_is_refused(text: str) -> None:
    with pytest.raises(Broken):
        unpacked(text)


@pytest.mark.parametrize(
    ("position", "place"),
    [
        pytest.param(None, 2, id="a new one"),
        pytest.param(0, 0, id="the first"),
        pytest.param(1, 1, id="between"),
        pytest.param(77, 2, id="farther than the end"),
    ],
)
def test_a_comment_goes_back_to_its_old_place(position: int | None, place: int) -> None:
    new = Written(text="新")

    assert put([Written(text="一"), Written(text="二")], new, position)[place] is new
