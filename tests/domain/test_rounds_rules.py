"""Rules 1 and 3: a round is extended, never shortened, followed by a second; and the one answer to “is it open?”."""

import json
from datetime import datetime, timedelta

import pytest
from acts import NOW
from rounds import DAY, INSTANT, MONTH, publishing, second_round
from sqlalchemy import func, select

from gongshi import clock
from gongshi.accounts.models import Approval
from gongshi.ledger import queries as log
from gongshi.notices import lists
from gongshi.notices.openness import Openness, standing
from making import beijing
from making_world import World

# Extending


def extend(world: World, *, by_days: int, reason: str = "来信较多", at: datetime = NOW) -> None:
    round = world.open_list.round
    closes_at = round.closes_at + timedelta(days=by_days)
    lists.extend(world.session, round, closes_at=closes_at, reason=reason, by=publishing(world), at=at)


def test_an_extension_moves_the_closing_later_and_keeps_what_it_was_with_the_reason(world: World) -> None:
    before = world.open_list.round.closes_at

    extend(world, by_days=7)

    assert world.open_list.round.closes_at == before + timedelta(days=7)
    recorded = world.open_list.round.extensions[-1]
    assert (recorded.closed_before, recorded.closes_at, recorded.reason) == (before, before + 7 * DAY, "来信较多")
    entry = json.loads(log.entry(world.session, log.size(world.session) - 1).body)
    assert entry["subject"]["closes_before"] == clock.iso(before)


@pytest.mark.parametrize("by_days", [pytest.param(0, id="same instant"), pytest.param(-1, id="a day earlier")])
def test_a_published_period_is_never_shortened(world: World, by_days: int) -> None:
    before = world.open_list.round.closes_at

    with pytest.raises(lists.NeverShortened):
        extend(world, by_days=by_days)

    assert world.open_list.round.closes_at == before


def test_an_extension_says_why(world: World) -> None:
    with pytest.raises(lists.ReasonMissing):
        extend(world, by_days=7, reason=" \n")


@pytest.mark.parametrize(
    "late", [pytest.param(0 * DAY, id="the instant it closes"), pytest.param(DAY, id="a day later")]
)
def test_what_is_over_is_not_extended(world: World, late: timedelta) -> None:
    with pytest.raises(lists.RoundOver):
        extend(world, by_days=7, at=world.open_list.round.closes_at + late)


def test_until_the_last_instant_a_period_can_be_extended(world: World) -> None:
    closes_at = world.open_list.round.closes_at

    extend(world, by_days=7, at=closes_at - INSTANT)

    assert standing(world.session, world.open_list.consultation, at=closes_at).is_open


# A second round


def test_a_second_round_waits_until_the_first_is_over(world: World) -> None:
    with pytest.raises(lists.RoundRunning):
        second_round(world, world.open_list.consultation)


def test_there_are_never_two_rounds_ahead(world: World) -> None:
    second_round(world, world.ready.consultation, opens_at=NOW + DAY, closes_at=NOW + DAY + MONTH)

    with pytest.raises(lists.RoundRunning):
        second_round(world, world.ready.consultation)


def test_a_draft_and_an_archive_have_no_second_round(world: World) -> None:
    lists.record_archive(world.session, world.archive, published_at=beijing("2021-11-19"), at=NOW)

    with pytest.raises(lists.RoundOver):
        second_round(world, world.draft)
    with pytest.raises(lists.ArchiveTakesNoComments):
        second_round(world, world.archive)


def test_a_second_round_that_is_too_short_leaves_no_approval_behind(world: World) -> None:
    approvals = select(func.count(Approval.id))
    before = world.session.scalar(approvals)

    with pytest.raises(lists.PeriodTooShort):
        second_round(world, world.ready.consultation, closes_at=NOW + DAY)

    world.session.flush()
    assert world.session.scalar(approvals) == before


# Openness


@pytest.mark.parametrize(
    ("at", "openness"),
    [
        pytest.param(beijing("2026-04-10") - INSTANT, Openness.NEVER, id="just before it is published and opens"),
        pytest.param(beijing("2026-04-10"), Openness.OPEN, id="the instant it opens"),
        pytest.param(beijing("2026-05-10") - INSTANT, Openness.OPEN, id="just before it closes"),
        pytest.param(beijing("2026-05-10"), Openness.CLOSED, id="the instant it closes"),
    ],
)
def test_one_function_says_how_a_list_stands(world: World, at: datetime, openness: Openness) -> None:
    assert standing(world.session, world.open_list.consultation, at=at).openness is openness


def test_a_draft_is_never_open(world: World) -> None:
    assert standing(world.session, world.draft, at=NOW).openness is Openness.NEVER


def test_between_two_rounds_the_one_ahead_counts(world: World) -> None:
    consultation = world.ready.consultation
    opened = second_round(world, consultation, opens_at=NOW + DAY, closes_at=NOW + DAY + MONTH)

    where = standing(world.session, consultation, at=NOW)

    assert (where.openness, where.round) == (Openness.SCHEDULED, opened)
