"""Whatever somebody signed in was refused to change leaves an entry in the audit: which page, which code."""

import logging

from flask import Flask, Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from gongshi.accounts import audit
from gongshi.accounts.audit import AuditKind
from gongshi.db import writing
from gongshi.errors import Busy
from gongshi.web.db import session
from gongshi.web.doors import SAFE
from gongshi.web.languages import in_workbench
from gongshi.web.workbench import access, gate

log = logging.getLogger(__name__)

REFUSED = {400, 401, 403, 404, 405, 409, 413}


def init_app(app: Flask) -> None:
    """Look at every answer of the application on its way out."""
    app.after_request(_note)


def _note(response: Response) -> Response:
    if request.method in SAFE or not in_workbench():
        return response
    # Left there by `db.writing`: a view may have shown it on its form, with 422.
    broken = session().info.pop("refused", None)
    if broken is None and response.status_code not in REFUSED:
        return response
    if "staff_session" not in g:
        gate.find_out_who()  # No view was reached, and so no gate: a method or an address that does not exist.
    person = access.who()
    if person is None:
        return response
    endpoint = (request.endpoint or "").partition(".")[2] or request.path[:120]
    details = {"page": endpoint, "code": str(broken or response.status_code), "method": request.method}
    details |= {name: str(value)[:80] for name, value in (request.view_args or {}).items()}
    try:
        with writing(session()) as at:
            audit.note(session(), AuditKind.REFUSED, actor=person, details=details, at=at)
    except (Busy, SQLAlchemyError):
        log.exception("a refusal was not entered in the audit: %s", details)
    return response
