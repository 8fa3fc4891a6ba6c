"""Rule 11: letters, e-mails and calls are entered by one, confirmed by another, and count as of the day they came."""

from contextlib import suppress
from datetime import date, datetime

import pytest
from acts import NOW
from submitting import TEXT, submit

from gongshi import clock
from gongshi.accounts.two_people import Hands
from gongshi.comments import intake, tallies
from gongshi.comments.intake import NotOpen, Point
from gongshi.comments.models import Channel, CommentKind, Submission
from gongshi.ledger import queries as log
from gongshi.notices import lists
from making import SERVER_KEY, beijing
from making_world import World


def enter(
    world: World,
    by: Hands | None = None,
    *,
    at: datetime = NOW,
    key: str = "letter-1",
    received_on: date | None = None,
) -> Submission:
    return intake.enter(
        world.session,
        world.open_list.consultation,
        submission_key=key,
        points=[Point(CommentKind.OPPOSE, TEXT)],
        channel=Channel.LETTER,
        received_on=received_on,
        server_key=SERVER_KEY,
        by=by or Hands(world.office.editor, world.office.analyst),
        at=at,
    )


def test_a_letter_is_entered_by_one_and_confirmed_by_another_and_counts(world: World) -> None:
    received = tallies.of(world.session, world.open_list.consultation).received

    submission = enter(world)

    assert submission.channel is Channel.LETTER
    assert submission.entered_approval_id is not None
    assert tallies.of(world.session, world.open_list.consultation).received == received + 1


def test_nothing_is_entered_by_staff_as_if_it_had_come_on_the_site(world: World) -> None:
    with pytest.raises(ValueError, match="submitted"):
        intake.enter(
            world.session,
            world.open_list.consultation,
            submission_key="k",
            points=[Point(CommentKind.SUPPORT, TEXT)],
            channel=Channel.WEB,
            server_key=SERVER_KEY,
            by=Hands(world.office.editor, world.office.analyst),
            at=NOW,
        )


@pytest.mark.parametrize(
    ("came", "taken"),
    [
        pytest.param("2026-04-09", False, id="the day before it opened"),
        pytest.param("2026-04-10", True, id="the first day"),
        pytest.param("2026-05-16", True, id="the last day"),
        pytest.param("2026-05-17", False, id="the day after"),
        pytest.param("2026-07-01", False, id="a day still to come"),
    ],
)
def test_a_letter_that_came_in_time_counts_though_it_is_entered_later(world: World, came: str, taken: bool) -> None:
    round = world.open_list.round
    lists.extend(
        world.session,
        round,
        closes_at=clock.end_of(date(2026, 5, 16)),
        reason="来信较多",
        by=Hands(world.office.editor, world.office.publisher),
        at=NOW,
    )

    entered = None
    with suppress(NotOpen):
        entered = enter(world, at=beijing("2026-06-01"), received_on=date.fromisoformat(came))

    assert (entered is not None) is taken
    if entered is not None:
        assert clock.beijing(entered.received_at).date() == date.fromisoformat(came)
        assert f'"received_on":"{came}"' in log.entry(world.session, entered.comments[0].ledger_index).body


def test_a_letter_without_a_day_counts_as_of_today(world: World) -> None:
    with pytest.raises(NotOpen):
        enter(world, at=world.open_list.round.closes_at)


def test_a_letter_that_is_entered_twice_counts_once(world: World) -> None:
    enter(world, key="key-1")

    assert enter(world, key="key-1") is submit(world)
    assert submit(world).channel is Channel.LETTER
