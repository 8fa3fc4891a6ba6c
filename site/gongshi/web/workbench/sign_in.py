"""Sign in 登录: name and password, then a code; and sign out. Open to strangers, and says nothing of what is wrong."""

from datetime import timedelta

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm  # type: ignore[import-untyped]  # It has no types.
from werkzeug.exceptions import Unauthorized
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from gongshi.accounts import enrolling, signing_in
from gongshi.accounts.models import StaffUser
from gongshi.accounts.sessions import StaffSession, Stage
from gongshi.accounts.signing_in import Browser, Means, NotRecognised
from gongshi.db import writing
from gongshi.web import formatting, wording
from gongshi.web.db import session
from gongshi.web.keys import factor_key
from gongshi.web.languages import desk, is_of_workbench
from gongshi.web.limits import TooOften, limits, network
from gongshi.web.moment import now
from gongshi.web.settings import settings
from gongshi.web.workbench import access, cookies
from gongshi.web.workbench.typed import typed

bp = Blueprint("sign_in", __name__)
access.open_to_strangers(bp)


class SignInForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types.
    """Name and password."""

    login = StringField(
        lazy_gettext("Sign-in name"), [DataRequired(lazy_gettext("Please enter your name.")), Length(max=200)]
    )
    password = PasswordField(
        lazy_gettext("Password"), [DataRequired(lazy_gettext("Please enter your password.")), Length(max=1000)]
    )


class CodeForm(FlaskForm):  # type: ignore[misc]
    """A code from the authenticator app, or a recovery code."""

    code = StringField(lazy_gettext("Code"), [DataRequired(lazy_gettext("Please enter a code.")), Length(max=100)])


@bp.route("/sign-in", methods=["GET", "POST"])
def form() -> ResponseReturnValue:
    if access.who() is not None:
        return redirect(_onward(), 303)
    filled = SignInForm()
    if request.method == "GET":
        return _page("form", filled, 200)
    if not filled.validate():
        return _page("form", filled, 422)
    try:
        count_attempt(typed(filled.login))
        user = _holder(typed(filled.login), typed(filled.password))
    except TooOften as refused:
        return _too_often("form", filled, refused)
    except NotRecognised as refused:
        note_refused(typed(filled.login))
        return _page("form", filled, 422, wording.say(refused))
    return _with_the_password(user)


@bp.route("/sign-in/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    half = half_way()
    filled = CodeForm()
    if request.method == "GET":
        return _page("code", filled, 200)
    if not filled.validate():
        return _page("code", filled, 422)
    login = half.user.login
    try:
        count_attempt(login)
        with writing(session()) as at:
            token = signing_in.complete(session(), half, typed(filled.code), key=factor_key(settings()), at=at)
    except TooOften as refused:
        return _too_often("code", filled, refused)
    except NotRecognised as refused:
        note_refused(login)
        return _page("code", filled, 422, wording.say(refused))
    cookies.keep(token)
    return redirect(_onward(), 303)


@bp.post("/sign-out")
def out() -> ResponseReturnValue:
    found = access.whose_session()
    if found is not None:
        with writing(session()) as at:
            signing_in.sign_out(session(), found, at=at)
    cookies.forget()
    flash(_("You are signed out."))
    return redirect(desk("sign_in.form"), 303)


def half_way() -> StaffSession:
    """The session of somebody whose password was right and who has still to give a code. Raises Unauthorized."""
    found = access.whose_session()
    if found is None or found.stage is not Stage.PASSWORD:
        raise Unauthorized
    return found


def browser() -> Browser:
    """From where this request comes."""
    return Browser(network(request.remote_addr), request.user_agent.string)


def count_attempt(login: str) -> None:
    """Count one attempt to prove that one is this person. Raises TooOften."""
    known = signing_in.knows(session(), login, network(request.remote_addr), at=now())
    limits().count_sign_in(login, is_known_here=known)


def note_refused(login: str) -> None:
    """Enter in the audit that somebody was not let in as this person."""
    with writing(session()) as at:
        signing_in.note_refused(session(), login, at=at)
    session().info.pop("refused", None)


def waiting_words(refused: TooOften) -> str:
    """When to try again, as a sentence."""
    until = formatting.exactly(timedelta(seconds=refused.seconds))
    return str(
        _(
            "Too many attempts from your network. You can try again in %(time)s; nobody is locked out for good.",
            time=until,
        )
    )


def _holder(login: str, password: str) -> StaffUser:
    user = signing_in.holder(session(), login, password)
    if user.is_trial and settings().is_production:
        raise NotRecognised  # Its password is known to everybody.
    return user


def _with_the_password(user: StaffUser) -> ResponseReturnValue:
    with writing(session()) as at:
        if user.is_trial:
            token, onward = signing_in.sign_in(session(), user, browser(), means=Means.NONE, at=at), _onward()
        else:
            token, onward = signing_in.begin(session(), user, browser(), at=at), _to_the_code(user)
    cookies.keep(token)
    return redirect(onward, 303)


def _to_the_code(user: StaffUser) -> str:
    """Where the second factor is given; or set, by somebody invited who did not come to the end of it."""
    kept = signing_in.credential_of(session(), user)
    unfinished = kept is not None and kept.totp_sealed is None and kept.totp_proposed is not None
    if unfinished and enrolling.open_invitation(session(), user, at=now()) is not None:
        return desk("joining.factor")
    return desk("sign_in.code", next=request.args.get("next"))


def _onward() -> str:
    asked = str(request.args.get("next", ""))
    return asked if is_of_workbench(asked) and asked.isprintable() and "\\" not in asked else desk("dashboard.show")


def _too_often(view: str, filled: FlaskForm, refused: TooOften) -> Response:
    answer = _page(view, filled, 429, waiting_words(refused))
    answer.headers["Retry-After"] = str(refused.seconds)
    return answer


def _page(view: str, filled: FlaskForm, status: int, refusal: str | None = None) -> Response:
    body = render_template(
        f"workbench/sign_in/{view}.html", form=filled, refusal=refusal, next=request.args.get("next")
    )
    return make_response(body, status)
