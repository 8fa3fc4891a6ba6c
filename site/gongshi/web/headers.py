"""What every answer carries: the browser's orders of silence, and how long a page may be kept.

A public page depends on its address and the database alone. Its ETag is made of what it depends on (the ledger's size,
the minute, the language, path and query, this code) and never of its body, so that a reader who already has the page
costs one counter read.
"""

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, g, request
from werkzeug.datastructures import ETags

from gongshi.ledger import queries as ledger
from gongshi.web import assets
from gongshi.web.db import session
from gongshi.web.moment import now
from gongshi.web.recently import recently
from gongshi.web.settings import settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}
TRANSPORT = "max-age=31536000; includeSubDomains"
SOURCE = Path(__file__).resolve().parent.parent


def init_app(app: Flask) -> None:
    """Put the headers on every answer of the application, errors included."""
    app.after_request(_finish)


def cache_public_pages(bp: Blueprint) -> None:
    """Answer 304 on this blueprint where the reader has the page already, and give its pages an ETag."""
    bp.before_request(_not_modified)
    bp.after_request(_keep)


def not_kept(response: Response) -> Response:
    """For a page that is someone's own (a form, a receipt): nothing on the way may keep it."""
    response.headers["Cache-Control"] = "no-store"
    return response


def come_again(response: Response, seconds: int) -> Response:
    """For a page that refuses something now: the same may succeed after so many seconds."""
    response.headers["Retry-After"] = str(seconds)
    return response


def _not_modified() -> Response | None:
    if request.method not in {"GET", "HEAD"}:
        return None
    wanted: ETags = request.if_none_match
    # Weakly, as RFC 9110 13.1.2 asks: a front server that compresses marks our ETag as weak.
    if wanted and wanted.contains_weak(_edition()):
        answer = Response(status=304)
        answer.set_etag(_edition())
        return answer
    return recently().again()


def _keep(response: Response) -> Response:
    kept = request.method in {"GET", "HEAD"} and response.status_code in {200, 304}
    if not kept or "Cache-Control" in response.headers:
        return response
    response.set_etag(_edition())
    # A shared cache lets go at the end of the minute, because a round may close there.
    left = 60 - now().second
    response.headers["Cache-Control"] = f"public, max-age=0, s-maxage={left}, stale-while-revalidate=30"
    recently().remember(response)
    return response


def _edition() -> str:
    """What this page depends on. Read before the page is built, so that it is never newer than the page."""
    if "edition" not in g:
        parts = (
            str(ledger.size(session())),
            now().strftime("%Y%m%d%H%M"),
            request.path,
            request.query_string.decode("latin-1"),
            code_version(settings().CONTENT_DIR),
        )
        g.edition = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
    edition = g.edition
    assert isinstance(edition, str)
    return edition


def _finish(response: Response) -> Response:
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = TRANSPORT
    if request.endpoint == "static":
        return assets.keep(response)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


@cache
def code_version(content: Path) -> str:
    """A hash of the program's files and the fixed pages: another release, another edition of every page."""
    digest = hashlib.sha256()
    for folder in (SOURCE, content / "pages"):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".html", ".css", ".js", ".svg", ".po", ".md"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
