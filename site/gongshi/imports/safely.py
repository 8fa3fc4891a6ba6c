"""Run a reader of foreign files in a process of its own, with limits that the kernel keeps.

The child is a fresh interpreter, not a fork of the server with its threads, connections and keys: it gets the file on
stdin, no environment to speak of, and answers with JSON on stdout. Whatever a file does to it, the server goes on.

A reader is a module that ends in `if __name__ == "__main__": safely.serve(read)`.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongshi.errors import Busy
from gongshi.imports import refusals
from gongshi.imports.refusals import FileDamaged, FileRefused, ReadingTooLarge, ReadingTooSlow

MEGABYTE = 1024 * 1024
LARGEST_ANSWER = 16 * MEGABYTE
# At most so many readers at once in one server process; who comes then waits a little.
READERS = threading.BoundedSemaphore(2)
WAIT = 20.0

_SOURCE = str(Path(__file__).parents[2])
_MEMORY, _REFUSED = 3, 4


@dataclass(frozen=True)
class Limits:
    """What a child may use: address space in MB, processor seconds, seconds by the clock on the wall."""

    memory: int = 256
    processor: int = 10
    seconds: float = 15.0


USUAL = Limits()


def run(module: str, data: bytes, *, name: str, limits: Limits = USUAL) -> Any:
    """What a reader module makes of a file. Raises what the reader refuses, FileDamaged when it fails,
    ReadingTooSlow, ReadingTooLarge, and Busy when too many files are being read.
    """
    if not READERS.acquire(timeout=WAIT):
        raise Busy
    try:
        return _answer(module, data, name, limits)
    finally:
        READERS.release()


def serve(read: Callable[[bytes, str], Any]) -> None:
    """Be the child: take on the limits before anything else, read the file, answer, end."""
    name, memory, processor = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    _limit(memory, processor)
    try:
        answer = json.dumps({"answer": read(sys.stdin.buffer.read(), name)}, ensure_ascii=False)
        code = 0
    except MemoryError:
        os._exit(_MEMORY)
    except FileRefused as refusal:
        answer, code = json.dumps({"code": refusal.code, "details": refusal.details}, ensure_ascii=False), _REFUSED
    sys.stdout.buffer.write(answer.encode())
    sys.stdout.buffer.flush()
    os._exit(code)


def _answer(module: str, data: bytes, name: str, limits: Limits) -> Any:
    with tempfile.TemporaryFile() as question, tempfile.TemporaryFile() as reply:
        question.write(data)
        question.seek(0)
        command = [sys.executable, "-s", "-P", "-m", module, name, str(limits.memory), str(limits.processor)]
        with subprocess.Popen(  # noqa: S603  Our own interpreter and module; a file's name is never a command.
            command, stdin=question, stdout=reply, stderr=subprocess.DEVNULL, env=_environment(), start_new_session=True
        ) as child:
            try:
                code = child.wait(limits.seconds)
            except subprocess.TimeoutExpired:
                child.kill()
                code = -signal.SIGKILL
        reply.seek(0)
        return _understood(code, reply.read(LARGEST_ANSWER + 1), name, limits)


def _understood(code: int, reply: bytes, name: str, limits: Limits) -> Any:
    if code in {-signal.SIGKILL, -signal.SIGXCPU}:
        raise ReadingTooSlow(name=name, seconds=round(limits.seconds))
    if code == _MEMORY or len(reply) > LARGEST_ANSWER:
        raise ReadingTooLarge(name=name, megabytes=limits.memory)
    if code not in {0, _REFUSED}:
        raise FileDamaged(name=name)
    found = json.loads(reply)
    if code == _REFUSED:
        raise _REFUSALS[found["code"]](**found["details"])
    return found["answer"]


def _limit(memory: int, processor: int) -> None:
    for kind, amount in (
        (resource.RLIMIT_AS, memory * MEGABYTE),
        (resource.RLIMIT_CPU, processor),
        (resource.RLIMIT_FSIZE, LARGEST_ANSWER + MEGABYTE),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (amount, amount))


def _environment() -> dict[str, str]:
    """No keys and no addresses. openpyxl reads with defusedxml, which refuses entities, only where lxml is not used."""
    return {"PYTHONPATH": _SOURCE, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "OPENPYXL_LXML": "False"}


_REFUSALS: dict[str, type[FileRefused]] = {
    one.code: one for one in vars(refusals).values() if isinstance(one, type) and issubclass(one, FileRefused)
}
