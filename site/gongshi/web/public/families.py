"""Comments that are nearly the same: the families of a list, one family with how its members differ, and the method."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from gongshi.comments import queries as comments
from gongshi.comments import shown_families, similarity, tallies
from gongshi.comments.family_models import Family
from gongshi.comments.models import Comment, CommentState
from gongshi.consultations import queries as consultations
from gongshi.revisions.redline import Mark, redline
from gongshi.web import csv_files
from gongshi.web.db import session
from gongshi.web.languages import link
from gongshi.web.moment import now
from gongshi.web.places import cursor

bp = Blueprint("families", __name__)
machine = Blueprint("families", __name__)
PER_PAGE = 25
# A redline costs some milliseconds; of texts longer than this the reader is shown where to read both.
LONGEST_COMPARED = 3_000


@dataclass(frozen=True)
class Member:
    """A comment beside the one that stands for its family: how alike they are and what differs, of shown texts."""

    comment: Comment
    likeness: float | None
    differences: tuple[tuple[Mark, str], ...] = ()


@bp.get("/families/")
def method() -> ResponseReturnValue:
    """How families are found, with every number of the method."""
    return render_template(
        "public/families/method.html", parameters=similarity.PARAMETERS, method=similarity, example_text=EXAMPLE
    )


@bp.get("/consultations/<number>/families/")
def index(number: str) -> ResponseReturnValue:
    consultation = consultations.public(session(), number, now())
    size, seq = cursor("size"), cursor("after")
    after = (size, seq) if size is not None and seq is not None else None
    found = shown_families.largest(session(), consultation, after=after, limit=PER_PAGE + 1)
    families, last = found[:PER_PAGE], found[PER_PAGE - 1] if len(found) > PER_PAGE else None
    return render_template(
        "public/families/index.html",
        consultation=consultation,
        families=families,
        shown=shown_families.shown(session(), families),
        sums=shown_families.sums(session(), consultation),
        is_complete=shown_families.is_complete(session(), consultation),
        tally=tallies.of(session(), consultation),
        is_first=after is None,
        following=link("families.index", number=number, size=last.size, after=last.seq) if last else None,
        example=consultation.is_example,
    )


@bp.get("/consultations/<number>/families/<comment>/")
def show(number: str, comment: str) -> ResponseReturnValue:
    """The family of a comment. Any member's number is an address of it, so that old links hold when families join."""
    consultation = consultations.public(session(), number, now())
    asked = comments.numbered(session(), comment)
    family = shown_families.of(session(), [asked]).get(asked.id)
    if family is None or asked.consultation_id != consultation.id:
        abort(404)
    after = cursor("after") or 0
    found = shown_families.members(session(), family, after=after, limit=PER_PAGE + 1)
    stands = shown_families.shown(session(), [family]).get(family.id)
    return render_template(
        "public/families/show.html",
        consultation=consultation,
        family=family,
        asked=asked,
        stands=stands,
        members=[_beside(stands, one) for one in found[:PER_PAGE]],
        following=_following(number, family, found),
        is_first=not after,
        example=consultation.is_example,
    )


@machine.get("/downloads/families-method.json")
def parameters() -> Response:
    """Every number of the method, and the numbers of one text to check an own reading with."""
    numbers = similarity.signature(EXAMPLE).numbers.tolist()
    body = {**similarity.PARAMETERS, "example": {"text": EXAMPLE, "numbers": numbers}}
    return Response(json.dumps(body, ensure_ascii=False, indent=2) + "\n", mimetype="application/json")


@machine.get("/downloads/<number>-families.csv")
def table(number: str) -> Response:
    """Every comment that is in a family: its number and state, the first of its family, the size, the estimate."""
    consultation = consultations.public(session(), number, now())
    rows = shown_families.table(session(), consultation)
    return csv_files.download_in_pieces(_lines(rows), f"{consultation.number}-families.csv")


EXAMPLE = "公开征求意见"


def _beside(stands: Comment | None, one: Comment) -> Member:
    if stands is None or one.state is not CommentState.PUBLISHED or not one.shown_text or not stands.shown_text:
        return Member(one, None)
    likeness = similarity.exact(stands.shown_text, one.shown_text)
    if one.id == stands.id or max(len(stands.shown_text), len(one.shown_text)) > LONGEST_COMPARED:
        return Member(one, likeness)
    return Member(one, likeness, redline(stands.shown_text, one.shown_text))


def _following(number: str, family: Family, found: list[Comment]) -> str | None:
    if len(found) <= PER_PAGE:
        return None
    return link("families.show", number=number, comment=family.head.number, after=found[PER_PAGE - 1].seq)


def _lines(rows: Iterable[shown_families.Row]) -> Iterator[csv_files.Row]:
    yield "comment", "state", "family", "size", "estimate"
    for row in rows:
        estimate = "" if row.estimate is None else f"{row.estimate:.6f}"
        yield row.number, row.state.value, row.head, row.size, estimate
