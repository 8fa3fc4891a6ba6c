"""Accounts 账号: who is at the bureau, in which roles; inviting, changing, switching off. For admins."""

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm  # type: ignore[import-untyped]  # It has no types.
from wtforms import EmailField, SelectMultipleField, StringField, widgets
from wtforms.validators import DataRequired, Length, Optional, Regexp

from gongshi.accounts import managing, queries, sessions, signing_in
from gongshi.accounts.actions import AccountExists, LoginUnusable
from gongshi.accounts.models import Role, StaffUser
from gongshi.db import writing
from gongshi.errors import RuleBroken
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.languages import desk
from gongshi.web.moment import now
from gongshi.web.workbench import access, gate
from gongshi.web.workbench.access import me
from gongshi.web.workbench.my_account import ask_to_confirm
from gongshi.web.workbench.typed import typed

EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+$"
ADMINS = frozenset({Role.ADMIN})
ROLES = {role.value: role for role in Role}

bp = Blueprint("accounts", __name__, url_prefix="/accounts")
access.allow(bp, reading=ADMINS, writing=ADMINS)
bp.before_request(ask_to_confirm)


class RolesForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types.
    """The roles of one person."""

    roles = SelectMultipleField(
        lazy_gettext("Roles"),
        [DataRequired(lazy_gettext("Please choose at least one role."))],
        coerce=Role,
        option_widget=widgets.CheckboxInput(),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.roles.choices = [(role.value, wording.label(role)) for role in Role]


class InviteForm(RolesForm):
    """Somebody new."""

    login = StringField(
        lazy_gettext("Sign-in name"),
        [DataRequired(lazy_gettext("Please enter a name to sign in with.")), Length(max=64)],
        filters=[lambda text: (text or "").strip().lower()],
    )
    pseudonym = StringField(
        lazy_gettext("Name on public pages"),
        [DataRequired(lazy_gettext("Please enter how this person is called in public.")), Length(max=40)],
        filters=[lambda text: (text or "").strip()],
    )
    email = EmailField(
        lazy_gettext("E-mail"),
        [Optional(), Length(max=200), Regexp(EMAIL, message=lazy_gettext("Write it like name@example.cn."))],
        filters=[lambda text: (text or "").strip()],
    )


@bp.get("/")
def index() -> str:
    people = queries.staff_of(session(), me().bureau_id)
    return render_template("workbench/accounts/index.html", people=people, joined=_joined(people), roles=ROLES)


@bp.route("/invite", methods=["GET", "POST"])
def invite() -> ResponseReturnValue:
    filled = InviteForm()
    if not filled.validate_on_submit():
        return _invite_page(filled, 200 if request.method == "GET" else 422)
    try:
        with writing(session()) as at:
            user, token = managing.invite(
                session(),
                login=typed(filled.login),
                pseudonym=typed(filled.pseudonym),
                roles=filled.roles.data or [],
                email=typed(filled.email) or None,
                by=me(),
                at=at,
            )
    except RuleBroken as refused:
        return _invite_page(filled, 422, _at_its_field(filled, refused))
    return _link_page(user, token)


@bp.get("/<code>/")
def show(code: str) -> ResponseReturnValue:
    return _person_page(_person(code), None, 200)


@bp.post("/<code>/roles")
def roles(code: str) -> ResponseReturnValue:
    user, filled = _person(code), RolesForm()
    if not filled.validate():
        return _person_page(user, filled, 422)
    try:
        with writing(session()) as at:
            managing.change_roles(session(), user, filled.roles.data or [], by=me(), at=at)
    except RuleBroken as refused:
        return _person_page(user, filled, 422, wording.say(refused))
    flash(_("The roles were changed; %(person)s has to sign in again.", person=user.pseudonym))
    return redirect(desk("accounts.show", code=code), 303)


@bp.post("/<code>/off")
def switch_off(code: str) -> ResponseReturnValue:
    user = _person(code)
    with writing(session()) as at:
        managing.switch_off(session(), user, by=me(), at=at)
    flash(_("The account of %(person)s is switched off.", person=user.pseudonym))
    return redirect(desk("accounts.show", code=code), 303)


@bp.post("/<code>/on")
def switch_on(code: str) -> ResponseReturnValue:
    user = _person(code)
    with writing(session()) as at:
        managing.switch_on(session(), user, by=me(), at=at)
    flash(_("The account of %(person)s is switched on.", person=user.pseudonym))
    return redirect(desk("accounts.show", code=code), 303)


@bp.post("/<code>/link")
def link_anew(code: str) -> ResponseReturnValue:
    user = _person(code)
    with writing(session()) as at:
        token = managing.invite_again(session(), user, by=me(), at=at)
    return _link_page(user, token)


@bp.post("/<code>/sessions/<uuid:session_id>/end")
def end_session(code: str, session_id: UUID) -> ResponseReturnValue:
    found = sessions.of_user(session(), _person(code), session_id)
    with writing(session()) as at:
        managing.revoke(session(), found, by=me(), at=at)
    flash(_("That session has ended."))
    return redirect(desk("accounts.show", code=code), 303)


def _person(code: str) -> StaffUser:
    return queries.numbered(session(), me().bureau_id, code)


def _joined(people: list[StaffUser]) -> set[UUID]:
    """Who has set a password and a second factor, or needs none."""
    return {one.id for one in people if one.is_trial or signing_in.has_factor(session(), one)}


def _at_its_field(filled: InviteForm, refused: RuleBroken) -> str | None:
    """Put a refusal at the field that it speaks of; else it is about the whole."""
    said = wording.say(refused)
    if isinstance(refused, LoginUnusable):
        filled.login.errors = [said]
    elif isinstance(refused, AccountExists):
        field = filled.login if refused.details["found"] == filled.login.data else filled.email
        field.errors = [said]
    else:
        filled.roles.errors = [said]
    return None


def _invite_page(filled: InviteForm, status: int, refusal: str | None = None) -> Response:
    return make_response(render_template("workbench/accounts/invite.html", form=filled, refusal=refusal), status)


def _link_page(user: StaffUser, token: str) -> Response:
    address = request.url_root.rstrip("/") + desk("joining.password", token=token)
    return make_response(render_template("workbench/accounts/_link.html", user=user, address=address))


def _person_page(user: StaffUser, filled: RolesForm | None, status: int, refusal: str | None = None) -> Response:
    body = render_template(
        "workbench/accounts/show.html",
        user=user,
        form=filled or RolesForm(formdata=None, data={"roles": sorted(user.roles)}),
        refusal=refusal,
        is_me=user.id == me().id,
        has_joined=bool(_joined([user])),
        sessions=sessions.current_of(session(), user, lifetime=gate.lifetime(), at=now()),
    )
    return make_response(body, status)
