"""What a disk may hold after a power cut: everything that was synced, and any part of what was not.

Files are known by inode, as the disk knows them: a rename moves a name, a sync of a file makes its content and its own
name last, a sync of a folder the names in it. Modelled is one disk that keeps what it says it has synced.
"""

import os
import random
from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

SECTOR = 512


class Mode(StrEnum):
    """Which of the writes that were not synced reached the disk."""

    NONE = "none"
    ALL = "all"
    PREFIX = "a prefix"
    TORN = "a random half, torn at sectors"


@dataclass(frozen=True)
class Write:
    inode: int
    offset: int
    data: bytes


@dataclass(frozen=True)
class Resize:
    inode: int
    size: int


@dataclass(frozen=True)
class Name:
    """A name begins to mean this inode, or, with `ends`, means it no more. A rename is both, at once."""

    path: str
    inode: int
    gone: str | None = None
    ends: bool = False


Change = Write | Resize | Name


@dataclass
class Disk:
    """What has been synced, and what waits, in its order."""

    inodes: dict[int, bytearray] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    """Names as they last."""
    seen: dict[str, int] = field(default_factory=dict)
    """Names as the running system sees them."""
    sizes: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    """Sizes as the running system sees them."""
    waiting: list[Change] = field(default_factory=list)

    @classmethod
    def holding(cls, files: dict[str, bytes]) -> "Disk":
        """A disk on which all of this is synced."""
        disk = cls()
        for path, content in files.items():
            inode = len(disk.inodes) + 1
            disk.inodes[inode], disk.names[path], disk.seen[path] = bytearray(content), inode, inode
            disk.sizes[inode] = len(content)
        return disk

    def open(self, path: str, *, creating: bool, emptying: bool) -> None:
        """A file is opened, and perhaps made or emptied by that."""
        if path not in self.seen:
            if not creating:
                return
            inode = len(self.inodes) + 1
            self.inodes[inode], self.seen[path] = bytearray(), inode
            self.waiting.append(Name(path, inode))
        elif emptying and self.sizes[self.seen[path]]:
            self.resize(path, 0)

    def write(self, path: str, offset: int | None, data: bytes) -> None:
        """Bytes at an offset, or at the end."""
        inode = self.seen.get(path)
        if inode is None:
            return  # A file whose name is gone: nobody finds it after the cut.
        place = self.sizes[inode] if offset is None else offset
        self.sizes[inode] = max(self.sizes[inode], place + len(data))
        self.waiting.append(Write(inode, place, data))

    def resize(self, path: str, size: int) -> None:
        inode = self.seen[path]
        self.sizes[inode] = size
        self.waiting.append(Resize(inode, size))

    def rename(self, old: str, new: str) -> None:
        inode = self.seen.pop(old)
        self.seen[new] = inode
        self.waiting.append(Name(new, inode, gone=old))

    def unlink(self, path: str) -> None:
        inode = self.seen.pop(path, None)
        if inode is not None:
            self.waiting.append(Name(path, inode, ends=True))

    def sync(self, path: str, before: int) -> list[int]:
        """Make last what was waiting of this file, or of this folder's names, when there were `before` changes.

        Returns the places among those that waited of the changes that wait no more.
        """
        inode = self.seen.get(path)
        # A file system writes down what happened to names in its order: with a file's own name go those before it.
        named = [place for place, change in enumerate(self.waiting[:before]) if _names(change, inode)]
        names_until = named[-1] if named else -1
        kept: list[Change] = []
        gone: list[int] = []
        for place, change in enumerate(self.waiting):
            if isinstance(change, Name):
                lasts = place <= names_until or (place < before and os.path.dirname(change.path) == path)
            else:
                lasts = place < before and change.inode == inode
            if lasts:
                _apply(change, self.inodes, self.names)
                gone.append(place)
            else:
                kept.append(change)
        self.waiting = kept
        return gone

    def after_a_cut(self, mode: Mode, chance: random.Random) -> dict[str, bytes]:
        """The files that are found when the power is back."""
        surviving = _surviving(self.waiting, mode, chance)
        touched = {change.inode for change in surviving if not isinstance(change, Name)}
        inodes = {inode: bytearray(content) if inode in touched else content for inode, content in self.inodes.items()}
        names = dict(self.names)
        for change in surviving:
            _apply(change, inodes, names)
        return {path: bytes(inodes[inode]) for path, inode in names.items()}


def put_down(files: dict[str, bytes], was: str, folder: Path) -> None:
    """Write these files, which were under the folder `was`, under another one."""
    for path, content in files.items():
        target = folder / os.path.relpath(path, was)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _names(change: Change, inode: int | None) -> bool:
    return isinstance(change, Name) and change.inode == inode and not change.ends


def _apply(change: Change, inodes: dict[int, bytearray], names: dict[str, int]) -> None:
    if isinstance(change, Name):
        gone = change.path if change.ends else change.gone
        if gone and names.get(gone) == change.inode:
            del names[gone]
        if not change.ends:
            names[change.path] = change.inode
        return
    content = inodes[change.inode]
    end = change.size if isinstance(change, Resize) else change.offset + len(change.data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if isinstance(change, Resize):
        del content[change.size :]
    else:
        content[change.offset : end] = change.data


def _surviving(waiting: list[Change], mode: Mode, chance: random.Random) -> list[Change]:
    if mode is Mode.NONE:
        return []
    if mode is Mode.PREFIX:
        return waiting[: chance.randint(0, len(waiting))]
    if mode is Mode.ALL:
        return list(waiting)
    return [part for change in waiting for part in _torn(change, chance)]


def _torn(change: Change, chance: random.Random) -> list[Change]:
    if not isinstance(change, Write):
        return [change] if chance.random() < 0.5 else []
    # Sectors are those of the disk: the first and the last part of a write may be smaller than one.
    edges = [change.offset, *range((change.offset // SECTOR + 1) * SECTOR, change.offset + len(change.data), SECTOR)]
    ends = [*edges[1:], change.offset + len(change.data)]
    return [
        Write(change.inode, start, change.data[start - change.offset : end - change.offset])
        for start, end in zip(edges, ends, strict=True)
        if chance.random() < 0.5
    ]
