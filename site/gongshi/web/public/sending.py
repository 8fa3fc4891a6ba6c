"""The way of a submission from the form to the disk: everything that may stop it, in the order in which it is cheapest.

A retry comes first: whoever was received gets the receipt again, after the closing and above every limit. What is new
is taken under the write lock, where the clock is read, the limit is counted and the ledger appended (rules 3, 5, 9).
"""

import logging
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy.exc import OperationalError

from gongshi import clock
from gongshi.comments import actions
from gongshi.comments.actions import KeyUsedForAnotherText, NotOpen, Point
from gongshi.comments.models import Submission
from gongshi.comments.refusals import Reason
from gongshi.consultations.models import Consultation
from gongshi.db import writing
from gongshi.errors import Busy
from gongshi.ledger.merkle import TreeMismatch
from gongshi.ledger.notes import MalformedNote
from gongshi.notices.openness import Openness, Standing, standing
from gongshi.projects.models import Project
from gongshi.web import ledger_head, limits, refused
from gongshi.web.db import session
from gongshi.web.keys import receipt_key
from gongshi.web.limits import TooOften
from gongshi.web.moment import now
from gongshi.web.settings import settings

log = logging.getLogger(__name__)

# The operator has to look; asking again sooner than this helps nobody.
READ_ONLY_SECONDS = 600


_KEY = re.compile(r"[A-Za-z0-9_-]{22,64}")


def fresh_key() -> str:
    """A new submission key. Whoever holds it can get the receipt again, so it is as hard to guess as the secret."""
    return secrets.token_urlsafe(24)


def is_key(text: str) -> bool:
    """Whether this can be the key of a form of ours, or of a program that made one of its own."""
    return _KEY.fullmatch(text) is not None


def count(consultation: Consultation, reasons: Iterable[Reason]) -> None:
    """Add refusals to the public count, each rule once."""
    for reason in set(reasons):
        refused.counter().count(consultation.id, reason)


class NotTaken(Exception):
    """Why a submission was not taken. Nothing was stored; `seconds` is how long to wait before the next try."""

    def __init__(
        self, reason: Reason, status: int, *, seconds: int | None = None, late_by: timedelta | None = None
    ) -> None:
        super().__init__(reason, status)
        self.reason = reason
        self.status = status
        self.seconds = seconds
        self.late_by = late_by
        self.wait = timedelta(seconds=seconds or 0)
        self.again_at = clock.now() + self.wait


@dataclass(frozen=True)
class Taken:
    """A submission on disk. `is_new` is false for a retry, `is_signed` when a signed head of the ledger covers it."""

    submission: Submission
    is_new: bool
    is_signed: bool


def send(consultation: Consultation, project: Project | None, *, key: str, points: Sequence[Point]) -> Taken:
    """Take a submission, or find the one that this key already made. Raises NotTaken, and counts that."""
    try:
        return _send(consultation, project, key, points)
    except NotTaken as refusal:
        count(consultation, [refusal.reason])
        raise


def _send(consultation: Consultation, project: Project | None, key: str, points: Sequence[Point]) -> Taken:
    try:
        earlier = actions.repeated(session(), consultation, submission_key=key, points=points)
        if earlier is None:
            _refuse_early(consultation, project)
            submission, is_new = _take(consultation, key, points)
        else:
            submission, is_new = earlier, False
    except KeyUsedForAnotherText as error:
        raise NotTaken(Reason.KEY_USED_FOR_ANOTHER_TEXT, 409) from error
    except NotOpen as error:
        late_by = error.details.get("late_by")
        raise NotTaken(Reason.NOT_OPEN, 409, late_by=late_by if isinstance(late_by, timedelta) else None) from error
    except TooOften as error:
        limit = Reason.CONSULTATION_LIMIT if error.limit == limits.CONSULTATION else Reason.NETWORK_LIMIT
        raise NotTaken(limit, 429, seconds=error.seconds) from error
    except Busy as error:
        raise NotTaken(Reason.BUSY, 503, seconds=error.retry_after) from error
    except OperationalError as error:
        # A full disk, a database that went away. The commit may even have succeeded: the key makes trying again safe.
        log.exception("the database refused a submission")
        session().rollback()
        raise NotTaken(Reason.BUSY, 503, seconds=Busy.retry_after) from error
    return Taken(submission, is_new, _sign())


def _refuse_early(consultation: Consultation, project: Project | None) -> None:
    """What is certain to be refused is refused without asking for the write lock."""
    where = standing(session(), consultation, project, at=now())
    if not where.is_open:
        raise NotTaken(Reason.NOT_OPEN, 409, late_by=lateness(where))
    if ledger_head.reason_not_to_write(current_app, session()) is not None:
        raise NotTaken(Reason.READ_ONLY, 503, seconds=READ_ONLY_SECONDS)
    limits.limits().refuse_early()


def lateness(where: Standing) -> timedelta | None:
    """By how much this request came after the closing."""
    return now() - where.round.closes_at if where.openness is Openness.CLOSED and where.round else None


def _take(consultation: Consultation, key: str, points: Sequence[Point]) -> tuple[Submission, bool]:
    with writing(session()) as at:
        # Looked up again under the lock: the same form sent twice at once is one submission, and is counted once.
        earlier = actions.repeated(session(), consultation, submission_key=key, points=points)
        if earlier is not None:
            return earlier, False
        limits.limits().count_submission()
        submission = actions.submit(
            session(), consultation, submission_key=key, points=points, server_key=receipt_key(settings()), at=at
        )
    return submission, True


def _sign() -> bool:
    """Sign the ledger's new head. The comment is safe on disk whether or not this succeeds."""
    try:
        ledger_head.sign(current_app, session())
    except (TreeMismatch, MalformedNote, ValueError, OSError, OperationalError):
        log.exception("the head of the ledger could not be signed")
        session().rollback()
        return False
    return True
