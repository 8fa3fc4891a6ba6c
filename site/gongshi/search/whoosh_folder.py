"""The folder of the Whoosh index: one sub-folder for each generation, and `current`, a link to the one in use.

A new generation is complete and on disk before the link is turned to it, so a reader never sees half of one. Whoosh
keeps pickles: whoever can write here can run code in the site. Hence mode 0700, and never an index from elsewhere.
"""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

import whoosh

from gongshi import clock
from gongshi.search import normal
from gongshi.search.engine import IndexBusy
from gongshi.search.whoosh_fields import SCHEMA_VERSION

CURRENT = "current"
STAMP = "stamp.json"
BROKEN = "broken"
LOCK = "lock"
KEPT_FOR = timedelta(hours=1)
LOCK_SECONDS = 5.0


class Generation(NamedTuple):
    """One index in its folder: what it was made with, and when."""

    folder: Path
    stamp: str
    built_at: datetime

    @property
    def is_readable(self) -> bool:
        return self.stamp == expected_stamp()

    @property
    def is_broken(self) -> bool:
        return (self.folder / BROKEN).exists()


def expected_stamp() -> str:
    """The stamp of an index that this program can read as it was meant."""
    return f"{SCHEMA_VERSION}/{normal.fingerprint()}/whoosh-{whoosh.versionstring()}"


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Be the only writer, of all processes. Raises `IndexBusy` after five seconds."""
    _private(root)
    with (root / LOCK).open("a") as file:
        _take(file.fileno())
        yield


def current(root: Path) -> Generation | None:
    """The generation in use, if there is a complete one."""
    try:
        folder = root / os.readlink(root / CURRENT)
        found = json.loads((folder / STAMP).read_text())
        return Generation(folder, str(found["stamp"]), datetime.fromisoformat(found["built_at"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def mark_broken(folder: Path) -> None:
    """Tell whoever looks after the index that reading it failed."""
    with suppress(OSError):  # A reader may lack the right to write here.
        (folder / BROKEN).touch()


@contextmanager
def new_generation(root: Path) -> Iterator[Path]:
    """A folder to build in. When the block ends it becomes the current one; when it fails, nothing has happened."""
    folder = root / f"{clock.now():%Y%m%dT%H%M%S}-{token_hex(4)}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
        stamp = {"stamp": expected_stamp(), "built_at": clock.iso(clock.now())}
        (folder / STAMP).write_text(json.dumps(stamp))
        sync(folder, set())
        _turn_to(root, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _prune(root, folder)


def sync(folder: Path, known: set[str]) -> None:
    """Force to disk the files of a folder that were not there before, and the folder itself."""
    for name in sorted(set(os.listdir(folder)) - known):
        _fsync(folder / name)
    _fsync(folder)


def _private(root: Path) -> None:
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    if root.stat().st_mode & 0o077:
        root.chmod(0o700)


def _take(descriptor: int) -> None:
    give_up = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > give_up:
                raise IndexBusy from None
            time.sleep(0.02)


def _turn_to(root: Path, folder: Path) -> None:
    link = root / f".{CURRENT}-{token_hex(4)}"
    link.symlink_to(folder.name)
    os.replace(link, root / CURRENT)
    _fsync(root)


def _prune(root: Path, newest: Path) -> None:
    """Remove what no reader can still be using: generations older than an hour, and unfinished ones."""
    oldest_kept = time.time() - KEPT_FOR.total_seconds()
    for path in root.iterdir():
        if path.is_symlink() and path.name != CURRENT:
            path.unlink()
        elif path.is_dir() and not path.is_symlink() and path != newest and _is_over(path, oldest_kept):
            shutil.rmtree(path, ignore_errors=True)


def _is_over(folder: Path, oldest_kept: float) -> bool:
    return not (folder / STAMP).exists() or folder.stat().st_mtime < oldest_kept


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
