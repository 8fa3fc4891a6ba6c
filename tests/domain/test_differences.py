"""What differs between two texts: nothing is missed, nothing is invented, and as little as possible counts as moved."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from gongshi.projects.models import Block, Severity
from gongshi.projects.plan_text import PlanParagraph, PlanRisk, PlanText
from gongshi.revisions.differences import aligned, differences
from gongshi.revisions.models import ChangeKind, Subject

KEYS = [f"p-{number}" for number in range(1, 9)]
RISKS = [f"r-{number}" for number in range(1, 5)]


@st.composite
def texts(draw: st.DrawFn) -> PlanText:
    """Any text over a few keys in any order, each paragraph in one of three wordings."""
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True))
    risks = draw(st.lists(st.sampled_from(RISKS), unique=True))
    wording = st.sampled_from(["甲", "乙", "丙"])
    return PlanText(
        tuple(PlanParagraph(key, Block.PARAGRAPH, draw(wording)) for key in keys),
        tuple(PlanRisk(key, draw(wording), Severity.MAJOR, None, None, "人") for key in risks),
    )


def text(*keys: str) -> PlanText:
    return PlanText(tuple(PlanParagraph(key, Block.PARAGRAPH, key) for key in keys), ())


def found(before: PlanText, after: PlanText) -> dict[tuple[Subject, str], ChangeKind]:
    return {(one.subject, one.key): one.kind for one in differences(before, after)}


@given(texts())
def test_a_text_does_not_differ_from_itself(one: PlanText) -> None:
    assert differences(one, one) == []


@given(texts(), texts())
def test_added_and_removed_are_exactly_what_only_one_text_has(before: PlanText, after: PlanText) -> None:
    kinds = found(before, after)

    for subject, field in ((Subject.PARAGRAPH, "paragraphs"), (Subject.RISK, "risks")):
        old, new = ({one.key for one in getattr(side, field)} for side in (before, after))
        added = {key for (of, key), kind in kinds.items() if of is subject and kind is ChangeKind.ADDED}
        removed = {key for (of, key), kind in kinds.items() if of is subject and kind is ChangeKind.REMOVED}
        assert (added, removed) == (new - old, old - new)


@given(texts(), texts())
def test_reworded_is_exactly_what_both_have_in_other_words(before: PlanText, after: PlanText) -> None:
    kinds = found(before, after)
    old = {one.key: one for one in (*before.paragraphs, *before.risks)}
    new = {one.key: one for one in (*after.paragraphs, *after.risks)}

    reworded = {key for (_, key), kind in kinds.items() if kind is ChangeKind.REWORDED}

    assert reworded == {key for key in old.keys() & new.keys() if old[key] != new[key]}


@given(texts(), texts())
def test_what_is_not_told_kept_its_words_and_its_order(before: PlanText, after: PlanText) -> None:
    told = found(before, after)

    for subject, field in ((Subject.PARAGRAPH, "paragraphs"), (Subject.RISK, "risks")):
        stayed_before, stayed_after = (
            [one for one in getattr(side, field) if (subject, one.key) not in told] for side in (before, after)
        )
        assert stayed_before == stayed_after


@given(texts(), texts())
def test_no_fewer_paragraphs_could_have_moved(before: PlanText, after: PlanText) -> None:
    old = [one.key for one in before.paragraphs if one.key in {two.key for two in after.paragraphs}]
    new = [one.key for one in after.paragraphs if one.key in set(old)]
    reworded = {key for (_, key), kind in found(before, after).items() if kind is ChangeKind.REWORDED}
    moved = {key for (_, key), kind in found(before, after).items() if kind is ChangeKind.MOVED and key in KEYS}

    longest = max(
        size
        for size in range(len(old) + 1)
        for kept in combinations(old, size)
        if list(kept) == [key for key in new if key in kept]
    )

    assert len(old) - longest - len(reworded) <= len(moved) <= len(old) - longest


@given(texts(), texts())
def test_applying_the_differences_to_the_old_text_gives_the_new_one(before: PlanText, after: PlanText) -> None:
    told = {one.key: one for one in differences(before, after) if one.subject is Subject.PARAGRAPH}
    new_order = [one.key for one in after.paragraphs]

    held = {one.key: one for one in before.paragraphs}
    for key, one in told.items():
        if one.kind is ChangeKind.REMOVED:
            assert held.pop(key) == one.before
        else:
            assert isinstance(one.after, PlanParagraph)
            held[key] = one.after

    assert [held[key] for key in new_order] == list(after.paragraphs)
    assert held.keys() == set(new_order)


@given(texts(), texts())
def test_both_texts_stand_side_by_side_whole(before: PlanText, after: PlanText) -> None:
    pairs = aligned(before, after)

    assert [new for _, new in pairs if new] == list(after.paragraphs)
    assert {old.key for old, _ in pairs if old} == {one.key for one in before.paragraphs}
    assert len(pairs) == len({one.key for one in (*before.paragraphs, *after.paragraphs)})


def test_one_paragraph_that_jumped_moved_and_the_others_stayed() -> None:
    kinds = found(text("p-1", "p-2", "p-3", "p-4"), text("p-2", "p-3", "p-4", "p-1"))

    assert kinds == {(Subject.PARAGRAPH, "p-1"): ChangeKind.MOVED}


def test_what_was_removed_stands_where_it_was_last_read() -> None:
    before, after = text("p-1", "p-2", "p-3"), text("p-1", "p-4", "p-3")

    assert [one.key for one in differences(before, after)] == ["p-2", "p-4"]


def test_what_was_removed_at_the_beginning_stands_at_the_beginning() -> None:
    assert [one.key for one in differences(text("p-1", "p-2"), text("p-2", "p-3"))] == ["p-1", "p-3"]


def test_moved_and_reworded_counts_as_reworded() -> None:
    before = text("p-1", "p-2", "p-3")
    after = PlanText((*text("p-2", "p-3").paragraphs, PlanParagraph("p-1", Block.PARAGRAPH, "新")), ())

    assert found(before, after) == {(Subject.PARAGRAPH, "p-1"): ChangeKind.REWORDED}
