"""Rule 14, the pure part: the gate returns every condition, met or not, each with its evidence."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.admissions import gate
from gongshi.admissions.gate import Condition, ConditionCode, Dossier, Gap, RaisedObjection, RiskCover, Stop, evaluate

COVERED = RiskCover("r-1", has_prevention=True, has_compensation=True, sufficient=True)
ADOPTED = RaisedObjection(
    "2026-SL-01-O01",
    is_major=True,
    is_disposed=True,
    is_unfounded=False,
    needs_change=True,
    changes=("p-2", "r-1"),
    risk=COVERED,
)
GOOD = Dossier(
    consultation="2026-SL-01",
    project=1,
    rounds_over=True,
    last_closing="2026-03-31T16:00:00.000000Z",
    unplaced_comments=(),
    placed_comments=7,
    objections=(ADOPTED,),
    latest_version=2,
    public_version=2,
    last_answer="2026-04-13T08:00:00.000000Z",
    decision_from="2026-04-16T16:00:00.000000Z",
    waited=True,
    stop=None,
)
NAMELESS = replace(ADOPTED, number="2026-SL-01-O02")

# One way to break each condition and no other.
BROKEN: dict[ConditionCode, Dossier] = {
    ConditionCode.ROUND_OVER: replace(GOOD, rounds_over=False),
    ConditionCode.COMMENTS_PLACED: replace(GOOD, unplaced_comments=("2026-SL-01-0007",)),
    ConditionCode.OBJECTIONS_DISPOSED: replace(
        GOOD, objections=(replace(ADOPTED, is_disposed=False, needs_change=False),)
    ),
    ConditionCode.ADOPTED_REALISED: replace(GOOD, objections=(replace(ADOPTED, changes=()),)),
    ConditionCode.MAJOR_RISKS_COVERED: replace(GOOD, objections=(replace(ADOPTED, risk=None),)),
    ConditionCode.VERSION_PUBLIC: replace(GOOD, latest_version=3),
    ConditionCode.ANSWERS_WAITED: replace(GOOD, waited=False),
    ConditionCode.NOT_INTERRUPTED: replace(GOOD, stop=Stop("2026-sl-01-zhongzhi", "suspended", is_lifted=False)),
}


def unmet(dossier: Dossier) -> list[ConditionCode]:
    return [condition.code for condition in evaluate(dossier) if not condition.is_met]


def told(dossier: Dossier, code: ConditionCode) -> Condition:
    return next(condition for condition in evaluate(dossier) if condition.code is code)


def test_every_condition_is_returned_once_and_every_code_has_its_condition() -> None:
    codes = [condition.code for condition in evaluate(GOOD)]

    assert sorted(codes) == sorted(ConditionCode)


def test_when_everything_holds_the_gate_is_passed() -> None:
    assert gate.passed(evaluate(GOOD))


def test_every_condition_is_broken_below() -> None:
    assert set(BROKEN) == set(ConditionCode)


@pytest.mark.parametrize("code", list(ConditionCode))
def test_one_broken_condition_stops_the_gate_and_is_the_only_one_named(code: ConditionCode) -> None:
    assert unmet(BROKEN[code]) == [code]
    assert not gate.passed(evaluate(BROKEN[code]))


def test_a_version_that_nobody_can_read_stops_the_gate_also_when_it_is_the_only_one() -> None:
    assert unmet(replace(GOOD, latest_version=1, public_version=0)) == [ConditionCode.VERSION_PUBLIC]
    assert unmet(replace(GOOD, latest_version=0, public_version=0)) == [ConditionCode.VERSION_PUBLIC]


GAPS = {
    Gap.NO_RISK: None,
    Gap.NO_PREVENTION: replace(COVERED, has_prevention=False),
    Gap.NO_COMPENSATION: replace(COVERED, has_compensation=False),
    Gap.NOT_JUDGED: replace(COVERED, sufficient=None),
    Gap.INSUFFICIENT: replace(COVERED, sufficient=False),
}


def test_every_gap_is_tried_below() -> None:
    assert set(GAPS) == set(Gap)


@pytest.mark.parametrize("gap", list(Gap))
def test_a_major_risk_with_one_gap_stops_the_gate_and_the_gap_is_named(gap: Gap) -> None:
    condition = told(replace(GOOD, objections=(replace(ADOPTED, risk=GAPS[gap]),)), ConditionCode.MAJOR_RISKS_COVERED)

    assert not condition.is_met
    assert condition.missing == (
        {"objection": "2026-SL-01-O01", "risk": None if gap is Gap.NO_RISK else "r-1", "gaps": [gap.value]},
    )


def test_all_gaps_of_a_risk_are_named_at_once() -> None:
    nothing = RiskCover("r-1", has_prevention=False, has_compensation=False, sufficient=None)

    assert nothing.gaps == (Gap.NO_PREVENTION, Gap.NO_COMPENSATION, Gap.NOT_JUDGED)


def test_a_major_objection_set_aside_as_unfounded_needs_no_cover_and_no_change() -> None:
    aside = replace(ADOPTED, is_disposed=False, is_unfounded=True, needs_change=False, changes=(), risk=None)

    condition = told(replace(GOOD, objections=(aside,)), ConditionCode.MAJOR_RISKS_COVERED)

    assert unmet(replace(GOOD, objections=(aside,))) == []
    assert condition.rests_on["unfounded"] == [aside.number]


def test_an_objection_that_is_not_major_needs_no_cover() -> None:
    assert unmet(replace(GOOD, objections=(replace(ADOPTED, is_major=False, risk=None),))) == []


def test_one_bad_objection_among_many_good_ones_stops_the_gate() -> None:
    many = (ADOPTED, replace(NAMELESS, risk=None), replace(ADOPTED, number="2026-SL-01-O03"))

    condition = told(replace(GOOD, objections=many), ConditionCode.MAJOR_RISKS_COVERED)

    assert [one["objection"] for one in condition.missing] == [NAMELESS.number]
    assert condition.rests_on["covered"] == {"2026-SL-01-O01": "r-1", "2026-SL-01-O03": "r-1"}


def test_a_suspension_that_a_later_round_lifted_is_told_and_stops_nothing() -> None:
    lifted = replace(GOOD, stop=Stop("2026-sl-01-zhongzhi", "suspended", is_lifted=True))

    assert unmet(lifted) == []
    assert told(lifted, ConditionCode.NOT_INTERRUPTED).rests_on == {"lifted": "2026-sl-01-zhongzhi"}


RISKS = st.builds(RiskCover, st.just("r-1"), st.booleans(), st.booleans(), st.none() | st.booleans())


@given(
    st.builds(
        Dossier,
        consultation=st.just("2026-SL-01"),
        project=st.just(1),
        rounds_over=st.booleans(),
        last_closing=st.just(""),
        unplaced_comments=st.lists(st.just("2026-SL-01-0001"), max_size=1).map(tuple),
        placed_comments=st.just(0),
        objections=st.lists(
            st.builds(
                RaisedObjection,
                number=st.sampled_from(["2026-SL-01-O01", "2026-SL-01-O02"]),
                is_major=st.booleans(),
                is_disposed=st.booleans(),
                is_unfounded=st.booleans(),
                needs_change=st.booleans(),
                changes=st.lists(st.just("p-1"), max_size=1).map(tuple),
                risk=st.none() | RISKS,
            ),
            max_size=2,
            unique_by=lambda one: one.number,
        ).map(tuple),
        latest_version=st.integers(0, 2),
        public_version=st.integers(0, 2),
        last_answer=st.none(),
        decision_from=st.none(),
        waited=st.booleans(),
        stop=st.none()
        | st.builds(Stop, st.just("zhongzhi"), st.sampled_from(["suspended", "withdrawn"]), st.booleans()),
    )
)
def test_the_gate_opens_exactly_when_the_rule_says_so(dossier: Dossier) -> None:
    by_the_rule = (
        dossier.rounds_over
        and not dossier.unplaced_comments
        and all(one.is_disposed or one.is_unfounded for one in dossier.objections)
        and all(one.changes for one in dossier.objections if one.needs_change)
        and all(
            one.is_unfounded
            or (one.risk is not None and one.risk.has_prevention and one.risk.has_compensation and one.risk.sufficient)
            for one in dossier.objections
            if one.is_major
        )
        and dossier.latest_version == dossier.public_version > 0
        and dossier.waited
        and (dossier.stop is None or dossier.stop.is_lifted)
    )

    assert gate.passed(evaluate(dossier)) is bool(by_the_rule)


@pytest.mark.parametrize("code", list(ConditionCode))
def test_what_was_shown_has_another_digest_when_anything_in_it_changed(code: ConditionCode) -> None:
    assert gate.digest(evaluate(BROKEN[code])) != gate.digest(evaluate(GOOD))


def test_evidence_holds_numbers_and_keys_and_no_sentences() -> None:
    for dossier in (GOOD, *BROKEN.values()):
        for condition in evaluate(dossier):
            assert str(condition.as_json()).isascii()
