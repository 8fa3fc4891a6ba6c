"""What the tests of mail share: somebody who asks, confirms, and is told."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

import making
from gongshi import db
from gongshi.comments import actions as comments
from gongshi.comments.models import Submission
from gongshi.subscriptions import actions, noticing, queries, reading, sending
from gongshi.subscriptions.actions import MailKeys
from gongshi.subscriptions.models import Mail, MailKind, MailState, Subscription
from gongshi.subscriptions.news import Fact, News

ADDRESS = "shili@example.cn"
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
AT = making.beijing("2026-04-17", "12:00")


def ask(
    session: Session, submission: Submission, keys: MailKeys, address: str = ADDRESS, at: datetime = AT
) -> Subscription:
    with db.writing(session):
        facts = reading.known(session, submission).facts
        return actions.ask(session, submission, address=address, facts=facts, keys=keys, at=at)


def confirmed(session: Session, submission: Submission, keys: MailKeys, address: str = ADDRESS) -> Subscription:
    """Somebody who asked and confirmed a minute later; nothing is left to look through."""
    subscription = ask(session, submission, keys, address)
    with db.writing(session):
        actions.confirm(session, subscription, at=AT + MINUTE)
        [sending.accepted(session, mail, at=AT) for mail in queries.waiting_mail(session, subscription)]
    caught_up(session)
    return subscription


def caught_up(session: Session, at: datetime = AT) -> list[Mail]:
    """What the mailer does in a turn short of sending; the mails of news that wait then."""
    with db.writing(session):
        noticing.look_through(session, 1000)
        for one in queries.to_look_at(session, 100):
            known = reading.known(session, one.submission)
            noticing.tell(session, one, facts=known.facts, is_last=known.is_all, at=at)
    waiting = select(Mail).where(Mail.state == MailState.WAITING, Mail.kind == MailKind.NEWS)
    return list(session.scalars(waiting))


def publish(session: Session, opened: making.OpenList, submission: Submission) -> None:
    with db.writing(session) as at:
        comments.publish(session, submission.comments[0], by=opened.analyst, at=at)


def told(mails: list[Mail]) -> list[News]:
    return [Fact.read(fact).what for mail in mails for fact in mail.news]
