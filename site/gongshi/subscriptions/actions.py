"""Ask, confirm, stop. None of them is a public act, so the ledger says nothing of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from gongshi.clock import beijing
from gongshi.comments.models import Submission
from gongshi.errors import RuleBroken
from gongshi.sealing import KeyRing
from gongshi.subscriptions import addresses, links, queries
from gongshi.subscriptions.models import (
    Mail,
    MailAllowance,
    MailKind,
    MailLook,
    MailState,
    Subscription,
    SubscriptionState,
)

CONFIRM_WITHIN = timedelta(hours=48)
ASKED_A_DAY = 5
UNCONFIRMED_A_DAY = 1


class AskedTooOften(RuleBroken):
    """From one submission only so many addresses may be written to in a day."""

    code = "mail-asked-too-often"


class LinkOver(RuleBroken):
    """The link in the mail came too late, or the subscription has ended since."""

    code = "mail-link-over"


@dataclass(frozen=True)
class MailKeys:
    """What addresses are sealed with, and what links are made from."""

    ring: KeyRing
    links: bytes


def ask(
    session: Session, submission: Submission, *, address: str, facts: Sequence[str], keys: MailKeys, at: datetime
) -> Subscription:
    """Send one mail that asks to confirm; `facts` are what is known at this moment, and so will not be told again.

    Where that address had its unconfirmed mail today, none is sent and the subscription is over at once: whoever asks
    must not learn of it. Raises AddressUnusable, AskedTooOften.
    """
    plain = addresses.plain(address)
    if queries.asked_since(session, submission, at - timedelta(days=1)) >= ASKED_A_DAY:
        raise AskedTooOften(limit=ASKED_A_DAY)

    for earlier in queries.live(session, submission):
        if earlier.state is SubscriptionState.ASKED:
            end(session, earlier, SubscriptionState.STOPPED, at=at)
    allowance = addresses.digest(keys.links, plain, beijing(at).date())
    subscription = _asked(submission, plain, allowance, facts, keys, at)
    session.add(subscription)
    if _is_allowed(session, allowance, at):
        session.add(Mail(subscription=subscription, kind=MailKind.CONFIRM, news=[], queued_at=at, due_at=at))
    else:
        end(session, subscription, SubscriptionState.STOPPED, at=at)
    return subscription


def confirm(session: Session, subscription: Subscription, *, at: datetime) -> Subscription:
    """Begin to send mail; an address that had it before for the same submission gets it no more.

    Raises LinkOver after 48 hours, or when the subscription has ended. Again is the same as once.
    """
    if subscription.state is SubscriptionState.CONFIRMED:
        return subscription
    if not can_be_confirmed(subscription, at):
        raise LinkOver

    for other in queries.live(session, subscription.submission):
        if other is not subscription:
            end(session, other, SubscriptionState.STOPPED, at=at)
    subscription.state, subscription.confirmed_at = SubscriptionState.CONFIRMED, at
    allowance = session.get(MailAllowance, subscription.allowance)
    if allowance is not None:
        allowance.unconfirmed = 0
    # What happened since they asked is not lost.
    if session.get(MailLook, subscription.id) is None:
        session.add(MailLook(subscription_id=subscription.id))
    return subscription


def can_be_confirmed(subscription: Subscription, at: datetime) -> bool:
    """Whether the link in the first mail still leads anywhere."""
    return subscription.state.is_live and at < subscription.asked_at + CONFIRM_WITHIN


def stop(session: Session, subscription: Subscription, *, at: datetime) -> Subscription:
    """Send nothing more, and forget the address. Again is the same as once."""
    if subscription.state.is_live:
        end(session, subscription, SubscriptionState.STOPPED, at=at)
    return subscription


def end(session: Session, subscription: Subscription, state: SubscriptionState, *, at: datetime) -> None:
    """Forget the address; what waits to be sent is dropped."""
    subscription.state, subscription.ended_at = state, at
    subscription.key_id = subscription.sealed_address = subscription.allowance = None
    for mail in queries.waiting_mail(session, subscription):
        mail.state, mail.ended_at = MailState.DROPPED, at
    look = session.get(MailLook, subscription.id)
    if look is not None:
        session.delete(look)


def reseal_next(session: Session, ring: KeyRing, *, limit: int = 500) -> int:
    """Seal some addresses that lie under older keys under the newest; returns how many. Raises CannotOpen."""
    older = queries.sealed_under_older_keys(session, ring.primary, limit)
    for subscription in older:
        lying = queries.sealed(subscription)
        if lying is not None:
            fresh = ring.rewrap(lying, queries.place(subscription.id))
            subscription.key_id, subscription.sealed_address = fresh.key_id, fresh.data
    return len(older)


def _asked(
    submission: Submission, address: str, allowance: str, facts: Sequence[str], keys: MailKeys, at: datetime
) -> Subscription:
    id = uuid4()
    sealed = keys.ring.seal(address.encode(), queries.place(id))
    return Subscription(
        id=id,
        submission=submission,
        state=SubscriptionState.ASKED,
        asked_at=at,
        key_id=sealed.key_id,
        sealed_address=sealed.data,
        allowance=allowance,
        confirm_sha256=links.fingerprint(links.confirm_token(keys.links, id)),
        stop_sha256=links.fingerprint(links.stop_token(keys.links, id)),
        told=list(facts),
    )


def _is_allowed(session: Session, digest: str, at: datetime) -> bool:
    allowance = session.get(MailAllowance, digest)
    if allowance is None:
        session.add(MailAllowance(digest=digest, counted_at=at, unconfirmed=1))
        return True
    if allowance.unconfirmed >= UNCONFIRMED_A_DAY:
        return False
    allowance.unconfirmed += 1
    return True
