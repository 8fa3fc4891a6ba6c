"""Rule 12: every change says why, and what was adopted leads to a change. Rule 1: a version is never edited."""

import pytest
from acts import NOW
from sqlalchemy.exc import DBAPIError, NoResultFound

from gongshi.accounts.two_people import Hands
from gongshi.ledger import queries as log
from gongshi.objections import actions as objections
from gongshi.objections.models import Objection
from gongshi.projects import actions as projects
from gongshi.projects import plan_text
from gongshi.projects import queries as project_queries
from gongshi.projects.models import PlanVersion, Project
from gongshi.revisions import actions, queries
from gongshi.revisions.actions import Explanation
from gongshi.revisions.models import ChangeKind, Revision, Subject
from making import PLAN
from making_world import World

REVISED = PLAN.replace("5分钟", "2分钟").replace("设置人工复核 |  |", "设置人工复核 | 先行赔付 |")
OWN = Explanation(own_initiative="与现行系统名称保持一致。")
PLACES = ((Subject.PARAGRAPH, "p-5"), (Subject.RISK, "r-1"))


def draft(world: World, markdown: str = REVISED, project: Project | None = None) -> PlanVersion:
    project = project or world.open_list.projects[0]
    return projects.draft_version(world.session, project, title="方案", summary="修改", text=plan_text.parse(markdown))


def publish(
    world: World, version: PlanVersion, explanations: dict[tuple[Subject, str], Explanation] | None = None
) -> Revision:
    return actions.publish_version(
        world.session,
        version,
        explanations=dict.fromkeys(PLACES, OWN) if explanations is None else explanations,
        by=Hands(world.office.editor, world.office.publisher),
        at=NOW,
    )


def test_a_revision_lists_every_change_with_what_caused_it(world: World) -> None:
    caused = Explanation((world.objection,))

    revision = publish(world, draft(world), {PLACES[0]: caused, PLACES[1]: OWN})

    told = [(one.subject, one.key, one.kind, one.objections, one.own_initiative) for one in revision.changes]
    assert told == [
        (Subject.PARAGRAPH, "p-5", ChangeKind.REWORDED, [world.objection], None),
        (Subject.RISK, "r-1", ChangeKind.REWORDED, [], OWN.own_initiative),
    ]


def test_both_directions_can_be_followed(world: World) -> None:
    revision = publish(world, draft(world), dict.fromkeys(PLACES, Explanation((world.objection,))))

    assert queries.caused_by(world.session, world.objection) == revision.changes
    assert {one for change in revision.changes for one in change.objections} == {world.objection}


@pytest.mark.parametrize(
    ("explanations", "missing"),
    [
        pytest.param({}, ["p-5", "r-1"], id="no change at all"),
        pytest.param({PLACES[0]: OWN}, ["r-1"], id="a risk left out"),
        pytest.param({PLACES[1]: OWN}, ["p-5"], id="a paragraph left out"),
        pytest.param({PLACES[0]: OWN, PLACES[1]: Explanation()}, ["r-1"], id="an empty one"),
        pytest.param({PLACES[0]: OWN, PLACES[1]: Explanation(own_initiative=" ")}, ["r-1"], id="a blank one"),
        pytest.param({PLACES[0]: OWN, (Subject.PARAGRAPH, "r-1"): OWN}, ["r-1"], id="given to the wrong kind"),
    ],
)
def test_a_version_with_an_unexplained_change_is_not_published(
    world: World, explanations: dict[tuple[Subject, str], Explanation], missing: list[str]
) -> None:
    version = draft(world)

    with pytest.raises(actions.ChangeUnexplained) as refused:
        publish(world, version, explanations)

    assert refused.value.details == {"keys": missing}
    assert version.published_at is None


def test_an_explanation_of_what_did_not_change_is_refused(world: World) -> None:
    with pytest.raises(actions.ChangeUnknown) as refused:
        publish(world, draft(world), {**dict.fromkeys(PLACES, OWN), (Subject.PARAGRAPH, "p-1"): OWN})

    assert refused.value.details == {"keys": ["p-1"]}


def test_an_objection_to_one_project_explains_no_change_in_another(world: World) -> None:
    version = draft(world, project=world.open_list.projects[1])

    with pytest.raises(actions.CauseOfAnotherProject):
        publish(world, version, dict.fromkeys(PLACES, Explanation((world.objection,))))


def test_an_objection_to_both_projects_explains_changes_in_both(world: World) -> None:
    both: Objection = objections.word(
        world.session,
        world.open_list.consultation,
        title="标题",
        text="正文",
        comments=[world.published],
        projects=world.open_list.projects,
        by=world.office.analyst,
        at=NOW,
    )

    for project in world.open_list.projects:
        publish(world, draft(world, project=project), dict.fromkeys(PLACES, Explanation((both,))))

    assert len(queries.caused_by(world.session, both)) == 4


def test_a_version_that_changes_nothing_is_not_published(world: World) -> None:
    with pytest.raises(actions.NothingChanged):
        publish(world, draft(world, PLAN), {})


def test_a_version_is_published_once(world: World) -> None:
    version = draft(world)
    publish(world, version)

    with pytest.raises(actions.VersionAlreadyPublished):
        publish(world, version)


def test_no_version_is_skipped(world: World) -> None:
    draft(world)
    third = draft(world, REVISED.replace("每季度", "每月"))

    with pytest.raises(actions.NoEarlierVersion):
        publish(world, third, {})


def test_a_first_version_is_published_with_its_list_only(world: World) -> None:
    version = project_queries.of_list(world.session, world.draft)[0].versions[0]

    with pytest.raises(actions.NoEarlierVersion):
        publish(world, version, {})


def test_a_draft_is_not_shown_and_the_earlier_version_stays_current(world: World) -> None:
    project = world.open_list.projects[0]
    version = draft(world)

    assert project.current_version is project.versions[0]
    with pytest.raises(NoResultFound):
        project_queries.public_version(world.session, project, version.number)


def test_the_earlier_version_stays_readable(world: World) -> None:
    project = world.open_list.projects[0]

    publish(world, draft(world))

    first = project_queries.public_version(world.session, project, 1)
    assert plan_text.of(first) == plan_text.parse(PLAN)
    assert project.current_version is project.versions[1]


def test_the_log_holds_the_hash_of_exactly_the_published_text(world: World) -> None:
    version = draft(world)
    publish(world, version)
    world.session.expire_all()

    body = log.entry(world.session, version.ledger_index or 0).body

    assert plan_text.of(version).sha256 == version.sha256 == plan_text.parse(REVISED).sha256
    assert version.sha256 in body


@pytest.mark.parametrize("column", ["title", "summary", "sha256", "number"])
def test_a_version_is_not_edited(world: World, column: str) -> None:
    version = world.open_list.projects[0].versions[0]
    setattr(version, column, 9 if column == "number" else "改")

    with pytest.raises(DBAPIError, match="append-only"), world.session.begin_nested():
        world.session.flush()


@pytest.mark.parametrize("row", ["paragraphs", "risks"])
def test_the_text_of_a_version_is_neither_edited_nor_deleted(world: World, row: str) -> None:
    held = getattr(world.open_list.projects[0].versions[0], row)[0]

    world.session.delete(held)
    with pytest.raises(DBAPIError, match="append-only"), world.session.begin_nested():
        world.session.flush()


def test_own_words_beside_an_objection_are_kept_and_blank_ones_are_not(world: World) -> None:
    both = Explanation((world.objection,), own_initiative="顺带统一用语。")
    blank = Explanation((world.objection,), own_initiative="  ")

    revision = publish(world, draft(world), {PLACES[0]: both, PLACES[1]: blank})

    assert [change.own_initiative for change in revision.changes] == ["顺带统一用语。", None]
