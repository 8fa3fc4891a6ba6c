"""The outbox: taking mail out to be sent, and what comes of it. Sending itself knows the network and is not here.

At least once: whoever takes mail out moves the moment at which it falls due ahead, sends it, and says so. If they die
in between, it falls due again and is sent again, under the same Message-ID.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gongshi.subscriptions import actions, news, queries
from gongshi.subscriptions.actions import CONFIRM_WITHIN
from gongshi.subscriptions.models import (
    Mail,
    MailAllowance,
    MailKind,
    MailState,
    Subscription,
    SubscriptionState,
)

# Longer than one connection takes to send what was taken out.
TAKEN_FOR = timedelta(minutes=3)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=2), timedelta(hours=4)
GIVE_UP_AFTER = {MailKind.NEWS: timedelta(days=3), MailKind.CONFIRM: CONFIRM_WITHIN}
# How long it is remembered that somebody was written to, without where.
REMEMBERED = timedelta(days=30)
COUNTED = timedelta(days=2)


def take(session: Session, limit: int, *, at: datetime) -> list[Mail]:
    """Take due mail out: for three minutes nobody else gets it."""
    mails = queries.due(session, at, limit)
    for mail in mails:
        mail.tries += 1
        mail.due_at = at + TAKEN_FOR
    return mails


def put_back(mail: Mail, *, at: datetime) -> None:
    """It was taken out and not tried after all."""
    if mail.state is MailState.WAITING:
        mail.tries -= 1
        mail.due_at = at


def accepted(session: Session, mail: Mail, *, at: datetime) -> None:
    """The server has it. After the last news the subscription is over."""
    if mail.state is not MailState.WAITING:
        return
    mail.state, mail.trouble, mail.ended_at = MailState.SENT, None, at
    if mail.is_last and mail.subscription.state is SubscriptionState.CONFIRMED:
        actions.end(session, mail.subscription, SubscriptionState.COMPLETED, at=at)


def deferred(mail: Mail, *, trouble: str, at: datetime) -> None:
    """Not this mail now: it is tried again, ever more seldom, and given up after three days."""
    _try_again(mail, min(FIRST_WAIT * 2 ** min(mail.tries - 1, 10), LONGEST_WAIT), trouble, at)


def postponed(mail: Mail, *, trouble: str, at: datetime) -> None:
    """The server takes no mail at all: it is tried again soon, because the server may be back soon."""
    _try_again(mail, FIRST_WAIT, trouble, at)


def _try_again(mail: Mail, wait: timedelta, trouble: str, at: datetime) -> None:
    if mail.state is not MailState.WAITING:
        return
    mail.trouble = trouble
    mail.due_at = at + wait
    if mail.due_at >= mail.queued_at + GIVE_UP_AFTER[mail.kind]:
        mail.state, mail.ended_at = MailState.FAILED, at
        # What was in it was not told: the next mail brings it.
        mail.subscription.told = news.new(mail.subscription.told, mail.news)


def refused(session: Session, mail: Mail, *, trouble: str, at: datetime) -> None:
    """There is no such mailbox: nothing more is sent there, and the address is forgotten."""
    if mail.state is not MailState.WAITING:
        return
    mail.state, mail.trouble, mail.ended_at = MailState.FAILED, trouble, at
    if mail.subscription.state.is_live:
        actions.end(session, mail.subscription, SubscriptionState.UNREACHABLE, at=at)


def tidy(session: Session, limit: int, *, kept: timedelta, at: datetime) -> int:
    """End what was not confirmed in time or goes on for longer than addresses are `kept`; delete what is long over.

    Does a portion of it and returns how many rows that were.
    """
    over = [
        *_of_state(session, SubscriptionState.ASKED, Subscription.asked_at <= at - CONFIRM_WITHIN, limit),
        *_of_state(session, SubscriptionState.CONFIRMED, Subscription.confirmed_at <= at - kept, limit),
    ]
    for subscription in over:
        actions.end(session, subscription, SubscriptionState.EXPIRED, at=at)
    session.flush()
    gone = list(session.scalars(select(Subscription.id).where(Subscription.ended_at <= at - REMEMBERED).limit(limit)))
    old_mail = select(Mail.id).where((Mail.ended_at <= at - REMEMBERED) | Mail.subscription_id.in_(gone)).limit(limit)
    mails = list(session.scalars(old_mail))
    session.execute(delete(Mail).where(Mail.id.in_(mails)))
    left = select(Mail.subscription_id).where(Mail.subscription_id.in_(gone))
    session.execute(delete(Subscription).where(Subscription.id.in_(gone), Subscription.id.not_in(left)))
    session.execute(delete(MailAllowance).where(MailAllowance.counted_at <= at - COUNTED))
    return len(over) + len(gone) + len(mails)


def _of_state(session: Session, state: SubscriptionState, ran_out: object, limit: int) -> list[Subscription]:
    query = select(Subscription).where(Subscription.state == state, ran_out)  # type: ignore[arg-type]
    return list(session.scalars(query.limit(limit)))
