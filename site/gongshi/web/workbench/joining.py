"""Joining 启用账号: from the one-time link to the password, the second factor and the recovery codes."""

import segno
from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm  # type: ignore[import-untyped]  # It has no types.
from wtforms import PasswordField
from wtforms.validators import DataRequired, EqualTo, Length

from gongshi.accounts import codes, enrolling, passwords, sessions, signing_in
from gongshi.accounts.enrolling import InvitationOver
from gongshi.accounts.models import StaffUser
from gongshi.accounts.sessions import Ending
from gongshi.accounts.signing_in import Means, NotRecognised
from gongshi.db import writing
from gongshi.errors import RuleBroken
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.keys import factor_key
from gongshi.web.languages import desk
from gongshi.web.limits import TooOften
from gongshi.web.moment import now
from gongshi.web.settings import settings
from gongshi.web.workbench import access, cookies
from gongshi.web.workbench.sign_in import CodeForm, browser, count_attempt, half_way, waiting_words
from gongshi.web.workbench.typed import typed

bp = Blueprint("joining", __name__, url_prefix="/join")
access.open_to_strangers(bp)

ISSUER = "公示工作台"


class PasswordForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types.
    """A new password, twice."""

    password = PasswordField(
        lazy_gettext("New password"), [DataRequired(lazy_gettext("Please choose a password.")), Length(max=1000)]
    )
    again = PasswordField(
        lazy_gettext("The same once more"),
        [EqualTo("password", lazy_gettext("The two passwords differ. Please type them again."))],
    )


@bp.route("/<token>", methods=["GET", "POST"])
def password(token: str) -> ResponseReturnValue:
    try:
        invitation = enrolling.with_token(session(), token, at=now())
    except InvitationOver as refused:
        return make_response(render_template("workbench/joining/_over.html", refusal=wording.say(refused)), 410)
    filled, user = PasswordForm(), invitation.user
    if not filled.validate_on_submit():
        return _password_page(user, filled, 200 if request.method == "GET" else 422)
    try:
        chosen = passwords.choose(typed(filled.password), login=user.login)
        with writing(session()) as at:
            enrolling.with_token(session(), token, at=at)
            enrolling.set_password(session(), user, chosen, at=at)
            enrolling.propose_factor(session(), user, key=factor_key(settings()))
            fresh = signing_in.begin(session(), user, browser(), at=at)
    except RuleBroken as refused:
        filled.password.errors = [wording.say(refused)]
        return _password_page(user, filled, 422)
    cookies.keep(fresh)
    return redirect(desk("joining.factor"), 303)


@bp.route("/factor", methods=["GET", "POST"])
def factor() -> ResponseReturnValue:
    half, filled = half_way(), CodeForm()
    if not filled.validate_on_submit():
        return _factor_page(half.user, filled, 200 if request.method == "GET" else 422)
    try:
        count_attempt(half.user.login)
        with writing(session()) as at:
            fresh = enrolling.set_factor(session(), half.user, typed(filled.code), key=factor_key(settings()), at=at)
            sessions.end(half, Ending.REPLACED, at)
            token = signing_in.sign_in(session(), half.user, browser(), means=Means.TOTP, at=at)
    except TooOften as refused:
        return _factor_page(half.user, filled, 429, waiting_words(refused))
    except NotRecognised:
        wrong = _("That code does not fit. Wait for the next one and see that the telephone's clock is right.")
        filled.code.errors = [wrong]
        return _factor_page(half.user, filled, 422)
    cookies.keep(token)
    return make_response(render_template("workbench/joining/_recovery_codes.html", codes=fresh, user=half.user))


def _password_page(user: StaffUser, filled: FlaskForm, status: int) -> Response:
    shortest = passwords.SHORTEST
    body = render_template("workbench/joining/password.html", form=filled, user=user, shortest=shortest)
    return make_response(body, status)


def _factor_page(user: StaffUser, filled: FlaskForm, status: int, refusal: str | None = None) -> Response:
    secret = enrolling.proposed_secret(session(), user, key=factor_key(settings()))
    address = codes.address(secret, login=user.login, issuer=ISSUER)
    # White with a margin even at night: a camera reads nothing else.
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
    grouped = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    body = render_template(
        "workbench/joining/factor.html", form=filled, user=user, picture=picture, secret=grouped, refusal=refusal
    )
    return make_response(body, status)
