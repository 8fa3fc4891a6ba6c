"""Dates, clocks and refusals as people read them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from gongshi import clock
from gongshi.comments.checks import TextTooLong
from gongshi.comments.intake import NotOpen
from gongshi.projects.models import Category
from gongshi.web import formatting, wording
from gongshi.web.formatting import Remaining

MIDNIGHT = clock.end_of(date(2026, 12, 4))
AFTERNOON = datetime(2026, 11, 20, 7, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "closing", "moment"),
    [
        ("/", "2026年12月4日 24:00", "2026年11月20日 15:05"),
        ("/en/", "4 December 2026, 24:00 Beijing time", "20 November 2026, 15:05 Beijing time"),
    ],
)
def test_an_end_at_midnight_reads_as_twenty_four_hours_of_the_day_before(
    app: Flask, path: str, closing: str, moment: str
) -> None:
    with app.test_request_context(path):
        assert formatting.spoken_closing(MIDNIGHT) == closing
        assert formatting.spoken_closing(AFTERNOON) == formatting.spoken_moment(AFTERNOON) == moment
        assert formatting.closing(MIDNIGHT) == f'<time datetime="2026-12-05T00:00:00+08:00">{closing}</time>'


def test_a_day_is_the_day_in_beijing(app: Flask) -> None:
    late = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)

    with app.test_request_context("/"):
        assert "2026-11-21" in formatting.day(late)
        assert formatting.day(date(2026, 1, 2)) == '<time datetime="2026-01-02">2026年1月2日</time>'


@pytest.mark.parametrize(
    ("span", "days", "hours", "minutes", "count"),
    [
        pytest.param(timedelta(days=12, hours=5), 12, 5, 0, 12, id="days and hours"),
        pytest.param(timedelta(hours=23, minutes=59), 0, 23, 59, 23, id="less than a day"),
        pytest.param(timedelta(minutes=7), 0, 0, 7, 7, id="minutes"),
        pytest.param(timedelta(seconds=1), 0, 0, 1, 1, id="the last second is still a minute"),
        pytest.param(timedelta(seconds=-5), 0, 0, 0, 0, id="never negative"),
    ],
)
def test_a_clock_counts_down_to_the_last_minute(
    span: timedelta, days: int, hours: int, minutes: int, count: int
) -> None:
    remaining = Remaining.of(span)

    assert (remaining.days, remaining.hours, remaining.minutes) == (days, hours, minutes)
    assert remaining.count == count


def test_the_part_of_a_period_that_has_passed_stays_within_it() -> None:
    start, end = MIDNIGHT - timedelta(days=30), MIDNIGHT

    assert formatting.elapsed(start, end, start - timedelta(days=1)) == 0
    assert formatting.elapsed(start, end, start + timedelta(days=15)) == 50
    assert formatting.elapsed(start, end, end + timedelta(days=1)) == 100


@pytest.mark.parametrize("path", ["/", "/en/"])
def test_every_refusal_can_be_said_even_without_its_details(app: Flask, path: str) -> None:
    with app.test_request_context(path):
        for code in wording.REFUSALS:
            refusal = NotOpen()
            refusal.code = code  # type: ignore[misc]  # Any code: what is tested is the wording.

            assert "%(" not in wording.say(refusal)


def test_a_refusal_is_said_with_its_details(app: Flask) -> None:
    late = NotOpen(openness="closed", opens_at=AFTERNOON, closes_at=MIDNIGHT, late_by=timedelta(minutes=3))

    with app.test_request_context("/"):
        assert "2026年11月20日 15:05至2026年12月4日 24:00" in wording.say(late)
        assert "10001" in wording.say(TextTooLong(length=10001, limit=10000))


def test_the_kind_of_an_institution_has_its_official_chinese_name(app: Flask) -> None:
    with app.test_request_context("/"):
        assert {category.value: wording.label(category) for category in Category} == {
            category.value: category.value for category in Category
        }
    with app.test_request_context("/en/"):
        assert wording.label(Category.FUTURES) == "Futures company"
