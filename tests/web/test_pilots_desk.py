"""After admission, at the desk: events against commitments, and a change of scope that opens the project again."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine

from gongshi import clock
from web.deciding_desk import (
    DAY,
    GATES,
    NUMBER,
    PILOT,
    Desk,
    approved,
    decided,
    judged,
    opened_desk,
    public,
    unmet,
)


@pytest.fixture
def desk(app: Flask, engine: Engine) -> Iterator[Desk]:
    yield from opened_desk(app, engine)


def test_an_event_is_recorded_against_a_commitment_of_the_admitted_plan(desk: Desk) -> None:
    judged(desk)
    decided(desk)
    editor = desk.as_("editor")
    sent = editor.get(f"{PILOT}event").fields("form.form")
    told = {
        **sent,
        "title": "首月运行",
        "text": "运行平稳。",
        "commitment": "risk:r-4",
        "fulfils": "yes",
        "do": "submit",
    }

    page = editor.post(f"{PILOT}event", {**told, "title": ""}, 422)
    assert page.links("#faults") == ["#title"]
    approved(desk, editor.post(f"{PILOT}event", told), "publisher")

    assert "首月运行" in editor.get(PILOT).words
    assert "首月运行" in public(desk, f"/consultations/{NUMBER}/projects/1/decision/").words


def test_what_is_still_to_come_and_what_is_no_commitment_is_refused(desk: Desk) -> None:
    judged(desk)
    decided(desk)
    editor = desk.as_("editor")
    tomorrow = (clock.beijing(clock.now()) + DAY).date().isoformat()
    sent = editor.get(f"{PILOT}event").fields("form.form")
    told = {**sent, "title": "运行", "text": "平稳。", "fulfils": "yes"}

    page = editor.post(f"{PILOT}event", {**told, "happened_on": tomorrow, "commitment": "risk:r-77"}, 422)

    assert page.links("#faults") == ["#happened_on", "#commitment"]


def test_a_change_of_scope_opens_the_project_again_and_lets_it_be_decided_again(desk: Desk) -> None:
    judged(desk)
    decided(desk)
    editor = desk.as_("editor")
    sent = editor.get(f"{PILOT}scope").fields("form.form")
    approved(desk, editor.post(f"{PILOT}scope", {**sent, "text": "拟扩大到普通投资者。", "do": "submit"}), "publisher")

    assert "round-over" in unmet(desk)
    assert editor.get(PILOT).all("main p.box")
    shown = public(desk, f"/consultations/{NUMBER}/projects/1/decision/")
    assert len(shown.all("section.decision")) == 1
    assert desk.as_("analyst").get(GATES).all("#pick-1")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"last_day": "2000-01-01"}, "last_day"),
        ({"opens_on": "2000-01-01"}, "opens_on"),
        ({"opens_on": "9999-12-31", "last_day": "9999-12-31"}, "opens_on"),
        ({"last_day": "9999-12-31"}, "last_day"),
        ({"last_day": "31.12.2026"}, "last_day"),
        ({"text": ""}, "text"),
    ],
)
def test_a_period_that_cannot_be_is_said_at_its_field(desk: Desk, changed: dict[str, str], field: str) -> None:
    judged(desk)
    decided(desk)
    editor = desk.as_("editor")
    sent = {**editor.get(f"{PILOT}scope").fields("form.form"), "text": "拟扩大。", **changed}

    page = editor.post(f"{PILOT}scope", {**sent, "do": "submit"}, 422)

    assert f"#{field}" in page.links("#faults")


def test_a_project_that_was_not_admitted_has_no_pilot(desk: Desk) -> None:
    for path in ("", "event", "scope"):
        desk.as_("editor").get(f"{PILOT}{path}", 404)
