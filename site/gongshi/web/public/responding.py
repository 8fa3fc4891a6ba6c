"""“Does the answer satisfy you?”, by receipt, until the decision at which it counts (rule 15)."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from gongshi.admissions import queries as admissions
from gongshi.admissions.responding import DecidedMeanwhile, respond
from gongshi.comments.models import Comment, Submission
from gongshi.comments.own_words import LONGEST_REASON
from gongshi.errors import RuleBroken
from gongshi.objections import responses
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.public import opened
from gongshi.web.public.opened import comment_named, opened_by_receipt
from gongshi.web.public.reasons import typed_reason
from gongshi.web.public.receipts import bp
from gongshi.web.public.recording import NotNow, record

CHOICES = {"yes": True, "no": False}


@bp.post("/receipts/response")
@opened_by_receipt
def respond_to_answer(submission: Submission) -> ResponseReturnValue:
    """Record yes or no to one answer. What was typed stays in its field whatever refuses it."""
    comment = comment_named(submission)
    number, answered = comment.number, request.form.get("answered", "")
    satisfied = CHOICES.get(request.form.get("satisfied", ""))
    there = any(one.number == answered for one in responses.given_to(session(), comment))
    anchor = f"response-{answered}-{number}" if there else f"comment-{number}"
    if satisfied is None:
        fault = (anchor, gettext("Please choose yes or no."))
        return opened.status_page(submission, faults=[fault], status=422)
    try:
        reason = typed_reason()
        record(lambda at: respond(session(), comment, answered, is_satisfied=satisfied, reason=reason, at=at))
    except RuleBroken as refusal:
        late = isinstance(refusal, DecidedMeanwhile)
        return opened.status_page(submission, faults=[(anchor, wording.say(refusal))], status=409 if late else 422)
    except NotNow as refusal:
        return opened.not_now_page(submission, refusal, anchor)
    return opened.status_page(
        submission,
        said=gettext("Your response to %(answered)s is recorded.", answered=answered.rpartition("-")[2]),
    )


def _section(comment: Comment) -> dict[str, object] | None:
    given = responses.given_to(session(), comment)
    if not given:
        return None
    return {
        "answers": [(one, admissions.takes_responses(session(), one)) for one in given],
        "longest": LONGEST_REASON,
    }


opened.section("response", "public/receipts/sections/_response.html", _section)
