"""The proof of work: asked for, solved, given in once; and a way for whoever cannot solve it."""

import base64
import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Config
from gongshi import clock
from gongshi.comments import refusals
from gongshi.comments.models import Proof, Submission
from gongshi.comments.refusals import Reason
from gongshi.web.limits import proof_of_work
from gongshi.web.limits.proof_of_work import LONGEST, ProofRefused, challenge, checked
from web.client import Client
from web.commenting_people import TEXT, Person, count, counter, open_list, receipt
from web.solving import altered, asked, solved

NUMBER = "2026-SL-01"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(
        DATA_DIR=tmp_path / "var",
        SEARCH_INDEX_DIR=tmp_path / "index",
        SECRET_KEY="test" * 8,
        COMMENT_LIMITS="9 per 10 minutes",
        COMMENT_LIMITS_WITHOUT_PROOF="2 per hour",
        TRUSTED_PROXIES=1,
    )


def marks(session: Session) -> list[tuple[Proof | None, int | None]]:
    session.rollback()
    return [(one.proof, one.difficulty) for one in session.scalars(select(Submission).order_by(Submission.received_at))]


def refused(app: Flask, session: Session, made: Any) -> dict[Reason, int]:
    counter(app).write()
    session.rollback()
    return refusals.totals(session, made.consultation)


# Asking


def test_a_challenge_is_for_one_list_and_is_kept_nowhere(client: Client, session: Session) -> None:
    open_list(session)

    page = client.get("/proof", consultation=NUMBER)

    told = json.loads(page.text)["parameters"]
    assert page.headers["Cache-Control"] == "no-store"
    assert told["algorithm"] == "PBKDF2/SHA-256"
    assert told["data"] == {"list": NUMBER, "tries": 100}
    assert 590 < told["expiresAt"] - time.time() <= 600
    assert "Set-Cookie" not in page.headers


def test_no_two_challenges_are_alike(client: Client, session: Session) -> None:
    open_list(session)

    nonces = {asked(client)["parameters"]["nonce"] for _ in range(20)}

    assert len(nonces) == 20


def test_there_is_no_challenge_for_a_list_that_nobody_can_see(client: Client) -> None:
    client.get("/proof", consultation="2026-SL-99", status=404)
    client.get("/proof", status=404)


def test_whoever_asks_for_very_many_challenges_is_told_to_wait(client: Client, session: Session) -> None:
    open_list(session)
    for _ in range(300):
        asked(client)

    page = client.get("/proof", consultation=NUMBER, status=429)

    assert 0 < int(page.headers["Retry-After"]) <= 600
    asked(client, headers={"X-Forwarded-For": "203.0.113.8"})


def test_the_more_a_network_sends_or_asks_for_the_harder_its_next_challenge(client: Client, session: Session) -> None:
    open_list(session)
    tries = [asked(client)["parameters"]["data"]["tries"] for _ in range(40)]

    assert tries == sorted(tries)
    assert tries[0] == 100
    assert tries[-1] == 800
    assert asked(client, headers={"X-Forwarded-For": "203.0.113.8"})["parameters"]["data"]["tries"] == 100


# Giving in


def test_a_solved_proof_is_recorded_with_its_difficulty(client: Client, session: Session) -> None:
    open_list(session)

    Person.opens(client).sends(proof=solved(asked(client)))
    Person.opens(client).sends()

    assert marks(session) == [(Proof.SOLVED, 100), (Proof.NONE, None)]


def test_with_proofs_more_is_taken_than_without(app: Flask, client: Client, session: Session) -> None:
    made = open_list(session)
    for _ in range(2):
        Person.opens(client).sends()
    person = Person.opens(client)

    page = person.sends(status=429)

    assert "JavaScript" in page.one("#faults").get_text()
    assert page.fields("#comment")["text"] == TEXT
    assert refused(app, session, made) == {Reason.WITHOUT_PROOF_LIMIT: 1}
    for _ in range(7):
        Person.opens(client).sends(proof=solved(asked(client)))
    page = Person.opens(client).sends(status=429, proof=solved(asked(client)))
    assert "您所在的网络" in page.one("#faults").get_text()
    assert count(session, Submission) == 9


def test_a_retry_gets_its_receipt_although_its_proof_is_used(client: Client, session: Session) -> None:
    open_list(session)
    person, proof = Person.opens(client), solved(asked(client))
    first = receipt(person.sends(proof=proof))

    assert receipt(person.sends(proof=proof)) == first
    assert receipt(person.sends(proof="")) == first
    assert count(session, Submission) == 1


def test_the_same_proof_is_good_once(app: Flask, client: Client, session: Session) -> None:
    made = open_list(session)
    proof = solved(asked(client))
    Person.opens(client).sends(proof=proof)
    person = Person.opens(client)

    page = person.sends(status=409, proof=proof, text="另一条意见")

    assert page.fields("#comment")["text"] == "另一条意见"
    assert refused(app, session, made) == {Reason.PROOF_USED: 1}
    assert count(session, Submission) == 1
    person.sends(proof=solved(asked(client)), text="另一条意见")


def test_a_used_proof_uses_up_no_place_of_the_network(client: Client, session: Session) -> None:
    open_list(session)
    proof = solved(asked(client))
    Person.opens(client).sends(proof=proof)
    for _ in range(12):
        Person.opens(client).sends(status=409, proof=proof)

    Person.opens(client).sends(proof=solved(asked(client)))


def _other_list(proof: str) -> str:
    return altered(proof, data={"list": "2026-SL-02", "tries": 100})


def _cheaper(proof: str) -> str:
    return altered(proof, cost=1)


def _longer(proof: str) -> str:
    return altered(proof, expiresAt=int(time.time()) + 10**6)


def _unsolved(proof: str) -> str:
    told = json.loads(base64.b64decode(proof))
    told["solution"]["derivedKey"] = "00" * 32
    return base64.b64encode(json.dumps(told).encode()).decode()


def _unsigned(proof: str) -> str:
    told = json.loads(base64.b64decode(proof))
    del told["challenge"]["signature"]
    return base64.b64encode(json.dumps(told).encode()).decode()


def _deep(_: str) -> str:
    return base64.b64encode(b"[" * 1500).decode()


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(_other_list, id="another list"),
        pytest.param(_cheaper, id="less work"),
        pytest.param(_longer, id="a longer life"),
        pytest.param(_unsolved, id="no solution"),
        pytest.param(_unsigned, id="no signature"),
        pytest.param(_deep, id="deep JSON"),
        pytest.param(lambda _: "x", id="junk"),
        pytest.param(lambda _: "示例", id="junk that is not ASCII"),
        pytest.param(lambda _: "A" * 100_000, id="a great deal of junk"),
        pytest.param(lambda _: base64.b64encode(b"null").decode(), id="null"),
        pytest.param(lambda _: base64.b64encode(b'{"challenge": [], "solution": 1}').decode(), id="other shapes"),
    ],
)
def test_what_is_no_proof_of_ours_is_refused_with_everything_kept(
    app: Flask, client: Client, session: Session, spoil: Any
) -> None:
    made = open_list(session)
    person = Person.opens(client)
    proof = solved(asked(client))

    page = person.sends(status=422, proof=spoil(proof), resolution="每月复核")

    assert page.fields("#comment") == {**person.fields, "kind": "oppose", "text": TEXT, "resolution": "每月复核"}
    assert refused(app, session, made) == {Reason.PROOF_INVALID: 1}
    assert count(session) == 0


def test_a_proof_of_another_list_is_refused(app: Flask, client: Client, session: Session, config: Config) -> None:
    made = open_list(session)
    elsewhere = solved(challenge(config, "2026-SL-02", factor=1, at=clock.now()))

    Person.opens(client).sends(status=422, proof=elsewhere)

    assert refused(app, session, made) == {Reason.PROOF_INVALID: 1}


def test_a_proof_ends_after_ten_minutes(app: Flask, client: Client, session: Session, config: Config) -> None:
    made = open_list(session)
    old = solved(challenge(config, NUMBER, factor=1, at=clock.now() - timedelta(minutes=10, seconds=2)))
    young = solved(challenge(config, NUMBER, factor=1, at=clock.now() - timedelta(minutes=9, seconds=50)))

    page = Person.opens(client).sends(status=422, proof=old)

    assert "十分钟" in page.one("#faults").get_text()
    assert refused(app, session, made) == {Reason.PROOF_TOO_OLD: 1}
    Person.opens(client).sends(proof=young)


def test_the_page_that_sends_tells_where_challenges_are_and_that_none_is_needed(
    client: Client, session: Session
) -> None:
    open_list(session)

    page = Person.opens(client).sends(status=200, step="review")

    assert page.one("input[name=proof]")["data-challenge"] == f"/proof?consultation={NUMBER}"
    assert page.one("input[name=proof]")["value"] == ""
    assert "JavaScript" in page.one("noscript").get_text()


def test_a_refused_proof_is_not_sent_a_second_time(client: Client, session: Session) -> None:
    open_list(session)
    fields = Person.opens(client).sends(status=200, step="review").fields("#comment")

    page = client.post("/consultations/2026-SL-01/comment", {**fields, "step": "send", "proof": "junk"}, status=422)

    assert page.fields("#comment")["proof"] == ""
    client.post("/consultations/2026-SL-01/comment", {**page.fields("#comment"), "step": "send"}, status=201)


# Reading what strangers send


@pytest.fixture(scope="module")
def given_config(tmp_path_factory: pytest.TempPathFactory) -> tuple[Config, dict[str, Any]]:
    config = Config(DATA_DIR=tmp_path_factory.mktemp("proofs"), SECRET_KEY="test" * 8)
    proof = solved(challenge(config, NUMBER, factor=1, at=clock.now()))
    return config, json.loads(base64.b64decode(proof))


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=some.sampled_from(["", "challenge", "parameters", "signature", "solution", "counter", "key"]), value=JSON)
def test_whatever_stands_in_a_proof_it_is_taken_or_refused_and_never_a_fault(
    given_config: tuple[Config, dict[str, Any]], place: str, value: Any
) -> None:
    config, told = given_config
    changed = json.loads(json.dumps(told))
    parent, name = {
        "": (None, ""),
        "challenge": (changed, "challenge"),
        "parameters": (changed["challenge"], "parameters"),
        "signature": (changed["challenge"], "signature"),
        "solution": (changed, "solution"),
        "counter": (changed["solution"], "counter"),
        "key": (changed["solution"], "derivedKey"),
    }[place]
    if parent is None:
        changed = value
    else:
        parent[name] = value
    proof = base64.b64encode(json.dumps(changed).encode()).decode()

    if place == "counter" and len(proof) <= LONGEST:  # The key alone proves the work.
        checked(config, NUMBER, proof)
        return
    with pytest.raises(ProofRefused):
        checked(config, NUMBER, proof)


def test_only_who_knows_the_key_makes_challenges(given_config: tuple[Config, dict[str, Any]], tmp_path: Path) -> None:
    config, _ = given_config
    stranger = Config(DATA_DIR=tmp_path, SECRET_KEY="fake" * 8)
    proof = solved(challenge(stranger, NUMBER, factor=1, at=clock.now()))

    with pytest.raises(ProofRefused):
        checked(config, NUMBER, proof)


def test_the_counter_lies_anywhere_below_twice_the_average(given_config: tuple[Config, dict[str, Any]]) -> None:
    config, _ = given_config

    counters = []
    for _ in range(30):
        told = json.loads(base64.b64decode(solved(challenge(config, NUMBER, factor=1, at=clock.now()))))
        counters.append(told["solution"]["counter"])

    assert max(counters) < 200
    assert min(counters) < 70 < 130 < max(counters)


def test_a_proof_has_room_to_spare_in_what_is_looked_into(given_config: tuple[Config, dict[str, Any]]) -> None:
    _, told = given_config

    assert len(base64.b64encode(json.dumps(told).encode())) * 2 < proof_of_work.LONGEST
