"""The pages on which comments are written, gathered and checked before they are sent. Nothing of it is stored."""

from typing import Any

from flask import Response, make_response, render_template

from gongshi.comments import checks, personal
from gongshi.comments.models import CommentKind
from gongshi.comments.refusals import Reason
from gongshi.errors import RuleBroken
from gongshi.notices.openness import Openness
from gongshi.projects import queries as projects
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.headers import not_kept
from gongshi.web.moment import now
from gongshi.web.public.sending import NotTaken, lateness
from gongshi.web.public.sitting import Sitting
from gongshi.web.settings import settings

OK = 200


def writing_page(sitting: Sitting, status: int = 200, refusal: NotTaken | None = None) -> Response:
    """The form for one comment, with the others of the sitting named beneath."""
    return _page(
        "public/comments/form.html",
        sitting,
        status,
        refusal,
        place=sitting.place,
        standing=sitting.place.standing,
        form=sitting.current,
        kinds=list(CommentKind),
        faults=list(sitting.current.faults),
        limit=checks.LONGEST_TEXT,
    )


def review_page(sitting: Sitting, status: int = 200, refusal: NotTaken | None = None) -> Response:
    """All comments as they would be received, and who sends them, if they wish to say so."""
    sitting.gathers([one.written for one in sitting.comments])
    closed = [one for one in sitting.comments if not one.place.standing.is_open]
    too_many = checks.TooManyPoints(count=len(sitting.comments) + 1, limit=checks.MOST_POINTS)
    return _page(
        "public/comments/_review.html",
        sitting,
        status,
        refusal,
        place=sitting.place,
        standing=closed[0].place.standing if closed else sitting.place.standing,
        comments=sitting.comments,
        closed=closed,
        person=sitting.person,
        faults=[] if refusal else sitting.faults if status != OK else [],
        full=wording.say(too_many) if len(sitting.comments) >= checks.MOST_POINTS else "",
        limits={"name": personal.LONGEST_NAME, "contact": personal.LONGEST_CONTACT},
        days=settings().PERSONAL_DATA_DAYS,
    )


def choosing_page(sitting: Sitting) -> Response:
    """What the next comment is about: the list, a project of it or, once one is chosen, a paragraph of its plan."""
    place = sitting.place
    sitting.removed, sitting.position = None, None
    return _page(
        "public/comments/_choose.html",
        sitting,
        OK,
        None,
        place=place,
        projects=[] if place.project else projects.for_choosing(session(), place.consultation),
        standing=place.standing,
    )


def too_late(sitting: Sitting) -> NotTaken | None:
    """Why none of this could be sent now, if the period of one of the places is not running."""
    for one in sitting.comments:
        where = one.place.standing
        if not where.is_open:
            reason = Reason.LATE if where.openness is Openness.CLOSED else Reason.NOT_OPEN
            return NotTaken(reason, 409, late_by=lateness(where))
    return None


def _page(template: str, sitting: Sitting, status: int, refusal: NotTaken | None, **shown: Any) -> Response:
    body = render_template(
        template,
        sitting=sitting,
        consultation=sitting.place.consultation,
        example=sitting.place.consultation.is_example,
        at=now(),
        refusal=refusal,
        sentence=_sentence(refusal),
        **shown,
    )
    response = not_kept(make_response(body, status))
    if refusal is not None and refusal.seconds is not None:
        response.headers["Retry-After"] = str(refusal.seconds)
    return response


def _sentence(refusal: NotTaken | None) -> str:
    """How the rule that was broken is worded, where it was a rule of the process."""
    cause = refusal.__cause__ if refusal else None
    return wording.say(cause) if isinstance(cause, RuleBroken) else ""
