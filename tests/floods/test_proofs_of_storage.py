"""What a receipt promised, at the counts of CI: kills, power cuts, a full disk, answers cut on their way."""

import shutil
from pathlib import Path

import pytest

from floods.counts import reduced
from floods.cut_answers import prove_cut_answers
from floods.disk_full import can_mount, prove_disk_full
from floods.kills import prove_kills
from floods.power_cuts import prove_power_cuts
from floods.reports import written
from tests.conftest import missing

pytestmark = pytest.mark.slow


def test_what_a_receipt_promised_survives_every_kill(tmp_path: Path) -> None:
    report = prove_kills(tmp_path, reduced("kills"))

    assert report.is_clean, written(report)
    assert report.done["without an answer"], "no post was under way when the site was killed"


def test_what_a_receipt_promised_survives_a_power_cut_at_any_moment(tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        missing("there is no strace here")

    report = prove_power_cuts(tmp_path, reduced("power-cuts"))

    assert report.is_clean, written(report)
    assert report.done["disks after a power cut"] == 4 * reduced("power-cuts")["points"]


def test_a_full_disk_refuses_honestly_loses_nothing_and_is_forgotten(tmp_path: Path) -> None:
    if not can_mount():
        missing("this user may not mount a small file system in a namespace of its own")

    report = prove_disk_full(tmp_path, reduced("disk-full"))

    assert report.is_clean, written(report)


def test_an_answer_that_was_cut_is_asked_for_again_and_is_the_same(tmp_path: Path) -> None:
    report = prove_cut_answers(tmp_path, reduced("cut-answers"))

    assert report.is_clean, written(report)
    assert report.done["answers cut"], "the proxy cut nothing"
