"""What an editor does to a list before it is published, each with one example of its use: see acts.py."""

from collections.abc import Callable

from gongshi.accounts.two_people import Hands
from gongshi.projects import actions as projects
from gongshi.projects.models import Project
from making import PLAN, beijing
from making_world import World

NOW = beijing("2026-04-17", "12:00")
Do = Callable[[World, Hands], object]


def _added(world: World) -> Project:
    lead = world.open_list.projects[0].lead
    assert lead is not None
    return projects.add(
        world.session,
        world.draft,
        number=3,
        name="第三号项目",
        lead=lead,
        joint=[],
        technologies=["人工智能"],
        scenarios=[],
        by=world.office.editor,
    )


def _add(world: World, _by: Hands) -> object:
    return _added(world)


def _amend(world: World, _by: Hands) -> object:
    project = _added(world)
    assert project.lead is not None
    return projects.amend(
        world.session,
        project,
        name="改名",
        lead=project.lead,
        joint=[],
        technologies=[],
        scenarios=[],
        by=world.office.editor,
    )


def _remove(world: World, _by: Hands) -> object:
    return projects.remove(world.session, _added(world), by=world.office.editor)


def _renumber(world: World, _by: Hands) -> object:
    return projects.renumber(world.session, _added(world), number=1, by=world.office.editor)


def _keep_plan(world: World, _by: Hands) -> object:
    return projects.keep_plan(world.session, _added(world), PLAN, by=world.office.editor, edition=0, at=NOW)


def _settle_plans(world: World, by: Hands) -> object:
    _keep_plan(world, by)
    return projects.settle_plans(world.session, world.draft)


PREPARING: dict[str, tuple[Callable[..., object], Do]] = {
    "add a project": (projects.add, _add),
    "amend a project": (projects.amend, _amend),
    "remove a project": (projects.remove, _remove),
    "renumber a project": (projects.renumber, _renumber),
    "keep a plan": (projects.keep_plan, _keep_plan),
    "settle the plans": (projects.settle_plans, _settle_plans),
}
