"""Keeps each comment's place on the desk true to the record: called by the acts, in their own transaction."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from gongshi.comments import representatives
from gongshi.comments.models import Comment, CommentState, Submission
from gongshi.comments.triage_models import Queue, Triage
from gongshi.consultations.models import Consultation
from gongshi.errors import RuleBroken

ENDED = frozenset({CommentState.WITHHELD, CommentState.WITHDRAWN})


class HeldByADraft(RuleBroken):
    """A comment that an open draft speaks of waits for that draft; only one at a time does."""

    code = "held-by-a-draft"


def opened(session: Session, consultation: Consultation, submission: Submission, comment: Comment) -> None:
    """Put a comment that was just received on the desk."""
    session.add(
        Triage(
            comment=comment,
            consultation_id=consultation.id,
            seq=comment.seq,
            kind=comment.kind,
            channel=submission.channel,
            project_id=comment.project.id if comment.project else None,
            paragraph_key=comment.paragraph_key,
            received_at=comment.received_at,
            state=CommentState.PENDING,
            queue=Queue.LOOK,
        )
    )


def of(session: Session, comment: Comment) -> Triage:
    """Where a comment stands."""
    return session.get_one(Triage, comment.id)


def moved(session: Session, comment: Comment) -> None:
    """A comment was published, withheld or withdrawn."""
    row = of(session, comment)
    was, row.state = row.state, comment.state
    _settle(row)
    representatives.moved(session, row, was)


def replaced(session: Session, comment: Comment) -> None:
    """A comment says something else now, and is looked at anew."""
    row = of(session, comment)
    row.kind, row.state, row.is_for_answer = comment.kind, comment.state, False
    _settle(row)


def placed(session: Session, comments: Iterable[Comment]) -> None:
    """Comments now stand under an objection or an answer."""
    for comment in comments:
        row = of(session, comment)
        row.is_placed, row.is_for_answer = True, False
        _settle(row)


def set_aside(session: Session, comment: Comment) -> None:
    """A comment raises no issue and waits to be answered together with others."""
    row = of(session, comment)
    row.is_for_answer = True
    _settle(row)


def taken_back(session: Session, comment: Comment) -> None:
    """A comment is not to be answered together with others after all."""
    row = of(session, comment)
    row.is_for_answer = False
    _settle(row)


def hold(session: Session, comments: Iterable[Comment], draft: UUID) -> None:
    """An open draft speaks of these comments; they wait for it. Raises HeldByADraft for one that waits for another."""
    for comment in comments:
        row = of(session, comment)
        if row.held_by not in {None, draft}:
            raise HeldByADraft(comment=comment.number)
        row.held_by = draft
        _settle(row)


def release(session: Session, comments: Iterable[Comment], draft: UUID) -> None:
    """The draft was approved or discarded: its comments wait for it no longer."""
    for comment in comments:
        row = of(session, comment)
        if row.held_by == draft:
            row.held_by = None
            _settle(row)


def _settle(row: Triage) -> None:
    if row.state in ENDED:
        row.queue = Queue.DONE
    elif row.held_by is not None:
        row.queue = Queue.WAITING
    elif row.state is CommentState.PENDING:
        row.queue = Queue.LOOK
    elif row.is_placed:
        row.queue = Queue.DONE
    else:
        row.queue = Queue.ANSWER if row.is_for_answer else Queue.PLACE
