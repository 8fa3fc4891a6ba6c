"""Before a list is published its rows and plans may change, by its editors alone; afterwards neither ever does."""

import pytest

from gongshi.accounts.two_people import NotYourBureau, NotYourRole
from gongshi.notices import lists
from gongshi.projects import actions, queries
from gongshi.projects.actions import (
    EditedMeanwhile,
    InstitutionTwice,
    ListClosed,
    NameMissing,
    NumberTaken,
    PlaceOutside,
    PlanNotReady,
    PlanSettled,
    PlanTooLong,
)
from gongshi.projects.models import Category, Institution, PlanDraft, PlanSource, Project
from making import PLAN, beijing
from making_world import World

NOW = beijing("2026-04-17", "12:00")


def institution(world: World, name: str = "示例新证券") -> Institution:
    found = queries.institution_named(world.session, name)
    made = found or actions.register(world.session, name=name, category=Category.SECURITIES)
    world.session.flush()
    return made


def add(world: World, number: int = 3, name: str = "新增项目", joint: str | None = None) -> Project:
    return actions.add(
        world.session,
        world.draft,
        number=number,
        name=name,
        lead=institution(world),
        joint=[institution(world, joint)] if joint else [],
        technologies=["人工智能"],
        scenarios=["智能风控"],
        by=world.office.editor,
    )


def keep(world: World, project: Project, markdown: str = PLAN, edition: int = 0) -> PlanDraft:
    return actions.keep_plan(world.session, project, markdown, by=world.office.editor, edition=edition, at=NOW)


def names(world: World) -> list[tuple[int, str]]:
    return [(one.number, one.name) for one in queries.of_list(world.session, world.draft)]


def test_a_row_is_amended_and_keeps_its_plan(world: World) -> None:
    project = add(world, joint="示例新银行")
    keep(world, project)

    actions.amend(
        world.session,
        project,
        name=" 改后 ",
        lead=institution(world, "示例新银行"),
        joint=[institution(world, "示例新科技"), institution(world)],
        technologies=["区块链"],
        scenarios=[],
        by=world.office.editor,
    )

    world.session.expire(project)
    assert project.name == "改后"
    assert [one.name for one in project.institutions] == ["示例新银行", "示例新科技", "示例新证券"]
    assert project.technologies == ["区块链"]
    assert queries.plan_draft(world.session, project) is not None


def test_removing_a_row_closes_the_gap_and_takes_its_working_text_along(world: World) -> None:
    first, _second = add(world, 3, "甲"), add(world, 4, "乙")
    keep(world, first)

    actions.remove(world.session, first, by=world.office.editor)

    assert names(world)[2:] == [(3, "乙")]
    assert queries.plan_drafts(world.session, world.draft) == {}


@pytest.mark.parametrize(
    ("place", "order"),
    [
        pytest.param(1, "丁甲乙丙", id="to the front"),
        pytest.param(2, "甲丁乙丙", id="in between"),
        pytest.param(4, "甲乙丙丁", id="where it is"),
    ],
)
def test_a_row_moves_and_the_others_make_room(world: World, place: int, order: str) -> None:
    for number, name in enumerate("甲乙丙丁", 3):
        add(world, number, name)
    moved = queries.of_list(world.session, world.draft)[-1]

    actions.renumber(world.session, moved, number=place + 2, by=world.office.editor)

    assert [number for number, _ in names(world)] == [1, 2, 3, 4, 5, 6]
    assert "".join(name for _, name in names(world)[2:]) == order


@pytest.mark.parametrize("place", [0, -1, 5])
def test_a_row_stays_within_its_list(world: World, place: int) -> None:
    project = add(world)

    with pytest.raises(PlaceOutside):
        actions.renumber(world.session, project, number=place, by=world.office.editor)


def test_what_a_row_must_not_be(world: World, subtests: pytest.Subtests) -> None:
    add(world)

    with subtests.test("nameless"), pytest.raises(NameMissing):
        add(world, 4, "  ")
    with subtests.test("a number twice"), pytest.raises(NumberTaken):
        add(world, 3)
    with subtests.test("one institution twice"), pytest.raises(InstitutionTwice):
        add(world, 4, joint="示例新证券")


def test_a_project_whose_plan_is_a_version_stays_in_its_list(world: World) -> None:
    with pytest.raises(PlanSettled):
        actions.remove(world.session, queries.of_list(world.session, world.draft)[0], by=world.office.editor)


def test_the_rows_of_a_published_list_never_change(world: World, subtests: pytest.Subtests) -> None:
    project, editor = world.open_list.projects[0], world.office.editor
    assert project.lead is not None

    with subtests.test("amend"), pytest.raises(ListClosed):
        actions.amend(
            world.session, project, name="甲", lead=project.lead, joint=[], technologies=[], scenarios=[], by=editor
        )
    with subtests.test("remove"), pytest.raises(ListClosed):
        actions.remove(world.session, project, by=editor)
    with subtests.test("renumber"), pytest.raises(ListClosed):
        actions.renumber(world.session, project, number=2, by=editor)
    with subtests.test("settle"), pytest.raises(ListClosed):
        actions.settle_plans(world.session, world.open_list.consultation)


def test_only_an_editor_of_the_bureau_prepares_a_list(world: World, subtests: pytest.Subtests) -> None:
    project = add(world)

    for who, refusal in (
        (world.office.publisher, NotYourRole),
        (world.office.analyst, NotYourRole),
        (world.office.admin, NotYourRole),
        (world.stranger.editor, NotYourBureau),
    ):
        with subtests.test(who.pseudonym, act="keep a plan"), pytest.raises(refusal):
            actions.keep_plan(world.session, project, PLAN, by=who, edition=0, at=NOW)
        with subtests.test(who.pseudonym, act="remove"), pytest.raises(refusal):
            actions.remove(world.session, project, by=who)
        with subtests.test(who.pseudonym, act="renumber"), pytest.raises(refusal):
            actions.renumber(world.session, project, number=1, by=who)


def test_two_people_who_edit_at_once_do_not_overwrite_each_other(world: World) -> None:
    project = add(world)
    keep(world, project, "## 甲")
    keep(world, project, "## 乙", edition=1)

    with pytest.raises(EditedMeanwhile):
        keep(world, project, "## 丙", edition=1)
    with pytest.raises(EditedMeanwhile):
        keep(world, project, "## 丙", edition=0)

    draft = queries.plan_draft(world.session, project)
    assert draft is not None
    assert (draft.markdown, draft.edition, draft.source) == ("## 乙", 2, PlanSource.TYPED)


def test_a_working_text_may_be_unfinished_but_not_without_end(world: World) -> None:
    project = add(world)

    assert (
        keep(world, project, "没有标题，也没有登记表\r\n\u200b第二段\x07").markdown == "没有标题，也没有登记表\n第二段"
    )
    with pytest.raises(PlanTooLong):
        keep(world, project, "长" * 200_001, edition=1)


def test_settling_writes_the_first_version_once_and_publishing_makes_it_public(world: World) -> None:
    project = add(world)
    keep(world, project, PLAN.replace(" {#p-1}", ""))

    settled = actions.settle_plans(world.session, world.draft)
    again = actions.settle_plans(world.session, world.draft)

    assert [(one.project, one.number, one.title) for one in settled] == [(project, 1, project.name)]
    assert again == []
    assert [one.key for one in settled[0].paragraphs] == ["p-6", "p-2", "p-3", "p-4", "p-5"]
    assert [one.key for one in settled[0].risks] == ["r-1", "r-2"]


def test_a_text_that_is_not_in_order_is_not_settled_and_names_its_line(world: World) -> None:
    keep(world, add(world), "## 甲\n\n正文\n")

    with pytest.raises(PlanNotReady) as refused:
        actions.settle_plans(world.session, world.draft)

    assert refused.value.details == {"project": 3, "line": 1}


def test_a_list_with_a_project_without_a_text_is_for_publishing_to_refuse(world: World) -> None:
    add(world)

    assert actions.settle_plans(world.session, world.draft) == []
    with pytest.raises(lists.PlanMissing):
        lists.publish_list(
            world.session,
            world.draft,
            opens_at=NOW,
            closes_at=beijing("2026-06-01"),
            by=world.open_list.published_by,
            at=NOW,
        )
