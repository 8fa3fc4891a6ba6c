"""The deadline under a shifted clock, at the counts of CI."""

from pathlib import Path

import pytest

from floods.counts import reduced
from floods.deadline import prove_deadline
from floods.reports import written
from floods.shifted import library
from tests.conftest import missing

pytestmark = pytest.mark.slow


def test_nothing_is_taken_after_the_closing_and_time_never_runs_backwards(tmp_path: Path) -> None:
    if library() is None:
        missing("there is no libfaketime here")

    report = prove_deadline(tmp_path, reduced("deadline"))

    assert report.is_clean, written(report)
