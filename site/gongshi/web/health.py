"""For machines: is the process alive, and can it serve?"""

from flask import Blueprint, Response, current_app
from sqlalchemy.exc import SQLAlchemyError

from gongshi.ledger import queries as ledger
from gongshi.web import ledger_head
from gongshi.web.db import session

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> Response:
    """The process answers. Says nothing about the database, so that a slow one does not get us restarted."""
    return _plain("ok\n", 200)


@bp.get("/readyz")
def ready() -> Response:
    """The database answers, has its tables, and holds the ledger that was signed."""
    try:
        reason = ledger_head.reason_not_to_write(current_app, session())
        if reason is not None:
            return _plain(f"read-only: the ledger is not the one that was signed ({reason})\n", 503)
        return _plain(f"ready\nledger {ledger.size(session())}\n", 200)
    except SQLAlchemyError:
        return _plain("the database does not answer, or has no tables yet\n", 503)


def _plain(text: str, status: int) -> Response:
    return Response(text, status, mimetype="text/plain")
