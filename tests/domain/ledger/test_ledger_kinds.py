"""The kinds of entry are a public contract: each has a fixture whose hash never changes, and none takes free text."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_growth import AT
from sqlalchemy.orm import Session

from gongshi import db, ledger
from gongshi.ledger import kinds
from gongshi.ledger.kinds import SUBJECTS, Kind
from gongshi.ledger.shapes import MAX_LENGTH

FIXTURES: dict[str, Any] = json.loads((Path(__file__).parent / "kinds.json").read_text())
# Entries with the fields that were added to a kind later; the first fixtures stay as they are.
LATER: dict[str, Any] = json.loads((Path(__file__).parent / "kinds_later.json").read_text())

# DOMAIN rule 16, as it is written there.
RULE_16 = (
    "consultation.published|corrected|suspended|withdrawn round.scheduled|extended notice.published version.published "
    "comment.received|published|withheld|withdrawn|replaced|redacted|erased|disputed|appealed "
    "objection.worded|merged|split|disposed answer.published response.recorded risk.judged gate.run "
    "admission.decided summary.published pilot.event key.rotated clock.stepped staff.role"
)

FREE_TEXT = [
    pytest.param("该项目的风险没有说清楚", id="a sentence"),
    pytest.param("张三", id="a name"),
    pytest.param("Zhang San", id="a name in Latin letters"),
    pytest.param("13800000000", id="a telephone number"),
    pytest.param("a@example.com", id="an address"),
    pytest.param("a" * (MAX_LENGTH + 1), id="a long word"),
    pytest.param("list\n", id="a trailing newline"),
    pytest.param("１２", id="wide digits"),
    pytest.param("", id="nothing"),
    pytest.param(1.5, id="a fraction"),
    pytest.param(None, id="null"),
    pytest.param({"text": "free"}, id="an object"),
    pytest.param(["free text"], id="a list"),
    pytest.param(b"bytes", id="bytes"),
]

FIELDS = [(kind, name) for kind, fields in SUBJECTS.items() for name in {**fields.required, **fields.optional}]


def written_out(rule: str) -> list[str]:
    return [f"{part.partition('.')[0]}.{verb}" for part in rule.split() for verb in part.partition(".")[2].split("|")]


def test_the_kinds_are_those_of_rule_16_and_no_others():
    assert [kind.value for kind in Kind] == written_out(RULE_16)
    assert list(SUBJECTS) == list(Kind)


@pytest.mark.parametrize(
    ("kind", "fixture"),
    [
        *(pytest.param(kind, FIXTURES[kind], id=kind) for kind in Kind),
        *(pytest.param(Kind(kind), fixture, id=f"{kind}, later") for kind, fixture in LATER.items()),
    ],
)
def test_the_hash_of_an_entry_of_each_kind_never_changes(any_session: Session, kind: Kind, fixture: dict[str, Any]):
    with db.writing(any_session):
        entry = ledger.append(any_session, kind, fixture["subject"], at=AT)

    assert entry.body == fixture["body"]
    assert entry.leaf_hash.hex() == fixture["leaf_hash"]


def test_every_field_of_every_kind_occurs_in_its_fixture():
    known = {kind: {*FIXTURES[kind]["subject"], *LATER.get(kind, {}).get("subject", ())} for kind in Kind}

    assert [(kind, name) for kind, name in FIELDS if name not in known[kind]] == []


@pytest.mark.parametrize("free_text", FREE_TEXT)
def test_no_field_takes_free_text(free_text: object):
    for kind, name in FIELDS:
        with pytest.raises(ValueError, match=name):
            kinds.check(kind, {**FIXTURES[kind]["subject"], name: free_text})


@given(text=st.text(min_size=1).filter(lambda text: not text.isascii() or any(c.isspace() for c in text)))
def test_text_with_a_space_or_a_foreign_letter_enters_nowhere(text: str):
    for kind, name in FIELDS:
        with pytest.raises(ValueError, match=name):
            kinds.check(kind, {**FIXTURES[kind]["subject"], name: text})


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where inside lists and objects of a subject a value stands."""
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return [place for key, held in items for place in places(held, (*path, key))]
    return [path]


@pytest.mark.parametrize("kind", Kind)
def test_nothing_inside_a_list_or_an_object_takes_free_text_either(kind: Kind):
    for place in places(FIXTURES[kind]["subject"]):
        subject = deepcopy(FIXTURES[kind]["subject"])
        *outer, last = place
        holder = subject
        for key in outer:
            holder = holder[key]
        holder[last] = "free text"

        with pytest.raises(ValueError, match="not allowed"):
            kinds.check(kind, subject)


@pytest.mark.parametrize("kind", Kind)
def test_an_unknown_field_is_refused(kind: Kind):
    with pytest.raises(ValueError, match="remarks"):
        kinds.check(kind, {**FIXTURES[kind]["subject"], "remarks": 1})


@pytest.mark.parametrize("kind", Kind)
def test_a_required_field_is_not_left_out(kind: Kind):
    for name in SUBJECTS[kind].required:
        subject = {key: held for key, held in FIXTURES[kind]["subject"].items() if key != name}

        with pytest.raises(ValueError, match=name):
            kinds.check(kind, subject)


@pytest.mark.parametrize("kind", Kind)
def test_an_optional_field_may_be_left_out(kind: Kind):
    required = {name: FIXTURES[kind]["subject"][name] for name in SUBJECTS[kind].required}

    kinds.check(kind, required)


def test_the_refusal_does_not_repeat_what_was_refused():
    with pytest.raises(ValueError, match="target") as refusal:
        kinds.check(Kind.COMMENT_RECEIVED, {**FIXTURES["comment.received"]["subject"], "target": "张三 13800000000"})

    assert "张三" not in str(refusal.value)


def test_a_comment_commits_to_fields_of_the_closed_list_alone():
    subject = deepcopy(FIXTURES["comment.received"]["subject"])
    subject["c"]["address"] = "0" * 64

    with pytest.raises(ValueError, match=": c"):
        kinds.check(Kind.COMMENT_RECEIVED, subject)


@pytest.mark.parametrize(
    "target", ["list", "project:4", "project:16/version:2/paragraph:p-7", "project:1/version:1/risk:r-2"]
)
def test_a_comment_is_aimed_at_the_list_a_project_or_a_place_in_a_version(target: str):
    kinds.check(Kind.COMMENT_RECEIVED, {**FIXTURES["comment.received"]["subject"], "target": target})


@pytest.mark.parametrize(
    "target", ["project:0", "project:4/paragraph:p-7", "paragraph:p-7", "list:4", "project:4/version:1"]
)
def test_a_comment_is_aimed_at_nothing_else(target: str):
    with pytest.raises(ValueError, match="target"):
        kinds.check(Kind.COMMENT_RECEIVED, {**FIXTURES["comment.received"]["subject"], "target": target})


@pytest.mark.parametrize("by", [["shili-fenxi"], ["shili-fenxi", "shili-fenxi"], "shili-fenxi", ["a", "b", "c"]])
def test_an_act_of_two_people_names_two_different_people(by: object):
    with pytest.raises(ValueError, match="by"):
        kinds.check(Kind.COMMENT_WITHHELD, {**FIXTURES["comment.withheld"]["subject"], "by": by})


@pytest.mark.parametrize(
    "outcome", ["adopted", "partly-adopted", "not-adopted", "explained", "out-of-scope", "unfounded"]
)
def test_an_objection_is_disposed_of_with_any_outcome_or_as_unfounded(outcome: str):
    kinds.check(Kind.OBJECTION_DISPOSED, {**FIXTURES["objection.disposed"]["subject"], "outcome": outcome})


def test_yes_and_one_are_not_the_same():
    with pytest.raises(ValueError, match="passed"):
        kinds.check(Kind.GATE_RUN, {**FIXTURES["gate.run"]["subject"], "passed": 1})
    with pytest.raises(ValueError, match="version"):
        kinds.check(Kind.GATE_RUN, {**FIXTURES["gate.run"]["subject"], "version": True})
