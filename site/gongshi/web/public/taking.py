"""Taking a submission under the write lock, together with all that other threads are taking at this moment.

Here the clock counts, the limit is counted and the ledger is appended to (rules 3, 5, 9). What comes back belongs to no
session but the caller's, and is read no more from the database than it has to be.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from flask import Flask, current_app, request
from sqlalchemy.orm import Session

from gongshi.comments import challenges, intake, network_rules, receipts
from gongshi.comments.challenges import ChallengeUsed, UsedChallenge
from gongshi.comments.intake import Person, Point, Target
from gongshi.comments.models import Submission
from gongshi.comments.network_models import NetworkRule, RuleKind
from gongshi.consultations.models import Consultation
from gongshi.errors import RuleBroken
from gongshi.group_commit import GroupCommit, asked_once
from gongshi.projects.models import PlanVersion, Project
from gongshi.sealing import KeyRing
from gongshi.web import ledger_head, limits
from gongshi.web.db import db, session
from gongshi.web.keys import personal_ring, receipt_key
from gongshi.web.limits import Sender, TooOften
from gongshi.web.settings import settings
from gongshi.web.turnstile import turnstile


@dataclass
class Sending:
    """A submission on its way."""

    consultation: Consultation
    project: Project | None
    key: str
    points: Sequence[Point]
    person: Person | None
    proof: str
    challenge: UsedChallenge | None = None
    sender: Sender | None = None
    is_counted: bool = False

    def earlier(self) -> Submission | None:
        """The submission that was taken under this key with this body before. Raises KeyUsedForAnotherText."""
        return intake.repeated(
            session(),
            self.consultation,
            submission_key=self.key,
            points=self.points,
            person=self.person,
            ring=self.ring,
        )

    @cached_property
    def ring(self) -> KeyRing | None:
        """The keys under which what a person told is sealed."""
        return personal_ring(settings()) if self.person is not None else None

    @property
    def keys(self) -> set[str]:
        """What no two submissions of one transaction may have in common."""
        return {self.key, self.challenge.nonce} if self.challenge else {self.key}


class NetworkBlocked(Exception):
    """Staff put the network of this request on the list of those from which nothing is taken: why, and until when."""

    def __init__(self, reason: str, until_at: datetime) -> None:
        super().__init__(reason, until_at)
        self.reason = reason
        self.until_at = until_at


@dataclass(frozen=True)
class Taken:
    """A submission on disk. `is_new` is false for a retry, `is_signed` when a signed head of the ledger covers it."""

    submission: Submission
    is_new: bool
    is_signed: bool


def init_app(app: Flask) -> None:
    """Give the application the group of its threads."""
    with app.app_context():
        group = GroupCommit(db.engine, refusals=(RuleBroken, TooOften, NetworkBlocked), after=sign)
    app.extensions["gongshi.taking"] = group


def take(sending: Sending) -> Taken:
    """Take a submission that nobody has found yet.

    Raises Busy, TooOften, NetworkBlocked and what `intake.take_new` raises.
    """
    group = current_app.extensions["gongshi.taking"]
    assert isinstance(group, GroupCommit)
    copies = _Copies(sending)

    def act(writing: Session, at: datetime) -> tuple[Submission, bool]:
        consultation, points = copies.within(writing)
        # Looked up again under the lock: the same form sent twice at once is one submission, and is counted once.
        earlier = intake.repeated(
            writing, consultation, submission_key=sending.key, points=points, person=sending.person, ring=sending.ring
        )
        if earlier is not None:
            return earlier, False
        if sending.sender is None:
            rules = asked_once(
                writing, (take, consultation.id), lambda: network_rules.in_force(writing, consultation, at)
            )
            sending.sender = sender(sending, rules)
        return intake.take_new(
            writing,
            consultation,
            receipt=receipts.of(receipt_key(settings()), sending.key),
            points=points,
            at=at,
            person=sending.person,
            ring=sending.ring,
            challenge=sending.challenge,
            admitted=lambda: _count_once(writing, sending),
        ), True

    session().rollback()  # Whoever waits reads nothing, and holds no old state of the database.
    with turnstile().aside():
        written = group.write(act, keys=sending.keys)
    submission, is_new = written.result
    return Taken(_own(submission), is_new, written.after)


class _Copies:
    """What a submission speaks of, to be found again in another session. Made by the thread that sends it."""

    def __init__(self, sending: Sending) -> None:
        self._consultation = sending.consultation.id
        self._points = [
            (replace(point, target=Target()), *_ids(point.target), point.target.paragraph_key)
            for point in sending.points
        ]

    def within(self, writing: Session) -> tuple[Consultation, list[Point]]:
        return writing.get_one(Consultation, self._consultation), [
            replace(
                point,
                target=Target(
                    writing.get_one(Project, project) if project else None,
                    writing.get_one(PlanVersion, version) if version else None,
                    key,
                ),
            )
            for point, project, version, key in self._points
        ]


def _ids(target: Target) -> tuple[object, object]:
    return target.project and target.project.id, target.version and target.version.id


def sender(sending: Sending, rules: Iterable[NetworkRule]) -> Sender:
    """Who sends this, by the rules for networks that are in force. Raises NetworkBlocked."""
    rule = network_rules.holding_for(rules, limits.address(request.remote_addr))
    if rule is not None and rule.kind is RuleKind.BLOCK:
        raise NetworkBlocked(rule.reason, rule.until_at)
    return Sender(proved=sending.challenge is not None, is_allowed=rule is not None)


def _count_once(writing: Session, sending: Sending) -> None:
    """Count it against the limits, however often its transaction is begun. A used challenge uses up nothing else."""
    assert sending.sender is not None
    if sending.challenge is not None and challenges.is_spent(writing, sending.challenge):
        raise ChallengeUsed
    if not sending.is_counted:
        limits.limits().count_submission(sending.sender)
        sending.is_counted = True


def _own(submission: Submission) -> Submission:
    """The submission as one of this request's session, which sees from now on what was committed."""
    session().rollback()
    session().expunge_all()
    return session().merge(submission, load=False)


def sign() -> bool:
    """Sign the ledger's new head, in a session that has read nothing yet."""
    with Session(db.engine) as reading:
        return ledger_head.is_signed(current_app, reading)
