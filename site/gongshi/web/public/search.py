"""The search page: whatever piece of a name or a sentence someone types, they find it."""

from dataclasses import dataclass, field

from flask import Blueprint, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from gongshi import search
from gongshi.projects import queries as projects
from gongshi.record.sources import SOURCES
from gongshi.search import Document, IndexMissing, Ref, SearchBackend, SearchQuery, Sort, TooBroad
from gongshi.search.highlight import Piece, snippet, whole
from gongshi.search.query import MOST_RESULTS
from gongshi.search.related import words_apart
from gongshi.search.tokens import is_cjk
from gongshi.web import places
from gongshi.web.db import session
from gongshi.web.headers import not_kept
from gongshi.web.languages import link
from gongshi.web.moment import now

bp = Blueprint("search", __name__)
RELATED = 5


@dataclass(frozen=True)
class Hit:
    """Something found, as the page shows it: read again from the database, so that nothing hidden is shown."""

    document: Document
    address: str
    title: list[Piece]
    names: list[list[Piece]]
    body: list[Piece]


@dataclass(frozen=True)
class Found:
    """What a search came to. `trouble` is `missing` or `too-broad` when there is no answer."""

    hits: list[Hit] = field(default_factory=list)
    related: list[Hit] = field(default_factory=list)
    total: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    trouble: str = ""

    @property
    def every(self) -> int:
        return sum(self.counts.values())


@bp.get("/search")
def show() -> ResponseReturnValue:
    query = search.parse(
        _printable(request.args.get("q", "")),
        kinds=[kind for kind in request.args.getlist("kind") if kind in SOURCES],
        sort=request.args.get("sort", Sort.RELEVANCE.value),
        page=places.cursor("page") or 1,
    )
    found = _find(query)
    last = min(found.total, MOST_RESULTS)
    page = render_template(
        "public/search/show.html",
        query=query,
        found=found,
        kinds=SOURCES,
        sorts=Sort,
        address=_address,
        before=_address(query, page=query.page - 1) if query.page > 1 else None,
        following=_address(query, page=query.page + 1) if query.page * query.per_page < last else None,
    )
    # The index follows the record a moment later, so that the record's size does not say how old this answer is.
    return not_kept(make_response(page))


def _printable(text: str) -> str:
    """The same text with a space for each character that no page can show."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _find(query: SearchQuery) -> Found:
    if query.is_empty:
        return Found()
    backend: SearchBackend = current_app.extensions["gongshi.search"]
    try:
        page = backend.search(query)
    except IndexMissing:
        return Found(trouble="missing")
    except TooBroad:
        return Found(trouble="too-broad")
    return Found(
        hits=_read(page.hits, query),
        related=_related(backend, query) if query.page == 1 and page.total < query.per_page else [],
        total=page.total,
        counts=page.counts_by_kind,
    )


def _related(backend: SearchBackend, query: SearchQuery) -> list[Hit]:
    apart = words_apart(query)
    if apart is None or not any(is_cjk(unit) for part in query.parts for unit in part.units):
        return []
    try:
        return _read(backend.search(apart).hits[:RELATED], apart)
    except (IndexMissing, TooBroad):
        return []


def _read(refs: list[Ref], query: SearchQuery) -> list[Hit]:
    documents = (SOURCES[kind].document(session(), id) for kind, id in refs)
    return [_hit(document, query) for document in documents if document is not None]


def _hit(document: Document, query: SearchQuery) -> Hit:
    named = (whole(name, query) for name in document.names)
    body = document.body.replace("#", " ").replace("*", " ") if document.kind == "notice" else document.body
    return Hit(
        document=document,
        address=places.of_hit(document.kind, document.place),
        title=whole(document.title or _title(document), query),
        names=[pieces for pieces in named if any(piece.is_hit for piece in pieces)],
        body=snippet(body, query),
    )


def _title(document: Document) -> str:
    """What to call a document without a title of its own: a paragraph or a comment."""
    place = document.place
    if document.kind == "comment":
        return str(_("Comment %(number)s", number=place["comment"]))
    project = projects.public_project(session(), str(place["consultation"]), int(place["project"]), now())
    return f"{project.name} ¶{str(place['paragraph']).removeprefix('p-')}"


def _address(query: SearchQuery, **changed: object) -> str:
    values = {"q": query.text, "kind": sorted(query.kinds), "sort": query.sort.value, **changed}
    return link("search.show", **values)
