"""Fill the disk in the middle of a flood: an honest 503 with the text kept, pages that can be read, nothing lost.

The disk is a small file system of its own, in a namespace of its own, and so goes away with the process. Everything of
the site stands on it: database, counters, ledger heads, search index. When there is room again the site goes on by
itself: nobody starts anything.
"""

import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from floods.audit import LOST, Memory, audit
from floods.people import FORM, Answer, Letter, letters, send_all
from floods.reports import Control, Counts, Report
from floods.servers import IMPORTED_FROM, ROOT, answers, prepare, serving

MEGABYTES = 128
# What is left when the flood begins: so that room ends in different places of a write.
LEFT = (400_000, 0, 2_000_000, 40_000, 1_000_000, 4096)
PAGES = ("/", "/consultations/2026-SL-01/", FORM, "/consultations/2026-SL-01/refusals/", "/ledger/")
TRIES = 12
AFTERWARDS = 24
RECOVERY_SECONDS = 10.0
DISHONEST = "answers that were neither a receipt nor a 503"
TEXT_GONE = "refusals that did not keep the text"
NO_WAIT = "refusals that did not say when to try again"
UNREADABLE = "pages that could not be read while the disk was full"
STUCK = "times it did not go on by itself"
STILL_REFUSED = "refusals after there was room again"
REFUSED_NOBODY = "times the full disk refused nobody"


def can_mount() -> bool:
    """Whether this user may have a file system of a namespace of its own."""
    tried = subprocess.run([*_ALONE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False)
    return tried.returncode == 0


def prove_disk_full(folder: Path, counts: Counts) -> Report:
    """Fill the disk so many times; and the same with a site that answers before it stores."""
    report = Report("A full disk refuses honestly, loses nothing and is forgotten when there is room")
    with report.timed():
        done, faults = _elsewhere(folder / "site", counts["times"], counts["posts"], "")
        report.done, report.faults = done, faults
        _, found = _elsewhere(folder / "control", 1, counts["posts"], "answers_first")
        report.controls = [Control("a site that answers before it stores", LOST, found[LOST])]
    return report


_ALONE = ["unshare", "--mount"] if os.getuid() == 0 else ["unshare", "--map-root-user", "--mount"]


def _elsewhere(folder: Path, times: int, posts: int, planted: str) -> tuple[dict[str, int], dict[str, int]]:
    folder.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join(map(str, IMPORTED_FROM))
    run = [*_ALONE, sys.executable, "-m", "floods.disk_full", str(folder), str(times), str(posts), planted]
    ended = subprocess.run(run, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.PIPE, check=True)
    found = json.loads(ended.stdout)
    return found["done"], found["faults"]


class Filling:
    """One site on a small disk."""

    def __init__(self, disk: Path, log: Path, planted: str) -> None:
        self._disk = disk
        self._log = log
        self._planted = planted
        self._memory = Memory()
        self.report = Report("")
        self._refused: list[Answer] = []
        self._sent = 0
        self._slowest = 0.0
        self._faults = dict.fromkeys(
            (DISHONEST, TEXT_GONE, NO_WAIT, UNREADABLE, STUCK, STILL_REFUSED, REFUSED_NOBODY), 0
        )

    def run(self, times: int, posts: int) -> None:
        """Fill and make room so many times under one and the same server, then the audit."""
        config = prepare(self._disk)
        with serving(config, self._log, planted=self._planted) as server:
            for number in range(times):
                self._once(server.port, posts, left=LEFT[number % len(LEFT)])
            time.sleep(2 if self._planted else 0)  # What it promised it would by now have stored.
        faults, entries = audit(config, self._memory, sent=self._sent)
        self.report.faults = faults | self._faults
        self.report.done = {
            "times the disk was filled": times,
            "comments sent by as many people": self._sent,
            "refused while the disk was full, then sent again": len(self._refused),
            "seconds until it went on, at most": round(self._slowest, 2),
            "entries in the ledger at the end": entries,
        }

    def _once(self, port: int, posts: int, *, left: int) -> None:
        filler = Filler(self._disk / "filler")
        filler.fill(left)
        waiting: list[Letter] = []
        for _ in range(TRIES):
            self._sent += posts
            waiting += self._judged(send_all(letters(posts), [port]))
            # The log of SQLite may have had room of its own left from before; now it has less.
            filler.fill()
            if waiting:
                break
        self._faults[REFUSED_NOBODY] += not waiting
        self._faults[UNREADABLE] += sum(not answers(port, page) for page in PAGES)
        filler.release()
        self._go_on(port, waiting)

    def _judged(self, received: list[Answer]) -> list[Letter]:
        refused = [answer for answer in received if answer.receipt is None]
        self._faults[DISHONEST] += sum(answer.status != 503 for answer in refused)
        self._faults[TEXT_GONE] += sum(not answer.shows_the_text for answer in refused)
        self._faults[NO_WAIT] += sum(not answer.retry_after for answer in refused)
        self._refused += refused
        return self._memory.keep(received)

    def _go_on(self, port: int, waiting: list[Letter]) -> None:
        began = time.monotonic()
        while waiting and time.monotonic() - began < RECOVERY_SECONDS:
            first = waiting[:1]
            if not self._memory.keep(send_all(first, [port])):
                self._slowest = max(self._slowest, time.monotonic() - began)
                waiting = self._memory.keep(send_all(waiting[1:], [port]))
            else:
                time.sleep(0.1)
        self._faults[STUCK] += bool(waiting)
        # Not one process of several may go on refusing.
        self._sent += len(afterwards := letters(AFTERWARDS))
        refused = self._memory.keep(send_all(afterwards, [port], at_once=4))
        self._faults[STILL_REFUSED] += len(refused)
        self._memory.keep(send_all(refused, [port]))


class Filler:
    """A file that takes all the room there is."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def fill(self, left: int = 0) -> None:
        """Take all but so many bytes."""
        with self._path.open("ab", buffering=0) as file:
            for size in (1 << 20, 1 << 16, 4096):
                self._take(file.fileno(), bytes(size))
            file.truncate(max(0, file.seek(0, os.SEEK_END) - left))

    def release(self) -> None:
        """Make room again."""
        self._path.unlink()

    def _take(self, descriptor: int, block: bytes) -> None:
        while True:
            try:
                os.write(descriptor, block)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                return


def _main() -> None:
    folder, times, posts, planted = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    disk = folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(disk)], check=True)
    filling = Filling(disk, folder / "server.log", planted)
    filling.run(times, posts)
    sys.stdout.write(json.dumps({"done": filling.report.done, "faults": filling.report.faults}))


if __name__ == "__main__":
    _main()
