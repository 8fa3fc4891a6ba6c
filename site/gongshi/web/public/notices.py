"""Notices: the dated documents, newest first, and one of them."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from gongshi.notices import queries
from gongshi.notices.models import Notice, NoticeKind
from gongshi.web import long_markdown
from gongshi.web.attached import sent
from gongshi.web.db import session
from gongshi.web.languages import link
from gongshi.web.moment import now
from gongshi.web.references import linked

bp = Blueprint("notices", __name__)
PER_PAGE = 30


@bp.get("/notices/")
def index() -> ResponseReturnValue:
    kind = next((one for one in NoticeKind if one.value == request.args.get("kind")), None)
    after = queries.find_public(session(), request.args.get("after", ""), now())
    found = queries.listing(session(), at=now(), kind=kind, after=after, limit=PER_PAGE + 1)
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
    notice = queries.by_slug(session(), slug, now())
    return render_template("public/notices/show.html", notice=notice, body=_body(notice), example=notice.is_example)


@bp.get("/notices/<slug>/files/<int:ordinal>")
def file(slug: str, ordinal: int) -> Response:
    return sent(queries.attachment(session(), slug, ordinal, now()))


def _body(notice: Notice) -> Markup:
    text = linked(notice.body) if notice.kind is NoticeKind.SUMMARY else notice.body
    return long_markdown.render(text)
