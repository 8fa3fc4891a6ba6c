"""Verbs: word an objection, dispose of it, withdraw it as unfounded, answer a group of comments."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from gongshi import ledger, search
from gongshi.accounts.models import Act, Approval, Role, StaffUser
from gongshi.accounts.two_people import Hands, approve, check
from gongshi.comments.models import Comment, CommentState
from gongshi.consultations.models import Consultation
from gongshi.errors import RuleBroken
from gongshi.objections import queries
from gongshi.objections.models import Answer, AnswerPlacement, Concern, Disposition, Objection, Outcome, Placement
from gongshi.projects.models import Project


class NoComments(RuleBroken):
    """An objection is raised by comments, an answer is given to some."""

    code = "no-comments"


class NotOfThisList(RuleBroken):
    """Comments and projects of an objection belong to its own consultation."""

    code = "not-of-this-list"


class NotPublished(RuleBroken):
    """Only a comment that the public can read is placed under an objection or an answer."""

    code = "comment-not-published"


class PlacedTwice(RuleBroken):
    """A comment ends under objections or under an answer, never under both (rule 11)."""

    code = "placed-twice"


class NoProjects(RuleBroken):
    """An objection concerns at least one project of the list, and counts at its gate."""

    code = "no-projects"


class RiskNotNamed(RuleBroken):
    """A major objection names, for each project it concerns, a risk of that project's register."""

    code = "risk-not-named"


class AlreadyAnswered(RuleBroken):
    """An objection is answered once."""

    code = "already-answered"


class ReasonsMissing(RuleBroken):
    """Every disposition says why, in public."""

    code = "reasons-missing"


def word(
    session: Session,
    consultation: Consultation,
    *,
    title: str,
    text: str,
    comments: Sequence[Comment],
    projects: Sequence[Project],
    is_major: bool = False,
    risks: Mapping[int, str] | None = None,
    by: StaffUser,
    at: datetime,
) -> Objection:
    """Put into words what some comments object to. `risks` gives, by project number, the risk a major objection names.

    Raises NoComments, NotOfThisList, NotPublished, PlacedTwice, NoProjects, RiskNotNamed, and what `accounts` raises.
    """
    check(by, frozenset({Role.ANALYST}), frozenset(bureau.id for bureau in consultation.bureaus))
    comments, projects = list(dict.fromkeys(comments)), list(dict.fromkeys(projects))
    _refuse_comments(consultation, comments)
    answered = queries.answered_among(session, comments)
    if answered:
        raise PlacedTwice(comments=answered)
    _refuse_projects(consultation, projects)
    named = dict(risks or {})
    if is_major:
        _refuse_unnamed_risks(projects, named)

    ordinal = queries.count(session, consultation) + 1
    objection = Objection(
        consultation=consultation,
        ordinal=ordinal,
        number=f"{consultation.number}-O{ordinal:02d}",
        title=title,
        text=text,
        is_major=is_major,
        worded_at=at,
        worded_by=by,
    )
    objection.concerns = [Concern(project=project, risk_key=named.get(project.number)) for project in projects]
    objection.placements = [Placement(comment=comment) for comment in comments]
    session.add(objection)
    session.flush()
    subject: dict[str, object] = {
        "objection": objection.number,
        "sha256": ledger.digest([title, text]),
        "projects": [project.number for project in projects],
        "comments": [comment.number for comment in comments],
        "major": is_major,
        "by": by.code,
    }
    if named:
        subject["risks"] = {str(number): key for number, key in sorted(named.items())}
    ledger.append(session, ledger.Kind.OBJECTION_WORDED, subject, at=at)
    return objection


def dispose(
    session: Session, objection: Objection, *, outcome: Outcome, reasons: str, by: Hands, at: datetime
) -> Disposition:
    """Answer an objection, once, with public reasons. Raises AlreadyAnswered, ReasonsMissing and as `approve`.

    Whether an adopted objection led to a change is asked by the gate, not here (rule 12).
    """
    if objection.is_settled:
        raise AlreadyAnswered(objection=objection.number)
    if not reasons.strip():
        raise ReasonsMissing(objection=objection.number)
    approval = _approve(session, objection.consultation, by, at)

    entry = ledger.append(
        session,
        ledger.Kind.OBJECTION_DISPOSED,
        {
            "objection": objection.number,
            "outcome": outcome.value,
            "sha256": ledger.digest(reasons),
            "by": approval.codes,
        },
        at=at,
    )
    disposition = Disposition(
        objection=objection,
        outcome=outcome,
        reasons=reasons,
        decided_at=at,
        approval=approval,
        ledger_index=entry.index,
    )
    session.add(disposition)
    session.flush()
    search.enqueue(session, "objection", str(objection.id))
    return disposition


def withdraw_as_unfounded(session: Session, objection: Objection, *, reason: str, by: Hands, at: datetime) -> None:
    """Set an objection aside because what it says is not so, with a public reason (rule 14).

    Raises AlreadyAnswered, ReasonsMissing, and what `approve` raises.
    """
    if objection.is_settled:
        raise AlreadyAnswered(objection=objection.number)
    if not reason.strip():
        raise ReasonsMissing(objection=objection.number)
    approval = _approve(session, objection.consultation, by, at)

    session.flush()
    objection.unfounded_at, objection.unfounded_reason = at, reason
    objection.unfounded_approval_id = approval.id
    ledger.append(
        session,
        ledger.Kind.OBJECTION_DISPOSED,
        {
            "objection": objection.number,
            "outcome": "unfounded",
            "sha256": ledger.digest(reason),
            "by": approval.codes,
        },
        at=at,
    )
    search.enqueue(session, "objection", str(objection.id))


def answer(
    session: Session,
    consultation: Consultation,
    *,
    title: str,
    text: str,
    comments: Sequence[Comment],
    by: Hands,
    at: datetime,
) -> Answer:
    """Answer, in public, a group of comments that raise no issue.

    Raises NoComments, NotOfThisList, NotPublished, PlacedTwice, ReasonsMissing, and what `approve` raises.
    """
    comments = list(dict.fromkeys(comments))
    _refuse_comments(consultation, comments)
    placed = queries.placed_among(session, comments)
    if placed:
        raise PlacedTwice(comments=placed)
    if not text.strip():
        raise ReasonsMissing(objection=title)
    approval = _approve(session, consultation, by, at)

    ordinal = queries.count_answers(session, consultation) + 1
    number = f"{consultation.number}-A{ordinal:02d}"
    entry = ledger.append(
        session,
        ledger.Kind.ANSWER_PUBLISHED,
        {
            "answer": number,
            "sha256": ledger.digest([title, text]),
            "comments": [one.number for one in comments],
            "by": approval.codes,
        },
        at=at,
    )
    answered = Answer(
        consultation=consultation,
        ordinal=ordinal,
        number=number,
        title=title,
        text=text,
        published_at=at,
        approval=approval,
        ledger_index=entry.index,
    )
    answered.placements = [AnswerPlacement(comment=comment) for comment in comments]
    session.add(answered)
    session.flush()
    search.enqueue(session, "answer", str(answered.id))
    return answered


def _approve(session: Session, consultation: Consultation, by: Hands, at: datetime) -> Approval:
    return approve(session, Act.ANSWER, by, bureaus=[bureau.id for bureau in consultation.bureaus], at=at)


def _refuse_comments(consultation: Consultation, comments: Sequence[Comment]) -> None:
    if not comments:
        raise NoComments
    foreign = [comment.number for comment in comments if comment.consultation_id != consultation.id]
    if foreign:
        raise NotOfThisList(found=foreign)
    hidden = [comment.number for comment in comments if comment.state is not CommentState.PUBLISHED]
    if hidden:
        raise NotPublished(comments=hidden)


def _refuse_projects(consultation: Consultation, projects: Sequence[Project]) -> None:
    if not projects:
        raise NoProjects
    foreign = [project.number for project in projects if project.consultation_id != consultation.id]
    if foreign:
        raise NotOfThisList(found=foreign)


def _refuse_unnamed_risks(projects: Sequence[Project], named: Mapping[int, str]) -> None:
    for project in projects:
        version = project.current_version
        keys = {risk.key for risk in version.risks} if version else set()
        if named.get(project.number) not in keys:
            raise RiskNotNamed(project=project.number, risk=named.get(project.number))
