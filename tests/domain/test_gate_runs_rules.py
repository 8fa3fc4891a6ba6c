"""Rule 14, what was shown: a gate run is confirmed exactly as it was shown, kept so, and no admission does without."""

import pytest
from gates import LATER, conditions, reworded
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from gongshi import db
from gongshi.accounts.models import Act
from gongshi.accounts.two_people import Hands, approve
from gongshi.admissions import actions, gate, queries
from gongshi.admissions.models import Admission, AdmissionOutcome, GateRun
from gongshi.ledger import queries as log
from gongshi.revisions.models import Subject
from making import make_objection
from making_decisions import DECIDED, LAST_ANSWER, Ready, confirm_gate, decide, gate_shown, ready_project
from making_world import World

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
    reworded(world, "5分钟", "2分钟", ((Subject.PARAGRAPH, "p-4"),))

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
