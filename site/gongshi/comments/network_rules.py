"""The lists of networks: who may put one on, what may stand there, and which rule holds for an address."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from gongshi.accounts import audit
from gongshi.accounts.audit import AuditKind
from gongshi.accounts.models import Role, StaffUser
from gongshi.accounts.two_people import check
from gongshi.comments.network_models import NetworkRule, RuleKind
from gongshi.consultations.models import Consultation
from gongshi.errors import RuleBroken

MAY_RULE = frozenset({Role.PUBLISHER})
LONGEST = timedelta(days=90)
LONGEST_REASON = 300
# The widest network that a rule may name. Whoever could block half of the country could end a consultation.
WIDEST = {(RuleKind.BLOCK, 4): 24, (RuleKind.BLOCK, 6): 48, (RuleKind.ALLOW, 4): 16, (RuleKind.ALLOW, 6): 32}
_AN_ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){2}|[0-9a-fA-F]{1,4}:[0-9a-fA-F]{0,4}:", re.ASCII)


class NetworkUnreadable(RuleBroken):
    """A network is written as one address or as a range: 203.0.113.7, 203.0.113.0/24, 2001:db8::/48."""

    code = "network-unreadable"


class NetworkTooWide(RuleBroken):
    """A rule is about one household, office or school, never about a region."""

    code = "network-too-wide"


class NetworkRuleTooLong(RuleBroken):
    """A rule ends by itself, within 90 days."""

    code = "network-rule-too-long"


class NetworkReasonMissing(RuleBroken):
    """Who is treated otherwise than everybody else is told why, and so is the public."""

    code = "network-reason-missing"


class NetworkReasonNamesAddress(RuleBroken):
    """The reason is public; an address in it would tell who is meant."""

    code = "network-reason-names-address"


class NetworkRuleOver(RuleBroken):
    """A rule ends once."""

    code = "network-rule-over"


def lay_down(
    session: Session, kind: RuleKind, *, network: str, reason: str, until: datetime, by: StaffUser, at: datetime
) -> NetworkRule:
    """Put a network on a list for the consultations of one's bureau, from now on.

    Raises NotYourRole, AccountInactive, NetworkUnreadable, NetworkTooWide, NetworkRuleTooLong, NetworkReasonMissing,
    NetworkReasonNamesAddress.
    """
    check(by, MAY_RULE, frozenset({by.bureau_id}))
    addresses = read(network)
    widest = WIDEST[(kind, addresses.version)]
    if addresses.prefixlen < widest:
        raise NetworkTooWide(widest=f"/{widest}")
    if not at < until <= at + LONGEST:
        raise NetworkRuleTooLong(days=LONGEST.days)
    _refuse_reason(reason)

    rule = NetworkRule(
        bureau_id=by.bureau_id,
        kind=kind,
        network=str(addresses),
        reason=reason.strip(),
        from_at=at,
        until_at=until,
        made_by=by,
    )
    session.add(rule)
    session.flush()
    audit.note(session, AuditKind.NETWORK_RULED, actor=by, details={"kind": kind.value, "rule": _short(rule)}, at=at)
    return rule


def end(session: Session, rule: NetworkRule, *, by: StaffUser, at: datetime) -> None:
    """Take a network off its list before its time. Raises NotYourRole, NotYourBureau, NetworkRuleOver."""
    check(by, MAY_RULE, frozenset({rule.bureau_id}))
    if not rule.is_in_force(at):
        raise NetworkRuleOver

    rule.ended_at, rule.ended_by = at, by
    details = {"kind": rule.kind.value, "rule": _short(rule)}
    audit.note(session, AuditKind.NETWORK_RULE_ENDED, actor=by, details=details, at=at)


def read(network: str) -> IPv4Network | IPv6Network:
    """A network as it was typed; an address alone is a network of one. Raises NetworkUnreadable."""
    try:
        found = ip_network(network.strip(), strict=False)
    except ValueError as error:
        raise NetworkUnreadable from error
    inner = found.network_address.ipv4_mapped if isinstance(found, IPv6Network) else None
    if inner is not None and found.prefixlen >= 96:
        return IPv4Network((inner, found.prefixlen - 96), strict=False)
    return found


def in_force(session: Session, consultation: Consultation, at: datetime) -> Sequence[NetworkRule]:
    """Every rule that holds for a consultation now: those of its bureaus."""
    query = select(NetworkRule).where(
        NetworkRule.bureau_id.in_([bureau.id for bureau in consultation.bureaus]), NetworkRule.until_at > at
    )
    return [rule for rule in session.scalars(query.order_by(NetworkRule.from_at)) if rule.is_in_force(at)]


def holding_for(rules: Iterable[NetworkRule], address: IPv4Address | IPv6Address | None) -> NetworkRule | None:
    """Which of these is the rule for one address: that for the smallest network; among equals, the one that allows."""
    if address is None:
        return None
    found = [rule for rule in rules if address in rule.addresses]
    return max(found, key=lambda rule: (rule.addresses.prefixlen, rule.kind is RuleKind.ALLOW), default=None)


def of_bureau(session: Session, by: StaffUser, *, limit: int = 200) -> Sequence[NetworkRule]:
    """The rules of one's bureau, over or not, the latest first."""
    query = select(NetworkRule).where(NetworkRule.bureau_id == by.bureau_id).order_by(NetworkRule.from_at.desc())
    options = (selectinload(NetworkRule.made_by), selectinload(NetworkRule.ended_by))
    return session.scalars(query.limit(limit).options(*options)).all()


def of_id(session: Session, by: StaffUser, rule_id: UUID) -> NetworkRule:
    """A rule of one's bureau; raises NoResultFound."""
    query = select(NetworkRule).where(NetworkRule.id == rule_id, NetworkRule.bureau_id == by.bureau_id)
    return session.scalars(query).one()


def _refuse_reason(reason: str) -> None:
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise NetworkReasonMissing(limit=LONGEST_REASON)
    if _AN_ADDRESS.search(reason):
        raise NetworkReasonNamesAddress


def _short(rule: NetworkRule) -> str:
    return str(rule.id)[:8]
