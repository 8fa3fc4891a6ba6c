"""The appeal of a withholding, by receipt, and what became of it."""

from flask.typing import ResponseReturnValue
from flask_babel import gettext

from gongshi.comments import appealing, contests
from gongshi.comments.models import Comment, CommentState, Submission
from gongshi.comments.own_words import LONGEST_REASON
from gongshi.errors import RuleBroken
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.public import opened
from gongshi.web.public.opened import comment_named, opened_by_receipt
from gongshi.web.public.reasons import typed_reason
from gongshi.web.public.receipts import bp
from gongshi.web.public.recording import NotNow, record


@bp.post("/receipts/appeal")
@opened_by_receipt
def appeal(submission: Submission) -> ResponseReturnValue:
    """Ask that a withheld text be shown. What was typed stays in its field whatever refuses it."""
    comment = comment_named(submission)
    anchor = f"appeal-{comment.number}" if comment.withholding else f"comment-{comment.number}"
    try:
        reason = typed_reason()
        record(lambda at: appealing.appeal(session(), comment, reason=reason, at=at))
    except (appealing.AppealIsOpen, appealing.NotWithheld, appealing.NothingLeftToShow) as refusal:
        return opened.status_page(submission, faults=[(anchor, wording.say(refusal))], status=409)
    except RuleBroken as refusal:
        return opened.status_page(submission, faults=[(anchor, wording.say(refusal))], status=422)
    except NotNow as refusal:
        return opened.not_now_page(submission, refusal, anchor)
    said = gettext("Your appeal is recorded. Other people than those who withheld the comment decide about it.")
    return opened.status_page(submission, said=said)


def _section(comment: Comment) -> dict[str, object] | None:
    if comment.withholding is None:
        return None
    appeals = contests.appeals_of(session(), comment.withholding)
    is_withheld = comment.state is CommentState.WITHHELD
    return {
        "appeals": appeals,
        "may_appeal": is_withheld and not comment.is_text_erased and all(one.decision for one in appeals),
        "longest": LONGEST_REASON,
    }


opened.section("appeal", "public/receipts/sections/_appeal.html", _section)
