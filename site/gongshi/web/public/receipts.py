"""Receipts: the page that a sender gets, and the look-up by number and secret. The secret is never in an address."""

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from gongshi.comments import receipts
from gongshi.comments.models import Submission
from gongshi.record.receipt_status import ReceiptStatus, just_received
from gongshi.web import qr
from gongshi.web.db import session
from gongshi.web.headers import not_kept
from gongshi.web.keys import receipt_key
from gongshi.web.languages import link
from gongshi.web.moment import now
from gongshi.web.public import opened
from gongshi.web.public.opened import LookUpForm, Parts, look_up_page, opened_by_receipt
from gongshi.web.public.taking import Taken
from gongshi.web.settings import settings
from gongshi.web.turnstile import turnstile

bp = Blueprint("receipts", __name__)


@bp.route("/receipts/", methods=["GET", "POST"])
def look_up() -> ResponseReturnValue:
    if request.method == "GET":
        return look_up_page(LookUpForm(formdata=None), 200)
    return _look_up()


@opened_by_receipt
def _look_up(submission: Submission) -> ResponseReturnValue:
    return opened.status_page(submission)


@dataclass(frozen=True)
class Slip:
    """What is copied down of a receipt: both its parts, where they are asked for, and all of it as a picture."""

    number: str
    secret: str
    address: str
    picture: str | None


def receipt_page(taken: Taken) -> Response:
    """What the sender sees once the submission is on disk: 201, or 202 while no signed head of the ledger covers it."""
    submission = taken.submission
    received = just_received(session(), submission) if taken.is_new else opened.status_of(submission)
    secret = secret_of(submission)
    body = render_template(
        "public/receipts/_receipt.html",
        receipt=received,
        example=received.is_example,
        secret=secret,
        slip=slip(submission, secret) if secret else None,
        until=min(comment.changeable_until for comment in submission.comments),
        at=now(),
        is_new=taken.is_new,
        is_signed=taken.is_signed,
        parts=_parts(submission, received, secret),
    )
    return not_kept(make_response(body, 201 if taken.is_signed else 202))


def slip(submission: Submission, secret: str) -> Slip:
    """A receipt to copy down. Number and secret stand behind the # of the address, which no browser sends anywhere.

    The picture takes as long as all the rest of the page, so in a crowd it is left for the look-up.
    """
    address = link("receipts.look_up", _external=True)
    number = submission.receipt_number
    picture = None if turnstile().is_crowded else qr.picture(f"{address}#{number}.{secret}")
    return Slip(number, secret, address, picture)


def _parts(submission: Submission, received: ReceiptStatus, secret: str | None) -> Parts:
    """What else can be had with the receipt at once; in a crowd all of it waits for the look-up."""
    if secret is None or turnstile().is_crowded:
        return opened.NO_PARTS
    return opened.parts(submission, received, secret=secret, just_sent=True)


def secret_of(submission: Submission) -> str | None:
    """The secret again, as it was at first; None when the site's key has been changed since."""
    secret = receipts.secret(receipt_key(settings()), submission.submission_key)
    return secret if receipts.opens(secret, submission.secret_sha256) else None
