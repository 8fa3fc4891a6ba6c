"""The one place that asks what time it is, and the one zone in which deadlines are meant.

Everything is stored in UTC; people read and write Beijing time (rule 3). China has kept one offset without
daylight saving since 1991, so a date and an instant convert both ways without ambiguity.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
# The least by which two instants differ here: the last one before a closing is the closing less this.
AN_INSTANT = timedelta(microseconds=1)


def now() -> datetime:
    """The present instant, aware, in UTC. Only edges call this; actions are given `at`."""
    return datetime.now(UTC)


def beijing(at: datetime) -> datetime:
    return at.astimezone(BEIJING)


def start_of(day: date) -> datetime:
    """The first instant of a Beijing day."""
    return datetime.combine(day, time.min, BEIJING).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The first instant after a Beijing day: “截至11月26日” is 27 November 00:00 (rule 3)."""
    return start_of(day + timedelta(days=1))


def iso(at: datetime) -> str:
    """An instant as the ledger writes it: UTC, microseconds, Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
