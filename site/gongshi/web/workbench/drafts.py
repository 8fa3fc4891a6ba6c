"""审批: drafts that wait for me, mine, my colleagues'; one draft with everything its approver relies on."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from gongshi.accounts.models import StaffUser
from gongshi.db import writing
from gongshi.drafts import actions, queries
from gongshi.drafts.models import Draft, DraftKind, DraftState
from gongshi.drafts.registry import contents_of
from gongshi.errors import RuleBroken
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.languages import desk
from gongshi.web.moment import now
from gongshi.web.workbench import access, drafting, results, reviews
from gongshi.web.workbench.access import me

bp = Blueprint("drafts", __name__, url_prefix="/drafts")
access.allow(bp, reading=access.EVERYONE, writing=access.EVERYONE)

AT_ONCE = 50
# What is reviewed looks as on the page where it is written.
PUBLISHING, TRIAGE, DECIDING = "workbench-publishing.css", "workbench-triage.css", "workbench-deciding.css"
STYLES = {
    DraftKind.ERASURE: (TRIAGE,),
    **dict.fromkeys((DraftKind.LIST, DraftKind.NOTICE, DraftKind.CORRECTION), (PUBLISHING,)),
    **dict.fromkeys((DraftKind.EXTENSION, DraftKind.SECOND_ROUND, DraftKind.INTERRUPTION), (PUBLISHING,)),
    **dict.fromkeys((DraftKind.LETTER, DraftKind.WITHHOLDING, DraftKind.REDACTION, DraftKind.APPEAL), (TRIAGE,)),
    **dict.fromkeys((DraftKind.JUDGEMENT, DraftKind.DECISION, DraftKind.SUMMARY), (DECIDING, PUBLISHING)),
    **dict.fromkeys((DraftKind.EVENT, DraftKind.SCOPE_CHANGE), (DECIDING, PUBLISHING)),
    DraftKind.ANSWERS: ("workbench-objections.css",),
    DraftKind.REVISION: ("record.css", "workbench-revising.css"),
}


@bp.get("/")
def index() -> ResponseReturnValue:
    person = me()
    before = request.args.get("before", type=int)
    waiting = actions.waiting_for(session(), person)
    mine = {draft.id for draft in waiting}
    in_hand = queries.in_hand(session(), person.bureau_id)
    settled = queries.settled(session(), person.bureau_id, before=before, limit=AT_ONCE + 1)
    return render_template(
        "workbench/drafts/index.html",
        at=now(),
        waiting=waiting,
        submitted=[one for one in queries.waiting(session(), person.bureau_id) if one.id not in mine],
        own=[one for one in in_hand if one.prepared_by_id == person.id],
        others=[one for one in in_hand if one.prepared_by_id != person.id],
        settled=settled[:AT_ONCE],
        more=settled[AT_ONCE - 1].number if len(settled) > AT_ONCE else None,
        approvers={one.id: actions.approvers(session(), one) for one in queries.waiting(session(), person.bureau_id)},
    )


@bp.get("/<int:number>/")
def show(number: int) -> ResponseReturnValue:
    return _page(drafting.visible(number))


@bp.post("/<int:number>/submit")
def submit(number: int) -> ResponseReturnValue:
    drafting.visible(number)
    return drafting.submitted(number)


@bp.post("/<int:number>/approve")
def approve(number: int) -> ResponseReturnValue:
    shown = request.form.get("shown", "")

    def done(draft: Draft, by: StaffUser, at: datetime) -> None:
        actions.approve(session(), draft, shown=shown, by=by, at=at)

    return _do(number, done, _("Approved. It is on the public record."))


@bp.post("/<int:number>/give-back")
def give_back(number: int) -> ResponseReturnValue:
    note = request.form.get("note", "")

    def done(draft: Draft, by: StaffUser, at: datetime) -> None:
        actions.give_back(session(), draft, note=note, by=by, at=at)

    return _do(number, done, _("Given back to whoever prepared it."), note=note)


@bp.post("/<int:number>/recall")
def recall(number: int) -> ResponseReturnValue:
    return _do(number, _plain(actions.recall), _("Recalled. You can change it now."))


@bp.post("/<int:number>/take-over")
def take_over(number: int) -> ResponseReturnValue:
    return _do(number, _plain(actions.take_over), _("The draft is in your hands now."))


@bp.post("/<int:number>/discard")
def discard(number: int) -> ResponseReturnValue:
    return _do(number, _plain(actions.discard), _("Discarded. It stays readable here."))


Act = Callable[[Draft, StaffUser, datetime], None]


def _plain(action: Callable[..., None]) -> Act:
    def done(draft: Draft, by: StaffUser, at: datetime) -> None:
        action(session(), draft, by=by, at=at)

    return done


def _do(number: int, done: Act, words: str, *, note: str = "") -> ResponseReturnValue:
    draft = drafting.visible(number)
    try:
        with writing(session()) as at:
            done(draft, me(), at)
    except RuleBroken as refusal:
        return _page(drafting.visible(number), refusal=wording.say(refusal), note=note, status=409)
    flash(words, "done")
    return redirect(desk("drafts.show", number=number), 303)


def _page(draft: Draft, *, refusal: str = "", note: str = "", status: int = 200) -> ResponseReturnValue:
    contents = contents_of(draft)
    person = me()
    is_submitted = draft.state is DraftState.SUBMITTED
    body = render_template(
        "workbench/drafts/show.html",
        draft=draft,
        contents=contents,
        styles=STYLES[draft.kind],
        example=bool(draft.consultation and draft.consultation.is_example),
        review=f"workbench/drafts/_{draft.kind.value}.html",
        results=[results.linked(one) for one in draft.results],
        edit=reviews.edit_address(draft),
        at=now(),
        refusal=refusal,
        note=note,
        shown=actions.digest(session(), draft, at=now()) if is_submitted else "",
        approvers=actions.approvers(session(), draft) if draft.is_open else [],
        may_approve=is_submitted and actions.may_approve(session(), draft, person),
        may_prepare=draft.is_open and actions.may_prepare(draft, person),
        is_mine=draft.prepared_by_id == person.id,
        **reviews.context_of(draft, contents),
    )
    return body, status
