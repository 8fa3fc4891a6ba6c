"""The desk of a bureau: stages, what waits, what is due, and which projects can be decided now."""

from datetime import timedelta

import pytest
from acts import NOW, publishing
from sqlalchemy.orm import Session

from gongshi import db
from gongshi.admissions.models import AdmissionOutcome
from gongshi.comments.models import CommentKind
from gongshi.consultations.models import ReminderKind
from gongshi.notices import lists
from gongshi.pilots import actions as pilots
from gongshi.record import desk, summary
from gongshi.record.desk import ListDesk, Stage, Work
from making import beijing, make_objection, make_open_list, make_submission
from making_decisions import DECIDED, DECISION_FROM, LAST_ANSWER, confirm_gate, decide
from making_world import World

MONTH = timedelta(days=30)
DAY = timedelta(days=1)


def ready(world: World) -> ListDesk:
    return desk.of_list(world.session, world.ready.consultation, NOW)


def waiting(found: ListDesk) -> dict[Work, int]:
    return {pile.work: pile.count for pile in found.piles}


def test_the_lists_of_a_bureau_stand_in_the_order_of_their_urgency(world: World) -> None:
    found = desk.lists(world.session, world.office.bureau, NOW)

    assert [(one.consultation, one.stage) for one in found] == [
        (world.open_list.consultation, Stage.OPEN),
        (world.ready.consultation, Stage.WORKING),
        (world.draft, Stage.DRAFT),
    ]


def test_another_bureau_sees_none_of_them(world: World) -> None:
    assert desk.lists(world.session, world.stranger.bureau, NOW) == []


def test_an_open_list_says_what_waits_and_since_when(world: World) -> None:
    found = desk.of_list(world.session, world.open_list.consultation, NOW)

    assert waiting(found) == {Work.LOOK: 1, Work.PLACE: 1, Work.OBJECTIONS: 1}
    assert {pile.since for pile in found.piles} == {beijing("2026-04-15", "09:30")}
    assert found.closes_at == world.open_list.round.closes_at


def test_projects_that_could_be_decided_now_are_named_once_the_wait_is_over(world: World) -> None:
    before = desk.of_list(world.session, world.ready.consultation, DECISION_FROM - timedelta(microseconds=1))

    assert [one.number for one in ready(world).ready] == [1, 2]
    assert waiting(ready(world)) == {Work.DECISIONS: 2}
    assert world.ready.project not in before.ready


def test_a_list_with_an_open_objection_has_nothing_to_decide_yet(world: World) -> None:
    make_objection(world.session, world.ready.open_list, world.ready.comments[:1], DECIDED)

    assert ready(world).ready == ()
    assert waiting(ready(world)) == {Work.OBJECTIONS: 1, Work.DECISIONS: 2}


def test_nothing_is_left_when_all_is_decided_and_summed_up_until_something_is_reopened(world: World) -> None:
    for project in world.ready.open_list.projects[:2]:
        confirm_gate(world.session, world.ready.open_list, project, NOW)
        decide(world.session, world.ready.open_list, project, NOW)
    assert ready(world).stage is Stage.WORKING

    summary.publish_summary(world.session, world.ready.consultation, by=publishing(world), at=NOW)
    assert (ready(world).stage, ready(world).piles) == (Stage.DONE, ())

    pilots.reopen(
        world.session,
        world.admitted,
        title="变更",
        text="扩大范围。",
        opens_at=NOW,
        closes_at=NOW + MONTH,
        by=publishing(world),
        at=NOW,
    )
    assert ready(world).stage is Stage.OPEN
    assert waiting(desk.of_list(world.session, world.ready.consultation, NOW + MONTH)) == {Work.DECISIONS: 1}


def test_a_deferred_project_still_waits_for_its_decision(world: World) -> None:
    project = world.ready.project
    confirm_gate(world.session, world.ready.open_list, project, NOW)
    decide(world.session, world.ready.open_list, project, NOW, AdmissionOutcome.DEFERRED)

    assert waiting(ready(world)) == {Work.DECISIONS: 2}


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        pytest.param(LAST_ANSWER, [], id="all answered, fifteen days not over"),
        pytest.param(beijing("2026-04-16"), [ReminderKind.SUMMARY_15], id="fifteen days after the closing"),
        pytest.param(beijing("2026-05-01"), [ReminderKind.SUMMARY_30], id="thirty days after the closing"),
    ],
)
def test_a_reminder_is_due_only_while_its_work_is_not_done(world: World, at, shown) -> None:  # type: ignore[no-untyped-def]
    def due() -> list[ReminderKind]:
        desks = [desk.of_list(world.session, world.ready.consultation, at)]
        return [one.reminder.kind for one in desk.due(world.session, world.office.bureau, desks, at)]

    assert due() == shown
    summary.publish_summary(world.session, world.ready.consultation, by=publishing(world), at=at)
    assert due() == []


def test_comments_that_are_left_after_the_closing_are_a_reminder(world: World) -> None:
    at = world.open_list.round.closes_at
    desks = [desk.of_list(world.session, world.open_list.consultation, at)]

    (found,) = desk.due(world.session, world.office.bureau, desks, at)

    assert (found.reminder.kind, found.desk.left) == (ReminderKind.COMMENTS_LEFT, 3)


def test_arrivals_are_counted_by_beijing_day_and_kind_without_a_gap(any_session: Session) -> None:
    with db.writing(any_session):
        opened = make_open_list(any_session, beijing("2026-04-10"), opens_at=beijing("2026-04-10"))
        for at, kind in (
            (beijing("2026-04-11", "00:00"), CommentKind.OPPOSE),
            (beijing("2026-04-11", "23:59"), CommentKind.OPPOSE),
            (beijing("2026-04-11", "07:00"), CommentKind.ASK),
            (beijing("2026-04-13", "07:59"), CommentKind.OPPOSE),
        ):
            make_submission(any_session, opened.consultation, at, kind=kind)
        any_session.flush()

        found = desk.arrivals(any_session, opened.consultation)

    assert [day.isoformat() for day in found.days] == ["2026-04-11", "2026-04-12", "2026-04-13"]
    assert found.counts[CommentKind.OPPOSE] == (2, 0, 1)
    assert found.counts[CommentKind.ASK] == (1, 0, 0)
    assert found.counts[CommentKind.SUPPORT] == (0, 0, 0)
    assert found.most == 2


def test_a_list_without_comments_has_no_days(world: World) -> None:
    assert desk.arrivals(world.session, world.draft).days == ()


def test_a_list_that_opens_later_is_still_to_open(world: World) -> None:
    lists.publish_list(
        world.session,
        world.draft,
        opens_at=NOW + DAY,
        closes_at=NOW + MONTH + DAY,
        by=publishing(world),
        at=NOW,
    )

    assert desk.of_list(world.session, world.draft, NOW).stage is Stage.COMING
