"""A row of a list names its lead institution, has a number of its own, and its plan never changes once written down."""

import pytest
from acts import NOW
from sqlalchemy.exc import DBAPIError, IntegrityError, NoResultFound

from gongshi.projects import actions, plan_text, queries
from gongshi.projects.actions import LeadUnknown, NumberTaken
from gongshi.projects.models import Project
from making import PLAN
from making_world import World


def propose(world: World, *, archive: bool = False, number: int = 9, source: str | None = None) -> Project:
    return actions.propose(
        world.session,
        world.archive if archive else world.draft,
        number=number,
        name="第九号项目",
        lead=None,
        unknown_source=source,
    )


@pytest.mark.parametrize(
    ("archive", "source", "taken"),
    [
        pytest.param(False, None, False, id="a live list"),
        pytest.param(False, "据报道", False, id="a live list that names a source"),
        pytest.param(True, None, False, id="an archive without its source"),
        pytest.param(True, "", False, id="an archive with an empty source"),
        pytest.param(True, "据报道", True, id="an archive with its source"),
    ],
)
def test_an_unknown_lead_institution_is_legal_in_the_archive_alone_and_with_its_source(
    world: World, archive: bool, source: str | None, taken: bool
) -> None:
    refused = None
    try:
        propose(world, archive=archive, source=source)
    except LeadUnknown as error:
        refused = error

    assert (refused is None) is taken


def test_the_database_refuses_a_project_with_neither_lead_nor_source(world: World) -> None:
    world.session.add(Project(consultation=world.draft, number=9, name="无牵头", technologies=[], scenarios=[]))

    with pytest.raises(IntegrityError, match="lead_or_source"), world.session.begin_nested():
        world.session.flush()


def test_a_number_occurs_once_in_a_list_and_may_occur_in_another(world: World) -> None:
    with pytest.raises(NumberTaken):
        propose(world, archive=True, number=1, source="据报道")

    assert queries.numbered(world.session, world.draft, 1) is not queries.numbered(world.session, world.archive, 1)


def test_a_plan_that_is_written_down_is_read_back_word_for_word(world: World) -> None:
    project = world.open_list.projects[0]
    world.session.expire_all()

    assert plan_text.of(project.versions[0]) == plan_text.parse(PLAN)


def test_a_draft_plan_too_is_never_rewritten(world: World) -> None:
    project = queries.of_list(world.session, world.draft)[0]
    project.versions[0].paragraphs[0].text = "改"

    with pytest.raises(DBAPIError, match="append-only"), world.session.begin_nested():
        world.session.flush()


@pytest.mark.parametrize("which", ["draft", "archive"])
def test_projects_of_a_list_that_is_not_published_are_not_found(world: World, which: str) -> None:
    with pytest.raises(NoResultFound):
        queries.public_project(world.session, getattr(world, which).number, 1, NOW)


def test_neighbours_are_of_the_same_list(world: World) -> None:
    first, second, third = world.ready.open_list.projects

    assert queries.neighbours(world.session, first) == (None, second)
    assert queries.neighbours(world.session, second) == (first, third)
    assert queries.neighbours(world.session, third) == (second, None)
