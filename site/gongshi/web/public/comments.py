"""Comments: a consultation's, page by page, and one alone. What is not shown is there as a line without its text."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from gongshi.comments import queries, tallies
from gongshi.comments.models import Comment, CommentKind, CommentState
from gongshi.comments.queries import Wanted
from gongshi.consultations import queries as consultations
from gongshi.consultations.models import Consultation
from gongshi.notices.openness import standing
from gongshi.objections import queries as objections
from gongshi.projects import queries as projects
from gongshi.web.db import session
from gongshi.web.languages import link
from gongshi.web.moment import now
from gongshi.web.places import cursor

bp = Blueprint("comments", __name__)
PER_PAGE = 40
EVERY_STATE = "all"

Member = TypeVar("Member", bound=StrEnum)


@dataclass(frozen=True)
class Leaf:
    """One page of a list: what is on it, and the addresses of the pages before and after."""

    comments: list[Comment]
    before: str | None
    following: str | None


@bp.get("/consultations/<number>/comments/")
def index(number: str) -> ResponseReturnValue:
    consultation = consultations.public(session(), number, now())
    wanted = _wanted(consultation)
    return render_template(
        "public/comments/index.html",
        consultation=consultation,
        projects=projects.of_list(session(), consultation),
        wanted=wanted,
        kinds=CommentKind,
        states=CommentState,
        leaf=_leaf(consultation, wanted),
        tally=tallies.of(session(), consultation),
        standing=standing(session(), consultation, at=now()),
        example=consultation.is_example,
    )


@bp.get("/comments/<comment>/")
def show(comment: str) -> ResponseReturnValue:
    found = queries.numbered(session(), comment)
    return render_template(
        "public/comments/show.html",
        consultation=found.consultation,
        comment=found,
        is_shown=found.state is CommentState.PUBLISHED,
        objections=objections.of_comment(session(), found),
        answer=objections.answer_to(session(), found),
        example=found.consultation.is_example,
    )


def _wanted(consultation: Consultation) -> Wanted:
    state = request.args.get("state", CommentState.PUBLISHED.value)
    return Wanted(
        state=None if state == EVERY_STATE else _member(CommentState, state) or CommentState.PUBLISHED,
        project=projects.numbered(session(), consultation, cursor("project") or 0),
        paragraph_key=request.args.get("paragraph") or None,
        kind=_member(CommentKind, request.args.get("kind", "")),
    )


def _member(kind: type[Member], value: str) -> Member | None:
    return next((one for one in kind if one.value == value), None)


def _leaf(consultation: Consultation, wanted: Wanted) -> Leaf:
    after, before = cursor("after") or 0, cursor("before")
    found = queries.listing(session(), consultation, wanted, after=after, before=before, limit=PER_PAGE + 1)
    more = len(found) > PER_PAGE
    if before is None:
        shown = found[:PER_PAGE]
        has_before, has_after = bool(shown) and after > 0, more
    else:
        shown = found[-PER_PAGE:]
        has_before, has_after = more, bool(shown)
    return Leaf(
        comments=shown,
        before=_address(consultation, wanted, before=shown[0].seq) if has_before else None,
        following=_address(consultation, wanted, after=shown[-1].seq) if has_after else None,
    )


def _address(consultation: Consultation, wanted: Wanted, **place: int) -> str:
    return link(
        "comments.index",
        number=consultation.number,
        project=wanted.project.number if wanted.project else None,
        paragraph=wanted.paragraph_key,
        kind=wanted.kind.value if wanted.kind else None,
        state=wanted.state.value if wanted.state else EVERY_STATE,
        **place,
    )
