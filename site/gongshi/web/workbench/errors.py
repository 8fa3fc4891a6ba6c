"""What the workbench says when it refuses: for other roles it names those that may, and who holds them."""

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]  # It has no types.

from gongshi.accounts import queries as staff
from gongshi.web.db import session
from gongshi.web.errors import page
from gongshi.web.workbench import access
from gongshi.web.workbench.access import NotForYou


def handle(bp: Blueprint) -> None:
    """Say it in the workbench's own frame."""
    bp.register_error_handler(NotForYou, _not_for_you)
    bp.register_error_handler(CSRFError, _form_expired)


def _not_for_you(error: NotForYou) -> ResponseReturnValue:
    person = access.me()
    roles = sorted(error.roles)
    holders = staff.active_with_roles(session(), person.bureau_id, error.roles)
    return make_response(render_template("workbench/errors/not_for_you.html", roles=roles, holders=holders), 403)


def _form_expired(_error: CSRFError) -> ResponseReturnValue:
    return page(400, detail=gettext("The form was opened before you signed in, or in another browser. Open it again."))
