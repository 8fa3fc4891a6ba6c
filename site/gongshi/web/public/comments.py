"""Comments: a consultation's, page by page, and one alone. What is not shown is there as a line without its text."""

import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from gongshi.comments import contests, erasing, personal, queries, shown_families, stubs, tallies
from gongshi.comments.models import Comment, CommentKind, CommentState
from gongshi.comments.queries import Wanted
from gongshi.consultations import queries as consultations
from gongshi.consultations.models import Consultation
from gongshi.notices.openness import standing
from gongshi.objections import queries as objections
from gongshi.projects import queries as projects
from gongshi.sealing import CannotOpen, KeyRing
from gongshi.web.db import session
from gongshi.web.keys import personal_folder
from gongshi.web.languages import link
from gongshi.web.moment import now
from gongshi.web.places import cursor
from gongshi.web.settings import settings

log = logging.getLogger(__name__)

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
    leaf = _leaf(consultation, wanted)
    return render_template(
        "public/comments/index.html",
        consultation=consultation,
        projects=projects.of_list(session(), consultation),
        wanted=wanted,
        kinds=CommentKind,
        states=CommentState,
        leaf=leaf,
        families=shown_families.of(session(), leaf.comments),
        is_grouped=_is_grouped(wanted),
        can_group=wanted == Wanted(state=CommentState.PUBLISHED),
        tally=tallies.of(session(), consultation),
        standing=standing(session(), consultation, at=now()),
        example=consultation.is_example,
    )


@bp.get("/comments/<comment>/")
def show(comment: str) -> ResponseReturnValue:
    found = queries.numbered(session(), comment)
    erased = erasing.of(session(), found)
    return render_template(
        "public/comments/show.html",
        consultation=found.consultation,
        comment=found,
        is_shown=found.state is CommentState.PUBLISHED,
        replaced=queries.replacements(session(), found),
        earlier=queries.earlier_texts(session(), found) if _shows_earlier(found) else [],
        objections=objections.of_comment(session(), found),
        answer=objections.answer_to(session(), found),
        appeals=contests.appeals_of(session(), found.withholding) if found.withholding else [],
        is_name_shown=contests.is_name_shown(session(), found),
        disputed=contests.disputed(session(), found),
        name=_name(found),
        erasures=erased,
        commitments=erasing.commitments(session(), found) if erased else {},
        family=shown_families.of(session(), [found]).get(found.id),
        stubs=stubs.of_comment(session(), found),
        example=found.consultation.is_example,
    )


def _name(comment: Comment) -> str | None:
    """What the sender called themselves, if they agreed that it is shown."""
    try:
        return personal.public_name(session(), comment, KeyRing(personal_folder(settings())))
    except CannotOpen:
        log.error("the name beside comment %s cannot be opened: its key is missing", comment.number)
        return None


def _shows_earlier(comment: Comment) -> bool:
    """Whether what was read before may still be: not where the comment went, nor where part of it had to be covered."""
    return comment.state in {CommentState.PENDING, CommentState.PUBLISHED} and comment.redacted_at is None


def _wanted(consultation: Consultation) -> Wanted:
    state = request.args.get("state", CommentState.PUBLISHED.value)
    return Wanted(
        state=None if state == EVERY_STATE else _member(CommentState, state) or CommentState.PUBLISHED,
        project=projects.numbered(session(), consultation, cursor("project") or 0),
        paragraph_key=request.args.get("paragraph") or None,
        kind=_member(CommentKind, request.args.get("kind", "")),
    )


def _is_grouped(wanted: Wanted) -> bool:
    """One for all of a family: where everything published is asked for, so that none stands for what was not."""
    return wanted == Wanted(state=CommentState.PUBLISHED) and not request.args.get("each")


def _member(kind: type[Member], value: str) -> Member | None:
    return next((one for one in kind if one.value == value), None)


def _leaf(consultation: Consultation, wanted: Wanted) -> Leaf:
    after, before = cursor("after") or 0, cursor("before")
    if _is_grouped(wanted):
        found = shown_families.representatives(session(), consultation, after=after, before=before, limit=PER_PAGE + 1)
    else:
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
        each="1" if request.args.get("each") else None,
        **place,
    )
