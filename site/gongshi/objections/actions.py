"""Verbs: word an objection, place comments under it, dispose of it, set it aside, answer a group of comments.

What becomes of an objection's own standing (major, merged, split) is in `trail`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from gongshi import ledger, search
from gongshi.accounts.models import Act, Approval, StaffUser
from gongshi.accounts.two_people import Hands, approve
from gongshi.comments import queues
from gongshi.comments.models import Comment
from gongshi.consultations.models import Consultation
from gongshi.objections import checks, queries, steps
from gongshi.objections.checks import AlreadyUnderObjection, PlacedTwice, ReasonsMissing
from gongshi.objections.models import Answer, AnswerPlacement, Disposition, Objection, Outcome, Placement
from gongshi.projects.models import Project


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

    Raises WordingMissing, NoComments, NotOfThisList, NotPublished, PlacedTwice, NoProjects, RiskNotNamed, and what
    `accounts` raises.
    """
    steps.refuse_stranger(consultation, by)
    comments = list(dict.fromkeys(comments))
    checks.refuse_comments(consultation, comments)
    _refuse_answered(session, comments)
    risks = risks or {}
    checks.refuse_statement(consultation, title=title, text=text, projects=projects, is_major=is_major, risks=risks)

    return steps.enter(
        session,
        consultation,
        title=title,
        text=text,
        comments=comments,
        projects=projects,
        is_major=is_major,
        risks=risks,
        split_from=None,
        by=by,
        at=at,
    )


def place(
    session: Session, objection: Objection, comments: Sequence[Comment], *, by: StaffUser, at: datetime
) -> list[Placement]:
    """Place further comments under an objection, those already there left out.

    If it is settled already, its disposition answers them too, from this instant on (rule 15). Raises
    ObjectionRetired, NoComments, NotOfThisList, NotPublished, PlacedTwice, AlreadyUnderObjection, and what
    `accounts` raises.
    """
    steps.refuse_stranger(objection.consultation, by)
    checks.refuse_retired(objection)
    comments = list(dict.fromkeys(comments))
    checks.refuse_comments(objection.consultation, comments)
    _refuse_answered(session, comments)
    there = queries.placed_under(session, objection, comments)
    further = [comment for comment in comments if comment.id not in there]
    if not further:
        raise AlreadyUnderObjection(objection=objection.number, comments=[comment.number for comment in comments])

    placed = steps.put_under(session, objection, further, by=by, at=at)
    steps.record(session, objection, further, by=by, at=at)
    return placed


def dispose(
    session: Session, objection: Objection, *, outcome: Outcome, reasons: str, by: Hands, at: datetime
) -> Disposition:
    """Answer an objection, once, with public reasons.

    Raises ObjectionRetired, AlreadyAnswered, ReasonsMissing, and what `approve` raises.

    Whether an adopted objection led to a change is asked by the gate, not here (rule 12).
    """
    checks.refuse_settled(objection)
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

    Raises ObjectionRetired, AlreadyAnswered, ReasonsMissing, and what `approve` raises.
    """
    checks.refuse_settled(objection)
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

    Raises NoComments, NotOfThisList, NotPublished, PlacedTwice, ReasonsMissing, WordingMissing, and what `approve`
    raises. For many comments the ledger gets several entries of the one answer.
    """
    comments = list(dict.fromkeys(comments))
    checks.refuse_comments(consultation, comments)
    placed = queries.placed_among(session, comments)
    if placed:
        raise PlacedTwice(comments=placed)
    if not text.strip():
        raise ReasonsMissing(objection=title)
    checks.refuse_wording(title, text)
    approval = _approve(session, consultation, by, at)

    ordinal = queries.count_answers(session, consultation) + 1
    number = f"{consultation.number}-A{ordinal:02d}"
    subject = {"answer": number, "sha256": ledger.digest([title, text]), "by": approval.codes}
    entries = [
        ledger.append(session, ledger.Kind.ANSWER_PUBLISHED, {**subject, "comments": portion}, at=at)
        for portion in checks.in_entries(comments)
    ]
    answered = Answer(
        consultation=consultation,
        ordinal=ordinal,
        number=number,
        title=title,
        text=text,
        published_at=at,
        approval=approval,
        ledger_index=entries[0].index,
    )
    answered.placements = [AnswerPlacement(comment=comment) for comment in comments]
    session.add(answered)
    session.flush()
    queues.placed(session, comments)
    search.enqueue(session, "answer", str(answered.id))
    return answered


def _approve(session: Session, consultation: Consultation, by: Hands, at: datetime) -> Approval:
    return approve(session, Act.ANSWER, by, bureaus=[bureau.id for bureau in consultation.bureaus], at=at)


def _refuse_answered(session: Session, comments: Sequence[Comment]) -> None:
    answered = queries.answered_among(session, comments)
    if answered:
        raise PlacedTwice(comments=answered)
