"""What the holder of a receipt sees and decides of their own name and contact, and what was erased of a comment."""

from collections.abc import Callable
from datetime import datetime

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from gongshi.comments import erasing, personal
from gongshi.comments.models import Comment, Submission
from gongshi.errors import RuleBroken
from gongshi.sealing import KeyRing
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.keys import personal_folder
from gongshi.web.public import opened
from gongshi.web.public.opened import comment_named, opened_by_receipt
from gongshi.web.public.receipts import bp
from gongshi.web.public.recording import NotNow, write
from gongshi.web.settings import settings


@bp.post("/receipts/hide-name")
@opened_by_receipt
def hide_name(submission: Submission) -> ResponseReturnValue:
    """Withdraw the consent that the name is shown. The name itself stays with the bureau."""
    comment = comment_named(submission)
    said = gettext("The name beside comment %(number)s is no longer shown.", number=comment.number)
    return _done(submission, comment, lambda at: personal.withdraw_consent(session(), comment, at=at), said)


@bp.post("/receipts/forget")
@opened_by_receipt
def forget(submission: Submission) -> ResponseReturnValue:
    """Delete name and contact beside a comment now."""
    comment = comment_named(submission)
    said = gettext("Name and contact beside comment %(number)s have been deleted.", number=comment.number)
    return _done(submission, comment, lambda at: personal.forget(session(), comment, at=at), said)


def _done(submission: Submission, comment: Comment, act: Callable[[datetime], None], said: str) -> Response:
    anchor = f"comment-{comment.number}"
    try:
        write(act)
    except RuleBroken as refusal:
        return opened.status_page(submission, faults=[(anchor, wording.say(refusal))], status=409)
    except NotNow as refusal:
        return opened.not_now_page(submission, refusal, anchor)
    return opened.status_page(submission, said=said)


def _held(comment: Comment) -> dict[str, object] | None:
    fields = personal.held(session(), comment)
    erasures = erasing.of(session(), comment)
    if not fields and not erasures:
        return None
    told = personal.read_own(session(), comment, KeyRing(personal_folder(settings())))
    return {
        "fields": [(field, told.get(field)) for field in fields],
        "consent": personal.consent(session(), comment),
        "kept_days": settings().PERSONAL_DATA_DAYS,
        "erasures": erasures,
        "commitments": erasing.commitments(session(), comment) if erasures else {},
    }


opened.section("personal", "public/receipts/sections/_personal.html", _held)
