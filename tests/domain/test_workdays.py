"""Working days by the State Council's calendar: holidays, shifted weekends, and years that are not announced."""

from datetime import date

import pytest

from gongshi import workdays


@pytest.mark.parametrize(
    ("day", "count", "full"),
    [
        pytest.param(date(2024, 11, 4), 5, date(2024, 11, 11), id="a week, over one weekend"),
        pytest.param(date(2024, 9, 30), 1, date(2024, 10, 8), id="over the National Day holiday"),
        pytest.param(date(2024, 10, 11), 1, date(2024, 10, 12), id="a Saturday that is worked"),
        pytest.param(date(2024, 11, 4), 0, date(2024, 11, 4), id="none"),
    ],
)
def test_the_day_itself_does_not_count(day: date, count: int, full: date) -> None:
    assert workdays.after_working_days(day, count) == full
    assert workdays.between(day, full) == count


def test_a_year_whose_holidays_are_not_known_is_counted_from_monday_to_friday() -> None:
    assert workdays.is_announced(2024)
    assert not workdays.is_announced(2095)
    assert workdays.after_working_days(date(2095, 9, 30), 5) == date(2095, 10, 7)
