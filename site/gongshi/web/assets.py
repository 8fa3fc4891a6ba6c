"""Static files under addresses that change with their contents, so that browsers may keep them for ever."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, request, url_for

FOLDER = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
AN_HOUR = "public, max-age=3600"


def init_app(app: Flask) -> None:
    """Give templates `asset("gazette.css")`."""
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """The address of a static file, with a piece of the hash of what is in it."""
    return url_for("static", filename=name, v=_digest(name, (FOLDER / name).stat().st_mtime_ns))


def keep(response: Response) -> Response:
    """Let a browser keep a static file: for ever under the address that `asset` gave, else for an hour."""
    name = (request.view_args or {}).get("filename", "")
    path = FOLDER / name
    current = path.is_file() and request.args.get("v") == _digest(name, path.stat().st_mtime_ns)
    response.headers["Cache-Control"] = FOR_EVER if current else AN_HOUR
    return response


@cache
def _digest(name: str, _modified: int) -> str:
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]
