"""“This was not me”: a name beside a published comment is disputed, at the comment's page or by its receipt."""

from datetime import datetime, timedelta

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from gongshi.comments import contests, disputing, queries
from gongshi.comments.dispute_models import DisputedBy
from gongshi.comments.models import Comment, Submission
from gongshi.comments.own_words import LONGEST_REASON
from gongshi.errors import RuleBroken
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.headers import come_again, not_kept
from gongshi.web.limits import TooOften, limits
from gongshi.web.public import opened
from gongshi.web.public.comments import bp as comments
from gongshi.web.public.opened import Fault, comment_named, opened_by_receipt
from gongshi.web.public.reasons import FIELD, typed_reason
from gongshi.web.public.receipts import bp as receipts
from gongshi.web.public.recording import NotNow, record


@comments.route("/comments/<comment>/dispute", methods=["GET", "POST"])
def dispute(comment: str) -> ResponseReturnValue:
    """Say that a comment is not by the person named. Needs no account; limited as look-ups are."""
    found = queries.numbered(session(), comment)
    if request.method == "GET":
        return _page(found)
    try:
        limits().count_look_up()
        reason = typed_reason()
        record(lambda at: _dispute(found, DisputedBy.ANYBODY, reason, at))
    except TooOften as refusal:
        sentence = gettext("There were too many attempts from your network. Nothing was stored; your text is below.")
        return come_again(_page(found, [(FIELD, sentence)], 429, wait=refusal.seconds), refusal.seconds)
    except disputing.NoNameShown:
        return _page(found, status=409)
    except RuleBroken as refusal:
        return _page(found, [(FIELD, wording.say(refusal))], 422)
    except NotNow as refusal:
        return come_again(_page(found, [(FIELD, refusal.sentence)], 503), refusal.seconds)
    return _page(found, is_recorded=True)


@receipts.post("/receipts/dispute")
@opened_by_receipt
def dispute_by_receipt(submission: Submission) -> ResponseReturnValue:
    """The same, by whoever holds the receipt; they need not say why."""
    comment = comment_named(submission)
    anchor = f"dispute-{comment.number}" if _section(comment) else f"comment-{comment.number}"
    try:
        reason = typed_reason()
        record(lambda at: _dispute(comment, DisputedBy.RECEIPT, reason, at))
    except disputing.NoNameShown as refusal:
        return opened.status_page(submission, faults=[(anchor, wording.say(refusal))], status=409)
    except RuleBroken as refusal:
        return opened.status_page(submission, faults=[(anchor, wording.say(refusal))], status=422)
    except NotNow as refusal:
        return opened.not_now_page(submission, refusal, anchor)
    return opened.status_page(submission, said=gettext("Recorded: this comment is disputed. Its text stays as it is."))


def _dispute(comment: Comment, by: DisputedBy, reason: str, at: datetime) -> None:
    disputing.dispute(session(), comment, disputed_by=by, reason=reason, at=at)


def _page(
    comment: Comment,
    faults: list[Fault] | None = None,
    status: int = 200,
    *,
    wait: int = 0,
    is_recorded: bool = False,
) -> Response:
    is_shown = contests.is_name_shown(session(), comment)
    body = render_template(
        "public/comments/dispute.html",
        comment=comment,
        consultation=comment.consultation,
        example=comment.consultation.is_example,
        is_name_shown=is_shown,
        is_recorded=is_recorded,
        disputed=contests.disputed(session(), comment),
        faults=faults or [],
        wait=timedelta(seconds=wait),
        typed=request.form.get(FIELD, "") if request.method == "POST" and not is_recorded else "",
        longest=LONGEST_REASON,
    )
    return not_kept(make_response(body, status))


def _section(comment: Comment) -> dict[str, object] | None:
    is_shown, disputed = contests.is_name_shown(session(), comment), contests.disputed(session(), comment)
    if not is_shown and not disputed.count:
        return None
    return {"is_name_shown": is_shown, "disputed": disputed, "longest": LONGEST_REASON}


opened.section("dispute", "public/receipts/sections/_dispute.html", _section)
