"""The site with one fault planted, named in the environment by PLANTED: what the proofs must notice.

Served like the site itself: `flask --app floods.planted serve`. Nothing here is reachable from the site.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

from flask import Flask, Response
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import event
from sqlalchemy.pool import Pool

from gongshi import clock
from gongshi.web import markdown_text
from gongshi.web.limits import counting
from wsgi import app

AHEAD_SECONDS = 1.0
READ_BEFORE = timedelta(seconds=1)
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def answers_first(site: Flask) -> None:
    """The receipt is shown a second before the comment is stored."""
    site.wsgi_app = _AnswersFirst(site.wsgi_app)  # type: ignore[method-assign]


def does_not_wait_for_the_disk(_site: Flask) -> None:
    """Each commit is left to the operating system."""
    event.listen(Pool, "checkout", _relax)


def reads_the_clock_too_soon(_site: Flask) -> None:
    """Every instant was read a second before it is used, as if before the wait for the lock."""
    present = clock.now
    clock.now = lambda: present() - READ_BEFORE


def counts_in_each_process(site: Flask) -> None:
    """Every process keeps the counters of the limits for itself."""
    limiter, storage = site.extensions["gongshi.limits"]._limiter, MemoryStorage()
    limiter._storage, limiter._limiter = storage, MovingWindowRateLimiter(storage)


def takes_all_networks_for_one(_site: Flask) -> None:
    """Whoever sends is counted as the same network."""
    counting.network = lambda _address: "everybody"


def shows_texts_unescaped(site: Flask) -> None:
    """Texts are printed into the page as they are, and no policy of the page stops what they do."""
    shows_texts_unescaped_under_its_policy(site)
    site.after_request(_without_policy)


def shows_texts_unescaped_under_its_policy(site: Flask) -> None:
    """Texts are printed into the page as they are."""
    site.jinja_env.autoescape = False


def links_anywhere(_site: Flask) -> None:
    """A link in Markdown may lead anywhere, also to a script."""
    clean = markdown_text.nh3.clean
    anywhere = {"url_schemes": {"http", "https", "mailto", "javascript", "vbscript", "data"}}
    markdown_text.nh3 = SimpleNamespace(clean=lambda html, **how: clean(html, **{**how, **anywhere}))  # type: ignore[assignment]


def _without_policy(answer: Response) -> Response:
    # An answer that has one already is given none; and what is registered last comes first.
    answer.headers["Content-Security-Policy"] = ""
    return answer


def _relax(connection: Any, _record: Any, _proxy: Any) -> None:
    cursor = connection.cursor()
    if hasattr(cursor, "setinputsizes"):
        cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


class _AnswersFirst:
    def __init__(self, site: Wsgi) -> None:
        self._site = site

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST" or not environ["PATH_INFO"].endswith("/comment"):
            return self._site(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        threading.Thread(target=self._store, args=(dict(environ), body)).start()
        key = parse_qs(body.decode())["submission_key"][0]
        page = f'<code id="receipt-number">{key}</code><code id="receipt-secret">{key}</code>'.encode()
        start_response("201 CREATED", [("Content-Type", "text/html"), ("Content-Length", str(len(page)))])
        return [page]

    def _store(self, environ: dict[str, Any], body: bytes) -> None:
        time.sleep(AHEAD_SECONDS)
        environ["wsgi.input"] = BytesIO(body)
        for _ in self._site(environ, lambda *_: None):
            pass


PLANTS: dict[str, Callable[[Flask], None]] = {
    plant.__name__: plant
    for plant in (
        answers_first,
        does_not_wait_for_the_disk,
        reads_the_clock_too_soon,
        counts_in_each_process,
        takes_all_networks_for_one,
        shows_texts_unescaped,
        shows_texts_unescaped_under_its_policy,
        links_anywhere,
    )
}
PLANTS[os.environ["PLANTED"]](app)
