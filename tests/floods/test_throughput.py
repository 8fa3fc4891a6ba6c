"""More posts than can be taken, and readers among them: what is taken is kept, what is refused is refused honestly."""

from pathlib import Path

import pytest

from floods.careless import careless
from floods.counts import reduced
from floods.offering import offer
from floods.people import letters
from floods.reports import written
from floods.throughput import PAGES, broken, prove_flood

pytestmark = pytest.mark.slow


def test_in_a_flood_nothing_taken_is_lost_and_nobody_is_refused_without_being_told_when_to_come_again(
    tmp_path: Path,
) -> None:
    report = prove_flood(tmp_path, reduced("flood"))

    assert report.is_clean, written(report)
    assert report.done["accepted"], written(report)


def test_a_server_that_breaks_these_promises_is_found_out() -> None:
    with careless() as port:
        offered = offer(port, letters(20), posts_per_second=100, pages=PAGES, reads_per_second=20)

    assert broken(offered) == {
        "posts without an answer": 4,
        "posts answered otherwise than 201, 202, 429 or 503": 4,
        "503 without a time to come again": 4,
        "503 without the text": 8,
        "pages not read": 4,
    }
