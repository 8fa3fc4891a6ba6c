"""Second thoughts by receipt: replace a comment, take it back, withdraw it. Nothing of it stands in an address."""

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Response, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from gongshi.comments import actions, checks, second_thoughts
from gongshi.comments.models import Comment, CommentKind, CommentState, Submission
from gongshi.errors import RuleBroken
from gongshi.objections import queries as objections
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.headers import not_kept
from gongshi.web.moment import now
from gongshi.web.public import opened
from gongshi.web.public.comment_form import CommentForm
from gongshi.web.public.opened import Fault, comment_named, opened_by_receipt
from gongshi.web.public.receipts import bp
from gongshi.web.public.recording import NotNow, record

# Of the button on the page that asks once more; what it says is what is meant to happen.
TAKE_BACK, WITHDRAW = "take-back", "withdraw"
EVERY_COMMENT = "all"


@bp.post("/receipts/replace")
@opened_by_receipt
def replace(submission: Submission) -> ResponseReturnValue:
    """Put other words in a comment's place. What was typed stays in the form whatever refuses it."""
    comment, form = comment_named(submission), CommentForm()
    number = comment.number
    if not form.validate():
        return opened.status_page(submission, faults=_faults_of_form(form, number), status=422)
    try:
        record(lambda at: _replace(comment, form, at))
    except RuleBroken as refusal:
        return opened.status_page(submission, faults=[(f"acts-{number}", wording.say(refusal))], status=409)
    except NotNow as refusal:
        return opened.not_now_page(submission, refusal, f"acts-{number}")
    said = gettext("Comment %(number)s has been replaced. Please save its new proof file.", number=number)
    return opened.status_page(submission, said=said)


def _replace(comment: Comment, form: CommentForm, at: datetime) -> None:
    wish = form.resolution.data or ""
    second_thoughts.replace(
        session(),
        comment,
        kind=CommentKind(form.kind.data or ""),
        text=form.text.data or "",
        resolution=wish if wish.strip() else None,
        at=at,
    )


@bp.post("/receipts/withdraw")
@opened_by_receipt
def withdraw(submission: Submission) -> ResponseReturnValue:
    """Ask once more, saying what stays; then take one comment or all of them back, or withdraw them."""
    chosen, sure = _chosen(submission), request.form.get("sure", "")
    anchor = f"acts-{chosen[0].number}"
    if sure not in {TAKE_BACK, WITHDRAW}:
        return _ask(submission, chosen)
    act = second_thoughts.take_back if sure == TAKE_BACK else actions.withdraw
    try:
        record(lambda at: _each(act, chosen, at))
    except (second_thoughts.TooLateToChange, second_thoughts.ClosedForChange) as refusal:
        return _ask(submission, chosen, wording.say(refusal), 409)
    except RuleBroken as refusal:
        return opened.status_page(submission, faults=[(anchor, wording.say(refusal))], status=409)
    except NotNow as refusal:
        return opened.not_now_page(submission, refusal, anchor)
    numbers = [comment.number for comment in chosen]
    if sure == TAKE_BACK:
        return opened.status_page(submission, said=gettext("Taken back: %(numbers)s.", numbers=_listed(numbers)))
    return opened.status_page(submission, said=gettext("Withdrawn: %(numbers)s.", numbers=_listed(numbers)))


def _each(act: Callable[..., None], comments: Sequence[Comment], at: datetime) -> None:
    # Who presses twice has withdrawn it once.
    for comment in comments:
        if comment.state is not CommentState.WITHDRAWN:
            act(session(), comment, at=at)


def _chosen(submission: Submission) -> list[Comment]:
    """The comment that was named, or every one that can still be withdrawn; those already withdrawn when none can."""
    if request.form.get("comment", "") != EVERY_COMMENT:
        return [comment_named(submission)]
    there = [one for one in submission.comments if one.state in second_thoughts.STILL_THERE]
    chosen = there or [one for one in submission.comments if one.state is CommentState.WITHDRAWN]
    return chosen or abort(404)


def _ask(submission: Submission, chosen: Sequence[Comment], fault: str = "", status: int = 200) -> Response:
    receipt = opened.status_of(submission)
    until = min(comment.changeable_until for comment in chosen)
    body = render_template(
        "public/receipts/_withdraw.html",
        receipt=receipt,
        example=receipt.is_example,
        secret=opened.typed_secret(),
        comments=[one for one in receipt.comments if one.number in {comment.number for comment in chosen}],
        named=request.form.get("comment", ""),
        until=until,
        can_take_back=now() < until and not fault,
        raised=[one for comment in chosen for one in objections.of_comment(session(), comment)],
        fault=fault,
    )
    return not_kept(make_response(body, status))


def _faults_of_form(form: CommentForm, number: str) -> list[Fault]:
    anchors = {"kind": f"replace-kind-0-{number}"}
    return [
        (anchors.get(field.name, f"replace-{field.name}-{number}"), str(one)) for field in form for one in field.errors
    ]


def _listed(numbers: Sequence[str]) -> str:
    return str(gettext(", ")).join(numbers)


def _acts(comment: Comment) -> dict[str, object]:
    found = second_thoughts.choices(session(), comment, at=now())
    refusal = found.why_not_replace
    return {
        "choices": found,
        "why_not": wording.say(refusal) if refusal else "",
        "kinds": list(CommentKind),
        "limit": checks.LONGEST_TEXT,
    }


def _whole(submission: Submission) -> dict[str, object] | None:
    there = [one for one in submission.comments if one.state in second_thoughts.STILL_THERE]
    return {"count": len(there)} if len(there) > 1 else None


opened.section("acts", "public/receipts/sections/_acts.html", _acts)
opened.section_of_submission("acts", "public/receipts/sections/_all.html", _whole)
