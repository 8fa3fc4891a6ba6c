"""The disk on which power cuts are replayed: what it takes for lasting is what was synced, whoever else was syncing."""

import random

from floods.disks import Disk, Mode
from floods.traces import Replay, Step

A, B = "100", "200"
LOG, FRESH, LATEST = "/site/log", "/site/latest.new", "/site/latest"


def step(process: str, call: str, path: str, rest: str = "", *, begins: bool = True, ends: bool = True) -> Step:
    return Step(process, call, path, rest, begins=begins, ends=ends)


def test_a_sync_that_ends_within_another_takes_nothing_from_it() -> None:
    disk = Disk.holding({LOG: b"", LATEST: b"old"})
    replay = Replay(disk)
    disk.write(LOG, None, b"one")
    disk.open(FRESH, creating=True, emptying=True)
    disk.write(FRESH, None, b"new")
    replay.take(step(A, "fsync", FRESH, ends=False))
    disk.write(LOG, None, b"two")
    replay.take(step(B, "fdatasync", LOG))
    replay.take(step(A, "fsync", FRESH, begins=False))
    disk.rename(FRESH, LATEST)

    for mode in Mode:
        after = disk.after_a_cut(mode, random.Random(1))
        assert after[LATEST] in {b"old", b"new"}, mode
        assert after[LOG] == b"onetwo"


def test_what_is_written_while_a_sync_runs_is_not_sure_to_last() -> None:
    disk = Disk.holding({LOG: b""})
    replay = Replay(disk)
    disk.write(LOG, None, b"one")
    replay.take(step(A, "fsync", LOG, ends=False))
    disk.write(LOG, None, b"two")
    replay.take(step(A, "fsync", LOG, begins=False))

    assert disk.after_a_cut(Mode.NONE, random.Random(1))[LOG] == b"one"
    assert disk.after_a_cut(Mode.ALL, random.Random(1))[LOG] == b"onetwo"
