"""The lists of networks: for one bureau's consultations, with a public reason, for 90 days at most, never changed."""

from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any

import pytest
from acts import NOW
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from gongshi.accounts.audit import AuditKind, StaffAudit
from gongshi.accounts.two_people import AccountInactive, NotYourBureau, NotYourRole
from gongshi.comments import network_rules
from gongshi.comments.network_models import NetworkRule, RuleKind
from gongshi.comments.network_rules import (
    NetworkReasonMissing,
    NetworkReasonNamesAddress,
    NetworkRuleOver,
    NetworkRuleTooLong,
    NetworkTooWide,
    NetworkUnreadable,
)
from making_world import World

DAY = timedelta(days=1)
REASON = "该网络在一小时内自动提交大量相同内容。"


def lay_down(world: World, kind: RuleKind = RuleKind.BLOCK, *, at: datetime = NOW, **given: Any) -> NetworkRule:
    rule = {"network": "203.0.113.7", "reason": REASON, "until": at + DAY, "by": world.office.publisher} | given
    return network_rules.lay_down(world.session, kind, at=at, **rule)


def holding(world: World, address: str, at: datetime = NOW) -> NetworkRule | None:
    rules = network_rules.in_force(world.session, world.open_list.consultation, at)
    return network_rules.holding_for(rules, ip_address(address))


def test_a_rule_holds_for_its_network_until_its_end(world: World) -> None:
    rule = lay_down(world, network="203.0.113.0/24")

    assert holding(world, "203.0.113.200") is rule
    assert holding(world, "203.0.114.1") is None
    assert holding(world, "2001:db8::1") is None
    assert holding(world, "203.0.113.200", NOW + DAY - timedelta(microseconds=1)) is rule
    assert holding(world, "203.0.113.200", NOW + DAY) is None


def test_a_rule_holds_for_the_lists_of_its_bureau_alone(world: World) -> None:
    lay_down(world, by=world.stranger.publisher)

    assert holding(world, "203.0.113.7") is None


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        pytest.param(" 203.0.113.7 ", "203.0.113.7/32", id="one address"),
        pytest.param("203.0.113.77/24", "203.0.113.0/24", id="an address within its range"),
        pytest.param("2001:DB8::1/64", "2001:db8::/64", id="IPv6"),
        pytest.param("::ffff:203.0.113.7", "203.0.113.7/32", id="IPv4 dressed as IPv6"),
        pytest.param("::ffff:203.0.113.0/120", "203.0.113.0/24", id="a range of those"),
    ],
)
def test_a_network_is_read_as_people_type_it(typed: str, read: str) -> None:
    assert str(network_rules.read(typed)) == read


@pytest.mark.parametrize("typed", ["", "示例", "203.0.113", "203.0.113.7/33", "2001:db8::/129", "1.2.3.4:80", "all"])
def test_what_is_no_network_is_refused(world: World, typed: str) -> None:
    with pytest.raises(NetworkUnreadable):
        lay_down(world, network=typed)


@pytest.mark.parametrize(
    ("kind", "network"),
    [
        (RuleKind.BLOCK, "0.0.0.0/0"),
        (RuleKind.BLOCK, "203.0.112.0/23"),
        (RuleKind.BLOCK, "2001:db8::/47"),
        (RuleKind.BLOCK, "::/0"),
        (RuleKind.BLOCK, "::ffff:0:0/96"),
        (RuleKind.ALLOW, "203.0.0.0/15"),
        (RuleKind.ALLOW, "2001::/31"),
    ],
)
def test_nobody_rules_over_a_whole_region(world: World, kind: RuleKind, network: str) -> None:
    with pytest.raises(NetworkTooWide):
        lay_down(world, kind, network=network)


@pytest.mark.parametrize("days", [90.001, 365, 0, -1])
def test_a_rule_ends_by_itself_within_ninety_days(world: World, days: float) -> None:
    with pytest.raises(NetworkRuleTooLong):
        lay_down(world, until=NOW + timedelta(days=days))

    lay_down(world, until=NOW + timedelta(days=90))


@pytest.mark.parametrize("reason", ["", " \n", "长" * 301])
def test_a_rule_has_a_reason_that_can_be_published(world: World, reason: str) -> None:
    with pytest.raises(NetworkReasonMissing):
        lay_down(world, reason=reason)


@pytest.mark.parametrize("reason", ["来自203.0.113.7的刷屏", "2001:db8:: 的刷屏", "203.0.113.* 网段"])
def test_the_reason_names_no_address(world: World, reason: str) -> None:
    with pytest.raises(NetworkReasonNamesAddress):
        lay_down(world, reason=reason)


def test_a_time_in_the_reason_is_no_address(world: World) -> None:
    lay_down(world, reason="4月15日09:30起集中提交，版本1.2。")


def test_only_a_publisher_lays_down_rules(world: World) -> None:
    for person in (world.office.editor, world.office.analyst):
        with pytest.raises(NotYourRole):
            lay_down(world, by=person)


def test_nobody_who_was_switched_off_lays_down_rules(world: World) -> None:
    world.office.publisher.is_active = False

    with pytest.raises(AccountInactive):
        lay_down(world)


def test_the_narrowest_rule_holds_and_among_equals_the_kind_one(world: World) -> None:
    lay_down(world, network="203.0.113.0/24")
    library = lay_down(world, RuleKind.ALLOW, network="203.0.113.7", reason="公共图书馆的共用出口。")
    lay_down(world, network="203.0.113.7")

    assert holding(world, "203.0.113.7") is library


def test_a_rule_can_be_ended_early_and_once(world: World) -> None:
    rule = lay_down(world)
    hour = NOW + timedelta(hours=1)

    network_rules.end(world.session, rule, by=world.office.publisher, at=hour)

    assert holding(world, "203.0.113.7", hour - timedelta(microseconds=1)) is rule
    assert holding(world, "203.0.113.7", hour) is None
    with pytest.raises(NetworkRuleOver):
        network_rules.end(world.session, rule, by=world.office.publisher, at=hour)


def test_strangers_end_no_rule_of_ours(world: World) -> None:
    rule = lay_down(world)

    with pytest.raises(NotYourBureau):
        network_rules.end(world.session, rule, by=world.stranger.publisher, at=NOW)


def test_every_step_stands_in_the_audit_without_the_address(world: World) -> None:
    rule = lay_down(world)
    network_rules.end(world.session, rule, by=world.office.publisher, at=NOW + timedelta(hours=1))

    world.session.flush()
    kinds = {AuditKind.NETWORK_RULED, AuditKind.NETWORK_RULE_ENDED}
    entries = list(world.session.scalars(select(StaffAudit).where(StaffAudit.kind.in_(kinds)).order_by(StaffAudit.id)))
    assert [entry.kind for entry in entries] == [AuditKind.NETWORK_RULED, AuditKind.NETWORK_RULE_ENDED]
    assert {entry.actor_id for entry in entries} == {world.office.publisher.id}
    assert not any("203" in str(entry.details) for entry in entries)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE network_rule SET network = '203.0.113.8'",
        "UPDATE network_rule SET reason = ''",
        "UPDATE network_rule SET until_at = from_at",
        "DELETE FROM network_rule",
    ],
)
def test_the_database_changes_no_rule(world: World, change: str) -> None:
    lay_down(world)
    world.session.flush()

    with pytest.raises(DBAPIError, match="append-only"), world.session.begin_nested():
        world.session.execute(text(change))
