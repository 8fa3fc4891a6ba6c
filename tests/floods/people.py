"""People who send comments to real servers, many at a time, and remember what they were told."""

import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from html import unescape
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

FORM = "/consultations/2026-SL-01/comment"
FORM_TYPE = "application/x-www-form-urlencoded"
ANSWER_SECONDS = 30
AT_ONCE = 32
_NUMBER = re.compile(r'<code id="receipt-number">([^<]+)</code>')
_SECRET = re.compile(r'<code id="receipt-secret">([^<]+)</code>')


@dataclass(frozen=True)
class Letter:
    """What one person sends. Sending it again is a retry: the key stays."""

    key: str
    text: str


@dataclass(frozen=True)
class Answer:
    """What came back. Status 0: the connection broke, so nobody can say whether it was received."""

    letter: Letter
    status: int
    body: str = ""
    retry_after: str | None = None

    @property
    def receipt(self) -> tuple[str, str] | None:
        """Number and secret, if the page shows both."""
        number, secret = _NUMBER.search(self.body), _SECRET.search(self.body)
        return (number[1], secret[1]) if number and secret else None

    @property
    def shows_the_text(self) -> bool:
        return self.letter.text in unescape(self.body)


def letters(count: int) -> list[Letter]:
    """Letters of different people: every one has its own key and its own words."""
    keys = [secrets.token_urlsafe(24) for _ in range(count)]
    return [Letter(key, f"第 {place} 封意见：<b>每月</b>复核 & 公布。\n{key}") for place, key in enumerate(keys, 1)]


def send(letter: Letter, port: int) -> Answer:
    """Send one letter and read the answer to its end."""
    body = urlencode({"submission_key": letter.key, "kind": "oppose", "text": letter.text})
    return replace(_post(port, FORM, body), letter=letter)


def send_all(
    sending: Sequence[Letter], ports: Sequence[int], on_answer: Callable[[Answer], None] = lambda _: None
) -> list[Answer]:
    """Send all at once, spread over the servers; `on_answer` is told of each as it comes."""

    def one(place: int) -> Answer:
        answer = send(sending[place], ports[place % len(ports)])
        on_answer(answer)
        return answer

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(len(sending))))


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
