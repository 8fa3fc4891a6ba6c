"""Pages that say what went wrong and what to do, in the language of the address. None of them needs the database."""

import logging
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from sqlalchemy.exc import NoResultFound
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError, TooManyRequests

from gongshi.errors import Busy, RuleBroken
from gongshi.web import wording
from gongshi.web.languages import in_workbench

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Trouble:
    """A status and how it reads."""

    title: str
    advice: str


TROUBLES: dict[int, Trouble] = {
    400: Trouble(
        lazy_gettext("The request could not be understood"),
        lazy_gettext("Go back and try again. If you typed an address by hand, please check it."),
    ),
    401: Trouble(
        lazy_gettext("You are not signed in"),
        lazy_gettext("Your session has ended, or there was none. Sign in, then send it again; nothing was changed."),
    ),
    403: Trouble(
        lazy_gettext("This was not sent from our own page"),
        lazy_gettext("Open the form on this site and send it from there."),
    ),
    404: Trouble(
        lazy_gettext("There is no such page"),
        lazy_gettext(
            "Nothing published here is ever removed, so the address probably has a slip in it. Try the search."
        ),
    ),
    405: Trouble(
        lazy_gettext("This address does not take that kind of request"),
        lazy_gettext("Open the page itself and use the form on it."),
    ),
    409: Trouble(lazy_gettext("This cannot be done"), lazy_gettext("Nothing was changed.")),
    411: Trouble(
        lazy_gettext("The request came without its length"),
        lazy_gettext("Text of unknown length might be cut off unseen, so it was not accepted. Please send it again."),
    ),
    413: Trouble(
        lazy_gettext("The text is too long"),
        lazy_gettext("Nothing was stored. Please go back, shorten the text or send it in several parts."),
    ),
    429: Trouble(
        lazy_gettext("Too many requests from your network"),
        lazy_gettext("Please wait a little and try again. Going back keeps the text you wrote."),
    ),
    500: Trouble(
        lazy_gettext("Something is wrong on our side"),
        lazy_gettext("The fault was recorded. Please try again later."),
    ),
    503: Trouble(
        lazy_gettext("The site is very busy"),
        lazy_gettext("Nothing was stored. Please go back and send it again in a few seconds."),
    ),
}
UNKNOWN = Trouble(lazy_gettext("The request was refused"), lazy_gettext("Go back and try again."))


def init_app(app: Flask) -> None:
    """Turn every refusal and every fault into a page."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NoResultFound, _not_found)
    app.register_error_handler(RuleBroken, _rule_broken)
    app.register_error_handler(Busy, _busy)
    app.register_error_handler(InternalServerError, _fault)


def page(status: int, *, detail: str = "", retry_after: int | None = None) -> Response:
    """The page of an error status, with a sentence about this one case if there is one."""
    trouble = TROUBLES.get(status, UNKNOWN)
    template = "workbench/errors/error.html" if in_workbench() else "errors/error.html"
    body = render_template(template, status=status, trouble=trouble, detail=detail, retry_after=retry_after)
    response = make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _http(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, SecurityError):
        # Without a host that we trust no address can be built, and so no page.
        return Response("This site does not answer to that host name (TRUSTED_HOSTS).\n", 400, mimetype="text/plain")
    if error.code is None or error.code < 400:
        return error
    retry_after = None
    if isinstance(error, TooManyRequests):
        retry_after = _seconds_to_wait(error)
    response = page(error.code, retry_after=retry_after)
    for name, value in error.get_headers(request.environ):
        if name in {"Allow", "WWW-Authenticate"}:
            response.headers[name] = value
    return response


def _seconds_to_wait(error: TooManyRequests) -> int:
    wait = error.retry_after if error.retry_after is not None else g.get("retry_after", 60)
    return int(wait) if isinstance(wait, int | float) else 60


def _not_found(_error: NoResultFound) -> ResponseReturnValue:
    return page(404)


def _rule_broken(error: RuleBroken) -> ResponseReturnValue:
    return page(409, detail=wording.say(error))


def _busy(error: Busy) -> ResponseReturnValue:
    return page(503, retry_after=error.retry_after)


def _fault(_error: InternalServerError) -> ResponseReturnValue:
    try:
        return page(500)
    except Exception:  # The page itself may be what is broken; plain text always works.
        current_app.logger.exception("the error page failed")
        return Response(
            "服务器出现故障，请稍后再试。\nSomething is wrong on our side. Please try again later.\n",
            500,
            mimetype="text/plain",
        )
