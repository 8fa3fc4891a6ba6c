"""Rule 1: nothing published is edited or deleted by any role through any address; who tries is found in the audit."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.routing import Rule

from gongshi.accounts.audit import StaffAudit
from gongshi.accounts.models import Role
from gongshi.web.db import db
from gongshi.web.workbench import access
from web.matrix import House, cases, make_house, rules
from web.staff import StaffClient, signed_in

PUBLISHED = {"open", "closed", "decided", "of the archive", "published", "placed", "worded", "approved"}
# Who is signed in, and accounts: nothing of the record is there, and trying them would end the sessions of this test.
NOT_OF_THE_RECORD = {"sign_in", "joining", "my_account", "accounts", "audit"}
# What an eager clerk could type into any form at once.
TYPED = {
    "title": "改过的标题",
    "title_en": "Changed",
    "summary": "改过的说明",
    "name": "改过的名称",
    "lead": "示例证券",
    "category": "证券公司",
    "markdown": "## 改过的方案",
    "text": "改过的文字",
    "place": "2",
    "sure": "y",
    "shown": "0" * 64,
    "do": "submit",
}
# Tables of record of which no row may differ afterwards; what is added beside them is another matter.
OF_RECORD = (
    "admission", "answer", "approval", "change", "disposition", "gate_run", "interruption", "ledger_entry", "notice",
    "objection", "paragraph", "partner", "plan_version", "revision", "risk", "risk_judgement", "round", "withholding",
)  # fmt: skip


def of_record(rule: Rule) -> bool:
    return rule.endpoint.split(".")[1] not in NOT_OF_THE_RECORD


@pytest.fixture
def house(tmp_path: Path) -> House:
    return make_house(tmp_path)


@pytest.fixture
def people(house: House) -> dict[Role, StaffClient]:
    return {role: signed_in(house.app, person) for role, person in house.staff.items()}


def standing(house: House) -> dict[str, Counter[str]]:
    """Every row of record, and every published list, project and comment as it reads."""
    contents = house.contents()
    found = {name: Counter(contents[name]) for name in OF_RECORD}
    with house.app.app_context(), db.engine.connect() as connection:
        for name, words in {
            "consultation": "SELECT number, title, title_en, summary FROM consultation WHERE published_at IS NOT NULL",
            "project": "SELECT p.number, name, lead_id FROM project p JOIN consultation c ON c.id = p.consultation_id "
            "WHERE c.published_at IS NOT NULL",
            "comment": "SELECT number, kind, text FROM comment",
        }.items():
            found[name] = Counter(str(row) for row in connection.exec_driver_sql(words))
    return found


def gone(before: dict[str, Counter[str]], after: dict[str, Counter[str]]) -> dict[str, list[str]]:
    """Rows that are not as they were."""
    return {name: list((rows - after[name]).elements()) for name, rows in before.items() if rows - after[name]}


def refused(house: House) -> list[str]:
    with house.app.app_context(), db.engine.connect() as connection:
        return [str(row) for row in connection.scalars(select(StaffAudit.details).where(StaffAudit.kind == "refused"))]


def test_nothing_takes_a_method_that_replaces_or_deletes(house: House, people: dict[Role, StaffClient]) -> None:
    before, noted, tried = standing(house), len(refused(house)), 0
    for role, client in people.items():
        for rule in filter(of_record, rules(house.app)):
            _state, address = next(cases(house, rule))
            for method in ("PUT", "PATCH", "DELETE") if role is Role.EDITOR else ("DELETE",):
                answer = client.raw.open(address, method=method, data={"csrf_token": client.token})
                assert answer.status_code == 405, f"{role} {method} {address} answered {answer.status_code}"
                tried += 1

    assert not gone(before, standing(house))
    assert len(refused(house)) - noted == tried


@pytest.mark.parametrize("role", [Role.EDITOR, Role.PUBLISHER, Role.ANALYST])
def test_no_form_changes_what_is_published(
    house: House, people: dict[Role, StaffClient], role: Role, subtests: pytest.Subtests
) -> None:
    client, before = people[role], standing(house)
    for rule in filter(of_record, rules(house.app)):
        declaration, view = access.declared(rule.endpoint)
        if "POST" not in (rule.methods or ()) or role not in declaration.roles(view, "POST"):
            continue
        for state, address in cases(house, rule):
            if state in PUBLISHED:
                with subtests.test(f"{address} {state}"):
                    answer = client.raw.post(address, data={**TYPED, "csrf_token": client.token})
                    assert answer.status_code < 500

    assert not gone(before, standing(house))


def test_trying_to_rewrite_a_published_list_leaves_an_entry(house: House, people: dict[Role, StaffClient]) -> None:
    editor, number, before = people[Role.EDITOR], house.lists["open"], len(refused(house))

    answer = editor.raw.post(
        f"/workbench/consultations/{number}/words", data={**TYPED, "number": number, "csrf_token": editor.token}
    )

    assert answer.status_code in {409, 422}
    assert len(refused(house)) == before + 1
    assert "list-published" in refused(house)[-1]


def test_trying_to_change_an_approved_draft_leaves_an_entry(house: House, people: dict[Role, StaffClient]) -> None:
    analyst, number, before = people[Role.ANALYST], house.drafts["approved"], len(refused(house))

    for verb in ("discard", "recall", "take-over", "submit", "approve"):
        analyst.raw.post(f"/workbench/drafts/{number}/{verb}", data={**TYPED, "csrf_token": analyst.token})

    assert len(refused(house)) == before + 5
    assert all("draft-is-settled" in one for one in refused(house)[-5:])
