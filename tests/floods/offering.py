"""People who come at a set rate, whether or not those before them were answered: an open load, as a flood is.

Each post has a connection, a key, a text and a network of its own. What came back is kept in short: status, how long it
took, and whether a page that refuses still holds the text and says when to come again.
"""

import asyncio
import re
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from itertools import count
from urllib.parse import urlencode

from floods.people import FORM, FORM_TYPE, Letter

GIVE_UP = 30.0
_RETRY_AFTER = re.compile(rb"\r\nRetry-After: *([0-9]+)", re.IGNORECASE)
_NUMBER = re.compile(rb'<code id="receipt-number">([^<]+)</code>')


@dataclass(frozen=True)
class Outcome:
    """What came of one request. Status 0: no whole answer."""

    status: int
    seconds: float
    retry_after: int | None = None
    keeps_the_text: bool = False
    receipt: str | None = None


@dataclass
class Offered:
    """Everything that was offered, and what came of it."""

    posts: list[tuple[Letter, Outcome]] = field(default_factory=list)
    reads: list[tuple[str, Outcome]] = field(default_factory=list)
    seconds: float = 0.0


def offer(
    port: int, letters: Sequence[Letter], *, posts_per_second: float, pages: Sequence[str], reads_per_second: float
) -> Offered:
    """Send these letters at this rate while readers read these pages at theirs; returns when all are answered."""
    # In a thread of its own: whoever calls may have a running loop already, as a browser's driver does.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, _offer(port, letters, posts_per_second, pages, reads_per_second)).result()


async def _offer(
    port: int, letters: Sequence[Letter], posts_per_second: float, pages: Sequence[str], reads_per_second: float
) -> Offered:
    offered, began = Offered(), time.perf_counter()
    lasting = len(letters) / posts_per_second

    async def post(letter: Letter, place: int) -> None:
        answer, seconds = await _ask(port, _post(letter, place))
        offered.posts.append((letter, _outcome(answer, seconds, letter)))

    async def read(path: str) -> None:
        answer, seconds = await _ask(port, _get(path))
        offered.reads.append((path, _outcome(answer, seconds, None)))

    async def at_rate(rate: float, jobs: Sequence[tuple[object, ...]], what: object) -> None:
        running = []
        for place, job in enumerate(jobs):
            wait = began + place / rate - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            running.append(asyncio.create_task(what(*job)))  # type: ignore[operator]  # One of the two above.
        await asyncio.gather(*running)

    reads = [(pages[place % len(pages)],) for place in range(int(lasting * reads_per_second))]
    await asyncio.gather(
        at_rate(posts_per_second, [(letter, place) for place, letter in enumerate(letters)], post),
        at_rate(reads_per_second, reads, read),
    )
    offered.seconds = time.perf_counter() - began
    return offered


def _post(letter: Letter, place: int) -> bytes:
    body = urlencode({"submission_key": letter.key, "kind": "oppose", "text": letter.text}).encode()
    head = (
        f"POST {FORM} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: {FORM_TYPE}\r\n"
        f"X-Forwarded-For: {_network(place)}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _get(path: str) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nX-Forwarded-For: {_reader()}\r\n\r\n".encode()
    )


def _network(place: int) -> str:
    return f"10.{place >> 16 & 255}.{place >> 8 & 255}.{place & 255}"


_readers = count()


def _reader() -> str:
    place = next(_readers)
    return f"172.16.{place >> 8 & 255}.{place & 255}"


class _Answer(asyncio.Protocol):
    """Sends a request as soon as it is connected and gathers the answer until the server hangs up."""

    def __init__(self, request: bytes, done: "asyncio.Future[bytes]") -> None:
        self._request, self._done, self._parts = request, done, bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.write(self._request)  # type: ignore[attr-defined]  # A TCP connection can write.

    def data_received(self, data: bytes) -> None:
        self._parts += data

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_result(b"" if exc else bytes(self._parts))


async def _ask(port: int, request: bytes) -> tuple[bytes, float]:
    loop = asyncio.get_running_loop()
    done: asyncio.Future[bytes] = loop.create_future()
    began = time.perf_counter()
    try:
        await loop.create_connection(lambda: _Answer(request, done), "127.0.0.1", port)
        answer = await asyncio.wait_for(done, GIVE_UP)
    except (OSError, TimeoutError):
        answer = b""
    return answer, time.perf_counter() - began


def _outcome(answer: bytes, seconds: float, letter: Letter | None) -> Outcome:
    head, _, body = answer.partition(b"\r\n\r\n")
    parts = head.split(b" ", 2)
    if len(parts) < 2 or not parts[1].isdigit():
        return Outcome(0, seconds)
    status, again = int(parts[1]), _RETRY_AFTER.search(head)
    number = _NUMBER.search(body) if status in {201, 202} else None
    keeps = status >= 400 and letter is not None and letter.text in unescape(body.decode())
    return Outcome(status, seconds, int(again[1]) if again else None, keeps, number[1].decode() if number else None)
