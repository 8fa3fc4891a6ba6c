"""Taking what people send: a submission exactly once, and a letter, e-mail or call that staff enter."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy.orm import Session

from gongshi import clock, ledger
from gongshi.accounts.models import Act, Approval
from gongshi.accounts.two_people import Hands, approve
from gongshi.comments import challenges, personal, queries, queues, receipts, tallies
from gongshi.comments.challenges import UsedChallenge
from gongshi.comments.checks import refuse_bad_text, refuse_too_much, refuse_unkeepable
from gongshi.comments.models import Channel, Comment, CommentKind, Proof, Submission
from gongshi.comments.personal import Person
from gongshi.comments.receipts import Receipt
from gongshi.consultations.models import Consultation, Round
from gongshi.errors import RuleBroken
from gongshi.notices.openness import Openness, Standing, standing
from gongshi.projects import queries as projects
from gongshi.projects.models import PlanVersion, Project
from gongshi.sealing import KeyRing

__all__ = [
    "KeyUsedForAnotherText",
    "NotOpen",
    "NothingSent",
    "Person",
    "Point",
    "Target",
    "TargetUnknown",
    "enter",
    "enter_under",
    "repeated",
    "submit",
]


class NotOpen(RuleBroken):
    """Comments are taken only while a round is open; the last instant is before closes_at."""

    code = "not-open"


class KeyUsedForAnotherText(RuleBroken):
    """A submission key belongs to one body; a retry repeats it exactly."""

    code = "key-used-for-another-text"


class NothingSent(RuleBroken):
    """A submission holds at least one comment."""

    code = "nothing-sent"


class TargetUnknown(RuleBroken):
    """What is commented on must be in this list, in a version that the public can read."""

    code = "target-unknown"


@dataclass(frozen=True)
class Target:
    """What a comment speaks of: the list, a project, or one paragraph of one version of its plan."""

    project: Project | None = None
    version: PlanVersion | None = None
    paragraph_key: str | None = None

    @property
    def address(self) -> str:
        """As the ledger writes it: list, project:4, project:4/version:1/paragraph:p-7."""
        if self.project is None:
            return "list"
        if self.version is None or self.paragraph_key is None:
            return f"project:{self.project.number}"
        return f"project:{self.project.number}/version:{self.version.number}/paragraph:{self.paragraph_key}"


@dataclass(frozen=True)
class Point:
    """One comment as it was sent, before it is taken."""

    kind: CommentKind
    text: str
    resolution: str | None = None
    target: Target = Target()


@dataclass(frozen=True)
class _Sent:
    """A whole sending: its points, who sent them if they said so, and what of that may be kept to know a retry by."""

    consultation: Consultation
    points: Sequence[Point]
    person: Person | None = None
    ring: KeyRing | None = None

    def __post_init__(self) -> None:
        if self.person is not None and self.ring is None:
            raise ValueError("what a person tells is kept sealed or not at all")

    @cached_property
    def digest(self) -> str:
        """The hash of the body. Of a person it holds which fields were filled in, and no word of them: a plain hash of
        a telephone number is found by trying them all. Raises TextTooLong, TextUnreadable."""
        # Surrogate halves cannot be hashed; they are refused here so that every caller refuses them the same way.
        for point in self.points:
            refuse_unkeepable(point.text)
            refuse_unkeepable(point.resolution or "")
        if self.person:
            personal.refuse_bad_person(self.person)
        outline = self.person.outline if self.person else []
        return ledger.digest(
            [
                self.consultation.number,
                *([point.kind.value, point.text, point.resolution, point.target.address] for point in self.points),
                *([outline] if outline else []),
            ]
        )

    def is_repeated_by(self, session: Session, earlier: Submission) -> bool:
        """Whether an earlier submission is this one. Of an erased text no hash is left: then the key alone decides."""
        if earlier.body_sha256 and earlier.body_sha256 != self.digest:
            return False
        if self.person is None or self.ring is None:
            return True
        return personal.is_same(session, earlier, self.person, self.ring)


def submit(
    session: Session,
    consultation: Consultation,
    *,
    submission_key: str,
    points: Sequence[Point],
    server_key: bytes,
    at: datetime,
    person: Person | None = None,
    ring: KeyRing | None = None,
    challenge: UsedChallenge | None = None,
) -> Submission:
    """Take what someone sent on the site, exactly once for its key; the same key and body give the same receipt.

    What they tell of themselves is sealed under `ring` beside every comment. `challenge` is the proof of work that came
    with it. Raises NotOpen, KeyUsedForAnotherText, NothingSent, TooManyPoints, TextsTooLong, TargetUnknown,
    TextMissing, TextTooLong, TextUnreadable, ChallengeUsed.
    """
    sent = _Sent(consultation, points, person, ring)
    earlier = _earlier(session, submission_key, sent)
    if earlier is not None:
        return earlier
    receipt = receipts.of(server_key, submission_key)
    submission = take_new(
        session, consultation, receipt=receipt, points=points, at=at, person=person, ring=ring, challenge=challenge
    )
    session.flush()
    return submission


def take_new(
    session: Session,
    consultation: Consultation,
    *,
    receipt: Receipt,
    points: Sequence[Point],
    at: datetime,
    person: Person | None = None,
    ring: KeyRing | None = None,
    challenge: UsedChallenge | None = None,
    admitted: Callable[[], None] = lambda: None,
) -> Submission:
    """The same for who has asked `repeated` under the same lock. What refuses does so before anything is changed, and
    nothing is written before the session is flushed.

    `admitted` is the last who may refuse, by raising; it is asked only about what no rule of ours refuses."""
    sent = _Sent(consultation, points, person, ring)
    refuse_too_much([len(point.text) + len(point.resolution or "") for point in points])
    rounds = _refuse_points(session, consultation, points, at)
    admitted()
    if challenge is not None:
        challenges.spend(session, challenge, at)
    return _take(session, sent, rounds, receipt, _Arrival(Channel.WEB, at, challenge=challenge), at=at)


def repeated(
    session: Session,
    consultation: Consultation,
    *,
    submission_key: str,
    points: Sequence[Point],
    person: Person | None = None,
    ring: KeyRing | None = None,
) -> Submission | None:
    """The submission that was taken earlier under this key with this body. Writes nothing, so it needs no lock.

    Raises KeyUsedForAnotherText, TextTooLong, TextUnreadable.
    """
    return _earlier(session, submission_key, _Sent(consultation, points, person, ring))


def enter(
    session: Session,
    consultation: Consultation,
    *,
    submission_key: str,
    points: Sequence[Point],
    channel: Channel,
    received_on: date | None = None,
    server_key: bytes,
    by: Hands,
    at: datetime,
) -> Submission:
    """Enter a letter, e-mail or call that came within a round; a second person confirms it (rule 11).

    `received_on` is the Beijing day on which it came, if that was not today: its round is the one open then.
    Raises what `submit` and `approve` raise.
    """
    return enter_under(
        session,
        consultation,
        receipt=receipts.of(server_key, submission_key),
        points=points,
        channel=channel,
        received_on=received_on,
        by=by,
        at=at,
    )


def enter_under(
    session: Session,
    consultation: Consultation,
    *,
    receipt: Receipt,
    points: Sequence[Point],
    channel: Channel,
    received_on: date | None = None,
    by: Hands,
    at: datetime,
) -> Submission:
    """The same under a receipt that was made when the letter was typed, so that approving it needs no server key."""
    if channel is Channel.WEB:
        raise ValueError("what comes on the site is submitted, not entered")
    sent = _Sent(consultation, points)
    earlier = _earlier(session, receipt.submission_key, sent)
    if earlier is not None:
        return earlier
    came_at = at if received_on is None else min(at, clock.end_of(received_on) - clock.AN_INSTANT)
    rounds = _refuse_points(session, consultation, points, came_at)
    approval = approve(session, Act.ENTER, by, bureaus=[one.id for one in consultation.bureaus], at=at)
    session.flush()  # The approval has its id only now.
    submission = _take(session, sent, rounds, receipt, _Arrival(channel, came_at, approval), at=at)
    session.flush()
    return submission


def _earlier(session: Session, submission_key: str, sent: _Sent) -> Submission | None:
    sent.digest  # noqa: B018  What cannot be kept is refused before anything is looked up.
    earlier = queries.by_submission_key(session, submission_key)
    if earlier is not None and not sent.is_repeated_by(session, earlier):
        raise KeyUsedForAnotherText
    return earlier


_Rounds = Mapping[UUID | None, Round]


def _refuse_points(session: Session, consultation: Consultation, points: Sequence[Point], at: datetime) -> _Rounds:
    """The round in which each project, and under None the whole list, now takes comments."""
    if not points:
        raise NothingSent
    rounds: dict[UUID | None, Round] = {}
    for point in points:
        project = point.target.project
        _refuse_target(session, consultation, point.target)
        if _of(point) not in rounds:
            rounds[_of(point)] = _open_round(standing(session, consultation, project, at=at), at)
        refuse_bad_text(point.text)
    return rounds


def _of(point: Point) -> UUID | None:
    return point.target.project.id if point.target.project else None


def _open_round(where: Standing, at: datetime) -> Round:
    if where.is_open and where.round is not None:
        return where.round
    late = where.openness is Openness.CLOSED and where.round is not None
    raise NotOpen(
        openness=where.openness.value,
        opens_at=where.round.opens_at if where.round else None,
        closes_at=where.round.closes_at if where.round else None,
        late_by=(at - where.round.closes_at) if late and where.round else None,
    )


def _refuse_target(session: Session, consultation: Consultation, target: Target) -> None:
    project, version = target.project, target.version
    if project is not None and project.consultation_id != consultation.id:
        raise TargetUnknown
    if version is not None and (version.published_at is None or project is None or version.project_id != project.id):
        raise TargetUnknown
    if target.paragraph_key is not None and (
        version is None or projects.paragraph(session, version, target.paragraph_key) is None
    ):
        raise TargetUnknown


@dataclass(frozen=True)
class _Arrival:
    """How and when a submission came, who entered it if it came on paper, and its proof of work if it brought one."""

    channel: Channel
    at: datetime
    approval: Approval | None = None
    challenge: UsedChallenge | None = None


def _take(
    session: Session, sent: _Sent, rounds: _Rounds, receipt: Receipt, arrival: _Arrival, *, at: datetime
) -> Submission:
    consultation = sent.consultation
    submission = Submission(
        consultation=consultation,
        round=rounds[_of(sent.points[0])],
        submission_key=receipt.submission_key,
        body_sha256=sent.digest,
        receipt_number=receipt.number,
        secret_sha256=receipt.secret_sha256,
        channel=arrival.channel,
        received_at=arrival.at,
        entered_approval_id=arrival.approval.id if arrival.approval else None,
        proof=Proof.SOLVED if arrival.challenge else Proof.NONE if arrival.channel is Channel.WEB else None,
        difficulty=arrival.challenge.tries if arrival.challenge else None,
    )
    session.add(submission)
    for point in sent.points:
        _take_point(session, submission, sent, point, rounds[_of(point)], arrival, at)
    return submission


def _take_point(
    session: Session, submission: Submission, sent: _Sent, point: Point, where: Round, arrival: _Arrival, at: datetime
) -> None:
    consultation = sent.consultation
    seq = tallies.next_seq(session, consultation)
    number = f"{consultation.number}-{seq:04d}"
    text_salt = ledger.new_salt()
    resolution_salt = ledger.new_salt() if point.resolution else None
    told = personal.salted(sent.person) if sent.person else {}
    commitments = {
        "text": ledger.commitment(text_salt, point.text),
        **({"resolution": ledger.commitment(resolution_salt, point.resolution)}
           if point.resolution and resolution_salt else {}),
        **{field.value: one.commitment for field, one in told.items()},
    }  # fmt: skip
    entry = ledger.append(
        session,
        ledger.Kind.COMMENT_RECEIVED,
        {
            "consultation": consultation.number,
            "comment": number,
            "round": where.ordinal,
            "kind": point.kind.value,
            "channel": arrival.channel.value,
            "target": point.target.address,
            "c": commitments,
            **({"by": arrival.approval.codes} if arrival.approval else {}),
            **({"received_on": clock.beijing(arrival.at).date().isoformat()} if arrival.at != at else {}),
        },
        at=at,
    )
    comment = Comment(
        consultation=consultation,
        round=where,
        seq=seq,
        number=number,
        kind=point.kind,
        text=point.text,
        resolution=point.resolution or None,
        text_salt=text_salt,
        resolution_salt=resolution_salt,
        project=point.target.project,
        version=point.target.version,
        paragraph_key=point.target.paragraph_key,
        received_at=arrival.at,
        state_at=at,
        ledger_index=entry.index,
        redacted_at=None,
    )
    submission.comments.append(comment)
    queues.opened(session, consultation, submission, comment)
    if sent.person and sent.ring:
        personal.keep(session, comment, told, ring=sent.ring, consents=sent.person.consents, at=at)
