"""Reads: subscriptions by their links and submissions, the outbox, and whom an entry of the ledger concerns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from gongshi.comments.models import Comment, Submission
from gongshi.consultations.models import Consultation
from gongshi.objections.models import Answer, AnswerPlacement, Objection, Placement
from gongshi.sealing import KeyRing, Sealed
from gongshi.subscriptions import links
from gongshi.subscriptions.models import Mail, MailKind, MailLook, MailState, Subscription, SubscriptionState

LIVE = (SubscriptionState.ASKED, SubscriptionState.CONFIRMED)


def place(id: UUID) -> str:
    """What a sealed address is bound to."""
    return f"subscription:{id}:address"


def sealed(subscription: Subscription) -> Sealed | None:
    """The address as it lies here; None once the subscription has ended."""
    if subscription.key_id is None or subscription.sealed_address is None:
        return None
    return Sealed(subscription.key_id, subscription.sealed_address)


def address(subscription: Subscription, ring: KeyRing) -> str | None:
    """Where mail goes; None once the subscription has ended. Raises CannotOpen."""
    lying = sealed(subscription)
    return ring.open(lying, place(subscription.id)).decode() if lying else None


def by_confirm_token(session: Session, token: str) -> Subscription | None:
    return session.scalar(select(Subscription).where(Subscription.confirm_sha256 == links.fingerprint(token)))


def by_stop_token(session: Session, token: str) -> Subscription | None:
    return session.scalar(select(Subscription).where(Subscription.stop_sha256 == links.fingerprint(token)))


def live(session: Session, submission: Submission) -> list[Subscription]:
    """Those under which mail is sent, or would be once it is confirmed; the oldest first."""
    query = select(Subscription).where(Subscription.submission_id == submission.id, Subscription.state.in_(LIVE))
    return list(session.scalars(query.order_by(Subscription.asked_at)))


def asked_since(session: Session, submission: Submission, since: datetime) -> int:
    """How often mail was asked for with the receipt of this submission."""
    query = select(func.count(Subscription.id)).where(Subscription.submission_id == submission.id)
    return session.scalar(query.where(Subscription.asked_at > since)) or 0


def waiting_mail(session: Session, subscription: Subscription) -> list[Mail]:
    query = select(Mail).where(Mail.subscription_id == subscription.id, Mail.state == MailState.WAITING)
    return list(session.scalars(query.order_by(Mail.queued_at)))


def untried_news(session: Session, subscription: Subscription) -> Mail | None:
    """The mail that nobody has taken out yet, to which more can be added."""
    waiting = waiting_mail(session, subscription)
    return next((mail for mail in waiting if mail.kind is MailKind.NEWS and mail.tries == 0), None)


def due(session: Session, at: datetime, limit: int) -> list[Mail]:
    """Mail to be sent now, that which has waited longest first."""
    query = select(Mail).where(Mail.state == MailState.WAITING, Mail.due_at <= at)
    return list(session.scalars(query.order_by(Mail.due_at).limit(limit)))


def has_due(session: Session, at: datetime) -> bool:
    """Whether there is mail to be sent now, as far as can be seen without the write lock."""
    query = select(Mail.id).where(Mail.state == MailState.WAITING, Mail.due_at <= at).limit(1)
    return session.scalar(query) is not None


def get(session: Session, id: UUID) -> Subscription | None:
    return session.get(Subscription, id)


def mail(session: Session, id: UUID) -> Mail | None:
    return session.get(Mail, id)


def mails(session: Session, ids: Iterable[UUID]) -> list[Mail]:
    return list(session.scalars(select(Mail).where(Mail.id.in_(list(ids)))))


def to_look_at(session: Session, limit: int) -> list[Subscription]:
    """Subscriptions whose submission may have news."""
    query = select(Subscription).join(MailLook, MailLook.subscription_id == Subscription.id)
    return list(session.scalars(query.limit(limit)))


def sealed_under_older_keys(session: Session, primary: str, limit: int) -> list[Subscription]:
    """Those whose address does not lie under this key."""
    query = select(Subscription).where(Subscription.key_id.is_not(None), Subscription.key_id != primary)
    return list(session.scalars(query.limit(limit)))


def of_comments(numbers: Iterable[str]) -> Select[Any]:
    """Whom it concerns that something happened to these comments."""
    wanted = select(Comment.submission_id).where(Comment.number.in_(list(numbers)))
    return _confirmed().where(Subscription.submission_id.in_(wanted))


def of_objections(numbers: Iterable[str]) -> Select[Any]:
    """Whom it concerns that something happened to these objections."""
    wanted = (
        select(Comment.submission_id)
        .join(Placement, Placement.comment_id == Comment.id)
        .join(Objection, Objection.id == Placement.objection_id)
        .where(Objection.number.in_(list(numbers)))
    )
    return _confirmed().where(Subscription.submission_id.in_(wanted))


def of_answer(number: str) -> Select[Any]:
    """Whom it concerns that this answer was published."""
    wanted = (
        select(Comment.submission_id)
        .join(AnswerPlacement, AnswerPlacement.comment_id == Comment.id)
        .join(Answer, Answer.id == AnswerPlacement.answer_id)
        .where(Answer.number == number)
    )
    return _confirmed().where(Subscription.submission_id.in_(wanted))


def of_consultation(number: str) -> Select[Any]:
    """Everybody who follows a submission to this list."""
    follows = select(Submission.id).join(Consultation, Consultation.id == Submission.consultation_id)
    return _confirmed().where(Subscription.submission_id.in_(follows.where(Consultation.number == number)))


def _confirmed() -> Select[Any]:
    return select(Subscription.id).where(Subscription.state == SubscriptionState.CONFIRMED)


@dataclass(frozen=True)
class OutboxHealth:
    """How mail is doing: what waits and since when, what is being tried again, what was given up, who follows."""

    waiting: int
    oldest: datetime | None
    trying_again: int
    failed: int
    confirmed: int
    last_trouble: str | None


def outbox_health(session: Session) -> OutboxHealth:
    waits = Mail.state == MailState.WAITING
    waiting, oldest = session.execute(select(func.count(Mail.id), func.min(Mail.queued_at)).where(waits)).one()
    troubled = select(Mail.trouble).where(waits, Mail.trouble.is_not(None))
    return OutboxHealth(
        waiting=waiting,
        oldest=oldest,
        trying_again=session.scalar(select(func.count()).select_from(troubled.subquery())) or 0,
        failed=session.scalar(select(func.count(Mail.id)).where(Mail.state == MailState.FAILED)) or 0,
        confirmed=session.scalar(select(func.count()).select_from(_confirmed().subquery())) or 0,
        last_trouble=session.scalar(troubled.order_by(Mail.due_at.desc()).limit(1)),
    )
