"""The path objection → change → decision of one project, with every comment at its beginning. Values, no drawing.

Nothing is left out: a comment that raised no objection ends at its answer or at what became of it, an objection that
changed nothing ends at its disposition, a change that no objection caused stands by itself.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from gongshi.admissions import gate
from gongshi.admissions import queries as admissions
from gongshi.admissions.gate import Condition
from gongshi.admissions.models import Admission, GateRun
from gongshi.comments import queries as comments
from gongshi.comments.models import Comment, CommentState
from gongshi.objections import queries as objections
from gongshi.objections.models import Answer, Objection
from gongshi.projects.models import Project
from gongshi.revisions import queries as revisions
from gongshi.revisions.models import Change


class End(StrEnum):
    """Where a group of comments went."""

    OBJECTION = "objection"
    ELSEWHERE = "elsewhere"
    ANSWER = "answer"
    NOT_PLACED = "not-placed"
    PENDING = "pending"
    WITHHELD = "withheld"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Strand:
    """Comments that went the same way, and what came of them in this project.

    `ELSEWHERE` is an objection that concerns other projects only: its changes are on their traces.
    """

    end: End
    comments: tuple[Comment, ...]
    objection: Objection | None = None
    answer: Answer | None = None
    changes: tuple[Change, ...] = ()

    @property
    def waits_for_change(self) -> bool:
        """The objection was adopted and has not changed anything here: what the gate waits for (rule 12)."""
        disposition = self.objection.disposition if self.objection and self.end is End.OBJECTION else None
        return disposition is not None and disposition.outcome.needs_change and not self.changes


@dataclass(frozen=True)
class Check:
    """The gate as the decision saw it (`run`), or as it stands now. No conditions while a round is not over."""

    conditions: tuple[Condition, ...] = ()
    run: GateRun | None = None

    @property
    def met(self) -> int:
        return sum(condition.is_met for condition in self.conditions)


@dataclass(frozen=True)
class Trace:
    """A project's whole path. `unasked` are the changes that the applicant made without being asked 自行修改."""

    project: Project
    strands: tuple[Strand, ...]
    unasked: tuple[Change, ...]
    check: Check
    decisions: tuple[Admission, ...]

    @property
    def comments(self) -> list[Comment]:
        """Each comment once."""
        found = {one.id: one for strand in self.strands for one in strand.comments}
        return sorted(found.values(), key=lambda comment: comment.seq)

    @property
    def objections(self) -> list[Objection]:
        return [one.objection for one in self.strands if one.objection is not None and one.end is End.OBJECTION]

    @property
    def changes(self) -> list[Change]:
        """Each change once, those of the objections first."""
        return list({one.id: one for one in (*self._caused(), *self.unasked)}.values())

    def _caused(self) -> list[Change]:
        return [change for strand in self.strands for change in strand.changes]


def of_project(session: Session, project: Project, at: datetime) -> Trace:
    """Everything that happened to a project, from its comments to what was decided."""
    made = [change for revision in revisions.of_project(session, project) for change in revision.changes]
    decisions = admissions.decisions_of(session, project)
    return Trace(
        project=project,
        strands=tuple(_strands(session, project, made)),
        unasked=tuple(change for change in made if not change.causes),
        check=_check(session, project, decisions, at),
        decisions=tuple(decisions),
    )


def _strands(session: Session, project: Project, made: list[Change]) -> list[Strand]:
    heard = comments.about(session, project)
    concerned = objections.of_project(session, project)
    elsewhere = _elsewhere(session, heard, concerned)
    answers = objections.answers_to(session, heard)
    placed = {one.id for objection in (*concerned, *elsewhere) for one in objection.comments} | answers.keys()
    return [
        *_raised(session, concerned, made),
        *_raised_elsewhere(elsewhere, heard),
        *_answered(answers, heard),
        *_unplaced([one for one in heard if one.id not in placed]),
    ]


def _raised(session: Session, concerned: list[Objection], made: list[Change]) -> list[Strand]:
    came_from = objections.forebears(session, concerned)
    caused = {
        one.id: tuple(
            change for change in made if any(cause.objection_id in came_from[one.id] for cause in change.causes)
        )
        for one in concerned
    }
    return [Strand(End.OBJECTION, tuple(one.comments), objection=one, changes=caused[one.id]) for one in concerned]


def _elsewhere(session: Session, heard: list[Comment], concerned: list[Objection]) -> list[Objection]:
    known = {one.id for one in concerned}
    return [one for one in objections.raised_by(session, heard) if one.id not in known]


def _raised_elsewhere(elsewhere: Iterable[Objection], heard: list[Comment]) -> list[Strand]:
    ours = {one.id for one in heard}
    return [
        Strand(End.ELSEWHERE, tuple(one for one in objection.comments if one.id in ours), objection=objection)
        for objection in elsewhere
    ]


def _answered(answers: dict[UUID, Answer], heard: list[Comment]) -> list[Strand]:
    groups: dict[UUID, tuple[Answer, list[Comment]]] = {}
    for comment in heard:
        if comment.id in answers:
            answer = answers[comment.id]
            groups.setdefault(answer.id, (answer, []))[1].append(comment)
    ordered = sorted(groups.values(), key=lambda group: group[0].ordinal)
    return [Strand(End.ANSWER, tuple(given), answer=answer) for answer, given in ordered]


_UNPLACED = {
    CommentState.PUBLISHED: End.NOT_PLACED,
    CommentState.PENDING: End.PENDING,
    CommentState.WITHHELD: End.WITHHELD,
    CommentState.WITHDRAWN: End.WITHDRAWN,
}


def _unplaced(left: Iterable[Comment]) -> list[Strand]:
    groups: defaultdict[End, list[Comment]] = defaultdict(list)
    for comment in left:
        groups[_UNPLACED[comment.state]].append(comment)
    return [Strand(end, tuple(groups[end])) for end in End if end in groups]


def _check(session: Session, project: Project, decisions: list[Admission], at: datetime) -> Check:
    """What the last decision rested on; before one, what the gate says now; nothing where there is no gate yet."""
    if decisions:
        run = decisions[-1].gate_run
        return Check(admissions.conditions_of(run), run) if run else Check()
    dossier = admissions.dossier(session, project, at)
    return Check(gate.evaluate(dossier)) if dossier.rounds_over else Check()
