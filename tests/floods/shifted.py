"""A clock that can be set, for real processes of the site and for those who watch them (libfaketime)."""

import glob
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from floods.servers import IMPORTED_FROM

# How long a process may go on with what it read in the file before: its cache is counted in whole seconds.
SETTLED_SECONDS = 2.2
_LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1")


def library() -> str | None:
    """Where libfaketime is, if this machine has it (the package faketime of Debian)."""
    found = [path for pattern in _LIBRARIES for path in sorted(glob.glob(pattern))]
    return found[0] if found else None


class Clock:
    """The clock of every process that was started with `settings`. It can be set while they run."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ahead = timedelta(0)
        self.set(datetime.now(UTC))

    @property
    def settings(self) -> dict[str, str]:
        """The environment of such a process. Its monotonic clock stays true: only the time of day can be wrong."""
        faketime = library()
        assert faketime is not None
        path = [Path(__file__).with_name("shifted_process"), *IMPORTED_FROM]
        return {
            "PYTHONPATH": os.pathsep.join(map(str, path)),
            "LD_PRELOAD": faketime,
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # Its repair of timed waits, on by default, leaves Python's threads waiting for each other.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
            "NO_FAKE_STAT": "1",
        }

    def now(self) -> datetime:
        """What those processes read now."""
        return datetime.now(UTC) + self._ahead

    def set(self, to: datetime) -> None:
        """Let it be this instant when this returns."""
        self.move(to - self.now() - timedelta(seconds=SETTLED_SECONDS))

    def move(self, by: timedelta) -> None:
        """Set it forward, or back, and wait until every process knows."""
        self._ahead += by
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{self._ahead.total_seconds():+.6f}\n")
        fresh.replace(self._file)
        time.sleep(SETTLED_SECONDS)
