"""What became of a submission, station by station (rule 6). Values that a page or a program can show; no HTML.

Received → under review → published or withheld → grouped into objections, or under an answer → answered → lines
changed → decision. A station that cannot follow any more is left out: what was withheld is not grouped, a comment under
an answer changes no line.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from gongshi.admissions import queries as admissions
from gongshi.admissions.models import AdmissionOutcome
from gongshi.comments import queries as comments
from gongshi.comments.models import Comment, CommentKind, CommentState, Redaction, Submission, WithholdingReason
from gongshi.objections import queries as objections
from gongshi.objections.models import Answer, Objection, Outcome
from gongshi.projects.models import Project
from gongshi.revisions import queries as revisions
from gongshi.revisions.models import Change, ChangeKind, Subject


class Step(StrEnum):
    """A station on the way."""

    RECEIVED = "received"
    REVIEW = "review"
    PUBLICATION = "publication"
    GROUPING = "grouping"
    ANSWER = "answer"
    CHANGES = "changes"
    DECISION = "decision"


class Progress(StrEnum):
    """Whether a station is behind, being worked on, or still ahead."""

    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Station:
    """One station of one comment, and since when it is behind."""

    step: Step
    progress: Progress
    at: datetime | None = None


@dataclass(frozen=True)
class ChangedLine:
    """A place in a plan that was changed because of an objection that this comment raised."""

    project: int
    before: int
    after: int
    subject: Subject
    key: str
    kind: ChangeKind
    published_at: datetime


@dataclass(frozen=True)
class Raised:
    """An objection that this comment helped to raise, and how it was answered."""

    number: str
    title: str
    grouped_at: datetime
    outcome: Outcome | None
    reasons: str | None
    answered_at: datetime | None
    is_unfounded: bool
    changes: tuple[ChangedLine, ...]

    @property
    def awaits_change(self) -> bool:
        """Adopted, but no line was changed yet (rule 12)."""
        return self.outcome is not None and self.outcome.needs_change and not self.changes


@dataclass(frozen=True)
class Answered:
    """The public answer to a comment that raised no issue."""

    number: str
    title: str
    published_at: datetime


@dataclass(frozen=True)
class Decided:
    """Where the decision on a project that this comment concerns stands."""

    project: int
    name: str
    outcome: AdmissionOutcome | None
    decided_at: datetime | None


@dataclass(frozen=True)
class Replaced:
    """That the sender put other words in place of those that came first, and the entry of the ledger that says so."""

    at: datetime
    ledger_index: int


@dataclass(frozen=True)
class CommentStatus:
    """One comment as it was sent, and everything that became of it."""

    number: str
    consultation: str
    kind: CommentKind
    text: str
    resolution: str | None
    project: int | None
    project_name: str | None
    version: int | None
    paragraph_key: str | None
    ledger_index: int
    state: CommentState
    state_at: datetime
    was_taken_back: bool
    replaced: tuple[Replaced, ...]
    withholding_reason: WithholdingReason | None
    redaction: Redaction | None
    raised: tuple[Raised, ...]
    answer: Answered | None
    decisions: tuple[Decided, ...]
    stations: tuple[Station, ...]


@dataclass(frozen=True)
class ReceiptStatus:
    """A submission as its receipt opens it."""

    number: str
    consultation: str
    consultation_title: str
    consultation_title_en: str
    is_example: bool
    received_at: datetime
    comments: tuple[CommentStatus, ...]


def status(session: Session, submission: Submission) -> ReceiptStatus:
    """Everything that became of a submission, as it stands now."""
    return _receipt(submission, [_of_comment(session, comment) for comment in submission.comments])


def just_received(session: Session, submission: Submission) -> ReceiptStatus:
    """The same for a submission that was taken this moment: nothing can have become of it, so nothing is looked up."""
    return _receipt(submission, [_told(session, comment, [], None, []) for comment in submission.comments])


def _receipt(submission: Submission, comments: Iterable[CommentStatus]) -> ReceiptStatus:
    return ReceiptStatus(
        number=submission.receipt_number,
        consultation=submission.consultation.number,
        consultation_title=submission.consultation.title,
        consultation_title_en=submission.consultation.title_en,
        is_example=submission.consultation.is_example,
        received_at=submission.received_at,
        comments=tuple(comments),
    )


def _of_comment(session: Session, comment: Comment) -> CommentStatus:
    return _told(
        session,
        comment,
        objections.of_comment(session, comment),
        objections.answer_to(session, comment),
        [Replaced(change.changed_at, change.ledger_index) for change in comments.replacements(session, comment)],
    )


def _told(
    session: Session, comment: Comment, found: list[Objection], answered: Answer | None, replaced: list[Replaced]
) -> CommentStatus:
    raised = tuple(_raised(session, comment, objection) for objection in found)
    answer = _answered(answered)
    decisions = tuple(_decided(session, project, comment) for project in _concerned(comment, found))
    return CommentStatus(
        number=comment.number,
        consultation=comment.consultation.number,
        kind=comment.kind,
        text=comment.text,
        resolution=comment.resolution,
        project=comment.project.number if comment.project else None,
        project_name=comment.project.name if comment.project else None,
        version=comment.version.number if comment.version else None,
        paragraph_key=comment.paragraph_key,
        ledger_index=comment.ledger_index,
        state=comment.state,
        state_at=comment.state_at,
        was_taken_back=comment.was_taken_back,
        replaced=tuple(replaced),
        withholding_reason=_withheld_for(comment),
        redaction=comment.redaction,
        raised=raised,
        answer=answer,
        decisions=decisions,
        stations=tuple(_stations(comment, raised, answer, decisions)),
    )


def _withheld_for(comment: Comment) -> WithholdingReason | None:
    """Why the text is not shown; none once it was published upon an appeal."""
    if comment.state is not CommentState.WITHHELD or comment.withholding is None:
        return None
    return comment.withholding.reason_in_force


def _raised(session: Session, comment: Comment, objection: Objection) -> Raised:
    disposition = objection.disposition
    # Under an objection that was settled already, a comment has had its answer only since it was placed there.
    grouped_at = objections.placed_at(session, objection, comment) or objection.worded_at
    settled_at = disposition.decided_at if disposition else objection.unfounded_at
    return Raised(
        number=objection.number,
        title=objection.title,
        grouped_at=grouped_at,
        outcome=disposition.outcome if disposition else None,
        reasons=disposition.reasons if disposition else objection.unfounded_reason,
        answered_at=max(settled_at, grouped_at) if settled_at else None,
        is_unfounded=objection.unfounded_at is not None,
        changes=tuple(_changed(change) for change in revisions.caused_by(session, objection)),
    )


def _changed(change: Change) -> ChangedLine:
    step = change.revision
    return ChangedLine(
        project=step.project.number,
        before=step.from_version.number,
        after=step.to_version.number,
        subject=change.subject,
        key=change.key,
        kind=change.kind,
        published_at=step.published_at,
    )


def _answered(answer: Answer | None) -> Answered | None:
    return Answered(answer.number, answer.title, answer.published_at) if answer else None


def _concerned(comment: Comment, raised: Iterable[Objection]) -> list[Project]:
    """The project that was commented on, and those that its objections concern, in the list's order."""
    projects = {project.number: project for objection in raised for project in objection.projects}
    if comment.project is not None:
        projects[comment.project.number] = comment.project
    return [projects[number] for number in sorted(projects)]


def _decided(session: Session, project: Project, comment: Comment) -> Decided:
    """The decision that counts; one taken before the comment came, in a later round, did not rest on it."""
    decision = admissions.admission(session, project)
    if decision is not None and decision.decided_at < comment.received_at:
        decision = None
    return Decided(
        project=project.number,
        name=project.name,
        outcome=decision.outcome if decision else None,
        decided_at=decision.decided_at if decision else None,
    )


def _stations(
    comment: Comment, raised: tuple[Raised, ...], answer: Answered | None, decisions: tuple[Decided, ...]
) -> list[Station]:
    on_the_way = [
        Station(Step.RECEIVED, Progress.DONE, comment.received_at),
        *_review(comment),
    ]
    is_placed = bool(raised) or answer is not None
    if comment.state in {CommentState.WITHHELD, CommentState.WITHDRAWN} and not is_placed:
        return on_the_way
    on_the_way += [_grouping(comment, raised, answer), _answering(raised, answer)]
    on_the_way += _changing(raised, answer)
    if decisions:
        on_the_way.append(_deciding(decisions, on_the_way))
    return on_the_way


def _review(comment: Comment) -> list[Station]:
    if comment.state is CommentState.PENDING:
        return [Station(Step.REVIEW, Progress.NOW), Station(Step.PUBLICATION, Progress.AHEAD)]
    at = comment.state_at
    settled = Station(Step.PUBLICATION, Progress.DONE, at)
    # Who took it back did so whether or not somebody had looked at it, and not when they had.
    return [settled] if comment.state is CommentState.WITHDRAWN else [Station(Step.REVIEW, Progress.DONE, at), settled]


def _grouping(comment: Comment, raised: tuple[Raised, ...], answer: Answered | None) -> Station:
    if raised:
        return Station(Step.GROUPING, Progress.DONE, min(one.grouped_at for one in raised))
    if answer is not None:
        return Station(Step.GROUPING, Progress.DONE, answer.published_at)
    waits = Progress.AHEAD if comment.state is CommentState.PENDING else Progress.NOW
    return Station(Step.GROUPING, waits)


def _answering(raised: tuple[Raised, ...], answer: Answered | None) -> Station:
    if answer is not None:
        return Station(Step.ANSWER, Progress.DONE, answer.published_at)
    times = [one.answered_at for one in raised if one.answered_at is not None]
    if raised and len(times) == len(raised):
        return Station(Step.ANSWER, Progress.DONE, max(times))
    return Station(Step.ANSWER, Progress.NOW if raised else Progress.AHEAD)


def _changing(raised: tuple[Raised, ...], answer: Answered | None) -> list[Station]:
    if not raised and answer is not None:
        return []
    if any(one.awaits_change for one in raised):
        return [Station(Step.CHANGES, Progress.NOW)]
    times = [change.published_at for one in raised for change in one.changes]
    if times:
        return [Station(Step.CHANGES, Progress.DONE, max(times))]
    all_answered = bool(raised) and all(one.answered_at is not None for one in raised)
    return [] if all_answered else [Station(Step.CHANGES, Progress.AHEAD)]


def _deciding(decisions: tuple[Decided, ...], before: list[Station]) -> Station:
    times = [one.decided_at for one in decisions if one.decided_at is not None]
    if len(times) == len(decisions):
        return Station(Step.DECISION, Progress.DONE, max(times))
    is_next = all(station.progress is Progress.DONE for station in before)
    return Station(Step.DECISION, Progress.NOW if is_next else Progress.AHEAD)
