"""Rule 4a at the gate: what was suspended waits for another round, what was withdrawn is not admitted any more."""

from datetime import datetime

import pytest
from gates import LATER, conditions
from rounds import DAY, MONTH, publishing, second_round

from gongshi.admissions.gate import ConditionCode
from gongshi.ledger import queries as log
from gongshi.notices import lists
from gongshi.notices.models import Interruption, InterruptionKind
from gongshi.projects.models import Project
from making_decisions import DECIDED
from making_world import World

SUSPENDED, WITHDRAWN = InterruptionKind.SUSPENDED, InterruptionKind.WITHDRAWN


def interrupt(
    world: World, kind: InterruptionKind, *, project: Project | None = None, at: datetime = DECIDED
) -> Interruption:
    """During a second round, since only what runs is interrupted."""
    found = lists.interrupt(
        world.session,
        world.ready.consultation,
        kind=kind,
        project=project,
        slug=f"zhongzhi-{log.size(world.session)}",
        title="关于中止的公告",
        reason="名单有误，须重新核对。",
        by=publishing(world),
        at=at,
    )
    world.session.flush()
    return found


def again(world: World, at: datetime, project: Project | None = None) -> None:
    second_round(world, world.ready.consultation, opens_at=at, closes_at=at + MONTH, at=at, project=project)


def is_stopped(world: World, project: Project, at: datetime = LATER + 3 * MONTH) -> bool:
    return not conditions(world, at, project)[ConditionCode.NOT_INTERRUPTED].is_met


@pytest.mark.parametrize("kind", [SUSPENDED, WITHDRAWN])
def test_an_interrupted_list_stops_every_project_and_the_notice_is_named(world: World, kind: InterruptionKind) -> None:
    again(world, DECIDED)
    interruption = interrupt(world, kind)

    for project in world.ready.open_list.projects:
        condition = conditions(world, LATER, project)[ConditionCode.NOT_INTERRUPTED]
        assert condition.missing == ({"notice": interruption.notice.slug, "kind": kind.value},)


def test_an_interrupted_project_stops_itself_alone(world: World) -> None:
    again(world, DECIDED)
    interrupt(world, SUSPENDED, project=world.ready.project)

    assert is_stopped(world, world.ready.project)
    assert not is_stopped(world, world.ready.quiet_project)


def test_a_later_round_of_the_list_takes_up_what_was_suspended(world: World) -> None:
    again(world, DECIDED)
    interruption = interrupt(world, SUSPENDED)
    again(world, LATER)

    condition = conditions(world, LATER + 2 * MONTH)[ConditionCode.NOT_INTERRUPTED]

    assert condition.is_met
    assert condition.rests_on == {"lifted": interruption.notice.slug}


def test_a_later_round_of_one_project_takes_up_that_project_alone(world: World) -> None:
    again(world, DECIDED)
    interrupt(world, SUSPENDED)
    again(world, LATER, world.ready.project)

    assert not is_stopped(world, world.ready.project)
    assert is_stopped(world, world.ready.quiet_project)


def test_no_later_round_takes_up_what_was_withdrawn(world: World) -> None:
    again(world, DECIDED)
    interrupt(world, WITHDRAWN, project=world.ready.project)
    again(world, LATER)
    interrupt(world, SUSPENDED, at=LATER)
    again(world, LATER + 2 * MONTH)

    assert is_stopped(world, world.ready.project, LATER + 4 * MONTH)
    assert not is_stopped(world, world.ready.quiet_project, LATER + 4 * MONTH)


def test_an_interruption_counts_from_its_instant_on(world: World) -> None:
    again(world, DECIDED)
    before = conditions(world, DECIDED)
    interrupt(world, SUSPENDED, at=DECIDED + DAY)

    assert conditions(world, DECIDED) == before
