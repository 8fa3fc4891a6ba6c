"""Refusals on their way into the public count: gathered for a moment, then written together.

A flood that is refused must not ask for the write lock once per refusal, or it would hold up those who are let in.
So each process writes its refusals twice a second at most. A kill loses half a second of counts, never a
comment.
"""

import atexit
import logging
import threading
from collections import Counter
from datetime import datetime
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from gongshi.clock import now
from gongshi.comments import refusals
from gongshi.comments.refusals import Reason
from gongshi.consultations.models import Consultation
from gongshi.db import writing
from gongshi.errors import Busy
from gongshi.web.db import db

log = logging.getLogger(__name__)

GATHER_SECONDS = 0.5

Key = tuple[UUID | str, Reason, datetime]


class RefusalCounter:
    """The refusals of one application in one process that are not written yet."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._waiting: Counter[Key] = Counter()
        self._guard = threading.Lock()
        self._writer = threading.Lock()
        self._timer: threading.Timer | None = None

    def count_in(self, number: str, reason: Reason) -> None:
        """Count one refusal of whoever was not let in far enough to know the consultation by more than its number."""
        self._count(number, reason)

    def count(self, consultation: UUID, reason: Reason) -> None:
        """Count one refusal now; it is in the database a moment later."""
        self._count(consultation, reason)

    def _count(self, consultation: UUID | str, reason: Reason) -> None:
        hour = now().replace(minute=0, second=0, microsecond=0)
        with self._guard:
            self._waiting[(consultation, reason, hour)] += 1
            if self._timer is None:
                self._timer = threading.Timer(GATHER_SECONDS, self.write)
                self._timer.daemon = True
                self._timer.start()

    def write(self) -> None:
        """Write what was gathered, after whoever is just writing. What cannot be written stays for the next time."""
        with self._writer:
            self._write()

    def _write(self) -> None:
        with self._guard:
            gathered, self._waiting, self._timer = self._waiting, Counter(), None
        if not gathered:
            return
        try:
            with self._app.app_context(), Session(db.engine) as session, writing(session):
                for (consultation, reason, hour), times in gathered.items():
                    known = consultation if isinstance(consultation, UUID) else _numbered(session, consultation)
                    if known is not None:
                        refusals.count(session, known, reason, times=times, at=hour)
        except (Busy, SQLAlchemyError):
            log.warning("%s refusals wait to be counted", sum(gathered.values()))
            with self._guard:
                self._waiting += gathered


def _numbered(session: Session, number: str) -> UUID | None:
    return session.scalar(select(Consultation.id).where(Consultation.number == number))


def init_app(app: Flask) -> None:
    """Give the application its counter."""
    counter = RefusalCounter(app)
    app.extensions["gongshi.refused"] = counter
    atexit.register(counter.write)


def counter() -> RefusalCounter:
    """The counter of the application that serves this request."""
    found = current_app.extensions["gongshi.refused"]
    assert isinstance(found, RefusalCounter)
    return found
