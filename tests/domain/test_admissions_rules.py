"""Rules 14 and 15 through the real acts: break any one condition, by things that happen, and nothing is admitted."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from gates import INSTANT, LATER, disposed, unmet

from gongshi.admissions import actions, queries
from gongshi.admissions.gate import ConditionCode
from gongshi.admissions.models import AdmissionOutcome
from gongshi.comments.intake import Target
from gongshi.notices import lists
from gongshi.notices.models import InterruptionKind
from gongshi.objections.models import Outcome
from gongshi.projects import actions as projects
from gongshi.projects import plan_text
from gongshi.projects import queries as project_queries
from making import make_objection, make_submission
from making_decisions import DECIDED, DECISION_FROM, LAST_ANSWER, READY_PLAN_REVISED, confirm_gate, decide
from making_world import World

MONTH = timedelta(days=30)


def _round_runs_again(world: World) -> datetime:
    _second_round(world, LATER)
    return LATER


def _a_comment_ends_nowhere(world: World) -> datetime:
    _second_round(world, LATER)
    make_submission(world.session, world.ready.consultation, LATER, target=Target(world.ready.project))
    return LATER + 2 * MONTH


def _an_objection_waits(world: World) -> datetime:
    make_objection(world.session, world.ready.open_list, world.ready.comments[:1], DECIDED)
    return LATER


def _adopted_and_nothing_changed(world: World) -> datetime:
    disposed(world, Outcome.ADOPTED)
    return LATER


def _a_major_risk_has_no_cover(world: World) -> datetime:
    disposed(world, Outcome.NOT_ADOPTED, risk="r-3")
    return LATER


def _another_version_is_drafted(world: World) -> datetime:
    markdown = READY_PLAN_REVISED.replace("5分钟", "2分钟")
    projects.draft_version(
        world.session, world.ready.project, title="方案", summary="改", text=plan_text.parse(markdown)
    )
    return DECIDED


def _not_waited_long_enough(_world: World) -> datetime:
    return DECISION_FROM - INSTANT


def _its_list_was_withdrawn(world: World) -> datetime:
    _second_round(world, DECIDED)
    lists.interrupt(
        world.session,
        world.ready.consultation,
        kind=InterruptionKind.WITHDRAWN,
        slug="chehui",
        title="关于撤回的公告",
        reason="名单有误。",
        by=world.ready.open_list.published_by,
        at=DECIDED,
    )
    return LATER


BREAKERS: dict[ConditionCode, Callable[[World], datetime]] = {
    ConditionCode.ROUND_OVER: _round_runs_again,
    ConditionCode.COMMENTS_PLACED: _a_comment_ends_nowhere,
    ConditionCode.OBJECTIONS_DISPOSED: _an_objection_waits,
    ConditionCode.ADOPTED_REALISED: _adopted_and_nothing_changed,
    ConditionCode.MAJOR_RISKS_COVERED: _a_major_risk_has_no_cover,
    ConditionCode.VERSION_PUBLIC: _another_version_is_drafted,
    ConditionCode.ANSWERS_WAITED: _not_waited_long_enough,
    ConditionCode.NOT_INTERRUPTED: _its_list_was_withdrawn,
}


def _second_round(world: World, at: datetime) -> None:
    lists.second_round(
        world.session,
        world.ready.consultation,
        opens_at=at,
        closes_at=at + MONTH,
        by=world.ready.open_list.published_by,
        at=at,
    )


# Admitting


def test_a_project_of_which_everything_holds_is_admitted(world: World) -> None:
    run = confirm_gate(world.session, world.ready.open_list, world.ready.project, DECIDED)

    admission = decide(world.session, world.ready.open_list, world.ready.project, DECIDED)

    assert (admission.outcome, admission.gate_run, admission.gate_passed) == (AdmissionOutcome.ADMITTED, run, True)


def test_every_condition_of_the_gate_is_broken_below() -> None:
    assert set(BREAKERS) == set(ConditionCode)


@pytest.mark.parametrize("code", list(ConditionCode))
def test_with_one_condition_broken_nothing_is_admitted_and_exactly_that_one_is_named(
    world: World, code: ConditionCode
) -> None:
    at = BREAKERS[code](world)
    run = confirm_gate(world.session, world.ready.open_list, world.ready.project, at)

    with pytest.raises(actions.GateNotPassed) as refused:
        decide(world.session, world.ready.open_list, world.ready.project, at)

    assert refused.value.details["conditions"] == [code.value]
    assert unmet(world, at) == [code]
    assert run.passed is False
    assert queries.admission(world.session, world.ready.project) is None


@pytest.mark.parametrize("code", [one for one in ConditionCode if one is not ConditionCode.ANSWERS_WAITED])
def test_a_gate_run_that_passed_earlier_does_not_help_once_a_condition_breaks(
    world: World, code: ConditionCode
) -> None:
    assert confirm_gate(world.session, world.ready.open_list, world.ready.project, DECIDED).passed
    at = BREAKERS[code](world)

    with pytest.raises(actions.GateNotPassed):
        decide(world.session, world.ready.open_list, world.ready.project, at)


# Deciding once, and when


@pytest.mark.parametrize("first", [one for one in AdmissionOutcome if one is not AdmissionOutcome.DEFERRED])
def test_a_project_is_decided_once(world: World, first: AdmissionOutcome) -> None:
    confirm_gate(world.session, world.ready.open_list, world.ready.project, DECIDED)
    decide(world.session, world.ready.open_list, world.ready.project, DECIDED, first)

    for second in AdmissionOutcome:
        with pytest.raises(actions.AlreadyDecided):
            decide(world.session, world.ready.open_list, world.ready.project, LATER, second)


def test_a_deferred_project_is_decided_again_and_both_decisions_stay(world: World) -> None:
    confirm_gate(world.session, world.ready.open_list, world.ready.project, DECIDED)
    deferred = decide(world.session, world.ready.open_list, world.ready.project, DECIDED, AdmissionOutcome.DEFERRED)

    admitted = decide(world.session, world.ready.open_list, world.ready.project, LATER)

    assert queries.decisions_of(world.session, world.ready.project) == [deferred, admitted]
    assert queries.admission(world.session, world.ready.project) is admitted


@pytest.mark.parametrize("outcome", [AdmissionOutcome.ADMITTED, AdmissionOutcome.REFUSED, AdmissionOutcome.DEFERRED])
def test_a_decision_waits_until_three_working_days_after_the_last_answer(
    world: World, outcome: AdmissionOutcome
) -> None:
    project, by = world.ready.project, world.ready.open_list
    confirm_gate(world.session, by, project, DECISION_FROM - INSTANT)
    with pytest.raises(actions.GateNotPassed) as refused:
        decide(world.session, by, project, DECISION_FROM - INSTANT, outcome)

    confirm_gate(world.session, by, project, DECISION_FROM)
    decided = decide(world.session, by, project, DECISION_FROM, outcome)

    assert refused.value.details["conditions"] == [ConditionCode.ANSWERS_WAITED.value]
    assert decided.outcome is outcome


def test_an_applicant_may_withdraw_at_any_time_without_a_gate(world: World) -> None:
    withdrawn = decide(
        world.session, world.ready.open_list, world.ready.project, LAST_ANSWER, AdmissionOutcome.WITHDRAWN
    )

    assert withdrawn.gate_run is None


@pytest.mark.parametrize("which", ["archive", "draft"])
@pytest.mark.parametrize("outcome", list(AdmissionOutcome))
def test_nothing_is_decided_about_an_archive_or_a_draft(world: World, which: str, outcome: AdmissionOutcome) -> None:
    consultation = world.archive if which == "archive" else world.draft
    project = project_queries.of_list(world.session, consultation)[0]

    with pytest.raises(actions.NothingToDecide):
        decide(world.session, world.open_list, project, DECIDED, outcome)


def test_a_decision_says_why(world: World) -> None:
    confirm_gate(world.session, world.ready.open_list, world.ready.project, DECIDED)

    with pytest.raises(actions.TextOfDecisionMissing):
        actions.decide(
            world.session,
            world.ready.project,
            outcome=AdmissionOutcome.ADMITTED,
            text="\n",
            by=world.ready.open_list.answered_by,
            at=DECIDED,
        )
