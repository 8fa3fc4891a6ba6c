"""People who send comments to real servers, many at a time, and remember what they were told."""

import re
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from html import unescape
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from gongshi.web.public.gathering import Written, packed

FORM = "/consultations/2026-SL-01/comment"
FORM_TYPE = "application/x-www-form-urlencoded"
ANSWER_SECONDS = 30
AT_ONCE = 32
BUSY = 503
PATIENCE_SECONDS = 60.0
Shown = tuple[str, str]
"""A receipt as a page shows it: number and secret."""
_NUMBER = re.compile(r'<code id="receipt-number">([^<]+)</code>')
_SECRET = re.compile(r'<code id="receipt-secret">([^<]+)</code>')


@dataclass(frozen=True)
class Letter:
    """What one person sends. Sending it again is a retry: the key stays."""

    key: str
    text: str
    address: str = FORM
    more: tuple[str, ...] = ()
    """Comments that were gathered before this one and go with it, under one receipt."""

    @property
    def texts(self) -> tuple[str, ...]:
        return *self.more, self.text


@dataclass(frozen=True)
class Answer:
    """What came back. Status 0: the connection broke, so nobody can say whether it was received."""

    letter: Letter
    status: int
    body: str = ""
    retry_after: str | None = None

    @property
    def receipt(self) -> Shown | None:
        """Number and secret, if the page shows both."""
        return receipt_in(self.body)

    @property
    def shows_the_text(self) -> bool:
        page = unescape(self.body)
        return all(text in page for text in self.letter.texts)


def receipt_in(page: str) -> Shown | None:
    """The number and the secret that a page shows, if it shows both."""
    number, secret = _NUMBER.search(page), _SECRET.search(page)
    return (number[1], secret[1]) if number and secret else None


def letters(count: int, address: str = FORM) -> list[Letter]:
    """Letters of different people: every one has its own key and its own words."""
    keys = [secrets.token_urlsafe(24) for _ in range(count)]
    return [
        Letter(key, f"第 {place} 封意见：<b>每月</b>复核 & 公布。\n{key}", address) for place, key in enumerate(keys, 1)
    ]


def with_more(letter: Letter, count: int = 2) -> Letter:
    """The same with so many comments gathered before it."""
    return replace(letter, more=tuple(f"先写的第{place}条：{letter.key}" for place in range(1, count + 1)))


def under_another_key(letter: Letter) -> Letter:
    """What nobody's browser does: the same words once more as if they were new."""
    return replace(letter, key=secrets.token_urlsafe(24))


def send(letter: Letter, port: int) -> Answer:
    """Send one letter and read the answer to its end."""
    fields = {"submission_key": letter.key, "kind": "oppose", "text": letter.text}
    if letter.more:
        fields["gathered"] = packed([Written(kind="ask", text=text) for text in letter.more])
    body = urlencode(fields)
    return replace(_post(port, letter.address, body), letter=letter)


def send_all(
    sending: Sequence[Letter],
    ports: Sequence[int],
    on_answer: Callable[[Answer], None] = lambda _: None,
    *,
    at_once: int = AT_ONCE,
) -> list[Answer]:
    """Send all, so many at once, spread over the servers; `on_answer` is told of each as it comes."""

    def one(place: int) -> Answer:
        answer = send(sending[place], ports[place % len(ports)])
        on_answer(answer)
        return answer

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(one, range(len(sending))))


def send_until_received(
    sending: Sequence[Letter], port: int, *, seconds: float = PATIENCE_SECONDS, at_once: int = AT_ONCE
) -> list[Answer]:
    """Send all, and again who was asked to come again or got no answer. Returns every answer, refusals too."""
    give_up = time.monotonic() + seconds
    answers, waiting = [], list(sending)
    while waiting and time.monotonic() < give_up:
        new = send_all(waiting, [port], at_once=at_once)
        answers += new
        waiting = [answer.letter for answer in new if answer.receipt is None]
        if waiting:
            time.sleep(0.2)
    return answers


def send_until_settled(sending: Sequence[Letter], ports: Sequence[int], *, at_once: int = AT_ONCE) -> list[Answer]:
    """Send all, and whoever was asked to come again for want of room once more; the answers that were none of these."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    settled, waiting = [], list(sending)
    while waiting and time.monotonic() < give_up:
        new = send_all(waiting, ports, at_once=at_once)
        settled += [answer for answer in new if answer.status != BUSY]
        waiting = [answer.letter for answer in new if answer.status == BUSY]
    return settled


def look_up(receipts: Iterable[tuple[str, str]], port: int) -> list[Answer]:
    """Open receipts by number and secret."""
    bodies = [urlencode({"number": number, "secret": secret}) for number, secret in receipts]
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda body: _post(port, "/receipts/", body), bodies))


def _post(port: int, path: str, body: str) -> Answer:
    nobody = Letter("", "")
    connection = HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    try:
        connection.request("POST", path, body, {"Content-Type": FORM_TYPE, "Connection": "close"})
        with connection.getresponse() as response:
            page = response.read().decode()
            return Answer(nobody, response.status, page, response.getheader("Retry-After"))
    except (OSError, HTTPException):
        return Answer(nobody, 0)
    finally:
        connection.close()
