"""Rule 13: a clock runs in public from the last closing to the summary; the oldest waiting comment has an age."""

from datetime import timedelta

from acts import NOW, publishing

from gongshi.comments import actions as comments
from gongshi.notices import lists
from gongshi.record import public_clock, summary
from making import make_submission
from making_world import World

INSTANT = timedelta(microseconds=1)
A_WEEK = timedelta(days=7)


def test_the_clock_starts_the_instant_the_round_closes(world: World) -> None:
    consultation = world.ready.consultation
    closes_at = consultation.rounds[-1].closes_at

    assert public_clock.of(world.session, consultation, closes_at - INSTANT).took is None
    assert public_clock.of(world.session, consultation, closes_at).took == timedelta(0)
    assert public_clock.of(world.session, consultation, closes_at + A_WEEK).took == A_WEEK


def test_the_summary_of_opinions_stops_the_clock(world: World) -> None:
    consultation = world.ready.consultation
    summary.publish_summary(world.session, consultation, by=publishing(world), at=NOW)

    found = public_clock.of(world.session, consultation, NOW + A_WEEK)

    assert found.summary is not None
    assert found.took == NOW - consultation.rounds[-1].closes_at


def test_the_summary_of_an_earlier_round_does_not_stop_the_clock_of_the_next(world: World) -> None:
    consultation = world.ready.consultation
    summary.publish_summary(world.session, consultation, by=publishing(world), at=NOW)
    again = lists.second_round(
        world.session, consultation, opens_at=NOW, closes_at=NOW + timedelta(days=30), by=publishing(world), at=NOW
    )

    found = public_clock.of(world.session, consultation, again.closes_at + A_WEEK)

    assert found.summary is None
    assert found.took == A_WEEK


def test_the_comment_that_waits_longest_has_an_age_until_it_is_published(world: World) -> None:
    consultation = world.open_list.consultation
    oldest = world.pending
    later = make_submission(world.session, consultation, oldest.received_at + timedelta(hours=1)).comments[0]

    assert public_clock.of(world.session, consultation, oldest.received_at + A_WEEK).waits == A_WEEK

    comments.publish(world.session, oldest, by=world.open_list.analyst, at=NOW)
    world.session.flush()

    assert public_clock.of(world.session, consultation, NOW).oldest is later
