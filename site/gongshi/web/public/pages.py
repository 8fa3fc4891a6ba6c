"""Fixed pages: how to comment, what happens then, privacy. Their words are Markdown files in content/pages."""

import re
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from gongshi.loading.files import read_front_matter
from gongshi.web import markdown
from gongshi.web.languages import ENGLISH, language
from gongshi.web.settings import settings

bp = Blueprint("pages", __name__)

SUFFIXES = {True: ".en.md", False: ".zh.md"}


@bp.get("/pages/<slug>/")
def show(slug: str) -> ResponseReturnValue:
    path = settings().CONTENT_DIR / "pages" / f"{slug}{SUFFIXES[language() == ENGLISH]}"
    if not re.fullmatch(r"[a-z][a-z-]*", slug) or not path.is_file():
        abort(404)
    title, body = _read(path, path.stat().st_mtime_ns)
    return render_template("public/pages/show.html", title=title, body=body)


@lru_cache(maxsize=64)
def _read(path: Path, _modified: int) -> tuple[str, Markup]:
    front, body, _line = read_front_matter(path)
    return front.text("title"), markdown.render(body)
