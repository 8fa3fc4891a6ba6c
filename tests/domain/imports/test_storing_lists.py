"""An import is stored when it is right, as a whole, by an editor; what is not known has been decided by a person."""

import pytest
from spreadsheets import good_rows, workbook

from gongshi.accounts.two_people import NotYourBureau, NotYourRole
from gongshi.imports.lists import read_list
from gongshi.imports.project_rows import ProjectRow
from gongshi.imports.storing import InstitutionUndecided, known_institutions, store
from gongshi.projects import queries
from gongshi.projects.actions import InstitutionTwice, ListClosed
from gongshi.projects.models import Category
from making_world import World

DECISIONS: dict[str, str | Category] = {
    "示例证券": Category.SECURITIES,
    "示例科技": Category.TECHNOLOGY,
}


def row(number: int, name: str, lead: str = "示例证券", joint: tuple[str, ...] = ("示例科技",)) -> ProjectRow:
    return ProjectRow(number + 1, number, name, lead, None, joint, ("人工智能",), ("智能风控",))


def test_a_spreadsheet_of_sixteen_becomes_sixteen_projects(world: World) -> None:
    existing = {one.number for one in queries.of_list(world.session, world.draft)}
    reading = read_list("名单.xlsx", workbook(good_rows()), known_institutions(world.session), existing=existing)

    store(world.session, world.draft, reading.rows, decisions=DECISIONS, by=world.office.editor)

    listed = queries.of_list(world.session, world.draft)
    assert [(one.number, one.name) for one in listed] == [(n, f"第{n}号示例项目") for n in range(1, 17)]
    assert [one.name for one in listed[0].institutions] == ["示例证券", "示例科技"]
    assert listed[0].technologies == ["人工智能", "大数据"]
    assert listed[0].versions, "the plan of a project that was there stays"


def test_an_institution_that_was_a_slip_of_the_pen_becomes_the_one_that_was_meant(world: World) -> None:
    store(world.session, world.draft, [row(3, "甲")], decisions=DECISIONS, by=world.office.editor)

    decisions = {**DECISIONS, "示例证卷": "示例证券"}
    (stored,) = store(
        world.session, world.draft, [row(4, "乙", "示例证卷")], decisions=decisions, by=world.office.editor
    )

    assert stored.lead is queries.institution_named(world.session, "示例证券")
    assert queries.institution_named(world.session, "示例证卷") is None


@pytest.mark.parametrize("decision", [{}, {"示例证券": "没有这一家"}, {"示例证券": ""}])
def test_an_institution_nobody_decided_about_is_not_stored(world: World, decision: dict[str, str | Category]) -> None:
    with pytest.raises(InstitutionUndecided):
        store(world.session, world.draft, [row(3, "甲", joint=())], decisions=decision, by=world.office.editor)


def test_two_spellings_that_turn_out_to_be_one_institution_do_not_join_it_twice(world: World) -> None:
    decisions = {**DECISIONS, "示例科枝": "示例科技"}
    store(world.session, world.draft, [row(3, "甲")], decisions=decisions, by=world.office.editor)

    with pytest.raises(InstitutionTwice):
        store(
            world.session,
            world.draft,
            [row(4, "乙", joint=("示例科技", "示例科枝"))],
            decisions=decisions,
            by=world.office.editor,
        )


def test_a_published_list_takes_no_import(world: World) -> None:
    consultation = world.open_list.consultation

    with pytest.raises(ListClosed):
        store(world.session, consultation, [row(3, "甲")], decisions=DECISIONS, by=world.office.editor)


def test_only_an_editor_of_the_bureau_imports(world: World, subtests: pytest.Subtests) -> None:
    for who, refusal in ((world.office.publisher, NotYourRole), (world.stranger.editor, NotYourBureau)):
        with subtests.test(who.pseudonym), pytest.raises(refusal):
            store(world.session, world.draft, [row(3, "甲")], decisions=DECISIONS, by=who)
