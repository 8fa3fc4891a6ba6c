"""意见: one screen to work through the comments, and what is done with the one in hand; then the next comes up."""

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Blueprint, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from gongshi.accounts.models import Role
from gongshi.comments import actions, triage
from gongshi.comments import desk as working
from gongshi.comments.models import Comment, CommentState, WithholdingReason
from gongshi.comments.triage_models import FlagReason, Queue
from gongshi.consultations import queries as consultations
from gongshi.consultations.models import Consultation
from gongshi.db import writing
from gongshi.drafts import actions as drafts
from gongshi.drafts.moderation import Withheld
from gongshi.errors import RuleBroken
from gongshi.objections import actions as objections
from gongshi.objections import placing
from gongshi.objections.models import Objection
from gongshi.projects import queries as projects
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.moment import now
from gongshi.web.workbench import access, looking
from gongshi.web.workbench.access import me
from gongshi.web.workbench.places import comment_of, consultation_of
from gongshi.web.workbench.sieve import EVERY, Sieve, sieve_in, sieve_of

bp = Blueprint("triage", __name__)
access.allow(
    bp,
    reading=access.EVERYONE,
    writing={Role.ANALYST},
    endpoints=dict.fromkeys(("flag", "clear", "note", "keep_filter", "forget_filter"), access.EVERYONE),
)

# Done with the comments in hand, one after another; returns what to say.
Act = Callable[[list[Comment], datetime], object]


@bp.get("/comments/")
def index() -> ResponseReturnValue:
    mine = [one for one in consultations.every_of_bureau(session(), me().bureau) if one.published_at is not None]
    return render_template(
        "workbench/triage/index.html",
        lists=[(one, triage.queues(session(), one), triage.flagged(session(), one)) for one in mine],
        queues=[one for one in Queue if one is not Queue.DONE],
        at=now(),
    )


@bp.get("/consultations/<number>/triage/")
def show(number: str) -> ResponseReturnValue:
    consultation = consultation_of(number)
    wanted, standing = request.args.get("comment", ""), triage.queues(session(), consultation)
    sieve = sieve_of(consultation, {"queue": EVERY if wanted else _first_queue(standing), **request.args.to_dict()})
    comment = comment_of(wanted) if wanted else None
    if comment is not None and comment.consultation_id != consultation.id:
        raise NoResultFound
    return looking.page(consultation, sieve, comment, standing=standing)


@bp.post("/comments/<comment>/publish")
def publish(comment: str) -> ResponseReturnValue:
    return _do(comment, lambda found, at: _published(found, at))


@bp.post("/comments/<comment>/place")
def place(comment: str) -> ResponseReturnValue:
    """Publish what is not published yet, and put it under an objection that exists."""
    consultation = comment_of(comment).consultation
    typed = request.form.get("objection", "") or request.form.get("other", "")

    def done(found: list[Comment], at: datetime) -> object:
        objection = objection_named(consultation, typed)
        _published(found, at)
        objections.place(session(), objection, found, by=me(), at=at)
        return _("%(comments)s placed under %(objection)s.", comments=_named(found), objection=objection.number)

    return _do(comment, done, field="other")


@bp.post("/comments/<comment>/word")
def word(comment: str) -> ResponseReturnValue:
    """Publish what is not published yet, and word a new objection that it raises."""
    consultation = comment_of(comment).consultation
    places = {int(one) for one in request.form.getlist("projects") if one.isascii() and one.isdigit()}

    def done(found: list[Comment], at: datetime) -> object:
        _published(found, at)
        objection = objections.word(
            session(),
            consultation,
            title=request.form.get("title", "").strip(),
            text=request.form.get("text", "").strip(),
            comments=found,
            projects=[one for one in projects.for_choosing(session(), consultation) if one.number in places],
            by=me(),
            at=at,
        )
        return _("%(objection)s worded, with %(comments)s.", comments=_named(found), objection=objection.number)

    return _do(comment, done, field="title")


@bp.post("/comments/<comment>/set-aside")
def set_aside(comment: str) -> ResponseReturnValue:
    """Publish what is not published yet, and keep it for an answer to several."""

    def done(found: list[Comment], at: datetime) -> object:
        _published(found, at)
        for one in found:
            working.set_aside(session(), one, by=me())
        return _("%(comments)s: to be answered together with others.", comments=_named(found))

    return _do(comment, done)


@bp.post("/comments/<comment>/take-back")
def take_back(comment: str) -> ResponseReturnValue:
    def done(found: list[Comment], _at: datetime) -> object:
        for one in found:
            working.take_back(session(), one, by=me())
        return _("%(comments)s: to be placed.", comments=_named(found))

    return _do(comment, done, stay=True)


@bp.post("/comments/<comment>/withhold")
def withhold(comment: str) -> ResponseReturnValue:
    """Prepare a withholding and submit it: somebody else approves it."""
    consultation = comment_of(comment).consultation
    reason = next((one for one in WithholdingReason if one.value == request.form.get("reason")), None)

    def done(found: list[Comment], at: datetime) -> object:
        if reason is None:
            raise looking.ReasonMissing
        title = _("Withhold %(comments)s", comments=_named(found))
        contents = Withheld([one.number for one in found], reason)
        draft = drafts.prepare(session(), contents, title=title, consultation=consultation, by=me(), at=at)
        drafts.submit(session(), draft, by=me(), at=at)
        return _("%(comments)s: the withholding waits for approval.", comments=_named(found))

    return _do(comment, done, field="withhold")


@bp.post("/comments/<comment>/flag")
def flag(comment: str) -> ResponseReturnValue:
    reason = next((one for one in FlagReason if one.value == request.form.get("reason")), FlagReason.SECOND_LOOK)

    def done(found: list[Comment], at: datetime) -> object:
        for one in found:
            working.flag(session(), one, reason=reason, by=me(), at=at)
        return _("%(comments)s flagged.", comments=_named(found))

    return _do(comment, done, stay=True)


@bp.post("/comments/<comment>/clear")
def clear(comment: str) -> ResponseReturnValue:
    def done(found: list[Comment], at: datetime) -> object:
        for one in found:
            working.clear_flags(session(), one, by=me(), at=at)
        return _("The flag of %(comments)s is cleared.", comments=_named(found))

    return _do(comment, done, stay=True)


@bp.post("/comments/<comment>/note")
def note(comment: str) -> ResponseReturnValue:
    def done(found: list[Comment], at: datetime) -> object:
        working.note(session(), found[0], text=request.form.get("note", ""), by=me(), at=at)
        return _("The note is kept. Only staff can read it.")

    return _do(comment, done, stay=True, field="note", alone=True)


@bp.post("/consultations/<number>/triage/filters")
def keep_filter(number: str) -> ResponseReturnValue:
    sieve = _sieve(consultation_of(number))
    try:
        with writing(session()):
            working.keep_filter(session(), name=request.form.get("name", ""), asked=sieve.args, by=me())
    except RuleBroken as refusal:
        g.refused_code = refusal.code
        return looking.page(consultation_of(number), sieve, None, refusal=wording.say(refusal), field="filter-name")
    flash(_("The filter is kept for you."), "done")
    return redirect(sieve.page(), 303)


@bp.post("/consultations/<number>/triage/filters/forget")
def forget_filter(number: str) -> ResponseReturnValue:
    sieve = _sieve(consultation_of(number))
    with writing(session()):
        working.forget_filter(session(), name=request.form.get("name", ""), by=me())
    return redirect(sieve.page(), 303)


def _do(comment: str, act: Act, *, stay: bool = False, field: str = "", alone: bool = False) -> ResponseReturnValue:
    """Do it with the comment, and with those ticked beside it; then show the next of the same filter."""
    first = comment_of(comment)
    consultation, sieve = first.consultation, _sieve(first.consultation)
    try:
        with writing(session()) as at:
            said = act(_in_hand(comment_of(comment), alone=alone), at)
    except RuleBroken as refusal:
        g.refused_code = refusal.code
        consultation = consultation_of(consultation.number)
        return looking.page(consultation, sieve, comment_of(comment), refusal=wording.say(refusal), field=field)
    flash(str(said), "done")
    if stay:
        return redirect(sieve.page(comment), 303)
    following = triage.following(session(), consultation, sieve.asked, after=first.seq)
    return redirect(sieve.comment(following) if following else sieve.page(), 303)


def _in_hand(first: Comment, *, alone: bool) -> list[Comment]:
    seqs = [] if alone else [int(one) for one in request.form.getlist("with") if one.isascii() and one.isdigit()]
    others = triage.chosen(session(), first.consultation, seqs[: looking.MOST_BESIDES])
    return [first, *(one for one in others if one.id != first.id)]


def _published(found: Sequence[Comment], at: datetime) -> object:
    for one in found:
        if one.state is CommentState.PENDING:
            actions.publish(session(), one, by=me(), at=at)
        elif request.endpoint and request.endpoint.endswith(".publish"):
            raise actions.AlreadySettled(comment=one.number)
    return _("%(comments)s published.", comments=_named(found))


def objection_named(consultation: Consultation, typed: str) -> Objection:
    """An objection of the list by what was typed or chosen: its number, whole or short, words after it or none."""
    said = typed.strip().partition(" ")[0].upper()
    number = said if said.startswith(consultation.number) else f"{consultation.number}-{said}"
    found = placing.standing(session(), consultation, number)
    if found is None:
        raise looking.ObjectionUnknown(typed=typed.strip() or "—")
    return found


def _named(found: Sequence[Comment]) -> str:
    return found[0].number if len(found) == 1 else str(_("%(count)s comments", count=len(found)))


def _sieve(consultation: Consultation) -> Sieve:
    return sieve_in(consultation, request.form.get("sieve", ""))


def _first_queue(standing: dict[Queue, triage.Standing]) -> str:
    waiting = (one for one in (Queue.LOOK, Queue.PLACE, Queue.ANSWER, Queue.WAITING) if standing[one].count)
    return next(waiting, Queue.LOOK).value
