"""Hostile texts on every page, at the counts of CI."""

from pathlib import Path

import pytest

from floods import hostile
from floods.counts import reduced
from floods.naughty import prove_naughty
from floods.reports import written
from journeys import chromium
from tests.conftest import missing


def test_the_corpus_has_the_whole_list() -> None:
    # 503, of which four stand in it twice.
    assert len(hostile.naughty()) == 499
    assert len(hostile.corpus()) > 485 + 100


@pytest.mark.slow
@pytest.mark.browser
def test_hostile_texts_run_nothing_and_are_shown_as_sent(tmp_path: Path) -> None:
    if chromium.executable() is None or not chromium.driver_starts():
        missing("no Chromium here, or Playwright's Node.js does not run")

    report = prove_naughty(tmp_path, reduced("naughty"))

    assert report.is_clean, written(report)
