"""There is no other way into `admitted` (rule 14), and none past the ledger, than the act itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import gongshi

SOURCE = Path(gongshi.__path__[0])

# What is made in one place only: the table of record, and the module of its act.
MADE_IN = {
    "Admission": "admissions/actions.py",
    "GateRun": "admissions/actions.py",
    "RiskJudgement": "admissions/actions.py",
    "Approval": "accounts/two_people.py",
    "Submission": "comments/intake.py",
    "Comment": "comments/intake.py",
    "EarlierText": "comments/second_thoughts.py",
    "Withholding": "comments/actions.py",
    "Appeal": "comments/appealing.py",
    "AppealDecision": "comments/appealing.py",
    "Dispute": "comments/disputing.py",
    "UnsatisfiedResponse": "admissions/actions.py",
    "Disposition": "objections/actions.py",
    "Objection": "objections/steps.py",
    "Answer": "objections/actions.py",
    "Revision": "revisions/actions.py",
    "Round": "notices/lists.py",
    "RoundExtension": "notices/lists.py",
    "Interruption": "notices/lists.py",
    "LifecycleEvent": "pilots/actions.py",
    "LedgerEntry": "ledger/actions.py",
}
# `session.execute(insert(Admission))` and its like would be other ways in.
BULK = {"insert", "update", "delete", "bulk_save_objects", "bulk_insert_mappings", "merge"}


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield path.relative_to(SOURCE).as_posix(), node


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize("table", sorted(MADE_IN))
def test_a_record_is_made_by_its_own_act_and_nowhere_else(table: str) -> None:
    makers = {path for path, call in _calls() if _name(call.func) == table}

    assert makers == {MADE_IN[table]}


def test_no_record_is_written_in_bulk_behind_the_back_of_its_act() -> None:
    written = {
        (path, _name(call.func), _name(call.args[0]))
        for path, call in _calls()
        if _name(call.func) in BULK and call.args and _name(call.args[0]) in MADE_IN
    }

    assert written == set()


def test_admitted_is_said_in_the_act_and_where_decisions_are_read_only() -> None:
    said = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == "ADMITTED":
                said.add(path.relative_to(SOURCE).parts[0])

    assert said <= {"admissions", "pilots", "record", "web"}


def test_no_act_commits_and_none_asks_the_clock() -> None:
    concepts = {path.name for path in SOURCE.iterdir() if path.is_dir()} - {"web", "loading", "search", "migrations"}
    found = {
        (path, _name(call.func))
        for path, call in _calls()
        if path.split("/")[0] in concepts and _name(call.func) in {"commit", "now", "utcnow", "today"}
    }

    assert found == set()


def test_a_further_version_is_published_only_where_the_decisions_are_asked_first() -> None:
    callers = {path for path, call in _calls() if _name(call.func) == "publish_version"}

    assert callers == {"admissions/versions.py"}
