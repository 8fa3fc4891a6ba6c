"""Rule 15: a decision waits three full working days after the last answer, by the calendar people work by."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.admissions.waiting import decision_from
from gongshi.clock import beijing as in_beijing
from gongshi.workdays import is_working_day
from making import beijing


@pytest.mark.parametrize(
    ("answered", "decided"),
    [
        pytest.param(beijing("2026-04-13", "16:00"), beijing("2026-04-17"), id="Monday to Friday"),
        pytest.param(beijing("2026-04-13", "00:00"), beijing("2026-04-17"), id="from the first instant of a day"),
        pytest.param(beijing("2026-04-13", "23:59"), beijing("2026-04-17"), id="from its last minute"),
        pytest.param(beijing("2026-04-16", "09:00"), beijing("2026-04-22"), id="across a weekend"),
        pytest.param(beijing("2026-04-18", "09:00"), beijing("2026-04-23"), id="answered on a Saturday"),
        pytest.param(beijing("2025-09-30", "16:00"), beijing("2025-10-12"), id="National Day and a working Saturday"),
        pytest.param(beijing("2026-09-30", "16:00"), beijing("2026-10-11"), id="another National Day"),
        pytest.param(beijing("2026-02-12", "16:00"), beijing("2026-02-25"), id="across Spring Festival"),
        pytest.param(beijing("2026-04-03", "16:00"), beijing("2026-04-10"), id="across Qingming"),
        pytest.param(beijing("2031-01-01", "09:00"), beijing("2031-01-07"), id="a year not announced yet"),
        pytest.param(beijing("2026-12-31", "09:00"), beijing("2027-01-06"), id="from a known year into an unknown one"),
    ],
)
def test_a_decision_is_made_after_three_full_working_days(answered: datetime, decided: datetime) -> None:
    assert decision_from(answered) == decided


@pytest.mark.parametrize(
    ("day", "works"),
    [
        pytest.param(date(2025, 10, 1), False, id="National Day, a Wednesday"),
        pytest.param(date(2025, 10, 11), True, id="the Saturday that makes up for it"),
        pytest.param(date(2025, 10, 12), False, id="the Sunday after"),
        pytest.param(date(2026, 2, 14), True, id="a make-up Saturday before Spring Festival"),
        pytest.param(date(2046, 10, 1), True, id="a Monday of a year not announced, holiday or not"),
        pytest.param(date(2045, 9, 30), False, id="a Saturday of a year not announced"),
        pytest.param(date(1999, 10, 1), True, id="before the calendar begins"),
    ],
)
def test_working_days_are_those_of_the_state_council_where_known(day: date, works: bool) -> None:
    assert is_working_day(day) is works


@given(st.integers(0, 6 * 365 * 24 * 60))
def test_between_answer_and_decision_lie_exactly_three_full_working_days(minutes: int) -> None:
    at = beijing("2024-01-01") + timedelta(minutes=minutes)

    earliest = in_beijing(decision_from(at))

    between = (earliest.date() - at.date()).days
    days = [at.date() + timedelta(days=place) for place in range(1, between)]
    assert sum(map(is_working_day, days)) == 3
    assert is_working_day(days[-1])
    assert (earliest.hour, earliest.minute) == (0, 0)
