"""Networks that staff let send more, or not at all, for a while and for a published reason."""

from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.accounts.models import Bureau, StaffUser
from gongshi.append_only import append_only
from gongshi.db import Base, Code, Id, enumerated
from gongshi.filled_once import filled_once


class RuleKind(StrEnum):
    """Allow: many people behind one address, so higher limits. Block: nothing is taken from there on the site."""

    ALLOW = "allow"
    BLOCK = "block"


class NetworkRule(Base):
    """网络规则: one network, for the consultations of one bureau, from one instant to another.

    The network is read by staff alone, as they typed it; kind and reason are public. A rule ends by itself, or earlier
    by somebody's hand; it is never changed, so who did what and why stays on record.
    """

    __tablename__ = "network_rule"
    __table_args__ = (
        CheckConstraint("from_at < until_at", name="from_before_until"),
        Index("ix_network_rule_bureau_id", "bureau_id", "until_at"),
    )

    id: Mapped[Id]
    bureau_id: Mapped[UUID] = mapped_column(ForeignKey("bureau.id"))
    kind: Mapped[RuleKind] = mapped_column(enumerated(RuleKind))
    network: Mapped[Code]
    reason: Mapped[str]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))

    bureau: Mapped[Bureau] = relationship()
    made_by: Mapped[StaffUser] = relationship(foreign_keys=[made_by_id])
    ended_by: Mapped[StaffUser | None] = relationship(foreign_keys=[ended_by_id])

    @property
    def addresses(self) -> IPv4Network | IPv6Network:
        return ip_network(self.network)

    def is_in_force(self, at: datetime) -> bool:
        return self.from_at <= at < self.until_at and (self.ended_at is None or at < self.ended_at)


NEVER_CHANGES = ("bureau_id", "kind", "network", "reason", "from_at", "until_at", "made_by_id")
append_only(NetworkRule.__table__, columns=NEVER_CHANGES)
filled_once(NetworkRule.__table__, ("ended_at", "ended_by_id"))
