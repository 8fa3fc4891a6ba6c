"""The client of the workbench's tests: somebody of the staff, signed in without the detour over the sign-in page.

    clerk = signed_in(app, "shili-jingban")          # by login (the worked example's staff), or by StaffUser
    page = clerk.get("/workbench/")                  # checked as every page is: title, labels, valid HTML
    clerk.post("/workbench/…", {"title": "…"}, 303)  # the form's token is added for you

`post(…, token="")` sends none; `post(…, token=token(page))` sends the one of a page. The cookie and the row behind
it are real, so nothing of the gate is passed over.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from gongshi import clock
from gongshi.accounts import sessions
from gongshi.accounts.models import StaffUser
from gongshi.accounts.sessions import StaffSession, Stage
from gongshi.web.db import db
from gongshi.web.workbench import cookies
from web.client import Client, Page, check

RAW_TOKEN = "0" * 40


class StaffClient(Client):
    """Asks the workbench as one person, in one browser."""

    def __init__(self, app: Flask, session_token: str | None = None, *, address: str = "127.0.0.1") -> None:
        super().__init__(app)
        self._client.environ_base["REMOTE_ADDR"] = address
        self._app = app
        if session_token is not None:
            with self._client.session_transaction("/workbench/") as cookie:
                cookie[cookies.TOKEN] = session_token
                cookie["csrf_token"] = RAW_TOKEN

    @property
    def raw(self) -> FlaskClient:
        """The bare client, for what no browser would send."""
        return self._client

    @property
    def cookie(self) -> str:
        """What this browser holds; set it to steal another's."""
        found = self._client.get_cookie(cookies.PLAIN)
        return found.value if found else ""

    @cookie.setter
    def cookie(self, value: str) -> None:
        self._client.set_cookie(cookies.PLAIN, value)

    @property
    def token(self) -> str:
        """A form token that the gate takes from this browser."""
        return form_token(self._app)

    def post(
        self,
        path: str,
        data: Mapping[str, Any] | None = None,
        status: int = 303,
        headers: Mapping[str, str] | None = None,
        *,
        token: str | None = None,
    ) -> Page:
        sent = {"csrf_token": self.token if token is None else token, **(data or {})}
        if not sent["csrf_token"]:
            sent = {"nothing": "", **{name: value for name, value in sent.items() if name != "csrf_token"}}
        return super().post(path, sent, status, headers)

    def send(self, path: str, data: Mapping[str, Any] | None = None, status: int = 303) -> Page:
        """Post, and go where the answer leads."""
        answer = self.post(path, data, status)
        return self.get(answer.headers["Location"])

    def _looked_at(self, response: TestResponse, status: int, asked: str) -> Page:
        said = response.get_data(as_text=True)[:3000] if response.status_code != status else ""
        assert response.status_code == status, f"{asked} answered {response.status_code}, not {status}\n{said}"
        assert response.headers["Cache-Control"] == "no-store", f"{asked} may be kept by a cache"
        page = Page(response)
        if response.mimetype == "text/html" and page.text and not 300 <= status < 400:
            check(page)
        return page


def signed_in(app: Flask, who: str | StaffUser | UUID, *, at: datetime | None = None) -> StaffClient:
    """A browser in which this person is signed in (since now, unless told)."""
    with app.app_context(), Session(db.engine) as session:
        session.connection(execution_options={"writing": True})  # It waits for its turn: a server may be writing too.
        user = session.scalars(select(StaffUser).where(_named(who))).one()
        _, fresh = sessions.start(
            session, user, stage=Stage.SIGNED_IN, network="127.0.0.1", user_agent="tests", at=at or clock.now()
        )
        session.commit()
    return StaffClient(app, fresh)


def stranger(app: Flask, *, address: str = "127.0.0.1") -> StaffClient:
    """A browser in which nobody is signed in."""
    return StaffClient(app, address=address)


def form_token(app: Flask, raw: str = RAW_TOKEN) -> str:
    """The form token of a browser whose cookie holds this secret."""
    return str(URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(raw))


def token(page: Page) -> str:
    """The form token on a page."""
    found = page.soup.select_one("input[name=csrf_token]")
    assert found is not None, "a form without token"
    return str(found["value"])


def newest_session(session: Session, user: StaffUser) -> StaffSession:
    """The session that a person began last."""
    rows = select(StaffSession).where(StaffSession.user_id == user.id).order_by(StaffSession.started_at.desc())
    found = session.scalars(rows).first()
    assert found is not None
    return found


def _named(who: str | StaffUser | UUID) -> Any:
    if isinstance(who, str):
        return StaffUser.login == who
    return StaffUser.id == (who if isinstance(who, UUID) else who.id)
