"""One instant per request: the page, its clock and its edition all speak of the same moment."""

from datetime import datetime

from flask import g

from gongshi import clock


def now() -> datetime:
    """The instant at which this request is answered, for reading. A write takes its instant from `db.writing`."""
    if "moment" not in g:
        g.moment = clock.now()
    moment = g.moment
    assert isinstance(moment, datetime)
    return moment


def move_on(to: datetime) -> None:
    """Speak of a later moment from here on: something was refused under the write lock, after the request began."""
    g.moment = max(to, now())
