"""The desk of a bureau: how each of its consultations stands, what is due, what is left to do. Values, no sentences."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, String, func, select
from sqlalchemy.orm import Session

from gongshi.accounts.models import Bureau
from gongshi.admissions import gate
from gongshi.admissions import queries as admissions
from gongshi.admissions.gate import Condition
from gongshi.admissions.models import Admission
from gongshi.comments import contests, triage
from gongshi.comments.models import Comment, CommentKind
from gongshi.comments.triage_models import Queue
from gongshi.consultations import reminders
from gongshi.consultations.models import Consultation, Nature, Reminder, ReminderKind, RoundState, consultation_bureau
from gongshi.objections import queries as objections
from gongshi.projects import queries as projects
from gongshi.projects.models import Project
from gongshi.record import public_clock
from gongshi.record.public_clock import PublicClock


class Stage(StrEnum):
    """How far a consultation is. Nothing is left to do about one that is done."""

    OPEN = "open"
    WORKING = "working"
    COMING = "coming"
    DRAFT = "draft"
    DONE = "done"


class Work(StrEnum):
    """What waits on a list: comments in their queues, objections to be answered, appeals and projects to be decided."""

    LOOK = "look"
    PLACE = "place"
    ANSWER = "answer"
    OBJECTIONS = "objections"
    APPEALS = "appeals"
    DECISIONS = "decisions"


@dataclass(frozen=True)
class Pile:
    """How much of one kind of work waits, and since when the oldest of it does."""

    work: Work
    count: int
    since: datetime | None


@dataclass(frozen=True)
class ProjectGate:
    """A project's gate as it stands, and the decision that counts; `is_settled` when nothing is to be decided."""

    project: Project
    conditions: tuple[Condition, ...]
    admission: Admission | None
    is_settled: bool

    @property
    def met(self) -> int:
        return sum(one.is_met for one in self.conditions)

    @property
    def passed(self) -> bool:
        return gate.passed(self.conditions)


@dataclass(frozen=True)
class ListDesk:
    """One consultation as its bureau sees it."""

    consultation: Consultation
    stage: Stage
    closes_at: datetime | None
    clock: PublicClock
    piles: tuple[Pile, ...]
    project_count: int
    ready: tuple[Project, ...]

    @property
    def left(self) -> int:
        """How much waits, of any kind but decisions: what the reminder after the closing counts."""
        return sum(pile.count for pile in self.piles if pile.work is not Work.DECISIONS)


@dataclass(frozen=True)
class Due:
    """A reminder whose time has come and whose work is not done, with the list it speaks of."""

    reminder: Reminder
    desk: ListDesk


@dataclass(frozen=True)
class Arrivals:
    """How many comments of each kind a list received on each day, from the first to the last."""

    days: tuple[date, ...]
    counts: dict[CommentKind, tuple[int, ...]]

    @property
    def most(self) -> int:
        return max((count for row in self.counts.values() for count in row), default=0)

    def at_all(self, place: int) -> bool:
        """Whether anything came in on the day at this place."""
        return any(row[place] for row in self.counts.values())


def lists(session: Session, bureau: Bureau, at: datetime) -> list[ListDesk]:
    """The consultations of a bureau, those that are open on top and those that are done last. History is left out."""
    found = session.scalars(
        select(Consultation)
        .join(consultation_bureau, consultation_bureau.c.consultation_id == Consultation.id)
        .where(consultation_bureau.c.bureau_id == bureau.id, Consultation.nature != Nature.ARCHIVE)
        .order_by(Consultation.number.desc())
    )
    order = list(Stage)
    return sorted((of_list(session, one, at) for one in found), key=lambda desk: order.index(desk.stage))


def of_list(session: Session, consultation: Consultation, at: datetime) -> ListDesk:
    """One consultation: its stage, its clock, what waits, and which projects could be decided now."""
    listed = projects.of_list(session, consultation)
    clock = public_clock.of(session, consultation, at)
    undecided = [one for one in listed if not _is_settled(one, admissions.admission(session, one))]
    is_over = bool(consultation.rounds) and all(one.state(at) is RoundState.CLOSED for one in consultation.rounds)
    waiting = _waiting(session, consultation)
    decisions = Pile(Work.DECISIONS, len(undecided) if is_over else 0, clock.since)
    piles = [*waiting, _appeals(session, consultation), decisions]
    # While something waits in a queue that concerns all projects, no gate can open: it is not asked.
    may_open = is_over and not any(pile.count for pile in waiting)
    return ListDesk(
        consultation=consultation,
        stage=_stage(consultation, at, is_done=is_over and not undecided and clock.summary is not None),
        closes_at=min((one.closes_at for one in consultation.rounds if one.state(at) is RoundState.OPEN), default=None),
        clock=clock,
        piles=tuple(pile for pile in piles if pile.count),
        project_count=len(listed),
        ready=tuple(one for one in undecided if may_open and of_project(session, one, at).passed),
    )


def due(session: Session, bureau: Bureau, desks: list[ListDesk], at: datetime) -> list[Due]:
    """The reminders that are due and whose work is not done yet, the oldest first."""
    known = {desk.consultation.id: desk for desk in desks}
    found = [
        Due(one, known[one.round.consultation_id])
        for one in reminders.due(session, bureau, at)
        if one.round.consultation_id in known
    ]
    return [one for one in found if _asks_for_something(one)]


def of_project(session: Session, project: Project, at: datetime) -> ProjectGate:
    """A project's gate as it stands at this instant."""
    decision = admissions.admission(session, project)
    conditions = gate.evaluate(admissions.dossier(session, project, at))
    return ProjectGate(project, conditions, decision, _is_settled(project, decision))


def gates(session: Session, consultation: Consultation, at: datetime) -> list[ProjectGate]:
    """The gates of all projects of a list, in its order."""
    return [of_project(session, one, at) for one in projects.of_list(session, consultation)]


def arrivals(session: Session, consultation: Consultation) -> Arrivals:
    """When a list's comments came in, by Beijing day and kind."""
    day = _beijing_day(session)
    rows = session.execute(
        select(day, Comment.kind, func.count())
        .where(Comment.consultation_id == consultation.id)
        .group_by(day, Comment.kind)
    )
    counted: defaultdict[CommentKind, dict[date, int]] = defaultdict(dict)
    for text, kind, count in rows:
        counted[kind][date.fromisoformat(str(text)[:10])] = count
    seen = sorted({day for by_day in counted.values() for day in by_day})
    days = tuple(_days(seen[0], seen[-1])) if seen else ()
    return Arrivals(days, {kind: tuple(counted[kind].get(day, 0) for day in days) for kind in CommentKind})


def _waiting(session: Session, consultation: Consultation) -> list[Pile]:
    queues = triage.queues(session, consultation)
    piles = [
        Pile(work, queues[queue].count, queues[queue].oldest_at)
        for work, queue in ((Work.LOOK, Queue.LOOK), (Work.PLACE, Queue.PLACE), (Work.ANSWER, Queue.ANSWER))
    ]
    count, since = objections.unsettled(session, consultation)
    return [*piles, Pile(Work.OBJECTIONS, count, since)]


def _appeals(session: Session, consultation: Consultation) -> Pile:
    count, since = contests.waiting(session, consultation)
    return Pile(Work.APPEALS, count, since)


def _stage(consultation: Consultation, at: datetime, *, is_done: bool) -> Stage:
    if consultation.published_at is None:
        return Stage.DRAFT
    states = {one.state(at) for one in consultation.rounds}
    if RoundState.OPEN in states and consultation.is_public(at):
        return Stage.OPEN
    if RoundState.CLOSED not in states:
        return Stage.COMING
    return Stage.DONE if is_done else Stage.WORKING


def _is_settled(project: Project, decision: Admission | None) -> bool:
    """Whether a decision was taken that no later round and no deferment left open."""
    return decision is not None and decision.is_final and not admissions.reopened_since(project, decision.decided_at)


def _asks_for_something(one: Due) -> bool:
    if one.reminder.kind is ReminderKind.COMMENTS_LEFT:
        return one.desk.left > 0
    if one.reminder.kind in {ReminderKind.SUMMARY_15, ReminderKind.SUMMARY_30}:
        return one.desk.clock.since is not None and one.desk.clock.summary is None
    return True


def _beijing_day(session: Session) -> ColumnElement[str]:
    if session.get_bind().dialect.name == "sqlite":
        return func.date(Comment.received_at, "+8 hours", type_=String)
    return func.to_char(func.timezone("Asia/Shanghai", Comment.received_at), "YYYY-MM-DD", type_=String)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=place) for place in range((last - first).days + 1)]
