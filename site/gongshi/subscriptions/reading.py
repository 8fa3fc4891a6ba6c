"""What there is to tell of a submission at this moment: its stations, and what changed in its texts besides."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.comments.models import Appeal, AppealDecision, Comment, Submission
from gongshi.comments.text_models import TextChange, TextChangeKind
from gongshi.record.receipt_status import status
from gongshi.subscriptions import news
from gongshi.subscriptions.news import Fact, News

CHANGES = {TextChangeKind.REPLACED: News.REPLACED, TextChangeKind.ERASED: News.ERASED}


@dataclass(frozen=True)
class Known:
    """The facts, and whether no more are to come."""

    facts: list[str]
    is_all: bool


def known(session: Session, submission: Submission) -> Known:
    """What a subscriber of this submission may know now. Costs as much as its receipt's page."""
    receipt = status(session, submission)
    further = [str(fact) for fact in (*_replaced(session, submission), *_appealed(session, submission))]
    return Known(news.facts(receipt) + further, news.nothing_is_left(receipt))


def _replaced(session: Session, submission: Submission) -> Iterator[Fact]:
    query = select(Comment.number, TextChange).join(Comment).where(Comment.submission_id == submission.id)
    for number, change in session.execute(query.order_by(Comment.seq, TextChange.ordinal)):
        yield Fact(number, CHANGES[change.kind], how=str(change.ordinal))


def _appealed(session: Session, submission: Submission) -> Iterator[Fact]:
    query = select(Comment.number, Appeal.ordinal, AppealDecision.outcome).join(Appeal, Appeal.comment_id == Comment.id)
    decided = query.join(AppealDecision, AppealDecision.appeal_id == Appeal.id)
    mine = decided.where(Comment.submission_id == submission.id).order_by(Comment.seq, AppealDecision.decided_at)
    for number, ordinal, outcome in session.execute(mine):
        yield Fact(number, News.APPEAL_DECIDED, str(ordinal), outcome)
