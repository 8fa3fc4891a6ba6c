"""Pages that were shown a moment ago, shown again while submissions crowd in.

A shared cache in front of the site may keep a public page to the end of the minute. Where there is none, this one keeps
it for two seconds, and only while a crowd is at the turnstile: so readers cost next to nothing just when every turn of
the processor is wanted by those who comment.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from flask import Flask, Response, current_app, request

from gongshi.web.moment import now
from gongshi.web.turnstile import turnstile

SECONDS = 2.0
MOST = 128


@dataclass(frozen=True)
class _Shown:
    body: bytes
    headers: list[tuple[str, str]]
    until: float
    minute: int  # A round may open or close where a minute begins.


class Recently:
    """What one process has just shown."""

    def __init__(self) -> None:
        self._shown: OrderedDict[str, _Shown] = OrderedDict()
        self._guard = threading.Lock()

    def again(self) -> Response | None:
        """The page of this request as it was shown a moment ago, while there is a crowd."""
        if request.method != "GET" or not turnstile().is_crowded:
            return None
        with self._guard:
            found = self._shown.get(request.url)
        if found is None or found.until < time.monotonic() or found.minute != now().minute:
            return None
        return Response(found.body, headers=found.headers)

    def remember(self, response: Response) -> None:
        """Keep a page that anybody may read, while there is a crowd."""
        if request.method != "GET" or response.status_code != 200 or not turnstile().is_crowded:
            return
        page = _Shown(response.get_data(), list(response.headers), time.monotonic() + SECONDS, now().minute)
        with self._guard:
            self._shown[request.url] = page
            self._shown.move_to_end(request.url)
            while len(self._shown) > MOST:
                self._shown.popitem(last=False)


def init_app(app: Flask) -> None:
    """Give the application its short memory."""
    app.extensions["gongshi.recently"] = Recently()


def recently() -> Recently:
    """The short memory of the application that serves this request."""
    found = current_app.extensions["gongshi.recently"]
    assert isinstance(found, Recently)
    return found
