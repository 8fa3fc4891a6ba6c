"""Working days by the State Council's calendar, holidays and shifted weekends included. Pure."""

from datetime import date, timedelta

import chinese_calendar


def is_working_day(day: date) -> bool:
    """By the State Council's calendar where it is known; for a year not announced yet, Monday to Friday."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def is_announced(year: int) -> bool:
    """Whether the holidays of this year are known here; if not, working days of it are an estimate."""
    try:
        chinese_calendar.is_workday(date(year, 7, 1))
    except NotImplementedError:
        return False
    return True


def after_working_days(day: date, count: int) -> date:
    """The day on which so many working days are full. The day itself does not count (民法典 art. 201)."""
    left = count
    while left > 0:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day


def between(first: date, last: date) -> int:
    """How many working days lie after `first`, up to and with `last`."""
    return sum(is_working_day(first + timedelta(days=ahead)) for ahead in range(1, (last - first).days + 1))
