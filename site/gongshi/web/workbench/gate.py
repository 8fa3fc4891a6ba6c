"""The one door of the workbench: where it was sent from, who is there, which roles they hold, the form's token.

In this order, before any view runs; and behind it, whatever was refused is entered in the audit.
"""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Flask, current_app, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]  # It has no types.
from werkzeug.exceptions import Unauthorized

from gongshi.accounts import sessions
from gongshi.accounts.sessions import TOUCHED_EVERY, Lifetime, StaffSession
from gongshi.db import writing
from gongshi.errors import Busy
from gongshi.web.db import session
from gongshi.web.doors import SAFE, same_origin_only
from gongshi.web.languages import desk
from gongshi.web.moment import now
from gongshi.web.settings import settings
from gongshi.web.workbench import access, cookies, refusals

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Set up the cookie and the form tokens; public pages have neither."""
    cookies.init_app(app)
    # A clerk may write for a whole day on one form; what ends is the session, not the form.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    csrf.init_app(app)
    refusals.init_app(app)


def guard(bp: Blueprint) -> None:
    """Put the gate before every view of a blueprint and of those nested in it."""
    same_origin_only(bp)
    bp.before_request(find_out_who)
    bp.before_request(_let_through)
    bp.register_error_handler(Unauthorized, _ask_to_sign_in)


def lifetime() -> Lifetime:
    """How long sessions last, by the settings."""
    config = settings()
    return Lifetime(timedelta(minutes=config.SESSION_IDLE_MINUTES), timedelta(hours=config.SESSION_HOURS))


def find_out_who() -> None:
    """Whose browser this is. Asked before any view; and by the audit, where an address leads to none."""
    token = cookies.token()
    found = sessions.holding(session(), token, lifetime=lifetime(), at=now()) if token else None
    if found is not None and found.user.is_trial and settings().is_production:
        found = None  # Its password is known to everybody.
    g.staff_session = found
    if found is not None and now() - found.seen_at >= TOUCHED_EVERY:
        _note_use(found)


def _note_use(found: StaffSession) -> None:
    try:
        with writing(session()) as at:
            sessions.touch(found, at)
    except Busy:  # Then the next request notes it.
        current_app.logger.info("the use of a session was not noted: busy")


def _let_through() -> None:
    access.refuse_the_wrong_role()
    access.take_larger_bodies()
    if request.method not in SAFE:
        csrf.protect()


def _ask_to_sign_in(error: Unauthorized) -> ResponseReturnValue:
    if request.method in SAFE:
        # Where to go on afterwards: a path of our own, never a whole address.
        asked = urlsplit(request.full_path)
        return redirect(desk("sign_in.form", next=asked.path + (f"?{asked.query}" if asked.query else "")), 303)
    return error
