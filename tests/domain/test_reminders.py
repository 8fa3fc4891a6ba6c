"""Reminders: rows at fixed distances from a round's closing, moved with it, put away once, never doubled."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from gongshi.consultations import reminders
from gongshi.consultations.models import Reminder, ReminderKind
from gongshi.notices import lists
from making_world import World

DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


def due(world: World, at: datetime) -> list[ReminderKind]:
    ours = world.open_list.consultation
    found = reminders.due(world.session, world.office.bureau, at)
    return [one.kind for one in found if one.round.consultation_id == ours.id]


def test_a_scheduled_round_has_one_row_of_every_kind(world: World) -> None:
    reminders.set_for(world.session, world.open_list.round)

    rows = world.session.scalars(select(Reminder).where(Reminder.round_id == world.open_list.round.id)).all()
    assert sorted(one.kind for one in rows) == sorted(ReminderKind)


@pytest.mark.parametrize(
    ("before_closing", "shown"),
    [
        pytest.param(8 * DAY, [], id="eight days before"),
        pytest.param(7 * DAY, [ReminderKind.CLOSES_IN_7], id="seven days before, to the instant"),
        pytest.param(7 * DAY + INSTANT, [], id="an instant earlier"),
        pytest.param(2 * DAY, [ReminderKind.CLOSES_IN_3], id="two days before, instead of the one for seven"),
        pytest.param(INSTANT, [ReminderKind.CLOSES_IN_1], id="the last instant"),
        pytest.param(timedelta(), [ReminderKind.COMMENTS_LEFT], id="the closing"),
        pytest.param(-15 * DAY, [ReminderKind.COMMENTS_LEFT, ReminderKind.SUMMARY_15], id="fifteen days after"),
        pytest.param(-40 * DAY, [ReminderKind.COMMENTS_LEFT, ReminderKind.SUMMARY_30], id="forty days after"),
    ],
)
def test_each_is_due_at_its_distance_until_the_next_takes_its_place(
    world: World, before_closing: timedelta, shown: list[ReminderKind]
) -> None:
    assert due(world, world.open_list.round.closes_at - before_closing) == shown


def test_they_move_with_the_closing_and_one_that_was_put_away_comes_again(world: World) -> None:
    round = world.open_list.round
    seven_before = round.closes_at - 7 * DAY
    (first,) = [
        one for one in reminders.due(world.session, world.office.bureau, seven_before) if one.round_id == round.id
    ]
    reminders.dismiss(first, by=world.office.analyst, at=seven_before)
    assert due(world, seven_before) == []

    lists.extend(
        world.session,
        round,
        closes_at=round.closes_at + 7 * DAY,
        reason="来信较多",
        by=world.open_list.published_by,
        at=seven_before,
    )

    assert due(world, seven_before) == []
    assert due(world, seven_before + 7 * DAY) == [ReminderKind.CLOSES_IN_7]


def test_putting_away_twice_keeps_who_did_it_first(world: World) -> None:
    reminder = reminders.due(world.session, world.office.bureau, world.open_list.round.closes_at)[0]

    reminders.dismiss(reminder, by=world.office.analyst, at=world.open_list.round.closes_at)
    reminders.dismiss(reminder, by=world.office.publisher, at=world.open_list.round.closes_at + DAY)

    assert reminder.dismissed_by is world.office.analyst
    assert reminder.dismissed_at == world.open_list.round.closes_at


def test_another_bureau_is_reminded_of_nothing(world: World) -> None:
    assert reminders.due(world.session, world.stranger.bureau, world.open_list.round.closes_at) == []
