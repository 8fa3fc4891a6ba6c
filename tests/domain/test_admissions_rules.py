"""Rules 14 and 15 through the real acts: break any one condition, by things that happen, and nothing is admitted."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from gongshi import db
from gongshi.accounts.models import Act
from gongshi.accounts.two_people import Hands, approve
from gongshi.admissions import actions, gate, queries
from gongshi.admissions.gate import Condition, ConditionCode, Gap
from gongshi.admissions.models import Admission, AdmissionOutcome, GateRun
from gongshi.comments.actions import Target
from gongshi.ledger import queries as log
from gongshi.notices import lists
from gongshi.objections import actions as objections
from gongshi.objections.models import Outcome
from gongshi.projects import actions as projects
from gongshi.projects import plan_text
from gongshi.projects import queries as project_queries
from gongshi.projects.models import Project
from gongshi.revisions.actions import Explanation
from gongshi.revisions.models import Subject
from making import (
    DECIDED,
    DECISION_FROM,
    LAST_ANSWER,
    READY_PLAN_REVISED,
    Ready,
    World,
    confirm_gate,
    decide,
    gate_shown,
    make_objection,
    make_revision,
    make_submission,
    ready_project,
)

INSTANT = timedelta(microseconds=1)
MONTH = timedelta(days=30)
# Long enough after anything that happens below for the working days to have passed.
LATER = DECIDED + timedelta(days=60)
OWN = Explanation(own_initiative="申报人自行调整。")


def conditions(world: World, at: datetime, project: Project | None = None) -> dict[ConditionCode, Condition]:
    found = gate.evaluate(queries.dossier(world.session, project or world.ready.project, at))
    return {condition.code: condition for condition in found}


def unmet(world: World, at: datetime) -> list[ConditionCode]:
    return [code for code, condition in conditions(world, at).items() if not condition.is_met]


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
    _disposed(world, Outcome.ADOPTED)
    return LATER


def _a_major_risk_has_no_cover(world: World) -> datetime:
    _disposed(world, Outcome.NOT_ADOPTED, risk="r-3")
    return LATER


def _another_version_is_drafted(world: World) -> datetime:
    markdown = READY_PLAN_REVISED.replace("5分钟", "2分钟")
    projects.draft_version(
        world.session, world.ready.project, title="方案", summary="改", text=plan_text.parse(markdown)
    )
    return DECIDED


def _not_waited_long_enough(_world: World) -> datetime:
    return DECISION_FROM - INSTANT


BREAKERS: dict[ConditionCode, Callable[[World], datetime]] = {
    ConditionCode.ROUND_OVER: _round_runs_again,
    ConditionCode.COMMENTS_PLACED: _a_comment_ends_nowhere,
    ConditionCode.OBJECTIONS_DISPOSED: _an_objection_waits,
    ConditionCode.ADOPTED_REALISED: _adopted_and_nothing_changed,
    ConditionCode.MAJOR_RISKS_COVERED: _a_major_risk_has_no_cover,
    ConditionCode.VERSION_PUBLIC: _another_version_is_drafted,
    ConditionCode.ANSWERS_WAITED: _not_waited_long_enough,
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


def _disposed(world: World, outcome: Outcome, *, risk: str | None = None) -> str:
    """One more objection, raised by a comment that is placed already, and disposed of."""
    ready = world.ready
    objection = make_objection(world.session, ready.open_list, ready.comments[:1], DECIDED, risk=risk)
    objections.dispose(
        world.session, objection, outcome=outcome, reasons="理由。", by=ready.open_list.answered_by, at=DECIDED
    )
    return objection.number


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


# Major risks


def _never_named(world: World) -> str:
    number = _disposed(world, Outcome.NOT_ADOPTED, risk="r-4")
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
    Gap.NO_PREVENTION: lambda world: _disposed(world, Outcome.NOT_ADOPTED, risk="r-2"),
    Gap.NO_COMPENSATION: lambda world: _disposed(world, Outcome.NOT_ADOPTED, risk="r-3"),
    Gap.NOT_JUDGED: lambda world: _disposed(world, Outcome.NOT_ADOPTED, risk="r-4"),
    Gap.INSUFFICIENT: lambda world: _disposed(world, Outcome.NOT_ADOPTED, risk="r-5"),
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


def _reworded(world: World, old: str, new: str, places: tuple[tuple[Subject, str], ...]) -> None:
    make_revision(
        world.session,
        world.ready.open_list,
        world.ready.project,
        READY_PLAN_REVISED.replace(old, new),
        DECIDED,
        explanations=dict.fromkeys(places, OWN),
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
    _reworded(world, old, new, ((Subject.RISK, "r-1"),))

    found = conditions(world, LATER)[ConditionCode.MAJOR_RISKS_COVERED]

    assert found.missing == ({"objection": world.ready.adopted.number, "risk": "r-1", "gaps": [Gap.NOT_JUDGED.value]},)
    judge(world, "r-1", is_sufficient=True, at=DECIDED + INSTANT)
    assert unmet(world, LATER) == []


def test_a_new_version_that_leaves_the_risk_alone_leaves_its_judgement_alone(world: World) -> None:
    _reworded(world, "5分钟", "2分钟", ((Subject.PARAGRAPH, "p-4"),))

    assert unmet(world, LATER) == []


# What was shown and confirmed


def test_a_gate_is_confirmed_exactly_as_it_was_shown(world: World) -> None:
    project = world.ready.project
    shown = gate_shown(world.session, project, DECIDED)
    make_objection(world.session, world.ready.open_list, world.ready.comments[:1], DECIDED)

    with pytest.raises(actions.GateMoved):
        actions.run_gate(world.session, project, shown=shown, by=world.ready.open_list.answered_by, at=DECIDED)

    assert queries.runs(world.session, project) == []


def test_what_was_shown_of_one_project_does_not_confirm_the_gate_of_another(world: World) -> None:
    shown = gate_shown(world.session, world.ready.quiet_project, DECIDED)

    with pytest.raises(actions.GateMoved):
        actions.run_gate(
            world.session, world.ready.project, shown=shown, by=world.ready.open_list.answered_by, at=DECIDED
        )


def test_a_decision_rests_on_the_gate_as_it_is_now_and_not_as_it_was_confirmed(world: World) -> None:
    confirm_gate(world.session, world.ready.open_list, world.ready.project, DECIDED)
    _reworded(world, "5分钟", "2分钟", ((Subject.PARAGRAPH, "p-4"),))

    with pytest.raises(actions.GateMoved):
        decide(world.session, world.ready.open_list, world.ready.project, LATER)


@pytest.mark.parametrize("outcome", [one for one in AdmissionOutcome if one is not AdmissionOutcome.WITHDRAWN])
def test_nothing_is_decided_before_a_gate_run_was_confirmed(world: World, outcome: AdmissionOutcome) -> None:
    with pytest.raises(actions.GateNotRun):
        decide(world.session, world.ready.open_list, world.ready.project, DECIDED, outcome)


def test_a_stored_run_holds_every_condition_with_its_evidence(world: World) -> None:
    run = confirm_gate(world.session, world.ready.open_list, world.ready.project, DECIDED)
    world.session.expire_all()

    assert queries.conditions_of(run) == tuple(conditions(world, DECIDED).values())
    assert gate.digest(queries.conditions_of(run)) == run.sha256
    assert run.sha256 in log.entry(world.session, run.ledger_index).body


def test_looking_at_the_gate_stores_nothing(world: World) -> None:
    size = log.size(world.session)

    conditions(world, DECIDED)

    assert not world.session.new
    assert not world.session.dirty
    assert log.size(world.session) == size


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


# The database itself


def _row(session: Session, ready: Ready, **changed: object) -> Admission:
    hands = Hands(ready.open_list.analyst, ready.open_list.publisher)
    approval = approve(session, Act.DECIDE, hands, bureaus=[ready.open_list.bureau.id], at=DECIDED)
    return Admission(
        project=ready.project,
        outcome=AdmissionOutcome.ADMITTED,
        text="绕过核查。",
        decided_at=DECIDED,
        approval=approval,
        ledger_index=0,
        **changed,
    )


def test_the_database_refuses_an_admission_that_no_passed_gate_run_supports(
    any_engine: Engine, subtests: pytest.Subtests
) -> None:
    with Session(any_engine) as session, db.writing(session):
        ready = ready_project(session)
        failed = confirm_gate(session, ready.open_list, ready.project, LAST_ANSWER)
        claims: dict[str, dict[str, object]] = {
            "no gate run": {},
            "a claim that it passed": {"gate_passed": True},
            "a run that failed": {"gate_run_id": failed.id, "gate_passed": False},
            "a run that failed and a claim that it passed": {"gate_run_id": failed.id, "gate_passed": True},
            "a run without what came out": {"gate_run_id": failed.id},
            "a run that is not there": {"gate_run_id": ready.project.id, "gate_passed": True},
        }

        for claim, columns in claims.items():
            with subtests.test(claim), pytest.raises(IntegrityError), session.begin_nested():
                session.add(_row(session, ready, **columns))


@pytest.mark.parametrize("column", ["passed", "conditions", "sha256"])
def test_a_stored_gate_run_is_not_touched_up(world: World, column: str) -> None:
    run = confirm_gate(world.session, world.ready.open_list, world.ready.project, LAST_ANSWER)
    setattr(run, column, {"passed": True, "conditions": []}.get(column, "0" * 64))

    with pytest.raises(DBAPIError, match="append-only"), world.session.begin_nested():
        world.session.flush()


def test_a_gate_run_is_stored_as_failed_when_it_failed(world: World) -> None:
    run: GateRun = confirm_gate(world.session, world.ready.open_list, world.ready.project, LAST_ANSWER)

    assert run.passed is False
