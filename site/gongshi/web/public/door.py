"""In front of the application: who comments in a crowd passes the turnstile, or is answered here, at hardly any cost.

The first of a kind who finds no room is answered by the application, with everything that it checks and all its
headers. The page around what was typed is kept: those who come after get it with their own words in its places.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.wsgi import get_path_info

from gongshi.comments.refusals import Reason
from gongshi.web import access_log, limits, refused
from gongshi.web.public import crowded
from gongshi.web.public.comment_form import FORM_TYPE, LARGEST_BODY
from gongshi.web.turnstile import Full, turnstile

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ENDPOINTS = {"public.comments.form", "en.comments.form"}
PAGES_KEPT = 512
# An address that is longer than any of ours is not worth keeping.
LONGEST_KEPT = 1_000
MOST_FIELDS = 40
# Whatever of a request the application may look at before it lets a form through, or put into the page.
LOOKED_AT = (
    "wsgi.url_scheme", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE",
)  # fmt: skip

Key = tuple[str, ...]


@dataclass(frozen=True)
class Kept:
    """A page with places in it, and what goes with it."""

    parts: list[str]
    status: str
    headers: list[tuple[str, str]]
    line: dict[str, object]


class Door:
    """A WSGI application around another, the site's own."""

    def __init__(self, app: Flask, inside: "WSGIApplication") -> None:
        self._app = app
        self._inside = inside
        self._pages: OrderedDict[Key, Kept] = OrderedDict()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        number = self._number(environ)
        if number is None:
            return self._inside(environ, start_response)
        with self._app.app_context():
            way_in = turnstile()
        try:
            with way_in.pass_through():
                return self._inside(environ, start_response)
        except Full as full:
            return self._turn_away(number, full, environ, start_response)

    def _number(self, environ: "WSGIEnvironment") -> str | None:
        """The number of the list, if this is a post to its comment form."""
        if environ["REQUEST_METHOD"] != "POST":
            return None
        try:
            endpoint, values = self._app.url_map.bind("").match(get_path_info(environ), "POST")
        except HTTPException:
            return None
        return str(values["number"]) if endpoint in ENDPOINTS else None

    def _turn_away(
        self, number: str, full: Full, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        began = time.perf_counter()
        with self._app.app_context():
            limits.limits().note_busy()
            refused.counter().count_in(number, Reason.BUSY)
        fields = _plain_fields(environ)
        key = _key(environ, full, fields) if fields is not None else None
        page = self._pages.get(key) if key is not None else None
        if fields is None or page is None:
            environ[crowded.FULL] = full
            return self._inside(environ, start_response) if key is None else self._keep(key, environ, start_response)
        body = crowded.filled(page.parts, fields, full).encode()
        start_response(page.status, [*page.headers, ("Content-Length", str(len(body)))])
        taken = round((time.perf_counter() - began) * 1000, 1)
        line = {**page.line, "ms": taken, "bytes": len(body)}
        access_log.of(self._app).write(line, environ.get("REMOTE_ADDR"), time.time())
        return [body]

    def _keep(self, key: Key, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Let the application answer, and keep the page that it made if that is the one for a crowd."""
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Callable[[bytes], object]:
            begun.append((status, headers))
            return start_response(status, headers, *more)

        answer = self._inside(environ, start)
        parts = environ.get(crowded.PARTS)
        if parts is not None:
            status, headers = begun[-1]
            headers = [header for header in headers if header[0] != "Content-Length"]
            self._pages[key] = Kept(parts, status, headers, environ[access_log.LINE])
            while len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)
        return answer


def init_app(app: Flask) -> None:
    """Put the door in front of the application. Called before whatever tells it who asks."""
    app.wsgi_app = Door(app, app.wsgi_app)  # type: ignore[method-assign]  # Flask's documented way to wrap.


def _plain_fields(environ: "WSGIEnvironment") -> list[tuple[str, str]] | None:
    """What was posted, where nothing about it is out of the ordinary. The body can be read again."""
    length = environ.get("CONTENT_LENGTH", "")
    if environ.get("CONTENT_TYPE", "").lower() != FORM_TYPE or not length.isdigit() or int(length) > LARGEST_BODY:
        return None
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(body)
    try:
        fields = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        return None
    names = [name for name, _ in fields]
    is_plain = len(names) == len(set(names)) and not dict(fields).get("gathered")
    return fields if is_plain else None


def _key(environ: "WSGIEnvironment", full: Full, fields: crowded.Fields) -> Key | None:
    """What pages that differ in nothing but their places have in common."""
    step = next((text for name, text in fields if name == "step"), "send")
    names = [name for name, _ in crowded.shown(fields)]
    key = (*(environ.get(name, "") for name in LOOKED_AT), str(full.retry_after), step, *names)
    return key if sum(map(len, key)) <= LONGEST_KEPT else None
