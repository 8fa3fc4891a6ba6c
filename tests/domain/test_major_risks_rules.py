"""Rule 14, the major risks: each covered by both measures, and judged sufficient as it now reads."""

from collections.abc import Callable
from datetime import datetime

import pytest
from gates import INSTANT, LATER, OWN, conditions, disposed, reworded, unmet

from gongshi.admissions import actions
from gongshi.admissions.gate import ConditionCode, Gap
from gongshi.objections.models import Outcome
from gongshi.revisions.models import Subject
from making import make_revision
from making_decisions import DECIDED, READY_PLAN_REVISED, decide
from making_world import World


def _never_named(world: World) -> str:
    number = disposed(world, Outcome.NOT_ADOPTED, risk="r-4")
    markdown = "\n".join(line for line in READY_PLAN_REVISED.splitlines() if "r-4" not in line)
    make_revision(
        world.session,
        world.ready.open_list,
        world.ready.project,
        markdown,
        DECIDED,
        explanations={(Subject.RISK, "r-4"): OWN},
    )
    return number


GAPS: dict[Gap, Callable[[World], str]] = {
    Gap.NO_RISK: _never_named,
    Gap.NO_PREVENTION: lambda world: disposed(world, Outcome.NOT_ADOPTED, risk="r-2"),
    Gap.NO_COMPENSATION: lambda world: disposed(world, Outcome.NOT_ADOPTED, risk="r-3"),
    Gap.NOT_JUDGED: lambda world: disposed(world, Outcome.NOT_ADOPTED, risk="r-4"),
    Gap.INSUFFICIENT: lambda world: disposed(world, Outcome.NOT_ADOPTED, risk="r-5"),
}


def test_every_gap_of_a_major_risk_is_tried_below() -> None:
    assert set(GAPS) == set(Gap)


@pytest.mark.parametrize("gap", list(Gap))
def test_a_major_objection_with_a_gap_stops_the_admission_and_the_gap_is_named(world: World, gap: Gap) -> None:
    number = GAPS[gap](world)

    found = conditions(world, LATER)[ConditionCode.MAJOR_RISKS_COVERED]

    assert unmet(world, LATER) == [ConditionCode.MAJOR_RISKS_COVERED]
    (missing,) = found.missing
    assert missing["objection"] == number
    assert gap.value in missing["gaps"]  # type: ignore[operator]
    with pytest.raises(actions.GateNotPassed):
        decide(world.session, world.ready.open_list, world.ready.project, LATER)


@pytest.mark.parametrize("risk", ["r-2", "r-3"])
def test_a_risk_without_both_measures_cannot_be_judged_sufficient(world: World, risk: str) -> None:
    with pytest.raises(actions.NothingToCover):
        judge(world, risk, is_sufficient=True)


def judge(
    world: World, risk: str, *, is_sufficient: bool, reason: str = "经测算作出判断。", at: datetime = DECIDED
) -> None:
    version = world.ready.project.current_version
    assert version is not None
    actions.judge(
        world.session,
        version,
        risk_key=risk,
        is_sufficient=is_sufficient,
        reason=reason,
        by=world.ready.open_list.judged_by,
        at=at,
    )


def test_the_latest_judgement_of_a_risk_counts(world: World) -> None:
    judge(world, "r-1", is_sufficient=False)
    before = unmet(world, LATER)

    judge(world, "r-1", is_sufficient=True, at=DECIDED + INSTANT)

    assert before == [ConditionCode.MAJOR_RISKS_COVERED]
    assert unmet(world, LATER) == []


def test_a_judgement_gives_its_reason(world: World) -> None:
    with pytest.raises(actions.JudgementWithoutReason):
        judge(world, "r-1", is_sufficient=True, reason=" ")


@pytest.mark.parametrize("risk", ["r-99", "p-1", ""])
def test_only_a_risk_of_the_register_is_judged(world: World, risk: str) -> None:
    with pytest.raises(actions.RiskUnknown):
        judge(world, risk, is_sufficient=False)


def test_a_version_that_was_superseded_is_not_judged(world: World) -> None:
    with pytest.raises(actions.RiskUnknown):
        actions.judge(
            world.session,
            world.ready.project.versions[0],
            risk_key="r-4",
            is_sufficient=True,
            reason="理由。",
            by=world.ready.open_list.judged_by,
            at=DECIDED,
        )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("专项资金先行赔付", "视情况协商赔付", id="the compensation"),
        pytest.param("设置人工复核", "设置系统复核", id="the prevention"),
        pytest.param("模型在极端行情下失效", "模型失效", id="what the risk is"),
    ],
)
def test_rewording_a_risk_after_it_was_judged_makes_the_judgement_void(world: World, old: str, new: str) -> None:
    reworded(world, old, new, ((Subject.RISK, "r-1"),))

    found = conditions(world, LATER)[ConditionCode.MAJOR_RISKS_COVERED]

    assert found.missing == ({"objection": world.ready.adopted.number, "risk": "r-1", "gaps": [Gap.NOT_JUDGED.value]},)
    judge(world, "r-1", is_sufficient=True, at=DECIDED + INSTANT)
    assert unmet(world, LATER) == []


def test_a_new_version_that_leaves_the_risk_alone_leaves_its_judgement_alone(world: World) -> None:
    reworded(world, "5分钟", "2分钟", ((Subject.PARAGRAPH, "p-4"),))

    assert unmet(world, LATER) == []
