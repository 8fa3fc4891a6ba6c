"""After admission: every event names the one commitment of the admitted plan that it fulfils or breaches."""

from datetime import date

import pytest
from acts import NOW
from sqlalchemy.exc import DBAPIError, IntegrityError

from gongshi.accounts.two_people import Hands
from gongshi.admissions.models import AdmissionOutcome
from gongshi.ledger import queries as log
from gongshi.pilots import actions, queries
from gongshi.pilots.actions import CommitmentUnknown, NotAdmitted
from gongshi.pilots.models import EventKind, LifecycleEvent
from gongshi.projects.models import Project
from gongshi.revisions.actions import Explanation
from gongshi.revisions.models import Subject
from making import make_revision
from making_decisions import DECIDED, READY_PLAN, confirm_gate, decide
from making_world import World


def record(world: World, project: Project | None = None, **changed: object) -> LifecycleEvent:
    told = {
        "kind": EventKind.MONITORING,
        "happened_on": date(2026, 4, 17),
        "title": "首月运行",
        "text": "运行平稳。",
        "risk_key": "r-1",
        "fulfils": True,
        "by": Hands(world.office.editor, world.office.publisher),
        **changed,
    }
    return actions.record(world.session, project or world.admitted, at=NOW, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", list(EventKind))
def test_every_kind_of_event_is_recorded_with_its_commitment(world: World, kind: EventKind) -> None:
    event = record(world, kind=kind, fulfils=False)

    assert queries.of_project(world.session, world.admitted) == [event]
    assert f'"commitment":"r-1","consultation":"2026-SL-01","fulfils":false,"kind":"{kind.value}"' in (
        log.entry(world.session, event.ledger_index).body
    )


def test_a_project_that_was_not_decided_has_no_pilot_life(world: World) -> None:
    with pytest.raises(NotAdmitted):
        record(world, world.ready.project)


@pytest.mark.parametrize("outcome", [one for one in AdmissionOutcome if one is not AdmissionOutcome.ADMITTED])
def test_a_project_that_was_not_admitted_has_no_pilot_life(world: World, outcome: AdmissionOutcome) -> None:
    confirm_gate(world.session, world.ready.open_list, world.ready.project, DECIDED)
    decide(world.session, world.ready.open_list, world.ready.project, DECIDED, outcome)

    with pytest.raises(NotAdmitted):
        record(world, world.ready.project)


@pytest.mark.parametrize(
    ("paragraph", "risk"),
    [
        pytest.param(None, None, id="none"),
        pytest.param("p-2", "r-1", id="two"),
        pytest.param("p-99", None, id="a paragraph that is not there"),
        pytest.param(None, "r-99", id="a risk that is not there"),
        pytest.param("r-1", None, id="a risk as a paragraph"),
    ],
)
def test_an_event_names_exactly_one_commitment_of_the_plan(
    world: World, paragraph: str | None, risk: str | None
) -> None:
    with pytest.raises(CommitmentUnknown):
        record(world, paragraph_key=paragraph, risk_key=risk)


def test_the_commitments_are_those_of_the_version_that_was_admitted(world: World) -> None:
    later = make_revision(
        world.session,
        world.ready.open_list,
        world.admitted,
        "\n".join(line for line in READY_PLAN.splitlines() if "r-5" not in line),
        NOW,
        explanations={(Subject.RISK, "r-5"): Explanation(own_initiative="申报人删去。")},
    )

    event = record(world, risk_key="r-5", fulfils=False)

    assert event.version is not later
    assert event.version is world.admitted.versions[0]


def test_the_database_refuses_an_event_with_two_commitments(world: World) -> None:
    event = record(world)
    twice = LifecycleEvent(
        **{
            column.key: getattr(event, column.key)
            for column in LifecycleEvent.__table__.columns
            if column.key not in {"id", "paragraph_key"}
        },
        paragraph_key="p-1",
    )

    world.session.add(twice)
    with pytest.raises(IntegrityError, match="one_commitment"), world.session.begin_nested():
        world.session.flush()


def test_an_event_is_not_rewritten(world: World) -> None:
    event = record(world, fulfils=False)
    event.fulfils = True

    with pytest.raises(DBAPIError, match="append-only"), world.session.begin_nested():
        world.session.flush()
