"""Rules 1 and 4: a list is published once, whole, for a period that lies ahead and is long enough."""

from contextlib import nullcontext
from datetime import datetime, timedelta

import pytest
from acts import NOW
from rounds import DAY, INSTANT, MONTH, publishing

from gongshi.comments.intake import NotOpen
from gongshi.consultations.models import Round
from gongshi.errors import RuleBroken
from gongshi.ledger import queries as log
from gongshi.notices import lists
from gongshi.notices.openness import Openness, standing
from gongshi.projects import actions as project_actions
from gongshi.projects import queries as projects
from making import beijing, make_draft, make_submission
from making_world import World


def publish(world: World, *, opens_at: datetime, closes_at: datetime, reason: str | None = None) -> Round:
    return lists.publish_list(
        world.session,
        world.draft,
        opens_at=opens_at,
        closes_at=closes_at,
        short_period_reason=reason,
        by=publishing(world),
        at=NOW,
    )


def test_publishing_a_list_makes_every_first_plan_public_in_the_same_act(world: World) -> None:
    publish(world, opens_at=NOW, closes_at=NOW + MONTH)

    listed = projects.of_list(world.session, world.draft)
    assert [project.current_version and project.current_version.published_at for project in listed] == [NOW, NOW]


def test_a_list_is_published_once(world: World) -> None:
    publish(world, opens_at=NOW, closes_at=NOW + MONTH)

    with pytest.raises(lists.AlreadyPublished):
        publish(world, opens_at=NOW, closes_at=NOW + MONTH)


def test_a_list_without_projects_is_not_published(world: World) -> None:
    empty, _ = make_draft(world.session, world.office, number="2026-SL-11", project_count=0)

    with pytest.raises(lists.NothingToPublish):
        lists.publish_list(world.session, empty, opens_at=NOW, closes_at=NOW + MONTH, by=publishing(world), at=NOW)


def test_a_list_with_a_project_without_a_plan_is_not_published(world: World) -> None:
    lead = world.open_list.projects[0].lead
    project_actions.propose(world.session, world.draft, number=9, name="没有方案的项目", lead=lead)

    with pytest.raises(lists.PlanMissing) as refused:
        publish(world, opens_at=NOW, closes_at=NOW + MONTH)

    assert refused.value.details == {"projects": [9]}


def test_a_published_list_takes_no_further_projects(world: World) -> None:
    lead = world.open_list.projects[0].lead

    with pytest.raises(project_actions.ListClosed):
        project_actions.propose(world.session, world.open_list.consultation, number=9, name="迟到的项目", lead=lead)


@pytest.mark.parametrize(
    ("opens_at", "closes_at"),
    [
        pytest.param(NOW - INSTANT, NOW + MONTH, id="opens before it is published"),
        pytest.param(NOW - 2 * MONTH, NOW + INSTANT, id="opened long ago and closes in a moment"),
        pytest.param(NOW - MONTH, NOW, id="is over when it is published"),
        pytest.param(NOW + DAY, NOW + DAY, id="closes as it opens"),
        pytest.param(NOW + DAY, NOW, id="closes before it opens"),
    ],
)
def test_a_period_lies_ahead_of_its_publication(world: World, opens_at: datetime, closes_at: datetime) -> None:
    with pytest.raises(lists.PeriodInThePast):
        publish(world, opens_at=opens_at, closes_at=closes_at, reason="情况紧急")


@pytest.mark.parametrize(
    ("period", "reason", "refused"),
    [
        pytest.param(MONTH, None, False, id="thirty days need no reason"),
        pytest.param(MONTH - INSTANT, None, True, id="an instant less does"),
        pytest.param(MONTH - INSTANT, "  ", True, id="blanks are no reason"),
        pytest.param(MONTH - INSTANT, "与上级部署衔接", False, id="with a reason it may be shorter"),
    ],
)
def test_a_period_under_thirty_days_needs_a_published_reason(
    world: World, period: timedelta, reason: str | None, refused: bool
) -> None:
    expectation = pytest.raises(lists.PeriodTooShort) if refused else nullcontext()

    with expectation:
        publish(world, opens_at=NOW, closes_at=NOW + period, reason=reason)


@pytest.mark.parametrize(
    ("opens_at", "closes_at"),
    [
        pytest.param(NOW, NOW + DAY, id="too short"),
        pytest.param(NOW - DAY, NOW + MONTH, id="in the past"),
    ],
)
def test_a_list_refused_for_its_period_is_left_exactly_as_it_was(
    world: World, opens_at: datetime, closes_at: datetime
) -> None:
    size = log.size(world.session)

    with pytest.raises(RuleBroken):
        publish(world, opens_at=opens_at, closes_at=closes_at)

    world.session.flush()
    assert log.size(world.session) == size
    assert world.draft.published_at is None
    assert not any(project.current_version for project in projects.of_list(world.session, world.draft))


def test_an_archive_list_has_no_round(world: World) -> None:
    size = log.size(world.session)

    with pytest.raises(lists.ArchiveTakesNoComments):
        lists.publish_list(
            world.session, world.archive, opens_at=NOW, closes_at=NOW + MONTH, by=publishing(world), at=NOW
        )

    assert log.size(world.session) == size
    assert world.archive.published_at is None


def test_an_archive_list_without_a_source_is_not_shown(world: World) -> None:
    world.archive.sources = []

    with pytest.raises(lists.ReasonMissing):
        lists.record_archive(world.session, world.archive, published_at=beijing("2021-11-19"), at=NOW)


def test_a_live_list_is_not_recorded_as_archive_to_get_round_its_approval(world: World) -> None:
    world.draft.sources = ["来源"]

    with pytest.raises(lists.ReasonMissing):
        lists.record_archive(world.session, world.draft, published_at=NOW, at=NOW)


def test_an_archive_list_never_takes_comments(world: World) -> None:
    lists.record_archive(world.session, world.archive, published_at=beijing("2021-11-19"), at=NOW)

    assert standing(world.session, world.archive, at=NOW).openness is Openness.NEVER
    with pytest.raises(NotOpen):
        make_submission(world.session, world.archive, NOW)
