"""Every address of the workbench × everybody × every state: nobody gets where they should not, and nothing changes.

Who may is read from what each concept declared (`access.allow`); that the declarations are those that were agreed on is
said at the end of this file, in words.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

from gongshi.accounts.audit import StaffAudit
from gongshi.accounts.models import Role
from gongshi.web.db import db
from gongshi.web.workbench import access
from web.matrix import House, cases, make_house, rules
from web.staff import StaffClient, form_token, signed_in, stranger

WORKING = {Role.EDITOR, Role.PUBLISHER, Role.ANALYST}
NOT_FOR_THEM = {401, 403}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = make_house(tmp_path_factory.mktemp("matrix"))
    yield house
    with house.app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def people(house: House) -> dict[Role, StaffClient]:
    return {role: signed_in(house.app, person) for role, person in house.staff.items()}


@pytest.fixture(scope="module")
def neighbours(house: House) -> dict[Role, StaffClient]:
    """Staff of another bureau."""
    return {role: signed_in(house.app, person) for role, person in house.elsewhere.items()}


def closed(app: Flask) -> list[Rule]:
    """What only staff may open."""
    return [rule for rule in rules(app) if not access.declared(rule.endpoint)[0].is_open]


def allowed(rule: Rule, method: str) -> frozenset[Role]:
    declaration, view = access.declared(rule.endpoint)
    return declaration.roles(view, method)


def ask(client: StaffClient, method: str, address: str, **headers: str) -> int:
    """The status of one request; a POST carries a token that is right."""
    data = {"csrf_token": client.token} if method == "POST" else None
    answer = client.raw.open(address, method=method, data=data, headers=headers)
    answer.close()
    return answer.status_code


def methods(rule: Rule) -> set[str]:
    return (rule.methods or set()) & {"GET", "POST"}


def refusals_in_the_audit(app: Flask) -> int:
    with app.app_context(), db.engine.connect() as connection:
        return connection.scalar(select(func.count()).where(StaffAudit.kind == "refused").select_from(StaffAudit)) or 0


def test_every_page_says_who_may_open_it(house: House) -> None:
    concepts = {rule.endpoint.split(".")[1] for rule in rules(house.app)}

    assert concepts
    assert not concepts - set(access.DECLARED), "blueprints that did not call access.allow"


def test_strangers_get_nowhere(house: House, subtests: pytest.Subtests) -> None:
    before, nobody = house.contents(), stranger(house.app)
    for audience in ("workbench", "en_workbench"):
        for rule in rules(house.app, audience):
            if access.declared(rule.endpoint)[0].is_open:
                continue
            for state, address in cases(house, rule):
                with subtests.test(f"{address} {state}"):
                    for method in methods(rule):
                        assert ask(nobody, method, address) == (303 if method == "GET" else 401)

    assert house.contents() == before


def test_other_roles_get_nowhere_and_it_is_noted(
    house: House, people: dict[Role, StaffClient], subtests: pytest.Subtests
) -> None:
    before, noted, refused = house.contents(), refusals_in_the_audit(house.app), 0
    for rule in closed(house.app):
        for method in methods(rule):
            for role in set(Role) - allowed(rule, method):
                for state, address in cases(house, rule):
                    with subtests.test(f"{role} {method} {address} {state}"):
                        assert ask(people[role], method, address) == 403
                        refused += method == "POST"

    assert house.contents() == before
    assert refusals_in_the_audit(house.app) == noted + refused


def test_staff_of_another_bureau_find_nothing_of_ours(
    house: House, neighbours: dict[Role, StaffClient], subtests: pytest.Subtests
) -> None:
    before = house.contents()
    for rule in [rule for rule in closed(house.app) if rule.arguments]:
        for method in methods(rule):
            for role in allowed(rule, method):
                for state, address in cases(house, rule):
                    with subtests.test(f"{role} of another bureau {method} {address} {state}"):
                        assert ask(neighbours[role], method, address) == 404

    assert house.contents() == before


def test_those_who_may_are_let_in_and_looking_changes_nothing(
    house: House, people: dict[Role, StaffClient], subtests: pytest.Subtests
) -> None:
    before = house.contents()
    for rule in [rule for rule in closed(house.app) if "GET" in methods(rule)]:
        for role in allowed(rule, "GET"):
            for state, address in cases(house, rule):
                with subtests.test(f"{role} GET {address} {state}"):
                    status = ask(people[role], "GET", address)
                    assert status < 500
                    assert status not in NOT_FOR_THEM

    assert house.contents() == before


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"Origin": "https://evil.example"}, 403, id="from another origin"),
        pytest.param({"Origin": "null"}, 403, id="from a page without origin"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, 403, id="from another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, 403, id="from a neighbouring host"),
    ],
)
def test_what_another_site_makes_a_browser_send_is_refused(
    house: House, people: dict[Role, StaffClient], subtests: pytest.Subtests, headers: dict[str, str], status: int
) -> None:
    before = house.contents()
    for rule in [rule for rule in rules(house.app) if "POST" in methods(rule)]:
        client = people[min(allowed(rule, "POST"), default=Role.EDITOR)]
        for _state, address in list(cases(house, rule))[:1]:
            with subtests.test(address):
                assert ask(client, "POST", address, **headers) == status

    assert house.contents() == before


@pytest.mark.parametrize("token", ["", "wrong", "of another browser"])
def test_a_form_without_its_token_is_refused(
    house: House, people: dict[Role, StaffClient], subtests: pytest.Subtests, token: str
) -> None:
    before = house.contents()
    sent = form_token(house.app, "1" * 40) if token == "of another browser" else token  # noqa: S105
    for rule in [rule for rule in rules(house.app) if "POST" in methods(rule)]:
        client = people[min(allowed(rule, "POST"), default=Role.EDITOR)]
        for state, address in cases(house, rule):
            with subtests.test(f"{address} {state}"):
                answer = client.raw.post(address, data={"csrf_token": sent, "nothing": ""})
                answer.close()
                assert answer.status_code == 400

    assert house.contents() == before


def test_what_changes_something_is_not_done_by_following_a_link(
    house: House, people: dict[Role, StaffClient], subtests: pytest.Subtests
) -> None:
    before, pages = house.contents(), {rule.rule for rule in closed(house.app) if "GET" in methods(rule)}
    for rule in [rule for rule in closed(house.app) if rule.rule not in pages]:
        for role in allowed(rule, "POST"):
            for state, address in cases(house, rule):
                with subtests.test(f"{role} GET {address} {state}"):
                    assert ask(people[role], "GET", address) == 405

    assert house.contents() == before


def test_an_empty_form_breaks_nothing_whoever_sends_it(tmp_path: Path, subtests: pytest.Subtests) -> None:
    house = make_house(tmp_path)
    published = {name: rows for name, rows in house.contents().items() if name in UNCHANGED}
    for rule in [rule for rule in closed(house.app) if "POST" in methods(rule)]:
        for role in allowed(rule, "POST"):
            for state, address in cases(house, rule):
                with subtests.test(f"{role} POST {address} {state}"):
                    status = ask(signed_in(house.app, house.staff[role]), "POST", address)
                    assert status < 500
                    assert status not in NOT_FOR_THEM

    after = house.contents()
    assert {name: after[name][: len(rows)] for name, rows in published.items()} == published
    with house.app.app_context():
        db.engine.dispose()


# What is published: no empty form adds to it, and none changes it.
UNCHANGED = ("admission", "approval", "disposition", "interruption", "notice", "plan_version", "round", "revision")


def test_an_admin_has_no_page_of_the_record(house: House) -> None:
    for_admins = {rule.endpoint.split(".")[1] for rule in closed(house.app) if Role.ADMIN in allowed(rule, "POST")}

    assert for_admins <= {"accounts", "my_account"}


def test_accounts_and_audit_are_for_admins_alone(house: House) -> None:
    for rule in closed(house.app):
        if rule.endpoint.split(".")[1] in {"accounts", "audit"}:
            for method in methods(rule):
                assert allowed(rule, method) == {Role.ADMIN}


def test_the_audit_takes_nothing(house: House) -> None:
    assert {method for rule in closed(house.app) if ".audit." in rule.endpoint for method in methods(rule)} == {"GET"}
