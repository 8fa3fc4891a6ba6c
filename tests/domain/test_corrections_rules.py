"""Rule 1: a correction leaves the published row as it was; everybody reads the corrected value, and finds both."""

import pytest
from acts import hands_for
from publishing import LATER, NOW, TEXT, correct_values
from rounds import publishing
from sqlalchemy import select, text

from gongshi.accounts.models import Act
from gongshi.consultations.corrected import CorrectedField
from gongshi.consultations.models import Correction
from gongshi.ledger import queries as log
from gongshi.notices import corrections
from gongshi.notices.actions import ProjectOfAnotherList, notice_digest
from gongshi.notices.corrections import Corrected
from gongshi.notices.models import Notice
from gongshi.notices.refusals import CorrectionUnfinished, NothingCorrected, NotPublishedYet
from gongshi.projects import queries
from gongshi.projects.searchable import Projects
from making_world import World


def correct(world: World, *corrected: Corrected) -> Notice:
    return corrections.correct(
        world.session,
        world.open_list.consultation,
        corrected=corrected,
        notice=TEXT,
        by=publishing(world),
        at=NOW,
    )


def test_the_corrected_value_is_read_everywhere_and_the_row_stays_as_published(world: World) -> None:
    project = world.open_list.projects[0]
    before, lead, joint = project.name, project.lead, project.joint

    correct_values(world, hands_for(Act.CORRECT, world))

    assert (project.name, project.lead, project.joint) == ("更正后的名称", joint[0], [lead])
    assert (project.listed_name, project.listed_lead) == (before, lead)
    stored = world.session.execute(text("SELECT name FROM project WHERE id = :id"), {"id": project.id.hex})
    assert stored.scalar() == before


def test_the_corrected_value_is_read_by_whoever_comes_later(world: World) -> None:
    project = world.open_list.projects[0]
    lead = project.lead
    assert lead is not None
    correct_values(world, hands_for(Act.CORRECT, world))
    world.session.expire_all()

    found = queries.public_project(world.session, world.open_list.consultation.number, 1, NOW)

    assert found.name == "更正后的名称"
    assert found in queries.joined_by(world.session, lead, NOW)
    assert found not in queries.led_by(world.session, lead, NOW)


def test_a_correction_keeps_what_was_and_names_its_notice(world: World) -> None:
    before = world.open_list.projects[0].name

    notice = correct_values(world, hands_for(Act.CORRECT, world))

    assert isinstance(notice, Notice)
    first = world.session.scalars(select(Correction).where(Correction.ordinal == 1)).one()
    assert (first.was, first.becomes, first.notice_id) == ([before], ["更正后的名称"], notice.id)


def test_a_second_correction_counts_and_the_first_stays_readable(world: World) -> None:
    project = world.open_list.projects[0]
    correct(world, Corrected(CorrectedField.TECHNOLOGIES, project, words=("区块链",)))

    correct(world, Corrected(CorrectedField.TECHNOLOGIES, project, words=("区块链", "联邦学习")))

    assert project.technologies == ["区块链", "联邦学习"]
    assert project.listed_technologies == ["人工智能", "大数据"]
    assert [one.was for one in project.corrections] == [["人工智能", "大数据"], ["区块链"]]


def test_values_of_the_list_itself_are_corrected_too(world: World) -> None:
    consultation = world.open_list.consultation
    before = consultation.title

    correct(world, Corrected(CorrectedField.TITLE, words=("更正后的标题",)))

    assert (consultation.title, consultation.listed_title) == ("更正后的标题", before)


def test_search_finds_a_project_by_both_names(world: World) -> None:
    project = world.open_list.projects[0]
    before = project.name
    correct_values(world, hands_for(Act.CORRECT, world))

    document = Projects().document(world.session, str(project.id))

    assert document is not None
    assert document.title == "更正后的名称"
    assert before in document.names


def test_the_hash_of_a_notice_covers_its_files(world: World) -> None:
    notice = correct(world, Corrected(CorrectedField.TITLE, words=("更正后的标题",)))

    with_files = notice_digest(notice)
    entry = log.entry(world.session, notice.ledger_index).body
    notice.attachments[0].sha256 = "cd" * 32

    assert with_files in entry
    assert notice_digest(notice) != with_files
    world.session.expire(notice.attachments[0])


def test_a_list_that_is_not_public_is_amended_not_corrected(world: World) -> None:
    with pytest.raises(NotPublishedYet):
        corrections.correct(
            world.session,
            world.draft,
            corrected=[Corrected(CorrectedField.TITLE, words=("题",))],
            notice=TEXT,
            by=publishing(world),
            at=LATER,
        )


def test_a_correction_changes_something(world: World) -> None:
    project = world.open_list.projects[0]

    with pytest.raises(NothingCorrected):
        correct(world)
    with pytest.raises(NothingCorrected):
        correct(world, Corrected(CorrectedField.NAME, project, words=(project.name,)))


def test_a_correction_says_a_whole_value(world: World) -> None:
    project = world.open_list.projects[0]
    assert project.lead is not None
    unfinished = [
        [Corrected(CorrectedField.NAME, project, words=(" ",))],
        [Corrected(CorrectedField.NAME, project, words=("一", "二"))],
        [Corrected(CorrectedField.NAME, words=("名单没有项目名称",))],
        [Corrected(CorrectedField.TITLE, project, words=("项目没有名单标题",))],
        [Corrected(CorrectedField.LEAD, project, words=("只有名称",))],
        [Corrected(CorrectedField.LEAD, project, institutions=tuple(project.joint))],
        [Corrected(CorrectedField.SCENARIOS, project, words=("智能风控", "智能风控"))],
        [Corrected(CorrectedField.NAME, project, words=(one,)) for one in ("甲", "乙")],
    ]

    for corrected in unfinished:
        with pytest.raises(CorrectionUnfinished):
            correct(world, *corrected)


def test_a_project_of_another_list_is_not_corrected_through_this_one(world: World) -> None:
    with pytest.raises(ProjectOfAnotherList):
        correct(world, Corrected(CorrectedField.NAME, world.ready.project, words=("别的名称",)))
