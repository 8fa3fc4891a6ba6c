"""How changes are noticed: the ledger is read on from where it was left, and says whom each entry may concern.

No act knows of subscriptions. An entry only marks subscriptions to be looked at; whether there is news is then seen
by comparing what became of the submission with what was told last.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, insert, literal_column, select
from sqlalchemy.orm import Session

from gongshi.ledger import Kind
from gongshi.ledger import queries as ledger
from gongshi.ledger.models import LedgerEntry
from gongshi.subscriptions import news, queries
from gongshi.subscriptions.models import (
    Mail,
    MailCursor,
    MailKind,
    MailLook,
    MailState,
    Subscription,
    SubscriptionState,
)

# Several acts on one comment, a few minutes apart, are one mail.
GATHER = timedelta(minutes=5)

_OF_A_COMMENT = {
    Kind.COMMENT_PUBLISHED,
    Kind.COMMENT_WITHHELD,
    Kind.COMMENT_WITHDRAWN,
    Kind.COMMENT_REPLACED,
    Kind.COMMENT_REDACTED,
    Kind.COMMENT_ERASED,
}
_OF_OBJECTIONS = {Kind.OBJECTION_WORDED, Kind.OBJECTION_MERGED, Kind.OBJECTION_SPLIT, Kind.OBJECTION_DISPOSED}
# Which comments a change or a decision rests on is not in the entry: all who follow the list are looked at.
_OF_A_LIST = {Kind.VERSION_PUBLISHED, Kind.ADMISSION_DECIDED}
KINDS = _OF_A_COMMENT | _OF_OBJECTIONS | _OF_A_LIST | {Kind.ANSWER_PUBLISHED}


def waits(session: Session) -> bool:
    """Whether the ledger has entries that were not looked through."""
    cursor = session.get(MailCursor, 1)
    return cursor is None or cursor.next_index < ledger.size(session)


def look_through(session: Session, limit: int) -> int:
    """Read on in the ledger, at most so many entries, and mark whom they may concern; returns how many were read.

    The first time it begins where the ledger ends: nobody can have subscribed before.
    """
    size = ledger.size(session)
    cursor = session.get(MailCursor, 1)
    if cursor is None:
        session.add(MailCursor(id=1, next_index=size))
        return 0
    stop = min(size, cursor.next_index + limit)
    wanted = select(LedgerEntry).where(LedgerEntry.index >= cursor.next_index, LedgerEntry.index < stop)
    for entry in session.scalars(wanted.where(LedgerEntry.kind.in_(KINDS)).order_by(LedgerEntry.index)):
        _mark(session, concerned(entry))
    read, cursor.next_index = stop - cursor.next_index, stop
    return read


def concerned(entry: LedgerEntry) -> Select[Any]:
    """The ids of the confirmed subscriptions that an entry may concern."""
    subject = entry.subject
    if entry.kind in _OF_A_COMMENT:
        return queries.of_comments([subject["comment"]])
    if entry.kind in _OF_OBJECTIONS:
        into = subject.get("into", [])
        return queries.of_objections([subject["objection"], *([into] if isinstance(into, str) else into)])
    if entry.kind is Kind.ANSWER_PUBLISHED:
        return queries.of_answer(subject["answer"])
    return queries.of_consultation(subject["consultation"])


def tell(
    session: Session, subscription: Subscription, *, facts: Sequence[str], is_last: bool, at: datetime
) -> Mail | None:
    """Put what is new into one mail, or into the one that still waits. None when there is nothing new."""
    look = session.get(MailLook, subscription.id)
    if look is not None:
        session.delete(look)
    fresh = news.new(facts, subscription.told)
    if subscription.state is not SubscriptionState.CONFIRMED:
        return None
    subscription.told = list(facts)
    if not fresh:
        return None

    mail = queries.untried_news(session, subscription) or _begun(session, subscription, at)
    mail.news = [*mail.news, *fresh]
    mail.is_last = is_last
    return mail


def _begun(session: Session, subscription: Subscription, at: datetime) -> Mail:
    mail = Mail(
        subscription=subscription,
        kind=MailKind.NEWS,
        state=MailState.WAITING,
        news=[],
        queued_at=at,
        due_at=at + GATHER,
        tries=0,
    )
    session.add(mail)
    return mail


def _mark(session: Session, concerned: Select[Any]) -> None:
    known = exists(select(literal_column("1")).where(MailLook.subscription_id == Subscription.id))
    session.execute(insert(MailLook).from_select(["subscription_id"], concerned.where(~known)))
