"""Everything done by receipt: open it by its number and secret, act, and show once more what became of it.

A view that acts is decorated with `opened_by_receipt`, takes both from the body of a POST, and answers with
`status_page`. It never redirects: the secret stands in no address. Other parts of the site show themselves on that page
by `section`.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Response, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm  # type: ignore[import-untyped]  # It has no types.
from markupsafe import Markup
from wtforms import StringField

from gongshi.comments import queries
from gongshi.comments.models import Comment, Submission
from gongshi.record.receipt_status import CommentStatus, ReceiptStatus, status
from gongshi.web.db import session
from gongshi.web.headers import come_again, not_kept
from gongshi.web.limits import TooOften, limits
from gongshi.web.moment import now
from gongshi.web.public.recording import NotNow

# What a receipt has, written out as widely as anyone may; anything longer was never a receipt.
LONGEST = 100

# The id of a field or of a place on the page, and what is wrong there.
Fault = tuple[str, str]
View = Callable[[Submission], ResponseReturnValue]
OfComment = Callable[[Comment], Mapping[str, Any] | None]
OfSubmission = Callable[[Submission], Mapping[str, Any] | None]


def _without_nul(typed: str | None) -> str:
    # It is in no receipt, and HTML could not show it again.
    return (typed or "").replace("\x00", "")


class LookUpForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types.
    """Number and secret, however they are typed."""

    class Meta:
        csrf = False

    number = StringField(lazy_gettext("Receipt number"), filters=[_without_nul])
    secret = StringField(lazy_gettext("Secret"), filters=[_without_nul])


@dataclass(frozen=True)
class _Section:
    """A part of the page that another module shows."""

    name: str
    template: str
    context: Callable[[Any], Mapping[str, Any] | None]
    also_when_sent: bool


_OF_COMMENT: list[_Section] = []
_OF_SUBMISSION: list[_Section] = []
# In which order they stand on the page, whichever module was imported first; others follow.
_ORDER = ("acts", "response", "appeal", "dispute", "files", "personal", "mail")


def section(name: str, template: str, context: OfComment, *, also_when_sent: bool = False) -> None:
    """Show a part under each comment of an opened receipt: `templates/public/receipts/sections/_<name>.html`.

    `context` is asked for each comment: what it returns are the template's names, None leaves the part out. The
    template also gets `comment` (a CommentStatus), `receipt`, `number` and `secret` for hidden fields, `at`, `typed`
    (what was sent for this comment if that was refused, else empty) and `wrongs` (the faults by field id). Its headings
    begin at h3; ids end in `comment.number`. `also_when_sent` shows it on the page right after sending too.
    """
    _register(_OF_COMMENT, _Section(name, template, context, also_when_sent))


def section_of_submission(name: str, template: str, context: OfSubmission, *, also_when_sent: bool = False) -> None:
    """Show a part once for the whole receipt; its headings begin at h2 and there is no `comment`. See `section`."""
    _register(_OF_SUBMISSION, _Section(name, template, context, also_when_sent))


def opened_by_receipt(view: View) -> Callable[[], ResponseReturnValue]:
    """Give a view the submission that the POSTed `number` and `secret` open.

    Who has no such receipt gets the look-up page: 404, or 429 once there were too many attempts.
    """

    @wraps(view)
    def opened() -> ResponseReturnValue:
        form = LookUpForm()
        try:
            limits().count_look_up()
        except TooOften as refusal:
            return _too_often(form, refusal)
        submission = _opened(form)
        return look_up_page(form, 404) if submission is None else view(submission)

    return opened


def comment_named(submission: Submission) -> Comment:
    """The comment of this submission whose number was POSTed as `comment`; 404 when it has none such."""
    wanted = request.form.get("comment", "")
    found = [comment for comment in submission.comments if comment.number == wanted]
    if not found:
        abort(404)
    return found[0]


def look_up_page(form: LookUpForm, status: int, *, seconds: int | None = None) -> Response:
    """The form that asks for number and secret, with what was typed."""
    body = render_template(
        "public/receipts/look_up.html", form=form, status=status, wait=timedelta(seconds=seconds or 0)
    )
    return not_kept(make_response(body, status))


def status_page(submission: Submission, *, said: str = "", faults: Sequence[Fault] = (), status: int = 200) -> Response:
    """What became of a submission, as it stands now. `said` tells what was just done; `faults` are (field id, sentence)
    of an act that was refused, whose words stay in their fields.
    """
    receipt = status_of(submission)
    body = render_template(
        "public/receipts/_status.html",
        receipt=receipt,
        example=receipt.is_example,
        at=now(),
        said=said,
        faults=faults,
        secret=typed_secret(),
        parts=parts(submission, receipt, secret=typed_secret(), refused=status >= 400, faults=faults),
    )
    return not_kept(make_response(body, status))


def not_now_page(submission: Submission, refusal: NotNow, anchor: str) -> Response:
    """The same page for an act that could not be written at this moment: 503, and when to come again."""
    return come_again(status_page(submission, faults=[(anchor, refusal.sentence)], status=503), refusal.seconds)


def typed_secret() -> str:
    """The secret that this receipt was opened with, for the hidden fields of further acts."""
    return _without_nul(request.form.get("secret"))[:LONGEST]


def status_of(submission: Submission) -> ReceiptStatus:
    """What is told of a submission, read afresh."""
    return status(session(), submission)


@dataclass(frozen=True)
class Parts:
    """What other modules show on a page of an opened receipt, ready to be printed."""

    of_submission: tuple[Markup, ...]
    of_comments: Mapping[str, tuple[Markup, ...]]


NO_PARTS = Parts((), defaultdict(tuple))


def parts(
    submission: Submission,
    receipt: ReceiptStatus,
    *,
    secret: str,
    refused: bool = False,
    faults: Sequence[Fault] = (),
    just_sent: bool = False,
) -> Parts:
    """Every section that has something to say of this submission and of its comments."""
    told: dict[str, Any] = {
        "receipt": receipt,
        "number": receipt.number,
        "secret": secret,
        "at": now(),
        "wrongs": {id: [sentence] for id, sentence in faults},
    }
    shown = {one.number: one for one in receipt.comments}
    typed = request.form if refused else {}
    of_comment, of_submission = (
        [one for one in sections if one.also_when_sent or not just_sent] for sections in (_OF_COMMENT, _OF_SUBMISSION)
    )
    return Parts(
        of_submission=_printed(of_submission, submission, {**told, "typed": typed}),
        of_comments={
            comment.number: _printed(
                of_comment, comment, {**told, "typed": _typed_for(shown[comment.number], typed)}, shown[comment.number]
            )
            for comment in submission.comments
        },
    )


def _typed_for(comment: CommentStatus, typed: Mapping[str, str]) -> Mapping[str, str]:
    return typed if typed.get("comment") == comment.number else {}


def _printed(
    sections: Sequence[_Section],
    thing: Comment | Submission,
    told: Mapping[str, Any],
    comment: CommentStatus | None = None,
) -> tuple[Markup, ...]:
    printed = []
    for one in sections:
        more = one.context(thing)
        if more is not None:
            text = render_template(one.template, comment=comment, **told, **more)
            printed.append(Markup(text))  # noqa: S704  The template has escaped it.
    return tuple(printed)


def _register(sections: list[_Section], one: _Section) -> None:
    sections.append(one)
    sections.sort(key=lambda held: _ORDER.index(held.name) if held.name in _ORDER else len(_ORDER))


def _opened(form: LookUpForm) -> Submission | None:
    number, secret = form.number.data or "", form.secret.data or ""
    if max(len(number), len(secret)) > LONGEST:
        return None
    return queries.by_receipt(session(), number, secret)


def _too_often(form: LookUpForm, refusal: TooOften) -> Response:
    return come_again(look_up_page(form, 429, seconds=refusal.seconds), refusal.seconds)
