"""People who come at a set rate, whether or not those before them were answered: an open load, as a flood is.

Each post has a connection, a key, a text and a network of its own. What came back is kept in short: status, how long it
took, and whether a page that refuses still holds the text and says when to come again.
"""

import re
import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from itertools import count
from urllib.parse import urlencode

from floods.people import FORM, FORM_TYPE, Letter

GIVE_UP = 30.0
LOOK_SECONDS = 0.5
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

    posts: list[tuple[Letter, Outcome]]
    reads: list[tuple[str, Outcome]]
    seconds: float


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


class _Talk:
    """One connection: a request that is sent when it is due, and the answer until the server hangs up."""

    def __init__(self, due: float, request: bytes) -> None:
        self.due = due
        self.request = request
        self.answer = bytearray()
        self.began = self.seconds = 0.0

    def begin(self, port: int, waiting: selectors.BaseSelector) -> None:
        self.began = time.perf_counter()
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.connect_ex(("127.0.0.1", port))
        waiting.register(self.socket, selectors.EVENT_WRITE, self)

    def go_on(self, waiting: selectors.BaseSelector) -> bool:
        """Send or read what can be sent or read now; whether that was the end of it."""
        try:
            if self.request:
                self.request = self.request[self.socket.send(self.request) :]
                if not self.request:
                    waiting.modify(self.socket, selectors.EVENT_READ, self)
                return False
            part = self.socket.recv(1 << 16)
        except OSError:
            part = b""
            self.answer.clear()
        self.answer += part
        return not part

    def end(self, waiting: selectors.BaseSelector) -> None:
        self.seconds = time.perf_counter() - self.began
        waiting.unregister(self.socket)
        self.socket.close()


def _hold(port: int, talks: Sequence[_Talk]) -> float:
    """Hold all talks, each begun when it is due; returns how many seconds it took until the last had ended."""
    began, next_one, looked_at = time.perf_counter(), 0, 0.0
    running: set[_Talk] = set()
    with selectors.DefaultSelector() as waiting:
        while next_one < len(talks) or running:
            present = time.perf_counter() - began
            while next_one < len(talks) and talks[next_one].due <= present:
                talks[next_one].begin(port, waiting)
                running.add(talks[next_one])
                next_one += 1
            until_next = talks[next_one].due - present if next_one < len(talks) else LOOK_SECONDS
            ended = {key.data for key, _ in waiting.select(min(until_next, LOOK_SECONDS)) if key.data.go_on(waiting)}
            if present > looked_at + LOOK_SECONDS:
                looked_at = present
                ended |= _given_up(running - ended)
            for talk in ended:
                talk.end(waiting)
            running -= ended
    return time.perf_counter() - began


def offer(
    port: int, letters: Sequence[Letter], *, posts_per_second: float, pages: Sequence[str], reads_per_second: float
) -> Offered:
    """Send these letters at this rate while readers read these pages at theirs; returns when all are answered."""
    lasting = len(letters) / posts_per_second
    asked = [pages[place % len(pages)] for place in range(int(lasting * reads_per_second))]
    posts = [_Talk(place / posts_per_second, _post(letter, place)) for place, letter in enumerate(letters)]
    reads = [_Talk(place / reads_per_second, _get(path)) for place, path in enumerate(asked)]
    seconds = _hold(port, sorted([*posts, *reads], key=lambda talk: talk.due))
    # What came back is read only now: whoever looks on must not hold up what is looked at.
    return Offered(
        [(letter, _outcome(talk, letter)) for letter, talk in zip(letters, posts, strict=True)],
        [(path, _outcome(talk, None)) for path, talk in zip(asked, reads, strict=True)],
        seconds,
    )


def _given_up(running: set[_Talk]) -> set[_Talk]:
    late = {talk for talk in running if time.perf_counter() - talk.began > GIVE_UP}
    for talk in late:
        talk.answer.clear()
    return late


def _outcome(talk: _Talk, letter: Letter | None) -> Outcome:
    seconds = talk.seconds
    head, _, body = bytes(talk.answer).partition(b"\r\n\r\n")
    parts = head.split(b" ", 2)
    if len(parts) < 2 or not parts[1].isdigit():
        return Outcome(0, seconds)
    status, again = int(parts[1]), _RETRY_AFTER.search(head)
    number = _NUMBER.search(body) if status in {201, 202} else None
    keeps = status >= 400 and letter is not None and letter.text in unescape(body.decode())
    return Outcome(status, seconds, int(again[1]) if again else None, keeps, number[1].decode() if number else None)
