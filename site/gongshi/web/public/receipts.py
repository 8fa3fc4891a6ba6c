"""Receipts: the page that a sender gets, and the look-up by number and secret. The secret is never in an address."""

from datetime import timedelta

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm  # type: ignore[import-untyped]  # It has no types.
from wtforms import StringField

from gongshi.comments import queries, receipts
from gongshi.comments.models import Submission
from gongshi.record.receipt_status import status
from gongshi.web.db import session
from gongshi.web.headers import not_kept
from gongshi.web.keys import receipt_key
from gongshi.web.limits import TooOften, limits
from gongshi.web.moment import now
from gongshi.web.public.sending import Taken
from gongshi.web.settings import settings

bp = Blueprint("receipts", __name__)

# What a receipt has, written out as widely as anyone may; anything longer was never a receipt.
LONGEST = 100


def _without_nul(typed: str | None) -> str:
    # It is in no receipt, and HTML could not show it again.
    return (typed or "").replace("\x00", "")


class LookUpForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types.
    """Number and secret, however they are typed."""

    class Meta:
        csrf = False

    number = StringField(lazy_gettext("Receipt number"), filters=[_without_nul])
    secret = StringField(lazy_gettext("Secret"), filters=[_without_nul])


@bp.route("/receipts/", methods=["GET", "POST"])
def look_up() -> ResponseReturnValue:
    if request.method == "GET":
        return _form_page(LookUpForm(formdata=None), 200)
    form = LookUpForm()
    try:
        limits().count_look_up()
    except TooOften as refusal:
        return _too_often(form, refusal)
    submission = _opened(form)
    if submission is None:
        return _form_page(form, 404)
    found = status(session(), submission)
    body = render_template("public/receipts/_status.html", receipt=found, example=found.is_example, at=now())
    return not_kept(make_response(body))


def receipt_page(taken: Taken) -> Response:
    """What the sender sees once the submission is on disk: 201, or 202 while no signed head of the ledger covers it."""
    submission = taken.submission
    received = status(session(), submission)
    body = render_template(
        "public/receipts/_receipt.html",
        receipt=received,
        example=received.is_example,
        secret=_secret(submission),
        is_new=taken.is_new,
        is_signed=taken.is_signed,
    )
    return not_kept(make_response(body, 201 if taken.is_signed else 202))


def _secret(submission: Submission) -> str | None:
    """The secret again, as it was at first; None when the site's key has been changed since."""
    secret = receipts.secret(receipt_key(settings()), submission.submission_key)
    return secret if receipts.opens(secret, submission.secret_sha256) else None


def _opened(form: LookUpForm) -> Submission | None:
    number, secret = form.number.data or "", form.secret.data or ""
    if max(len(number), len(secret)) > LONGEST:
        return None
    return queries.by_receipt(session(), number, secret)


def _too_often(form: LookUpForm, refusal: TooOften) -> Response:
    response = _form_page(form, 429, seconds=refusal.seconds)
    response.headers["Retry-After"] = str(refusal.seconds)
    return response


def _form_page(form: LookUpForm, status: int, *, seconds: int | None = None) -> Response:
    body = render_template(
        "public/receipts/look_up.html", form=form, status=status, wait=timedelta(seconds=seconds or 0)
    )
    return not_kept(make_response(body, status))
