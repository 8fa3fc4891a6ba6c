"""Networks under rules of their own: what the desk writes, what the public reads, and what happens to a submission."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Config
from gongshi import clock
from gongshi.comments import refusals
from gongshi.comments.network_models import NetworkRule
from gongshi.comments.refusals import Reason
from making import OpenList
from web.client import Client
from web.commenting_people import TEXT, Person, count, counter, open_list
from web.solving import asked, solved
from web.staff import signed_in

REASON = "该网络在一小时内自动提交大量相同内容。"
NETWORKS = "/workbench/networks/"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(
        DATA_DIR=tmp_path / "var",
        SEARCH_INDEX_DIR=tmp_path / "index",
        SECRET_KEY="test" * 8,
        COMMENT_LIMITS="4 per 10 minutes",
        COMMENT_LIMITS_WITHOUT_PROOF="2 per hour",
        COMMENT_LIMITS_ALLOWED="6 per 10 minutes",
        TRUSTED_PROXIES=1,
    )


def filled(**given: str) -> dict[str, str]:
    until = (clock.beijing(clock.now()) + timedelta(days=7)).date().isoformat()
    return {"kind": "block", "network": "203.0.113.0/24", "reason": REASON, "until": until} | given


def coming_from(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": address}


def rule(app: Flask, made: OpenList, **given: str) -> None:
    signed_in(app, made.office.publisher).post(NETWORKS, filled(**given), 303)


def test_from_a_blocked_network_nothing_is_taken_and_the_reason_and_another_way_are_told(
    app: Flask, client: Client, session: Session
) -> None:
    made = open_list(session)
    rule(app, made)
    person = Person.opens(client)

    page = person.sends(status=403, headers=coming_from("203.0.113.9"), resolution="每月复核")

    said = page.one("#faults").get_text()
    assert REASON in said
    assert "写信" in said
    assert page.fields("#comment") == {**person.fields, "kind": "oppose", "text": TEXT, "resolution": "每月复核"}
    counter(app).write()
    session.rollback()
    assert refusals.totals(session, made.consultation) == {Reason.NETWORK_BLOCKED: 1}
    person.sends(headers=coming_from("203.0.114.9"))


def test_no_proof_of_work_opens_a_blocked_network(app: Flask, client: Client, session: Session) -> None:
    made = open_list(session)
    rule(app, made)
    inside = coming_from("203.0.113.9")

    Person.opens(client).sends(status=403, headers=inside, proof=solved(asked(client, headers=inside)))


def test_whoever_was_received_before_the_block_gets_the_receipt_again(
    app: Flask, client: Client, session: Session
) -> None:
    made = open_list(session)
    person, inside = Person.opens(client), coming_from("203.0.113.9")
    person.sends(headers=inside)
    rule(app, made)

    person.sends(headers=inside)


def test_an_allowed_network_sends_more_with_proofs_or_without_and_is_not_slowed_down(
    app: Flask, client: Client, session: Session
) -> None:
    made = open_list(session)
    rule(app, made, kind="allow", reason="公共图书馆的共用出口。")
    inside = coming_from("203.0.113.9")
    for _ in range(6):
        Person.opens(client).sends(headers=inside)

    Person.opens(client).sends(status=429, headers=inside)

    assert asked(client, headers=inside)["parameters"]["data"]["tries"] == 100
    assert count(session) == 6


def test_an_ended_rule_holds_no_more(app: Flask, client: Client, session: Session) -> None:
    made = open_list(session)
    rule(app, made)
    session.rollback()
    laid_down = session.scalars(select(NetworkRule)).one()

    signed_in(app, made.office.publisher).post(f"{NETWORKS}{laid_down.id}/end", {}, 303)

    Person.opens(client).sends(headers=coming_from("203.0.113.9"))
    page = signed_in(app, made.office.publisher).get(NETWORKS)
    assert "提前结束" in page.words


def test_the_public_reads_how_many_rules_hold_and_why_and_no_address(
    app: Flask, client: Client, session: Session
) -> None:
    made = open_list(session)
    rule(app, made)
    rule(app, made, kind="allow", network="2001:db8:7::/48", reason="公共图书馆的共用出口。")

    for language in ("", "/en"):
        page = client.get(f"{language}/consultations/2026-SL-01/refusals/")

        rows = {row.th.get_text(): row.td.get_text() for row in page.all('[aria-labelledby="networks"] tbody tr')}  # type: ignore[union-attr]
        assert list(rows.values()) == ["1", "1"]
        assert REASON in page.words
        assert "公共图书馆" in page.words
        assert "203.0" not in page.text
        assert "2001:db8" not in page.text


@pytest.mark.parametrize(
    ("given", "field"),
    [
        pytest.param({"network": "示例"}, "network", id="no network"),
        pytest.param({"network": "0.0.0.0/0"}, "network", id="everybody"),
        pytest.param({"reason": " "}, "reason", id="no reason"),
        pytest.param({"reason": "来自 203.0.113.7"}, "reason", id="an address in the reason"),
        pytest.param({"until": "2099-01-01"}, "until", id="for ever"),
        pytest.param({"until": "2026-02-30"}, "until", id="no day"),
        pytest.param({"kind": "forbid"}, "kind", id="no list of ours"),
    ],
)
def test_what_cannot_stand_on_the_list_is_said_at_its_field_with_all_that_was_typed(
    app: Flask, session: Session, given: dict[str, str], field: str
) -> None:
    made = open_list(session)
    typed = filled(**given)

    page = signed_in(app, made.office.publisher).post(NETWORKS, typed, 422)

    assert page.one(f"#{field}-wrong")
    kept: dict[str, Any] = page.fields("form.sheet")
    assert {name: kept[name] for name in ("network", "reason")} == {name: typed[name] for name in ("network", "reason")}
    session.rollback()
    assert session.scalars(select(NetworkRule)).all() == []


def test_everybody_of_the_bureau_reads_the_lists_and_only_publishers_write_them(app: Flask, session: Session) -> None:
    made = open_list(session)
    rule(app, made)

    for person in (made.office.editor, made.office.analyst):
        page = signed_in(app, person).get(NETWORKS)
        assert "203.0.113.0/24" in page.words
        assert not page.all("form.sheet")
        signed_in(app, person).post(NETWORKS, filled(), 403)
    signed_in(app, made.office.admin).get(NETWORKS, 403)
