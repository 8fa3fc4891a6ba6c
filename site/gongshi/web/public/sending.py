"""The way of a submission from the form to the disk: everything that may stop it, in the order in which it is cheapest.

A retry comes first: whoever was received gets the receipt again, after the closing and above every limit. What is new
is taken under the write lock, where the clock is read, the limit is counted and the ledger appended (rules 3, 5, 9).
"""

import logging
import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy.exc import OperationalError

from gongshi import clock
from gongshi.comments import challenges, network_rules
from gongshi.comments.challenges import ChallengeUsed
from gongshi.comments.intake import KeyUsedForAnotherText, NotOpen, Person, Point
from gongshi.comments.refusals import Reason
from gongshi.consultations.models import Consultation
from gongshi.errors import Busy
from gongshi.notices.openness import Openness, Standing, standing
from gongshi.projects.models import Project
from gongshi.web import ledger_head, limits, refused
from gongshi.web.db import session
from gongshi.web.limits import TooOften
from gongshi.web.limits.proof_of_work import ProofRefused, checked
from gongshi.web.moment import move_on, now
from gongshi.web.public.taking import NetworkBlocked, Sending, Taken, sender, sign, take
from gongshi.web.settings import settings
from gongshi.web.turnstile import turnstile

log = logging.getLogger(__name__)

LIMITS = {
    limits.NETWORK: Reason.NETWORK_LIMIT,
    limits.WITHOUT_PROOF: Reason.WITHOUT_PROOF_LIMIT,
    limits.CONSULTATION: Reason.CONSULTATION_LIMIT,
    limits.CROWD: Reason.CONSULTATION_LIMIT,
}

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
    """Why a submission was not taken. Nothing was stored; `seconds` is how long to wait before the next try.

    `late_by` says by how much it missed the end, `block` why nothing is taken from the network.
    """

    def __init__(
        self,
        reason: Reason,
        status: int,
        *,
        seconds: int | None = None,
        late_by: timedelta | None = None,
        block: NetworkBlocked | None = None,
    ) -> None:
        super().__init__(reason, status)
        self.block = block
        self.reason = reason
        self.status = status
        self.seconds = seconds
        self.late_by = late_by
        self.wait = timedelta(seconds=seconds or 0)
        self.again_at = clock.now() + self.wait


def send(
    consultation: Consultation,
    project: Project | None,
    *,
    key: str,
    points: Sequence[Point],
    person: Person | None = None,
    proof: str = "",
) -> Taken:
    """Take a submission, or find the one that this key already made. Raises NotTaken, and counts that.

    `proof` is the solution of a challenge, as the browser sends it; empty where it could not solve any.
    """
    try:
        return _send(Sending(consultation, project, key, points, person, proof.strip()))
    except NotTaken as refusal:
        if refusal.reason is Reason.BUSY:
            limits.limits().note_busy()
        count(consultation, [refusal.reason])
        raise


def _send(sending: Sending) -> Taken:
    try:
        return _as_limited(sending)
    except KeyUsedForAnotherText as error:
        raise NotTaken(Reason.KEY_USED_FOR_ANOTHER_TEXT, 409) from error
    except NotOpen as error:
        raise _closed_meanwhile(error) from error
    except Busy as error:
        raise NotTaken(Reason.BUSY, 503, seconds=error.retry_after) from error
    except OperationalError as error:
        # A full disk, a database that went away. The commit may even have succeeded: the key makes trying again safe.
        log.exception("the database refused a submission")
        session().rollback()
        raise NotTaken(Reason.BUSY, 503, seconds=Busy.retry_after) from error


def _as_limited(sending: Sending) -> Taken:
    """What lists, proofs and limits refuse whoever sends."""
    try:
        return _found_or_taken(sending)
    except NetworkBlocked as error:
        raise NotTaken(Reason.NETWORK_BLOCKED, 403, block=error) from error
    except ProofRefused as error:
        raise NotTaken(error.reason, 422) from error
    except ChallengeUsed as error:
        raise NotTaken(Reason.PROOF_USED, 409) from error
    except TooOften as error:
        raise NotTaken(LIMITS.get(error.limit, Reason.NETWORK_LIMIT), 429, seconds=error.seconds) from error


def _found_or_taken(sending: Sending) -> Taken:
    try:
        _refuse_early(sending)
    except (NotTaken, NetworkBlocked, ProofRefused, ChallengeUsed, TooOften):
        # Nearly everybody is new, and who is not is found under the lock. But a retry is never refused.
        earlier = sending.earlier()
        if earlier is None:
            raise
        return Taken(earlier, is_new=False, is_signed=sign())
    return take(sending)


def _refuse_early(sending: Sending) -> None:
    """What is certain to be refused is refused without asking for the write lock.

    In a crowd the lock is shared, and what is asked under it is asked once for many: so only the rest is asked here.
    """
    if ledger_head.reason_not_to_write(current_app, session()) is not None:
        raise NotTaken(Reason.READ_ONLY, 503, seconds=ledger_head.READ_ONLY_SECONDS)
    if sending.proof:
        sending.challenge = checked(settings(), sending.consultation.number, sending.proof)
    if turnstile().is_crowded:
        return
    where = standing(session(), sending.consultation, sending.project, at=now())
    if not where.is_open:
        raise _not_open(lateness(where))
    sending.sender = sender(sending, network_rules.in_force(session(), sending.consultation, now()))
    if sending.challenge is not None and challenges.is_spent(session(), sending.challenge):
        raise ChallengeUsed
    limits.limits().refuse_early(sending.sender)


def _closed_meanwhile(error: NotOpen) -> NotTaken:
    """It may have been open when the request began: the page that says so speaks of the later moment."""
    late_by, closes_at = error.details.get("late_by"), error.details.get("closes_at")
    if isinstance(late_by, timedelta) and isinstance(closes_at, datetime):
        move_on(closes_at + late_by)
        return _not_open(late_by)
    move_on(clock.now())
    return _not_open(None)


def _not_open(late_by: timedelta | None) -> NotTaken:
    return NotTaken(Reason.NOT_OPEN if late_by is None else Reason.LATE, 409, late_by=late_by)


def lateness(where: Standing) -> timedelta | None:
    """By how much this request came after the closing."""
    return now() - where.round.closes_at if where.openness is Openness.CLOSED and where.round else None
