"""The comparison shows both wordings in full, marks what differs, and names every cause."""

import pytest
from acts import NOW

from gongshi.projects import plan_text
from gongshi.projects.models import PlanVersion
from gongshi.record.comparison import Changed, Comparison, Unchanged, compare, compare_upcoming
from gongshi.revisions.actions import Explanation
from gongshi.revisions.models import ChangeKind, Subject
from gongshi.revisions.redline import Mark
from making import make_revision
from making_decisions import READY_PLAN_REVISED
from making_world import World

THIRD = READY_PLAN_REVISED.replace("## 风险防控 {#p-3}\n\n", "").replace(
    "出现异常时，人工坐席在5分钟内接管。 {#p-4}",
    "出现异常时，人工坐席在3分钟内接管。 {#p-4}\n\n每次接管都记录在案。 {#p-5}",
)
OWN = Explanation(own_initiative="与现行制度一致")


@pytest.fixture
def versions(world: World) -> list[PlanVersion]:
    make_revision(
        world.session,
        world.ready.open_list,
        world.ready.project,
        THIRD,
        NOW,
        explanations={(Subject.PARAGRAPH, key): OWN for key in ("p-3", "p-4", "p-5")},
    )
    return world.ready.project.published_versions


def row(comparison: Comparison, key: str) -> Changed:
    return next(one for one in comparison.changed if one.key == key)


def side(pieces: tuple[tuple[Mark, str], ...]) -> str:
    return "".join(text for _, text in pieces)


def test_both_wordings_are_there_in_full(world: World, versions: list[PlanVersion]) -> None:
    comparison = compare(world.session, versions[0], versions[2])

    for one in comparison.changed:
        if one.difference.subject is Subject.PARAGRAPH:
            before, after = one.difference.before, one.difference.after
            assert side(one.wordings[0].before) == (getattr(before, "text", "") or "")
            assert side(one.wordings[0].after) == (getattr(after, "text", "") or "")


def test_only_what_differs_is_marked(world: World, versions: list[PlanVersion]) -> None:
    changed = row(compare(world.session, versions[0], versions[1]), "p-2")

    marked = {text for mark, text in (*changed.wordings[0].before, *changed.wordings[0].after) if mark is not Mark.KEPT}
    assert marked <= {"每季度", "每月", "季度", "月"}


def test_each_change_names_what_caused_it(world: World, versions: list[PlanVersion]) -> None:
    comparison = compare(world.session, versions[0], versions[2])

    assert row(comparison, "p-2").changes[0].objections == [world.ready.adopted]
    assert row(comparison, "p-4").changes[0].own_initiative == "与现行制度一致"
    assert all(one.changes for one in comparison.changed)


def test_added_and_removed_paragraphs_stand_where_they_are_read(world: World, versions: list[PlanVersion]) -> None:
    comparison = compare(world.session, versions[1], versions[2])

    assert {one.key: one.kind for one in comparison.changed} == {
        "p-3": ChangeKind.REMOVED,
        "p-4": ChangeKind.REWORDED,
        "p-5": ChangeKind.ADDED,
    }
    assert side(row(comparison, "p-5").wordings[0].before) == ""
    assert side(row(comparison, "p-3").wordings[0].after) == ""


def test_a_risk_is_compared_field_by_field(world: World, versions: list[PlanVersion]) -> None:
    changed = row(compare(world.session, versions[0], versions[1]), "r-1")

    assert [one.name for one in changed.wordings if one.is_changed] == ["compensation"]


def test_nothing_of_either_version_is_missing(world: World, versions: list[PlanVersion]) -> None:
    comparison = compare(world.session, versions[0], versions[2])

    shown = set()
    for one in (*comparison.paragraphs, *comparison.risks):
        shown |= {item.key for item in one.items} if isinstance(one, Unchanged) else {one.key}
    for version in (versions[0], versions[2]):
        text = plan_text.of(version)
        assert {one.key for one in (*text.paragraphs, *text.risks)} <= shown


def test_a_risk_that_moved_stands_behind_another_risk(world: World, versions: list[PlanVersion]) -> None:
    before = plan_text.of(versions[0])
    first, second, *others = before.risks
    moved = plan_text.PlanText(before.paragraphs, (second, first, *others))

    comparison = compare_upcoming(versions[0], moved)

    (only,) = comparison.changed
    assert (only.kind, {only.stood_behind, only.stands_behind}) == (
        ChangeKind.MOVED,
        {"", {"r-1": "r-2", "r-2": "r-1"}[only.key]},
    )
    assert (comparison.after.number, only.changes) == (2, ())
