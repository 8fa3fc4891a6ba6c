"""Notices: the dated documents, newest first, and one of them."""

import re

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from gongshi.notices import queries
from gongshi.notices.models import Notice, NoticeKind
from gongshi.web import markdown
from gongshi.web.db import session
from gongshi.web.languages import link
from gongshi.web.references import linked

bp = Blueprint("notices", __name__)
PER_PAGE = 30
# Python-Markdown is slow on long texts and web/markdown.py refuses them; a long notice is rendered part by part.
PART = 12 * 1024
_HEADING = re.compile(r"^(?=#{2,3} )", re.MULTILINE)


@bp.get("/notices/")
def index() -> ResponseReturnValue:
    kind = next((one for one in NoticeKind if one.value == request.args.get("kind")), None)
    after = queries.find(session(), request.args.get("after", ""))
    found = queries.listing(session(), kind=kind, after=after, limit=PER_PAGE + 1)
    shown, wanted = found[:PER_PAGE], kind.value if kind else None
    return render_template(
        "public/notices/index.html",
        notices=shown,
        kind=kind,
        kinds=NoticeKind,
        first=link("notices.index", kind=wanted) if after else None,
        following=link("notices.index", kind=wanted, after=shown[-1].slug) if len(found) > PER_PAGE else None,
    )


@bp.get("/notices/<slug>/")
def show(slug: str) -> ResponseReturnValue:
    notice = queries.by_slug(session(), slug)
    return render_template("public/notices/show.html", notice=notice, body=_body(notice), example=notice.is_example)


def _body(notice: Notice) -> Markup:
    text = linked(notice.body) if notice.kind is NoticeKind.SUMMARY else notice.body
    return Markup("\n").join(markdown.render(part) for part in _parts(text))


def _parts(text: str) -> list[str]:
    parts = [""]
    for section in _HEADING.split(text):
        if parts[-1] and len((parts[-1] + section).encode()) > PART:
            parts.append("")
        parts[-1] += section
    return parts
