"""Dates, numbers and clocks as people read them: template filters, in Beijing time and the language of the request."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flask import Flask
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup

from gongshi import clock
from gongshi.web.languages import ENGLISH, language

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
MINUTE = timedelta(minutes=1)
TIME = Markup('<time datetime="{}">{}</time>')


def init_app(app: Flask) -> None:
    """Make the filters known to templates."""
    app.jinja_env.filters.update(
        moment=moment,
        closing=closing,
        day=day,
        number=number,
        lasting=lasting,
        exactly=exactly,
        until_closing=until_closing,
        instant=instant,
        utc=in_utc,
        bytes=size,
        time_of_day=time_of_day,
        hour=hour,
        spoken_moment=spoken_moment,
    )
    app.jinja_env.globals.update(remaining=remaining, elapsed=elapsed)


def moment(at: datetime) -> Markup:
    """An instant to the minute."""
    return TIME.format(_machine(at), spoken_moment(at))


def instant(at: datetime) -> Markup:
    """An instant to the second, as evidence needs it."""
    local = clock.beijing(at)
    return TIME.format(_machine(at), _with_zone(f"{_spoken_day(local.date())}{_comma()}{local:%H:%M:%S}"))


def in_utc(at: datetime) -> str:
    """The same instant as programs and other countries write it, to the second."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def time_of_day(at: datetime) -> str:
    """The hour, minute and second of an instant that is near."""
    return f"{clock.beijing(at):%H:%M:%S}"


def hour(at: datetime) -> Markup:
    """The hour and minute of an instant whose day is told beside it."""
    return TIME.format(_machine(at), f"{clock.beijing(at):%H:%M}")


def closing(at: datetime) -> Markup:
    """The end of a half-open period: an end at midnight reads as 24:00 of the day before (rule 3)."""
    return TIME.format(_machine(at), spoken_closing(at))


def day(on: datetime | date) -> Markup:
    """A day. Of an instant, the Beijing day."""
    if isinstance(on, datetime):
        on = clock.beijing(on).date()
    return TIME.format(on.isoformat(), _spoken_day(on))


def spoken_day(on: datetime | date) -> str:
    """A day as plain text, for drawings and sentences. Of an instant, the Beijing day."""
    return _spoken_day(clock.beijing(on).date() if isinstance(on, datetime) else on)


def number(value: int) -> str:
    """A count with its thousands apart."""
    return f"{value:,}"


def size(count: int) -> str:
    """The size of a file as people say it."""
    if count < 1024 * 1024:
        return f"{max(1, round(count / 1024)):,} KB"
    return f"{count / 1024 / 1024:,.1f} MB"


def lasting(span: timedelta) -> str:
    """How long, in days and hours, below a day in hours and minutes: for clocks, so never negative."""
    remains = Remaining.of(span)
    if remains.days:
        return str(gettext("%(days)s d %(hours)s h", days=remains.days, hours=remains.hours))
    return str(gettext("%(hours)s h %(minutes)s min", hours=remains.hours, minutes=remains.minutes))


def exactly(span: timedelta) -> str:
    """How long, to the second below an hour and to the millisecond below a second: for what is late, and for waits."""
    seconds = int(span.total_seconds())
    if seconds >= 3600:
        return lasting(span)
    if seconds >= 60 and seconds % 60 == 0:
        return str(gettext("%(minutes)s min", minutes=seconds // 60))
    if seconds >= 60:
        return str(gettext("%(minutes)s min %(seconds)s s", minutes=seconds // 60, seconds=seconds % 60))
    # What is late is never nought late.
    exact = f"{max(1, round(span.total_seconds() * 1000)) / 1000:.3f}"
    return str(gettext("%(seconds)s s", seconds=seconds or exact))


def until_closing(span: timedelta) -> str:
    """How long is left, to the second within the last hour."""
    return exactly(span) if span < timedelta(hours=1) else lasting(span)


def spoken_moment(at: datetime) -> str:
    """An instant as plain text, for sentences."""
    local = clock.beijing(at)
    return _with_zone(f"{_spoken_day(local.date())}{_comma()}{local:%H:%M}")


def spoken_closing(at: datetime) -> str:
    """A closing as plain text, for sentences."""
    local = clock.beijing(at)
    if (local.hour, local.minute, local.second) != (0, 0, 0):
        return spoken_moment(at)
    return _with_zone(f"{_spoken_day(local.date() - timedelta(days=1))}{_comma()}24:00")


@dataclass(frozen=True)
class Remaining:
    """The time until something, in whole days, hours and minutes; the last started minute counts."""

    days: int
    hours: int
    minutes: int

    @classmethod
    def of(cls, span: timedelta) -> "Remaining":
        minutes = max(0, -(-span // MINUTE))
        return cls(minutes // 1440, minutes % 1440 // 60, minutes % 60)

    @property
    def count(self) -> int:
        """The one number to print large."""
        return self.days or self.hours or self.minutes

    @property
    def unit(self) -> str:
        """What `count` counts."""
        if self.days:
            return str(DAYS if self.days > 1 else DAY)
        if self.hours:
            return str(HOURS if self.hours > 1 else HOUR)
        return str(MINUTES)


DAY, DAYS = lazy_gettext("day"), lazy_gettext("days")
HOUR, HOURS = lazy_gettext("hour"), lazy_gettext("hours")
MINUTES = lazy_gettext("minutes")


def remaining(at: datetime, until: datetime) -> Remaining:
    """How long from one instant to another."""
    return Remaining.of(until - at)


def elapsed(start: datetime, end: datetime, at: datetime) -> int:
    """How much of a period has passed, in per cent."""
    return max(0, min(100, round(100 * ((at - start) / (end - start)))))


def _spoken_day(on: date) -> str:
    if language() == ENGLISH:
        return f"{on.day} {MONTHS[on.month - 1]} {on.year}"
    return f"{on.year}年{on.month}月{on.day}日"


def _comma() -> str:
    return ", " if language() == ENGLISH else " "


def _with_zone(text: str) -> str:
    return f"{text} Beijing time" if language() == ENGLISH else text


def _machine(at: datetime) -> str:
    return clock.beijing(at).isoformat(timespec="seconds")
