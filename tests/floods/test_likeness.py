"""Families against crowds whose letters are known; `make prove` runs the full counts."""

from pathlib import Path

import pytest

from floods.counts import reduced
from floods.likeness import Measured, measure, prove_families
from floods.reports import written


@pytest.mark.slow
def test_variants_are_found_and_own_words_are_left_alone(tmp_path: Path) -> None:
    report = prove_families(tmp_path, reduced("families"))

    assert report.is_clean, written(report)


def test_recall_and_precision_are_what_they_are_called() -> None:
    """Four variants, one of them apart; three pairs put together of which one is wrong."""
    found = measure([0, 0, 0, 3, 4], ["a", "a", None, "a", None])  # type: ignore[list-item]

    assert found == Measured(2 / 3, 1 / 3)
