"""What is refused before any view sees it: a body without a length, NUL in a path, another site's form."""

from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config

SAFE = {"GET", "HEAD", "OPTIONS"}
# A comment of the greatest allowed length, percent-encoded, several times over.
LARGEST_BODY = 512 * 1024


def init_app(app: Flask, config: Config) -> None:
    """Guard every request of the application. X-Forwarded-* is believed only from as many front servers as we run."""
    if config.TRUSTED_PROXIES:
        front = ProxyFix(app.wsgi_app, x_for=config.TRUSTED_PROXIES, x_proto=config.TRUSTED_PROXIES)
        app.wsgi_app = front  # type: ignore[method-assign]  # Flask's documented way to wrap an application.
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY
    app.config["MAX_FORM_PARTS"] = 200
    app.before_request(_refuse_bodies_without_length)
    app.before_request(_refuse_nul)


def same_origin_only(bp: Blueprint) -> None:
    """Refuse what another site makes a browser send here. Public pages carry no cookie and so no token."""
    bp.before_request(_refuse_other_origins)


def _refuse_bodies_without_length() -> None:
    # Some servers cut a chunked body at the limit and pass it on as whole: a comment must never be shortened unseen.
    if request.method not in SAFE and request.content_length is None:
        abort(411)


def _refuse_nul() -> None:
    # PostgreSQL takes it in no text. No address of ours has it in its path; in a query it is what somebody typed into
    # a search or a filter, and that is no error: it finds nothing.
    if "\x00" in request.path:
        abort(404)
    typed = list(request.args.items(multi=True))
    if any("\x00" in name + text for name, text in typed):
        request.args = ImmutableMultiDict((_without_nul(name), _without_nul(text)) for name, text in typed)


def _without_nul(text: str) -> str:
    return text.replace("\x00", "\ufffd")


def _refuse_other_origins() -> None:
    if request.method in SAFE:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(403)
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)
