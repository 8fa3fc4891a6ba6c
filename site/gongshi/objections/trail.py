"""Verbs on the standing of an objection, each with its trail: mark it major, merge it, split it into new ones.

What was published is not reworded (rule 1): a wording that turned out wrong is mended by merging or splitting, and the
old one stays readable with where it went. One analyst does this, as one analyst words an objection.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from gongshi import ledger, search
from gongshi.accounts.models import StaffUser
from gongshi.comments.models import Comment
from gongshi.errors import RuleBroken
from gongshi.objections import checks, queries, steps
from gongshi.objections.models import Concern, Objection
from gongshi.projects.models import Project


class AlreadyMajor(RuleBroken):
    """An objection is marked major once; the mark is never taken away."""

    code = "already-major"


class MergedIntoItself(RuleBroken):
    """An objection is merged into another one."""

    code = "merged-into-itself"


class MajorWouldVanish(RuleBroken):
    """What a major objection says of a risk stays under a major objection that names this risk (rule 14)."""

    code = "major-would-vanish"


class NoParts(RuleBroken):
    """An objection is split into at least one new one."""

    code = "no-parts"


class CommentLeftOut(RuleBroken):
    """Every comment of a split objection lands in at least one part."""

    code = "comment-left-out"


class ProjectLeftOut(RuleBroken):
    """Every project of a split objection is concerned by at least one part: at no gate does anything vanish."""

    code = "project-left-out"


class NotUnderObjection(RuleBroken):
    """A part of a split objection is made of comments that stand under it."""

    code = "not-under-objection"


@dataclass(frozen=True)
class Part:
    """One of the objections that a split one becomes. `risks` gives the risk a major one names, by project number."""

    title: str
    text: str
    comments: Sequence[Comment]
    projects: Sequence[Project]
    is_major: bool = False
    risks: Mapping[int, str] = field(default_factory=dict)


def mark_major(
    session: Session, objection: Objection, *, risks: Mapping[int, str], by: StaffUser, at: datetime
) -> None:
    """Say that an objection speaks of a major risk, and of which one in each project; never taken back.

    Raises ObjectionRetired, AlreadyAnswered (set aside as unfounded), AlreadyMajor, RiskNotNamed, and what `accounts`
    raises. One that is disposed of can still be marked: the gate then waits for the risk.
    """
    steps.refuse_stranger(objection.consultation, by)
    checks.refuse_retired(objection)
    if objection.unfounded_at is not None:
        raise checks.AlreadyAnswered(objection=objection.number)
    if objection.is_major:
        raise AlreadyMajor(objection=objection.number)
    checks.refuse_unnamed_risks(objection.projects, risks)

    objection.is_major = True
    for concern in objection.concerns:
        concern.risk_key = risks[concern.project.number]
    session.flush()
    steps.record(session, objection, [], by=by, at=at)
    _index_again(session, objection)


def merge(
    session: Session,
    objection: Objection,
    into: Objection,
    *,
    risks: Mapping[int, str] | None = None,
    by: StaffUser,
    at: datetime,
) -> None:
    """Let one objection go on under another, which takes over its comments and projects.

    `risks` names, where the other one is major, a risk of each project that is new to it. Raises MergedIntoItself,
    NotOfThisList, ObjectionRetired, AlreadyAnswered, MajorWouldVanish, RiskNotNamed, and what `accounts` raises.
    """
    steps.refuse_stranger(objection.consultation, by)
    _refuse_pair(objection, into)
    new = [project for project in objection.projects if project not in into.projects]
    named = {**(risks or {}), **objection.risks}
    if into.is_major:
        checks.refuse_unnamed_risks(new, named)

    there = queries.placed_under(session, into, objection.comments)
    moved = [comment for comment in objection.comments if comment.id not in there]
    steps.put_under(session, into, moved, by=by, at=at)
    into.concerns.extend(
        Concern(project=project, risk_key=named[project.number] if into.is_major else None) for project in new
    )
    _retire(objection, by, at)
    objection.merged_into = into
    session.flush()
    steps.record(session, into, moved, by=by, at=at)
    subject = {"objection": objection.number, "into": into.number, "by": by.code}
    ledger.append(session, ledger.Kind.OBJECTION_MERGED, subject, at=at)


def split(
    session: Session, objection: Objection, parts: Sequence[Part], *, by: StaffUser, at: datetime
) -> list[Objection]:
    """Let an objection go on as one or several newly worded ones.

    Raises ObjectionRetired, AlreadyAnswered, NoParts, NoComments, NotUnderObjection, CommentLeftOut, ProjectLeftOut,
    MajorWouldVanish, WordingMissing, NoProjects, NotOfThisList, RiskNotNamed, and what `accounts` raises.
    """
    steps.refuse_stranger(objection.consultation, by)
    checks.refuse_settled(objection)
    _refuse_parts(objection, parts)
    _refuse_vanishing(objection, parts)

    _retire(objection, by, at)
    made = [
        steps.enter(
            session,
            objection.consultation,
            title=part.title,
            text=part.text,
            comments=list(dict.fromkeys(part.comments)),
            projects=part.projects,
            is_major=part.is_major,
            risks=part.risks,
            split_from=objection,
            by=by,
            at=at,
        )
        for part in parts
    ]
    subject = {"objection": objection.number, "into": [one.number for one in made], "by": by.code}
    ledger.append(session, ledger.Kind.OBJECTION_SPLIT, subject, at=at)
    return made


def _refuse_pair(objection: Objection, into: Objection) -> None:
    if objection.id == into.id:
        raise MergedIntoItself(objection=objection.number)
    if objection.consultation_id != into.consultation_id:
        raise checks.NotOfThisList(found=[into.number])
    for one in (objection, into):
        checks.refuse_settled(one)
    lost = [key for number, key in objection.risks.items() if into.risks.get(number, key) != key]
    if lost or (objection.is_major and not into.is_major):
        raise MajorWouldVanish(objection=objection.number, risks=lost or list(objection.risks.values()))


def _refuse_parts(objection: Objection, parts: Sequence[Part]) -> None:
    if not parts:
        raise NoParts(objection=objection.number)
    own = {comment.id: comment for comment in objection.comments}
    for part in parts:
        checks.refuse_statement(
            objection.consultation,
            title=part.title,
            text=part.text,
            projects=part.projects,
            is_major=part.is_major,
            risks=part.risks,
        )
        if not part.comments:
            raise checks.NoComments
        foreign = [comment.number for comment in part.comments if comment.id not in own]
        if foreign:
            raise NotUnderObjection(objection=objection.number, comments=foreign)
    placed = {comment.id for part in parts for comment in part.comments}
    left_out = [comment.number for comment in objection.comments if comment.id not in placed]
    if left_out:
        raise CommentLeftOut(comments=left_out)


def _refuse_vanishing(objection: Objection, parts: Sequence[Part]) -> None:
    concerned = {project.id for part in parts for project in part.projects}
    left_out = [project.number for project in objection.projects if project.id not in concerned]
    if left_out:
        raise ProjectLeftOut(objection=objection.number, projects=left_out)
    kept = {
        (project.number, part.risks.get(project.number)) for part in parts if part.is_major for project in part.projects
    }
    lost = [key for number, key in objection.risks.items() if (number, key) not in kept]
    if lost:
        raise MajorWouldVanish(objection=objection.number, risks=lost)


def _retire(objection: Objection, by: StaffUser, at: datetime) -> None:
    objection.retired_at, objection.retired_by = at, by


def _index_again(session: Session, objection: Objection) -> None:
    if objection.is_settled:
        search.enqueue(session, "objection", str(objection.id))
