"""What a traced site did to its disk, and which receipts left it, in the order in which it happened."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from floods.disks import Disk
from floods.people import Shown, receipt_in

CALLS = (
    "openat,write,writev,pwrite64,pwritev,pwritev2,ftruncate,fallocate,fsync,fdatasync,sync_file_range,"
    "rename,renameat,renameat2,unlink,unlinkat,sendto,sendmsg,sendfile,copy_file_range"
)
# What the site is known to use. Another call on a traced file would make the replay a fiction, and stops it.
UNDERSTOOD = {"openat", "write", "pwrite64", "ftruncate", "fsync", "fdatasync", "rename", "unlink", "sendto"}
_LINE = re.compile(r"^(\d+) +(.*)$", re.DOTALL)
_CALL = re.compile(r"^(\w+)\((.*)$", re.DOTALL)
_RESUMED = re.compile(r"^<\.\.\. (\w+) resumed>(.*)$", re.DOTALL)
_ON_FILE = re.compile(r"^(\d+)<([^>]*)>(.*)$", re.DOTALL)
_QUOTED = re.compile(r'"([^"]*)"')
_RESULT = re.compile(r"\) += (-?\d+)")
_UNFINISHED = "<unfinished ...>"


def command(trace: Path) -> list[str]:
    """Run something traced: every write with its bytes, every sync, every answer that is sent."""
    program = shutil.which("strace")
    assert program is not None
    return [
        program, "--follow-forks", "--seccomp-bpf", "--decode-fds=path", "-xx", "--string-limit=20000000",
        "--quiet=all", f"--output={trace}", f"--trace={CALLS}",
    ]  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One call, or its beginning or its end where another came in between. `path` is the file or the connection."""

    process: str
    call: str
    path: str
    rest: str
    begins: bool = True
    ends: bool = True


@dataclass(frozen=True)
class Told:
    """A receipt left the site: from this step on it is a promise."""

    receipt: Shown


def steps(trace: Path, is_of_interest: Callable[[str], bool]) -> list[Step]:
    """The calls on files of interest, and what was sent to people."""
    found: list[Step] = []
    open_calls: dict[str, Step] = {}
    with trace.open(encoding="ascii") as lines:
        for line in lines:
            step = _step(line, open_calls)
            if step is not None and (step.call == "sendto" or is_of_interest(step.path)):
                found.append(step)
    return found


def receipts_told(happened: list[Step]) -> dict[int, Told]:
    """At which step each receipt began to be sent."""
    told: dict[int, Told] = {}
    answers: dict[str, tuple[int, str]] = {}
    for place, step in enumerate(happened):
        if step.call != "sendto" or not step.begins:
            continue
        said = _text(step.rest)
        began, before = answers.get(step.path, (place, ""))
        if said.startswith("HTTP/1.1 "):
            began, before = place, ""
        answers[step.path] = (began, before + said)
        receipt = receipt_in(before + said)
        if receipt is not None and (before + said).startswith("HTTP/1.1 201 "):
            told[began] = Told(receipt)
    return told


class Replay:
    """A disk to which the steps of a trace happen one by one."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self._syncing: dict[str, int] = {}

    def take(self, step: Step) -> None:
        """Let one step happen. Raises NotImplementedError for a call that the model does not know."""
        if step.call == "sendto":
            return
        if step.call not in UNDERSTOOD:
            raise NotImplementedError(f"{step.call} on {step.path}")
        if step.call in {"fsync", "fdatasync"}:
            self._sync(step)
        elif step.begins:
            self._change(step)

    def _sync(self, step: Step) -> None:
        # Only what was written before it began is sure to be there when it ends.
        if step.begins:
            self._syncing[step.process] = len(self.disk.waiting)
        if step.ends:
            before = self._syncing.pop(step.process)
            gone = self.disk.sync(step.path, before)
            for process, place in self._syncing.items():
                # Of another sync that has begun and not ended: what came after it began takes nothing from it.
                self._syncing[process] = place - sum(one < place for one in gone)

    def _change(self, step: Step) -> None:
        disk, path = self.disk, step.path
        if step.call == "openat":
            disk.open(path, creating="O_CREAT" in step.rest, emptying="O_TRUNC" in step.rest)
        elif step.call in {"write", "pwrite64"}:
            disk.write(path, _offset(step), _bytes(step.rest))
        elif step.call == "ftruncate":
            disk.resize(path, int(re.findall(r"\d+", step.rest)[0]))
        elif step.call == "rename":
            disk.rename(path, _texts(step.rest)[1])
        else:
            disk.unlink(path)


def _step(line: str, open_calls: dict[str, Step]) -> Step | None:
    match = _LINE.match(line)
    if match is None:
        return None
    process, said = match[1], match[2]
    resumed = _RESUMED.match(said)
    if resumed:
        begun = open_calls.pop(process, None)
        return None if begun is None else Step(process, begun.call, begun.path, begun.rest, begins=False)
    call = _CALL.match(said)
    if call is None:
        return None
    step = _named(process, call[1], call[2])
    if step is None or (_UNFINISHED not in said and _failed(said)):
        return None
    if _UNFINISHED in said:
        open_calls[process] = step
        return Step(process, step.call, step.path, step.rest, ends=False)
    return step


def _named(process: str, call: str, rest: str) -> Step | None:
    """The call with the file or the connection that it is about."""
    if call in {"rename", "unlink", "openat", "unlinkat", "renameat", "renameat2"}:
        paths = _texts(rest)
        return Step(process, call, paths[0], rest) if paths else None
    on = _ON_FILE.match(rest)
    if on is None:
        return None
    return Step(process, call, _unescaped(on[2]), on[3])


def _failed(said: str) -> bool:
    results = _RESULT.findall(said)
    return bool(results) and int(results[-1]) < 0


def _offset(step: Step) -> int | None:
    if step.call == "write":
        return None  # All such files are written from their beginning or at their end.
    place = step.rest.rpartition('"')[2]
    return int(re.findall(r"\d+", place)[1])


def _bytes(rest: str) -> bytes:
    start = rest.index('"') + 1
    end = rest.index('"', start)
    assert not rest.startswith("...", end + 1), "strace cut the bytes short"
    return bytes.fromhex(rest[start:end].replace("\\x", ""))


def _text(rest: str) -> str:
    return _bytes(rest).decode(errors="replace") if '"' in rest else ""


def _texts(rest: str) -> list[str]:
    return [_unescaped(found) for found in _QUOTED.findall(rest)]


def _unescaped(text: str) -> str:
    return bytes.fromhex(text.replace("\\x", "")).decode() if text.startswith("\\x") else text


def points(happened: list[Step], first: int, count: int) -> Iterator[int]:
    """So many moments, evenly over what happened after the first."""
    width = (len(happened) - first) / count
    for number in range(count):
        yield min(len(happened) - 1, first + int(number * width))
