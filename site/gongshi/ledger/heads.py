"""The folder, outside the database, in which signed heads of the log are kept.

`checkpoint` is the latest, as it is published; `checkpoints.log` is all of them, each after a line that says when. Both
are on disk before anyone is shown the head. The folder does not belong in the database's backup.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from gongshi.clock import iso
from gongshi.ledger import notes
from gongshi.ledger.notes import MalformedNote, Note

LATEST = "checkpoint"
HISTORY = "checkpoints.log"
_RECORD = "\n# "
# A record is far shorter, so the last one is surely whole within the last so many bytes.
_TAIL = 65_536


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process works in this folder; make it on first use."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def keep(folder: Path, note: Note, *, at: datetime) -> None:
    """Put a head on disk, in the history and then as the latest."""
    # The history first: a head that nobody was shown may be kept, one that was shown may not be forgotten.
    with (folder / HISTORY).open("a", encoding="utf-8") as history:
        history.write(f"{_RECORD}{iso(at)}\n{note}")
        history.flush()
        os.fsync(history.fileno())
    replace(folder / LATEST, str(note), mode=0o644)


def latest(folder: Path) -> Note | None:
    """The head in `checkpoint`. Raises MalformedNote when that file is damaged."""
    path = folder / LATEST
    return notes.parse(path.read_text(encoding="utf-8", errors="replace")) if path.exists() else None


def last_in_history(folder: Path) -> Note | None:
    """The last head that was written out in full; a record cut short by a crash was shown to nobody."""
    path = folder / HISTORY
    if not path.exists():
        return None
    with path.open("rb") as history:
        history.seek(max(0, path.stat().st_size - _TAIL))
        records = history.read().decode(errors="replace").split(_RECORD)[1:]
    for record in reversed(records):
        try:
            return notes.parse(record.partition("\n")[2])
        except MalformedNote:
            continue
    return None


def replace(path: Path, text: str, *, mode: int) -> None:
    """Write a file whole or not at all, and on disk when this returns."""
    fresh = path.with_name(f"{path.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with open(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(descriptor, mode)
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
