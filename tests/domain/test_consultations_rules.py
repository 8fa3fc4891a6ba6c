"""Rule 3: whether a round is scheduled, open or closed follows from the clock alone. Rule 1: it is never shortened."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gongshi import clock, db
from gongshi.consultations import queries
from gongshi.consultations.models import Consultation, Nature, Round, RoundExtension, RoundState
from making import OpenList, beijing, make_open_list
from making_world import World

INSTANT = timedelta(microseconds=1)
OPENS = beijing("2026-11-08")
CLOSES = clock.end_of(date(2026, 11, 26))


@pytest.mark.parametrize(
    ("at", "state"),
    [
        pytest.param(OPENS - INSTANT, RoundState.SCHEDULED, id="just before it opens"),
        pytest.param(OPENS, RoundState.OPEN, id="the instant it opens"),
        pytest.param(beijing("2026-11-26", "23:59"), RoundState.OPEN, id="the last minute of the last day"),
        pytest.param(CLOSES - INSTANT, RoundState.OPEN, id="just before it closes"),
        pytest.param(CLOSES, RoundState.CLOSED, id="the instant it closes"),
    ],
)
def test_a_round_is_open_from_the_instant_it_opens_until_just_before_it_closes(at: datetime, state: RoundState) -> None:
    round = Round(opens_at=OPENS, closes_at=CLOSES)

    assert round.state(at) is state


def test_until_26_november_is_stored_as_27_november_midnight_in_beijing() -> None:
    assert clock.end_of(date(2026, 11, 26)) == beijing("2026-11-27")


def test_midnight_in_beijing_is_four_in_the_afternoon_of_the_day_before_in_utc() -> None:
    assert clock.iso(CLOSES) == "2026-11-26T16:00:00.000000Z"


def test_no_column_of_a_round_or_a_list_says_whether_it_is_open() -> None:
    held = {*Round.__table__.columns.keys(), *Consultation.__table__.columns.keys()}

    told = {name for name in held for word in ("state", "open", "closed", "active", "status") if word in name}
    assert told == {"opens_at"}


def test_a_round_closes_with_nothing_but_the_clock_moving(world: World) -> None:
    opened = world.open_list

    before = queries.open_at(world.session, opened.round.closes_at - INSTANT)
    after = queries.open_at(world.session, opened.round.closes_at)

    assert opened.consultation in before
    assert opened.consultation not in after


def test_the_list_that_closes_first_stands_on_top(world: World) -> None:
    at = beijing("2026-04-17", "12:00")
    later = make_open_list(
        world.session, at, number="2026-SL-07", closes_at=at + timedelta(days=60), office=world.office
    )

    found = queries.open_at(world.session, at)

    assert found.index(world.open_list.consultation) < found.index(later.consultation)


@pytest.mark.parametrize(
    ("days", "is_short"),
    [
        pytest.param(29, True, id="29 days"),
        pytest.param(30, False, id="30 days"),
        pytest.param(31, False, id="31 days"),
    ],
)
def test_a_period_under_thirty_days_counts_as_short(days: int, is_short: bool) -> None:
    round = Round(opens_at=OPENS, closes_at=OPENS + timedelta(days=days), scheduled_at=OPENS)

    assert round.is_short is is_short


def test_a_draft_is_invisible_to_the_public(world: World) -> None:
    listed = queries.published(world.session, beijing("2026-04-17"))

    assert world.draft not in listed
    assert world.open_list.consultation in listed


@pytest.mark.parametrize(
    ("taken", "following"),
    [
        pytest.param([], "2030-SL-01", id="the first of a year"),
        pytest.param(["2030-SL-01", "2030-SL-02"], "2030-SL-03", id="after two"),
        pytest.param(["2030-SL-09", "2030-SL-10"], "2030-SL-11", id="ten is more than nine"),
        pytest.param(["2029-SL-07", "2030-BJ-07"], "2030-SL-01", id="other years and series do not count"),
    ],
)
def test_the_next_free_number_of_a_series(world: World, taken: list[str], following: str) -> None:
    for number in taken:
        world.session.add(
            Consultation(number=number, nature=Nature.LIVE, title="题", title_en="t", summary="述", bureaus=[])
        )
    world.session.flush()

    assert queries.next_number(world.session, "SL", 2030) == following


def _published(session: Session) -> OpenList:
    with db.writing(session):
        return make_open_list(session, OPENS, opens_at=OPENS, closes_at=CLOSES + timedelta(days=30))


def test_the_database_refuses_a_round_that_closes_before_it_opens(any_session: Session) -> None:
    opened = _published(any_session)

    any_session.add(
        Round(consultation=opened.consultation, ordinal=2, opens_at=CLOSES, closes_at=CLOSES, scheduled_at=OPENS)
    )
    with pytest.raises(IntegrityError, match="opens_before_closing"):
        any_session.flush()
    any_session.rollback()


def test_the_database_refuses_an_extension_that_shortens(any_session: Session) -> None:
    opened = _published(any_session)

    any_session.add(
        RoundExtension(
            round=opened.round,
            closed_before=CLOSES,
            closes_at=CLOSES,
            reason="理由",
            extended_at=OPENS,
            approval=opened.consultation.approval,
        )
    )
    with pytest.raises(IntegrityError, match="never_shortened"):
        any_session.flush()
    any_session.rollback()


def test_the_database_refuses_a_list_that_was_published_by_nobody(any_session: Session) -> None:
    any_session.add(
        Consultation(
            number="2026-SL-77",
            nature=Nature.LIVE,
            title="题",
            title_en="t",
            summary="述",
            published_at=OPENS,
        )
    )

    with pytest.raises(IntegrityError, match="approved"):
        any_session.flush()
    any_session.rollback()
