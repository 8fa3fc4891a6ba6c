"""Mail about one submission: asked for and stopped by receipt, confirmed and stopped by the links in the mails.

Opening a link changes nothing, because programs that look mail through open every link: a button does it. What the mail
provider's own button sends (RFC 8058) needs no page.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from gongshi.comments.models import Submission
from gongshi.errors import RuleBroken
from gongshi.subscriptions import actions, queries, reading
from gongshi.subscriptions.actions import CONFIRM_WITHIN, LinkOver, MailKeys
from gongshi.subscriptions.models import Subscription, SubscriptionState
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.headers import come_again, not_kept
from gongshi.web.keys import mail_key, personal_ring
from gongshi.web.limits import TooOften, limits
from gongshi.web.moment import now
from gongshi.web.public import opened
from gongshi.web.public.opened import opened_by_receipt
from gongshi.web.public.recording import NotNow, write
from gongshi.web.settings import settings

bp = Blueprint("mail", __name__)

FIELD = "mail-address"


@bp.post("/receipts/mail")
@opened_by_receipt
def ask(submission: Submission) -> ResponseReturnValue:
    """Ask for mail at an address. The answer never says whether that address is known here."""
    if not settings().SMTP_URL:
        faults = [("receipt-number", gettext("This site sends no mail."))]
        return opened.status_page(submission, faults=faults, status=409)
    try:
        write(lambda at: _ask(submission, at))
    except RuleBroken as refusal:
        return opened.status_page(submission, faults=[(FIELD, wording.say(refusal))], status=422)
    except TooOften as refusal:
        return _too_often(submission, refusal)
    except NotNow as refusal:
        return opened.not_now_page(submission, refusal, FIELD)
    said = gettext(
        "If mail can be sent to this address now, it is on its way: open it and press its button within %(hours)s "
        "hours. One address gets at most one such mail a day until it is confirmed.",
        hours=int(CONFIRM_WITHIN.total_seconds() // 3600),
    )
    return opened.status_page(submission, said=said)


def _ask(submission: Submission, at: datetime) -> None:
    # Under the write lock: whoever is told to try again because the site was busy has used up nothing.
    limits().count_mail()
    facts = reading.known(session(), submission).facts
    keys = MailKeys(ring=personal_ring(settings()), links=mail_key(settings()))
    address = request.form.get("mail_address", "")
    actions.ask(session(), submission, address=address, facts=facts, keys=keys, at=at)


@bp.post("/receipts/mail/stop")
@opened_by_receipt
def stop_by_receipt(submission: Submission) -> ResponseReturnValue:
    """Stop every mail about this submission."""
    try:
        write(lambda at: _stop_all(submission, at))
    except NotNow as refusal:
        return opened.not_now_page(submission, refusal, "mail")
    said = gettext("No more mail will be sent about this receipt, and the address has been deleted.")
    return opened.status_page(submission, said=said)


def _stop_all(submission: Submission, at: datetime) -> None:
    for subscription in queries.live(session(), submission):
        actions.stop(session(), subscription, at=at)


@bp.route("/mail/confirm/<token>", methods=["GET", "POST"])
def confirm(token: str) -> ResponseReturnValue:
    """The page that the link in the first mail leads to, and its button."""
    subscription = queries.by_confirm_token(session(), token)
    if subscription is None:
        return _page("confirm", None, "over", 404)
    try:
        if request.method == "POST":
            write(lambda at: actions.confirm(session(), subscription, at=at))
            return _page("confirm", subscription, "done", 200)
    except LinkOver:
        return _page("confirm", None, "over", 404)
    except NotNow as refusal:
        return _not_now("confirm", subscription, refusal)
    if subscription.state is SubscriptionState.CONFIRMED:
        return _page("confirm", subscription, "done", 200)
    if not actions.can_be_confirmed(subscription, now()):
        return _page("confirm", None, "over", 404)
    return _page("confirm", subscription, "asked", 200)


@bp.route("/mail/stop/<token>", methods=["GET", "POST"])
def stop(token: str) -> ResponseReturnValue:
    """The page that every mail's last link leads to, and its button; also what the mail provider's button calls."""
    subscription = queries.by_stop_token(session(), token)
    if subscription is None:
        return _page("stop", None, "over", 404)
    try:
        if request.method == "POST":
            write(lambda at: actions.stop(session(), subscription, at=at))
    except NotNow as refusal:
        return _not_now("stop", subscription, refusal)
    return _page("stop", subscription, "asked" if subscription.state.is_live else "done", 200)


def _page(view: str, subscription: Subscription | None, stage: str, status: int, fault: str = "") -> Response:
    submission = subscription.submission if subscription else None
    body = render_template(
        f"public/mail/{view}.html",
        receipt=submission.receipt_number if submission else "",
        example=submission is not None and submission.consultation.is_example,
        stage=stage,
        fault=fault,
    )
    return not_kept(make_response(body, status))


def _not_now(view: str, subscription: Subscription, refusal: NotNow) -> Response:
    """The button once more, and why it did nothing."""
    return come_again(_page(view, subscription, "asked", 503, refusal.sentence), refusal.seconds)


def _too_often(submission: Submission, refusal: TooOften) -> Response:
    sentence = gettext("Too many mails were asked for from your network.")
    again = gettext("You can try again in %(seconds)s seconds.", seconds=refusal.seconds)
    page = opened.status_page(submission, faults=[(FIELD, f"{sentence} {again}")], status=429)
    return come_again(page, refusal.seconds)


def _offer(submission: Submission) -> Mapping[str, Any] | None:
    """What the page of a receipt says of mail; nothing where no mail can be sent and none is."""
    since = _confirmed_since(submission)
    if since is None and not settings().SMTP_URL:
        return None
    return {"since": since, "hours": int(CONFIRM_WITHIN.total_seconds() // 3600)}


def _confirmed_since(submission: Submission) -> datetime | None:
    # That mail was asked for and not confirmed is not shown: it would tell whether the address had its mail today.
    confirmed = (
        one.confirmed_at
        for one in queries.live(session(), submission)
        if one.state is SubscriptionState.CONFIRMED
    )  # fmt: skip
    return next(confirmed, None)


opened.section_of_submission("mail", "public/receipts/sections/_mail.html", _offer, also_when_sent=True)
