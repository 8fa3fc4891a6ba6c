"""My account 我的账号: password, recovery codes, where I am signed in; and proving once more that it is me."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm  # type: ignore[import-untyped]  # It has no types.
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from gongshi.accounts import enrolling, passwords, sessions, signing_in
from gongshi.accounts.signing_in import NotRecognised
from gongshi.db import writing
from gongshi.errors import RuleBroken
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.keys import factor_key
from gongshi.web.languages import desk, is_of_workbench
from gongshi.web.limits import TooOften
from gongshi.web.moment import now
from gongshi.web.settings import settings
from gongshi.web.workbench import access, gate
from gongshi.web.workbench.access import me, my_session
from gongshi.web.workbench.joining import PasswordForm
from gongshi.web.workbench.sign_in import count_attempt, note_refused, waiting_words
from gongshi.web.workbench.typed import typed

bp = Blueprint("my_account", __name__, url_prefix="/me")
access.allow(bp, reading=access.ALL_STAFF, writing=access.ALL_STAFF)

# Accounts are administered only by somebody who has just proved who they are; a form then stays good a little longer.
FRESH, STILL_FRESH = timedelta(minutes=15), timedelta(minutes=45)


class ChangeForm(PasswordForm):
    """A new password, and the present one."""

    present = PasswordField(
        lazy_gettext("Present password"),
        [DataRequired(lazy_gettext("Please enter your present password.")), Length(max=1000)],
    )


class ConfirmForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types.
    """A code, or in a trial account the password."""

    code = StringField(
        lazy_gettext("Code from the authenticator app, or a recovery code"),
        [DataRequired(lazy_gettext("Please enter a code.")), Length(max=100)],
    )


class TrialConfirmForm(FlaskForm):  # type: ignore[misc]
    """The password, where there is no second factor."""

    code = PasswordField(
        lazy_gettext("Password"), [DataRequired(lazy_gettext("Please enter your password.")), Length(max=1000)]
    )


@bp.get("/")
def show() -> str:
    here, at = my_session(), now()
    return render_template(
        "workbench/my_account/show.html",
        here=here,
        sessions=sessions.current_of(session(), me(), lifetime=gate.lifetime(), at=at),
        left=signing_in.recovery_codes_left(session(), me()),
        credential=signing_in.credential_of(session(), me()),
        settings=settings(),
    )


@bp.route("/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    filled, here = ChangeForm(), my_session()
    if not filled.validate_on_submit():
        return _form_page("password", filled, 200 if request.method == "GET" else 422)
    login = here.user.login
    try:
        count_attempt(login)
        signing_in.holder(session(), login, typed(filled.present))
        chosen = passwords.choose(typed(filled.password), login=login)
        with writing(session()) as at:
            enrolling.set_password(session(), here.user, chosen, at=at, but=here.id)
    except TooOften as refused:
        return _form_page("password", filled, 429, waiting_words(refused))
    except NotRecognised:
        note_refused(login)
        filled.present.errors = [_("This is not your present password.")]
        return _form_page("password", filled, 422)
    except RuleBroken as refused:
        filled.password.errors = [wording.say(refused)]
        return _form_page("password", filled, 422)
    flash(_("Your password was changed. You were signed out everywhere else."))
    return redirect(desk("my_account.show"), 303)


@bp.route("/recovery-codes", methods=["GET", "POST"])
def recovery_codes() -> ResponseReturnValue:
    if not _is_fresh(STILL_FRESH if request.method == "POST" else FRESH):
        return redirect(desk("my_account.confirm", next=desk("my_account.recovery_codes")), 303)
    filled = FlaskForm()
    if request.method == "GET":
        return _form_page("recovery_codes", filled, 200)
    with writing(session()) as at:
        fresh = enrolling.make_recovery_codes(session(), me(), at=at)
    return make_response(render_template("workbench/joining/_recovery_codes.html", codes=fresh, user=me()))


@bp.post("/sessions/<uuid:session_id>/end")
def end_session(session_id: UUID) -> ResponseReturnValue:
    found = sessions.of_user(session(), me(), session_id)
    with writing(session()) as at:
        signing_in.revoke(session(), found, by=me(), at=at)
    flash(_("That session has ended."))
    return redirect(desk("my_account.show"), 303)


@bp.post("/sessions/end-others")
def end_others() -> ResponseReturnValue:
    here = my_session()
    with writing(session()) as at:
        for other in sessions.current_of(session(), here.user, lifetime=gate.lifetime(), at=at):
            if other.id != here.id:
                signing_in.revoke(session(), other, by=here.user, at=at)
    flash(_("You are signed out everywhere else."))
    return redirect(desk("my_account.show"), 303)


@bp.route("/confirm", methods=["GET", "POST"])
def confirm() -> ResponseReturnValue:
    here = my_session()
    filled = TrialConfirmForm() if here.user.is_trial else ConfirmForm()
    if not filled.validate_on_submit():
        return _form_page("confirm", filled, 200 if request.method == "GET" else 422)
    login = here.user.login
    try:
        count_attempt(login)
        _prove(typed(filled.code))
    except TooOften as refused:
        return _form_page("confirm", filled, 429, waiting_words(refused))
    except NotRecognised as refused:
        note_refused(login)
        return _form_page("confirm", filled, 422, wording.say(refused))
    asked = request.args.get("next", "")
    return redirect(asked if is_of_workbench(asked) else desk("my_account.show"), 303)


def ask_to_confirm() -> ResponseReturnValue | None:
    """Before a request for the administration of accounts: send whoever did not prove lately who they are to do so."""
    if access.who() is None or _is_fresh(FRESH if request.method == "GET" else STILL_FRESH):
        return None
    if request.method != "GET":
        flash(_("Nothing was changed yet: please confirm first that it is you, then do it again."), "error")
    onward = request.path if request.method == "GET" else desk("accounts.index")
    return redirect(desk("my_account.confirm", next=onward), 303)


def _is_fresh(span: timedelta) -> bool:
    confirmed = my_session().confirmed_at
    return confirmed is not None and now() < confirmed + span


def _prove(given: str) -> None:
    here = my_session()
    if here.user.is_trial:
        signing_in.holder(session(), here.user.login, given)
        with writing(session()) as at:
            here.confirmed_at = at
        return
    with writing(session()) as at:
        signing_in.spend(session(), here.user, given, key=factor_key(settings()), at=at)
        here.confirmed_at = at


def _form_page(view: str, filled: FlaskForm, status: int, refusal: str | None = None) -> Response:
    body = render_template(f"workbench/my_account/{view}.html", form=filled, refusal=refusal, user=me())
    return make_response(body, status)
