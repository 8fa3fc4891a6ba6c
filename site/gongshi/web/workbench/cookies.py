"""The one cookie: set on the workbench alone, never sent to another site, never read by a script.

It is signed and holds the token of the server-side session, the secret of the form tokens and messages for the next
page. A public page neither reads nor sets it, and so can be kept by caches.
"""

from flask import Flask, Request, Response, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from gongshi.web.languages import is_of_workbench

TOKEN = "staff"  # noqa: S105  The name under which the token is kept.
PLAIN, SECURE = "gongshi_staff", "__Host-gongshi_staff"


class WorkbenchCookie(SecureCookieSessionInterface):
    """Flask's signed cookie for the workbench, and none for anything else.

    Over https it is `__Host-…` and `Secure`, so that no neighbouring host can set it; on http://127.0.0.1 a browser
    would refuse such a cookie, so there it goes by its plain name.
    """

    def get_cookie_name(self, app: Flask) -> str:
        return SECURE if self.get_cookie_secure(app) else PLAIN

    def get_cookie_secure(self, app: Flask) -> bool:
        return bool(app.config["SITE"].is_production or request.is_secure)

    def get_cookie_samesite(self, app: Flask) -> str:  # noqa: ARG002  Asked so by Flask.
        return "Strict"

    def get_cookie_httponly(self, app: Flask) -> bool:  # noqa: ARG002
        return True

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if not is_of_workbench(request.path):
            return SecureCookieSession()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if is_of_workbench(request.path):
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Give the application its cookie."""
    app.session_interface = WorkbenchCookie()


def token() -> str | None:
    """The token of the server-side session that this browser shows."""
    found = session.get(TOKEN)
    return found if isinstance(found, str) else None


def keep(fresh: str) -> None:
    """Give the browser another token; everything else that the cookie held is forgotten, the form secret too."""
    session.clear()
    session[TOKEN] = fresh


def forget() -> None:
    """Leave nothing of the session in the browser."""
    session.clear()
