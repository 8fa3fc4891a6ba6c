"""How long a decision waits after the last answer (rule 15). Pure."""

from datetime import date, datetime, timedelta

import chinese_calendar

from gongshi.clock import beijing, start_of

WORKING_DAYS = 3


def is_working_day(day: date) -> bool:
    """By the State Council's calendar where it is known; for a year not announced yet, Monday to Friday."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def decision_from(last_answer: datetime, working_days: int = WORKING_DAYS) -> datetime:
    """The first instant at which a decision may be made: after so many full working days."""
    day = beijing(last_answer).date()
    left = working_days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return start_of(day + timedelta(days=1))
