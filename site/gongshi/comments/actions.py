"""Verbs: take a submission exactly once, enter one that came on paper, publish, withhold, withdraw it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from gongshi import clock, ledger, search
from gongshi.accounts.models import Act, Approval, Role, StaffUser
from gongshi.accounts.two_people import Hands, approve, check
from gongshi.comments import queries, queues, receipts, tallies
from gongshi.comments.checks import refuse_bad_text, refuse_unkeepable
from gongshi.comments.models import (
    Channel,
    Comment,
    CommentKind,
    CommentState,
    Submission,
    Withholding,
    WithholdingReason,
)
from gongshi.comments.receipts import Receipt
from gongshi.consultations.models import Consultation
from gongshi.errors import RuleBroken
from gongshi.notices.openness import Openness, Standing, standing
from gongshi.projects import queries as projects
from gongshi.projects.models import PlanVersion, Project

AN_INSTANT = timedelta(microseconds=1)


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


class AlreadySettled(RuleBroken):
    """A comment that was withheld or withdrawn stays so; one that is published is not published again."""

    code = "already-settled"


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


def submit(
    session: Session,
    consultation: Consultation,
    *,
    submission_key: str,
    points: Sequence[Point],
    server_key: bytes,
    at: datetime,
) -> Submission:
    """Take what someone sent on the site, exactly once for its key; the same key and body give the same receipt.

    Raises NotOpen, KeyUsedForAnotherText, NothingSent, TargetUnknown, TextMissing, TextTooLong, TextUnreadable.
    """
    earlier = repeated(session, consultation, submission_key=submission_key, points=points)
    if earlier is not None:
        return earlier
    body_sha256 = _body_digest(consultation, points)
    where = _refuse_points(session, consultation, points, at)
    receipt = receipts.of(server_key, submission_key)
    return _take(session, consultation, where, Channel.WEB, points, receipt, body_sha256, None, at, at=at)


def repeated(
    session: Session, consultation: Consultation, *, submission_key: str, points: Sequence[Point]
) -> Submission | None:
    """The submission that was taken earlier under this key with this body. Writes nothing, so it needs no lock.

    Raises KeyUsedForAnotherText, TextTooLong, TextUnreadable.
    """
    body_sha256 = _body_digest(consultation, points)
    earlier = queries.by_submission_key(session, submission_key)
    if earlier is not None and earlier.body_sha256 != body_sha256:
        raise KeyUsedForAnotherText
    return earlier


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
    earlier = repeated(session, consultation, submission_key=receipt.submission_key, points=points)
    if earlier is not None:
        return earlier
    came_at = at if received_on is None else min(at, clock.end_of(received_on) - AN_INSTANT)
    body_sha256 = _body_digest(consultation, points)
    where = _refuse_points(session, consultation, points, came_at)
    approval = approve(session, Act.ENTER, by, bureaus=[one.id for one in consultation.bureaus], at=at)
    session.flush()  # The approval has its id only now.
    return _take(session, consultation, where, channel, points, receipt, body_sha256, approval, came_at, at=at)


def publish(session: Session, comment: Comment, *, by: StaffUser, at: datetime) -> None:
    """Show a comment's text. One analyst is enough. Raises AlreadySettled and what `accounts` raises."""
    if comment.state is not CommentState.PENDING:
        raise AlreadySettled(comment=comment.number)
    check(by, frozenset({Role.ANALYST}), frozenset(one.id for one in comment.consultation.bureaus))

    tallies.move(session, comment, CommentState.PUBLISHED)
    comment.state, comment.state_at, comment.published_by = CommentState.PUBLISHED, at, by
    queues.moved(session, comment)
    ledger.append(
        session,
        ledger.Kind.COMMENT_PUBLISHED,
        {"comment": comment.number, "sha256": ledger.digest(comment.shown_text), "by": by.code},
        at=at,
    )
    search.enqueue(session, "comment", str(comment.id))


def withhold(session: Session, comment: Comment, *, reason: WithholdingReason, by: Hands, at: datetime) -> Withholding:
    """Do not show a comment's text, for a reason with a code; it stays counted. Raises AlreadySettled."""
    if comment.state not in {CommentState.PENDING, CommentState.PUBLISHED}:
        raise AlreadySettled(comment=comment.number)
    bureaus = [one.id for one in comment.consultation.bureaus]
    approval = approve(session, Act.WITHHOLD, by, bureaus=bureaus, at=at)

    tallies.move(session, comment, CommentState.WITHHELD)
    comment.state, comment.state_at = CommentState.WITHHELD, at
    queues.moved(session, comment)
    withholding = Withholding(comment=comment, reason=reason, withheld_at=at, approval=approval)
    session.add(withholding)
    ledger.append(
        session,
        ledger.Kind.COMMENT_WITHHELD,
        {"comment": comment.number, "reason": reason.value, "by": approval.codes},
        at=at,
    )
    search.enqueue(session, "comment", str(comment.id))
    return withholding


def withdraw(session: Session, comment: Comment, *, at: datetime) -> None:
    """Take a comment back at its sender's wish; a tombstone stays and it stays counted. Raises AlreadySettled."""
    if comment.state not in {CommentState.PENDING, CommentState.PUBLISHED}:
        raise AlreadySettled(comment=comment.number)

    tallies.move(session, comment, CommentState.WITHDRAWN)
    comment.state, comment.state_at = CommentState.WITHDRAWN, at
    queues.moved(session, comment)
    ledger.append(session, ledger.Kind.COMMENT_WITHDRAWN, {"comment": comment.number}, at=at)
    search.enqueue(session, "comment", str(comment.id))


def _body_digest(consultation: Consultation, points: Sequence[Point]) -> str:
    # Surrogate halves cannot be hashed; they are refused here so that every caller refuses them the same way.
    for point in points:
        refuse_unkeepable(point.text)
        refuse_unkeepable(point.resolution or "")
    return ledger.digest(
        [
            consultation.number,
            *([point.kind.value, point.text, point.resolution, point.target.address] for point in points),
        ]
    )


def _refuse_points(session: Session, consultation: Consultation, points: Sequence[Point], at: datetime) -> Standing:
    if not points:
        raise NothingSent
    for point in points:
        _refuse_target(session, consultation, point.target)
        _refuse_closed(standing(session, consultation, point.target.project, at=at), at)
        refuse_bad_text(point.text)
    # Points on one project alone may come in a round of that project alone.
    return standing(session, consultation, points[0].target.project, at=at)


def _refuse_closed(where: Standing, at: datetime) -> None:
    if where.is_open:
        return
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


def _take(
    session: Session,
    consultation: Consultation,
    where: Standing,
    channel: Channel,
    points: Sequence[Point],
    receipt: Receipt,
    body_sha256: str,
    approval: Approval | None,
    came_at: datetime,
    *,
    at: datetime,
) -> Submission:
    submission = Submission(
        consultation=consultation,
        round=where.round,
        submission_key=receipt.submission_key,
        body_sha256=body_sha256,
        receipt_number=receipt.number,
        secret_sha256=receipt.secret_sha256,
        channel=channel,
        received_at=came_at,
        entered_approval_id=approval.id if approval else None,
    )
    session.add(submission)
    session.flush()
    for point in points:
        _take_point(session, submission, point, tallies.next_seq(session, consultation), approval, at)
    session.flush()
    return submission


def _take_point(
    session: Session, submission: Submission, point: Point, seq: int, approval: Approval | None, at: datetime
) -> None:
    number, came_at = f"{submission.consultation.number}-{seq:04d}", submission.received_at
    text_salt = ledger.new_salt()
    resolution_salt = ledger.new_salt() if point.resolution else None
    commitments = {"text": ledger.commitment(text_salt, point.text)}
    if point.resolution and resolution_salt:
        commitments["resolution"] = ledger.commitment(resolution_salt, point.resolution)
    entry = ledger.append(
        session,
        ledger.Kind.COMMENT_RECEIVED,
        {
            "consultation": submission.consultation.number,
            "comment": number,
            "round": submission.round.ordinal,
            "kind": point.kind.value,
            "channel": submission.channel.value,
            "target": point.target.address,
            "c": commitments,
            **({"by": approval.codes} if approval else {}),
            **({"received_on": clock.beijing(came_at).date().isoformat()} if came_at != at else {}),
        },
        at=at,
    )
    comment = Comment(
        consultation=submission.consultation,
        round=submission.round,
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
        received_at=came_at,
        state_at=at,
        ledger_index=entry.index,
    )
    submission.comments.append(comment)
    queues.opened(session, submission, comment)
