"""Fairness with the counts that CI runs; `make prove` runs the full ones."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from floods.counts import reduced
from floods.fairness import BURST, WINDOW, over_admitted, prove_fairness

START = datetime(2026, 4, 15, tzinfo=UTC)


def instants(count: int, *, every: timedelta = timedelta(seconds=1)) -> list[datetime]:
    return [START + place * every for place in range(count)]


def test_the_detector_sees_one_too_many() -> None:
    assert over_admitted({"a": instants(BURST), "b": instants(BURST)}) == 0
    assert over_admitted({"a": instants(BURST), "b": instants(BURST + 1)}) == 1


def test_the_detector_lets_a_new_window_begin() -> None:
    assert over_admitted({"a": instants(5 * BURST, every=WINDOW / BURST)}) == 0


@pytest.mark.slow
def test_bots_do_not_keep_people_out_and_nobody_gets_more_than_the_limit(tmp_path: Path) -> None:
    report = prove_fairness(tmp_path, reduced("fairness"))

    assert report.is_clean, (report.verdict, report.faults, report.controls, report.done)
    assert report.done["of these, taken"], "the bots did nothing"
