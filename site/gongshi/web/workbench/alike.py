"""A family of nearly the same comments, side by side with their differences, and one act for all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from flask import Blueprint, abort, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from gongshi.accounts.models import Role
from gongshi.comments import actions, families, triage
from gongshi.comments import desk as working
from gongshi.comments.family_models import Family
from gongshi.comments.models import Comment, CommentState, WithholdingReason
from gongshi.comments.triage_models import Queue
from gongshi.consultations.models import Consultation
from gongshi.db import writing
from gongshi.drafts import actions as drafts
from gongshi.drafts.moderation import MOST_AT_ONCE, Withheld
from gongshi.errors import RuleBroken
from gongshi.objections import actions as objections
from gongshi.objections import placing, suggestions
from gongshi.revisions.redline import redline
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.languages import desk
from gongshi.web.moment import now
from gongshi.web.workbench import access, looking
from gongshi.web.workbench.access import me
from gongshi.web.workbench.places import comment_of, consultation_of
from gongshi.web.workbench.triage import objection_named

bp = Blueprint("alike", __name__)
access.allow(bp, reading=access.EVERYONE, writing={Role.ANALYST})

SHOWN = 50
# Under one write lock, so that nobody who wants to comment waits longer than a moment.
PORTION = 50
# For one request; what is left is done when the button is pressed again.
SECONDS = 8.0

Act = Callable[[list[Comment], datetime], None]


@dataclass(frozen=True)
class Sought:
    """What is done with the members of a family, and which of them it is for."""

    act: Act
    queues: frozenset[Queue]
    at_once: int = PORTION


@bp.get("/consultations/<number>/triage/alike/<comment>/")
def show(number: str, comment: str) -> ResponseReturnValue:
    return _page(number, comment)


@bp.post("/consultations/<number>/triage/alike/<comment>/")
def act(number: str, comment: str) -> ResponseReturnValue:
    """Do one thing with all members that it is for, some at a time; each gets a record of its own."""
    consultation, family = _family(number, comment)
    family_id, begun, done = family.id, monotonic(), 0
    try:
        sought = _sought(consultation)
        while monotonic() - begun < SECONDS:
            found = _left(session().get_one(Family, family_id), sought)[: sought.at_once]
            if not found:
                break
            with writing(session()) as at:
                sought.act([comment_of(one) for one in found], at)
            done += len(found)
    except RuleBroken as refusal:
        g.refused_code = refusal.code
        return _page(number, comment, refusal=wording.say(refusal))
    left = len(_left(session().get_one(Family, family_id), sought))
    said = _("Done with %(count)s comments.", count=done)
    flash(said + (" " + _("%(count)s are left: press again to go on.", count=left) if left else ""), "done")
    return redirect(desk("alike.show", number=number, comment=comment), 303)


def _page(number: str, comment: str, *, refusal: str = "") -> ResponseReturnValue:
    consultation, family = _family(number, comment)
    after = request.args.get("after", 0, type=int)
    rows = families.members(session(), family, after=after, limit=SHOWN + 1)
    head = family.head
    body = render_template(
        "workbench/alike/show.html",
        consultation=consultation,
        family=family,
        head=head,
        comment=comment,
        members=[(row, redline(head.shown_text, row.comment.shown_text)) for row in rows[:SHOWN]],
        more=rows[SHOWN - 1].seq if len(rows) > SHOWN else None,
        left=triage.family_counts(session(), family),
        queues=Queue,
        reasons=WithholdingReason,
        suggested=suggestions.suggest(session(), _first_open(family), limit=looking.SUGGESTED),
        named=placing.named(session(), consultation),
        typed=request.form,
        refusal=refusal,
        at=now(),
        example=consultation.is_example,
    )
    return body, 422 if refusal else 200


def _family(number: str, comment: str) -> tuple[Consultation, Family]:
    consultation, found = consultation_of(number), comment_of(comment)
    family = families.family_of(session(), found)
    if family is None or found.consultation_id != consultation.id:
        abort(404)
    return consultation, family


def _first_open(family: Family) -> Comment:
    """The first comment that can still be placed: where the head stands already is not suggested for the head."""
    rows = families.members(session(), family, queues=(Queue.LOOK, Queue.PLACE, Queue.ANSWER), limit=1)
    return rows[0].comment if rows else family.head


def _left(family: Family, sought: Sought) -> list[str]:
    return [row.comment.number for row in families.members(session(), family, queues=sought.queues)]


def _sought(consultation: Consultation) -> Sought:
    """What the pressed button asks for. Raises ObjectionUnknown, ReasonMissing."""
    wanted = request.form.get("do", "")
    if wanted == "publish":
        return Sought(_publish, frozenset({Queue.LOOK}))
    if wanted == "set-aside":
        return Sought(_set_aside, frozenset({Queue.LOOK, Queue.PLACE}))
    if wanted == "withhold":
        reason = next((one for one in WithholdingReason if one.value == request.form.get("reason")), None)
        if reason is None:
            raise looking.ReasonMissing
        return Sought(_withhold(consultation.number, reason), frozenset({Queue.LOOK, Queue.PLACE}), MOST_AT_ONCE)
    typed = request.form.get("objection", "") or request.form.get("other", "")
    objection = objection_named(consultation, typed)
    return Sought(_place(objection.number), frozenset({Queue.LOOK, Queue.PLACE, Queue.ANSWER}))


def _publish(found: list[Comment], at: datetime) -> None:
    for one in found:
        if one.state is CommentState.PENDING:
            actions.publish(session(), one, by=me(), at=at)


def _set_aside(found: list[Comment], at: datetime) -> None:
    _publish(found, at)
    for one in found:
        working.set_aside(session(), one, by=me())


def _place(objection: str) -> Act:
    def done(found: list[Comment], at: datetime) -> None:
        _publish(found, at)
        objections.place(session(), objection_named(found[0].consultation, objection), found, by=me(), at=at)

    return done


def _withhold(number: str, reason: WithholdingReason) -> Act:
    def done(found: list[Comment], at: datetime) -> None:
        title = _("Withhold %(comments)s", comments=_("%(count)s comments", count=len(found)))
        contents = Withheld([one.number for one in found], reason)
        draft = drafts.prepare(session(), contents, title=title, consultation=consultation_of(number), by=me(), at=at)
        drafts.submit(session(), draft, by=me(), at=at)

    return done
