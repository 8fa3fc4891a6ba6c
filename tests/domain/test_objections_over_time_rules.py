"""Objections over time: comments placed later answer to what stands there, and a mark of major is never taken back."""

from datetime import timedelta

import pytest
from acts import NOW, answering
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from gongshi.accounts.two_people import NotYourBureau, NotYourRole
from gongshi.admissions import queries as admissions
from gongshi.comments.models import Comment
from gongshi.ledger import queries as log
from gongshi.objections import actions, checks, queries, trail
from gongshi.objections.models import Concern, Objection, Outcome, Placement
from gongshi.objections.trail import Part
from gongshi.record import receipt_status
from making import make_comment, make_objection
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


# Placing later


def test_a_comment_placed_later_says_by_whom_and_when(world: World) -> None:
    placed = place(world, world.objection, world.published)

    assert [(one.placed_by, one.placed_at) for one in placed] == [(world.office.analyst_too, LATER)]
    assert world.published in world.objection.comments


def test_comments_that_are_there_already_are_left_out_and_nothing_new_is_refused(world: World) -> None:
    placed = place(world, world.objection, world.raising, world.published)

    assert [one.comment for one in placed] == [world.published]
    with pytest.raises(checks.AlreadyUnderObjection):
        place(world, world.objection, world.raising, world.published)


def test_the_log_names_only_the_comments_that_are_new(world: World) -> None:
    place(world, world.objection, world.raising, world.published)

    subject = log.entry(world.session, log.size(world.session) - 1).body
    assert world.published.number in subject
    assert world.raising.number not in subject


def test_what_is_not_public_or_of_another_list_or_answered_is_not_placed(world: World) -> None:
    answered = make_comment(world.session, world.open_list, NOW)
    actions.answer(
        world.session,
        world.open_list.consultation,
        title="答复",
        text="谢谢。",
        comments=[answered],
        by=answering(world),
        at=NOW,
    )

    with pytest.raises(checks.NotPublished):
        place(world, world.objection, world.pending)
    with pytest.raises(checks.NotOfThisList):
        place(world, world.objection, world.ready.comments[0])
    with pytest.raises(checks.PlacedTwice):
        place(world, world.objection, answered)
    with pytest.raises(checks.NoComments):
        place(world, world.objection)


def test_a_thousand_comments_make_several_entries_of_one_objection(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "PER_ENTRY", 2)
    further = [make_comment(world.session, world.open_list, NOW) for _ in range(5)]
    size = log.size(world.session)

    place(world, world.objection, *further)

    bodies = [log.entry(world.session, index).body for index in range(size, log.size(world.session))]
    assert [sum(one.number in body for one in further) for body in bodies] == [2, 2, 1]


def test_the_most_comments_of_an_entry_fit_into_it() -> None:
    assert checks.PER_ENTRY * len('"2026-ABCDEFGH-0001-12345678",') < 65_535 / 2


def test_a_settled_objection_answers_what_is_placed_under_it_from_then_on(world: World) -> None:
    project = world.open_list.projects[0]
    dispose(world, world.objection)
    before = admissions.dossier(world.session, project, LATER).last_answer

    place(world, world.objection, world.published)

    after = admissions.dossier(world.session, project, LATER)
    assert before is not None
    assert after.last_answer is not None
    assert after.last_answer > before
    assert world.published.number not in queries.unanswered(world.session, world.open_list.consultation)


def test_the_receipt_of_a_comment_placed_later_is_answered_from_then_on(world: World) -> None:
    dispose(world, world.objection)
    place(world, world.objection, world.published)

    found = receipt_status.status(world.session, world.published.submission).comments[0]

    at = {station.step: station.at for station in found.stations}
    assert at[receipt_status.Step.GROUPING] == at[receipt_status.Step.ANSWER] == LATER


@pytest.mark.parametrize("verb", ["place", "mark", "merge", "split"])
def test_only_an_analyst_of_the_bureau_touches_an_objection(world: World, verb: str) -> None:
    other, _ = second(world)
    tries = {
        "place": lambda by: actions.place(world.session, world.objection, [world.published], by=by, at=LATER),
        "mark": lambda by: trail.mark_major(world.session, world.objection, risks={1: "r-1"}, by=by, at=LATER),
        "merge": lambda by: trail.merge(world.session, world.objection, other, by=by, at=LATER),
        "split": lambda by: trail.split(
            world.session, world.objection, [part(world, world.objection)], by=by, at=LATER
        ),
    }

    for person, refusal in (
        (world.office.editor, NotYourRole),
        (world.office.publisher, NotYourRole),
        (world.office.admin, NotYourRole),
        (world.stranger.analyst, NotYourBureau),
    ):
        with pytest.raises(refusal):
            tries[verb](person)


# Marking major


def test_a_general_objection_becomes_major_and_names_its_risk(world: World) -> None:
    mark(world, world.objection, {1: "r-1"})

    assert world.objection.is_major
    assert world.objection.risks == {1: "r-1"}
    raised = {one.number: one for one in admissions.dossier(world.session, world.open_list.projects[0], NOW).objections}
    assert raised[world.objection.number].risk is not None


def test_it_is_marked_once_with_a_risk_of_the_register(world: World) -> None:
    with pytest.raises(checks.RiskNotNamed):
        mark(world, world.objection, {1: "r-9"})
    with pytest.raises(checks.RiskNotNamed):
        mark(world, world.objection, {})
    mark(world, world.objection, {1: "r-1"})

    with pytest.raises(trail.AlreadyMajor):
        mark(world, world.objection, {1: "r-2"})


def test_the_database_takes_no_mark_and_no_risk_back(world: World) -> None:
    mark(world, world.objection, {1: "r-1"})

    back = update(Objection).where(Objection.id == world.objection.id).values(is_major=False)
    other = update(Concern).where(Concern.objection_id == world.objection.id).values(risk_key="r-2")
    for statement in (back, other):
        with pytest.raises(DBAPIError, match="append-only"), world.session.begin_nested():
            world.session.execute(statement)


def test_what_was_set_aside_as_unfounded_is_not_marked(world: World) -> None:
    actions.withdraw_as_unfounded(world.session, world.objection, reason="查无此事。", by=answering(world), at=NOW)

    with pytest.raises(checks.AlreadyAnswered):
        mark(world, world.objection, {1: "r-1"})
