"""Objections merged and split: each with its trail, and nothing vanishes on the way."""

from datetime import timedelta

import pytest
from acts import NOW, answering
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from gongshi.admissions import queries as admissions
from gongshi.comments.models import Comment
from gongshi.ledger import Kind
from gongshi.ledger import queries as log
from gongshi.objections import actions, checks, queries, trail
from gongshi.objections.models import Objection, Outcome, Placement
from gongshi.objections.trail import Part
from gongshi.record import reconciliation, summary, trace
from gongshi.revisions import actions as revisions
from gongshi.revisions import queries as changes
from gongshi.revisions.actions import CauseRetired, Explanation
from gongshi.revisions.models import Subject
from making import PLAN, make_comment, make_objection, make_revision
from making_world import World

LATER = NOW + timedelta(days=1)


def second(world: World, *, project: int = 1, risk: str | None = None) -> tuple[Objection, Comment]:
    """Another objection, of a comment of its own."""
    concerned = world.open_list.projects[project - 1]
    comment = make_comment(world.session, world.open_list, NOW, project=concerned)
    return make_objection(world.session, world.open_list, [comment], NOW, project=concerned, risk=risk), comment


def dispose(world: World, objection: Objection, outcome: Outcome = Outcome.EXPLAINED) -> None:
    actions.dispose(world.session, objection, outcome=outcome, reasons="理由。", by=answering(world), at=NOW)


def merge(world: World, objection: Objection, into: Objection, risks: dict[int, str] | None = None) -> None:
    trail.merge(world.session, objection, into, risks=risks, by=world.office.analyst, at=LATER)


def split(world: World, objection: Objection, *parts: Part) -> list[Objection]:
    return trail.split(world.session, objection, parts, by=world.office.analyst, at=LATER)


def mark(world: World, objection: Objection, risks: dict[int, str]) -> None:
    trail.mark_major(world.session, objection, risks=risks, by=world.office.analyst, at=LATER)


def place(world: World, objection: Objection, *comments: Comment) -> list[Placement]:
    return actions.place(world.session, objection, comments, by=world.office.analyst_too, at=LATER)


def part(world: World, objection: Objection, **changed: object) -> Part:
    held: dict[str, object] = {
        "title": "另行归纳",
        "text": "重新归纳的内容。",
        "comments": objection.comments,
        "projects": objection.projects,
        "is_major": objection.is_major,
        "risks": objection.risks,
    }
    return Part(**{**held, **changed})  # type: ignore[arg-type]


# Merging


def test_a_merged_objection_goes_on_under_the_other_with_its_comments_and_projects(world: World) -> None:
    into, own = second(world, project=2)

    merge(world, world.objection, into)

    assert set(into.comments) == {own, world.raising}
    assert into.projects == world.open_list.projects[:2]
    assert (world.objection.merged_into, world.objection.retired_at) == (into, LATER)
    assert world.objection.comments == [world.raising]
    assert log.entry(world.session, log.size(world.session) - 1).kind == Kind.OBJECTION_MERGED


def test_a_merged_objection_counts_nowhere_by_itself(world: World) -> None:
    session, (first, following) = world.session, world.open_list.projects[:2]
    into, own = second(world, project=2)
    merge(world, world.objection, into)

    assert [one.number for one in admissions.dossier(session, first, NOW).objections] == [into.number]
    assert queries.of_comment(session, world.raising) == [into]
    assert queries.count(session, world.open_list.consultation) == 1
    found = trace.of_project(session, following, NOW)
    assert [one.objection for one in found.strands if one.objection] == [into]
    dispose(world, into)
    unanswered = reconciliation.of(session, world.open_list.consultation).unanswered
    assert not {own.number, world.raising.number} & set(unanswered)


def test_the_next_objection_takes_no_number_of_a_merged_one(world: World) -> None:
    into, _ = second(world)
    merge(world, world.objection, into)

    following, _ = second(world)

    assert following.number == "2026-SL-02-O03"


def test_nothing_more_happens_to_a_merged_objection(world: World) -> None:
    into, _ = second(world)
    third, _ = second(world)
    merge(world, world.objection, into)

    for attempt in (
        lambda: place(world, world.objection, world.published),
        lambda: mark(world, world.objection, {1: "r-1"}),
        lambda: merge(world, world.objection, third),
        lambda: merge(world, third, world.objection),
        lambda: split(world, world.objection, part(world, world.objection)),
        lambda: dispose(world, world.objection),
        lambda: actions.withdraw_as_unfounded(
            world.session, world.objection, reason="不成立。", by=answering(world), at=NOW
        ),
    ):
        with pytest.raises(checks.ObjectionRetired) as refused:
            attempt()
        assert refused.value.details["into"] == [into.number]


def test_where_it_went_is_not_changed(world: World) -> None:
    into, _ = second(world)
    third, _ = second(world)
    merge(world, world.objection, into)

    for change in ({"merged_into_id": third.id}, {"retired_at": None}, {"retired_by_id": None}):
        statement = update(Objection).where(Objection.id == world.objection.id).values(change)
        with pytest.raises(DBAPIError, match="append-only"), world.session.begin_nested():
            world.session.execute(statement)


def test_what_is_settled_or_of_another_list_or_the_same_is_not_merged(world: World) -> None:
    into, _ = second(world)

    with pytest.raises(trail.MergedIntoItself):
        merge(world, into, into)
    with pytest.raises(checks.NotOfThisList):
        merge(world, into, world.ready.adopted)
    dispose(world, world.objection)
    for objection, other in ((world.objection, into), (into, world.objection)):
        with pytest.raises(checks.AlreadyAnswered):
            merge(world, objection, other)


def test_a_major_objection_does_not_vanish_in_a_general_one(world: World) -> None:
    major, _ = second(world, risk="r-1")

    with pytest.raises(trail.MajorWouldVanish):
        merge(world, major, world.objection)
    merge(world, world.objection, major)

    assert major.risks == {1: "r-1"}


def test_two_major_objections_that_name_different_risks_of_a_project_are_not_one(world: World) -> None:
    one, _ = second(world, risk="r-1")
    other, _ = second(world, risk="r-2")

    with pytest.raises(trail.MajorWouldVanish) as refused:
        merge(world, one, other)

    assert refused.value.details["risks"] == ["r-1"]


def test_a_project_that_is_new_to_a_major_objection_gets_its_risk_named(world: World) -> None:
    major, _ = second(world, project=2, risk="r-2")

    with pytest.raises(checks.RiskNotNamed):
        merge(world, world.objection, major)
    merge(world, world.objection, major, {1: "r-1"})

    assert major.risks == {1: "r-1", 2: "r-2"}


def test_a_comment_under_both_comes_under_the_other_once(world: World) -> None:
    into, own = second(world)
    place(world, world.objection, own)

    merge(world, world.objection, into)

    assert into.comments == sorted([own, world.raising], key=lambda comment: comment.seq)


def test_changes_that_a_merged_objection_caused_count_for_the_other(world: World) -> None:
    into, _ = second(world)
    project = world.open_list.projects[0]
    revised = PLAN.replace("5分钟", "2分钟")
    why = {(Subject.PARAGRAPH, "p-5"): Explanation((world.objection,))}
    make_revision(world.session, world.open_list, project, revised, NOW, explanations=why)
    merge(world, world.objection, into)
    dispose(world, into, Outcome.ADOPTED)

    assert [one.key for one in changes.caused_by(world.session, into)] == ["p-5"]
    assert [one.key for one in changes.caused_by_each(world.session, [into])[into.id]] == ["p-5"]
    raised = admissions.dossier(world.session, project, NOW).objections
    assert [one.changes for one in raised] == [("p-5",)]
    found = trace.of_project(world.session, project, NOW)
    assert [(one.objection, [change.key for change in one.changes]) for one in found.strands if one.objection] == [
        (into, ["p-5"])
    ]


def test_a_merged_objection_causes_no_further_change(world: World) -> None:
    into, _ = second(world)
    merge(world, world.objection, into)
    project = world.open_list.projects[0]
    why = {(Subject.PARAGRAPH, "p-5"): Explanation((world.objection,))}

    with pytest.raises(CauseRetired):
        make_revision(world.session, world.open_list, project, PLAN.replace("5分钟", "2分钟"), NOW, explanations=why)
    assert revisions.CauseRetired.code == "cause-retired"


# Splitting


def test_a_split_objection_goes_on_as_its_parts(world: World) -> None:
    place(world, world.objection, world.published)
    one, other = split(
        world,
        world.objection,
        part(world, world.objection, title="甲", comments=[world.raising]),
        part(world, world.objection, title="乙", comments=[world.published, world.raising]),
    )

    assert (one.number, other.number) == ("2026-SL-02-O02", "2026-SL-02-O03")
    assert world.objection.parts == [one, other]
    assert not world.objection.stands
    assert queries.of_comment(world.session, world.raising) == [one, other]
    entry = log.entry(world.session, log.size(world.session) - 1)
    assert entry.kind == Kind.OBJECTION_SPLIT
    assert f'"into":["{one.number}","{other.number}"]' in entry.body


def test_one_new_wording_may_take_the_place_of_an_old_one(world: World) -> None:
    (reworded,) = split(world, world.objection, part(world, world.objection, title="更确切的标题"))

    assert reworded.split_from is world.objection
    assert world.objection.title != reworded.title


def test_every_comment_and_every_project_lands_in_a_part(world: World) -> None:
    into, _ = second(world, project=2)
    merge(world, world.objection, into)
    project, other = world.open_list.projects[:2]

    with pytest.raises(trail.CommentLeftOut) as refused:
        split(world, into, part(world, into, comments=[world.raising]))
    assert refused.value.details["comments"] == [one.number for one in into.comments if one is not world.raising]
    with pytest.raises(trail.ProjectLeftOut):
        split(world, into, part(world, into, projects=[project]))
    split(world, into, part(world, into, projects=[project]), part(world, into, projects=[other]))


def test_a_part_is_made_of_what_stood_under_the_objection(world: World) -> None:
    with pytest.raises(trail.NoParts):
        split(world, world.objection)
    with pytest.raises(trail.NotUnderObjection):
        split(world, world.objection, part(world, world.objection, comments=[world.raising, world.published]))
    with pytest.raises(checks.NoComments):
        split(world, world.objection, part(world, world.objection), part(world, world.objection, comments=[]))
    with pytest.raises(checks.WordingMissing):
        split(world, world.objection, part(world, world.objection, title=" "))
    dispose(world, world.objection)
    with pytest.raises(checks.AlreadyAnswered):
        split(world, world.objection, part(world, world.objection))


def test_what_a_major_objection_says_of_a_risk_stays_major(world: World) -> None:
    major, _ = second(world, risk="r-1")

    for lost in (part(world, major, is_major=False), part(world, major, risks={1: "r-2"})):
        with pytest.raises(trail.MajorWouldVanish):
            split(world, major, lost)
    kept, general = split(world, major, part(world, major), part(world, major, is_major=False))

    assert kept.risks == {1: "r-1"}
    assert (general.is_major, general.risks) == (False, {})


def test_the_database_holds_what_an_objection_was_split_from(world: World) -> None:
    (made,) = split(world, world.objection, part(world, world.objection))

    with pytest.raises(DBAPIError, match="append-only"), world.session.begin_nested():
        world.session.execute(update(Objection).where(Objection.id == made.id).values(split_from_id=None))


# The summary of opinions


def test_the_summary_says_where_merged_and_split_objections_went(world: World) -> None:
    session, consultation = world.session, world.open_list.consultation
    into, _ = second(world)
    merge(world, world.objection, into)
    (reworded,) = split(world, into, part(world, into, title="更确切的标题"))
    dispose(world, reworded)

    text = summary.text_of(session, consultation, reconciliation.of(session, consultation))

    assert "意见归纳为异议1条" in text
    assert f"已并入{into.number}，一并处理。" in text
    assert f"已拆分为{reworded.number}，分别处理。" in text
