"""Who asked to be told by mail, what they were told last, and the mail that is still to be sent."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.comments.models import Submission
from gongshi.db import Base, Code, Id, enumerated


class SubscriptionState(StrEnum):
    """Asked for, confirmed by the link in the first mail, or over and why."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    STOPPED = "stopped"
    EXPIRED = "expired"
    UNREACHABLE = "unreachable"
    COMPLETED = "completed"

    @property
    def is_live(self) -> bool:
        """Whether there may still be mail under it."""
        return self in {SubscriptionState.ASKED, SubscriptionState.CONFIRMED}


class MailKind(StrEnum):
    """Please confirm; something changed."""

    CONFIRM = "confirm"
    NEWS = "news"


class MailState(StrEnum):
    """Still to be sent; accepted by the server; given up; no longer wanted."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class Subscription(Base):
    """邮件订阅: that somebody asked to be told by mail what becomes of one submission.

    The address is sealed, bound to this row, and goes when the subscription ends. The links in the mails are made from
    a key, so that only hashes of them lie here. `told` are the facts that the last mail, or the start, knew.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        CheckConstraint("(sealed_address IS NULL) = (ended_at IS NOT NULL)", name="address_until_the_end"),
        CheckConstraint("(sealed_address IS NULL) = (key_id IS NULL)", name="sealed_under_a_key"),
        CheckConstraint("(state IN ('asked', 'confirmed')) = (ended_at IS NULL)", name="live_until_the_end"),
        CheckConstraint("state <> 'confirmed' OR confirmed_at IS NOT NULL", name="confirmed_once"),
        Index("ix_subscription_submission", "submission_id", "state"),
        Index("ix_subscription_asked", "state", "asked_at"),
        Index("ix_subscription_key_id", "key_id"),
    )

    id: Mapped[Id]
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"))
    state: Mapped[SubscriptionState] = mapped_column(enumerated(SubscriptionState), default=SubscriptionState.ASKED)
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    key_id: Mapped[Code | None]
    sealed_address: Mapped[bytes | None] = mapped_column(LargeBinary)
    allowance: Mapped[Code | None]
    confirm_sha256: Mapped[Code] = mapped_column(unique=True)
    stop_sha256: Mapped[Code] = mapped_column(unique=True)
    told: Mapped[list[str]]

    submission: Mapped[Submission] = relationship()


class MailAllowance(Base):
    """How many mails one address was sent on one day without having confirmed any.

    `digest` is an HMAC of day and address: it says nothing of the address, and not the same on two days.
    """

    __tablename__ = "mail_allowance"

    digest: Mapped[Code] = mapped_column(primary_key=True)
    counted_at: Mapped[datetime]
    unconfirmed: Mapped[int]


class Mail(Base):
    """A mail to be sent. Its text is made when it is sent; here lie codes and numbers only.

    Whoever sends it moves `due_at` ahead first: should they die, it falls due again. The id makes its Message-ID, which
    is the same at every try.
    """

    __tablename__ = "mail_outbox"
    __table_args__ = (Index("ix_mail_outbox_due", "state", "due_at"),)

    id: Mapped[Id]
    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("subscription.id"), index=True)
    kind: Mapped[MailKind] = mapped_column(enumerated(MailKind))
    state: Mapped[MailState] = mapped_column(enumerated(MailState), default=MailState.WAITING)
    news: Mapped[list[str]]
    is_last: Mapped[bool] = mapped_column(default=False)
    queued_at: Mapped[datetime]
    due_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[Code | None]
    ended_at: Mapped[datetime | None]

    subscription: Mapped[Subscription] = relationship()


class MailCursor(Base):
    """Up to where the ledger has been looked through for what subscribers are to be told."""

    __tablename__ = "mail_cursor"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    next_index: Mapped[int]


class MailLook(Base):
    """That something happened which may concern a subscription, so that it has to be looked at."""

    __tablename__ = "mail_look"

    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("subscription.id"), primary_key=True)
