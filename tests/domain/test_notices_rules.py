"""Rules 1, 3, 4, 4a: publishing, extending and interrupting a list, and the one answer to “is it open?”."""

import json
from contextlib import nullcontext
from datetime import datetime, timedelta

import pytest
from acts import NOW
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from gongshi import clock
from gongshi.accounts.models import Approval
from gongshi.accounts.two_people import Hands, NotYourBureau
from gongshi.comments import queries as comment_queries
from gongshi.comments.actions import NotOpen, Target
from gongshi.comments.models import CommentState
from gongshi.consultations.models import Consultation, Nature, Round
from gongshi.errors import RuleBroken
from gongshi.ledger import queries as log
from gongshi.notices import actions as notices
from gongshi.notices import lists
from gongshi.notices import queries as notice_queries
from gongshi.notices.models import Interruption, InterruptionKind, Notice, NoticeKind
from gongshi.notices.openness import Openness, standing
from gongshi.projects import actions as project_actions
from gongshi.projects import queries as projects
from gongshi.projects.models import Project
from making import World, beijing, make_draft, make_submission

INSTANT = timedelta(microseconds=1)
DAY = timedelta(days=1)
MONTH = timedelta(days=30)


def publishing(world: World) -> Hands:
    return Hands(world.office.editor, world.office.publisher)


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


def interrupt(
    world: World,
    kind: InterruptionKind = InterruptionKind.SUSPENDED,
    *,
    project: Project | None = None,
    at: datetime = NOW,
    reason: str = "名单有误，须重新核对。",
) -> Interruption:
    return lists.interrupt(
        world.session,
        world.open_list.consultation,
        kind=kind,
        project=project,
        slug=f"zhongzhi-{log.size(world.session)}",
        title="关于中止的公告",
        reason=reason,
        by=publishing(world),
        at=at,
    )


def notice_of(world: World, kind: NoticeKind, **changed: object) -> Notice:
    told = {
        "bureau": world.office.bureau,
        "nature": Nature.LIVE,
        "consultation": world.open_list.consultation,
        "slug": "gonggao",
        "title": "公告",
        "body": "正文。",
        **changed,
    }
    return notices.publish_notice(world.session, kind=kind, by=publishing(world), at=NOW, **told)  # type: ignore[arg-type]


# Publishing


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


# Extending


def extend(world: World, *, by_days: int, reason: str = "来信较多", at: datetime = NOW) -> None:
    round = world.open_list.round
    closes_at = round.closes_at + timedelta(days=by_days)
    lists.extend(world.session, round, closes_at=closes_at, reason=reason, by=publishing(world), at=at)


def test_an_extension_moves_the_closing_later_and_keeps_what_it_was_with_the_reason(world: World) -> None:
    before = world.open_list.round.closes_at

    extend(world, by_days=7)

    assert world.open_list.round.closes_at == before + timedelta(days=7)
    recorded = world.open_list.round.extensions[-1]
    assert (recorded.closed_before, recorded.closes_at, recorded.reason) == (before, before + 7 * DAY, "来信较多")
    entry = json.loads(log.entry(world.session, log.size(world.session) - 1).body)
    assert entry["subject"]["closes_before"] == clock.iso(before)


@pytest.mark.parametrize("by_days", [pytest.param(0, id="same instant"), pytest.param(-1, id="a day earlier")])
def test_a_published_period_is_never_shortened(world: World, by_days: int) -> None:
    before = world.open_list.round.closes_at

    with pytest.raises(lists.NeverShortened):
        extend(world, by_days=by_days)

    assert world.open_list.round.closes_at == before


def test_an_extension_says_why(world: World) -> None:
    with pytest.raises(lists.ReasonMissing):
        extend(world, by_days=7, reason=" \n")


@pytest.mark.parametrize(
    "late", [pytest.param(0 * DAY, id="the instant it closes"), pytest.param(DAY, id="a day later")]
)
def test_what_is_over_is_not_extended(world: World, late: timedelta) -> None:
    with pytest.raises(lists.RoundOver):
        extend(world, by_days=7, at=world.open_list.round.closes_at + late)


def test_until_the_last_instant_a_period_can_be_extended(world: World) -> None:
    closes_at = world.open_list.round.closes_at

    extend(world, by_days=7, at=closes_at - INSTANT)

    assert standing(world.session, world.open_list.consultation, at=closes_at).is_open


# A second round


def second_round(world: World, consultation: Consultation, **changed: object) -> Round:
    told = {"opens_at": NOW, "closes_at": NOW + MONTH, "by": publishing(world), "at": NOW, **changed}
    return lists.second_round(world.session, consultation, **told)  # type: ignore[arg-type]


def test_a_second_round_waits_until_the_first_is_over(world: World) -> None:
    with pytest.raises(lists.RoundOver):
        second_round(world, world.open_list.consultation)


def test_there_are_never_two_rounds_ahead(world: World) -> None:
    second_round(world, world.ready.consultation, opens_at=NOW + DAY, closes_at=NOW + DAY + MONTH)

    with pytest.raises(lists.RoundOver):
        second_round(world, world.ready.consultation)


def test_a_draft_and_an_archive_have_no_second_round(world: World) -> None:
    lists.record_archive(world.session, world.archive, published_at=beijing("2021-11-19"), at=NOW)

    with pytest.raises(lists.RoundOver):
        second_round(world, world.draft)
    with pytest.raises(lists.ArchiveTakesNoComments):
        second_round(world, world.archive)


def test_a_second_round_that_is_too_short_leaves_no_approval_behind(world: World) -> None:
    approvals = select(func.count(Approval.id))
    before = world.session.scalar(approvals)

    with pytest.raises(lists.PeriodTooShort):
        second_round(world, world.ready.consultation, closes_at=NOW + DAY)

    world.session.flush()
    assert world.session.scalar(approvals) == before


# Suspending and withdrawing


@pytest.mark.parametrize(
    ("kind", "openness"),
    [(InterruptionKind.SUSPENDED, Openness.SUSPENDED), (InterruptionKind.WITHDRAWN, Openness.WITHDRAWN)],
)
def test_an_interrupted_list_takes_no_comments_from_that_instant_on(
    world: World, kind: InterruptionKind, openness: Openness
) -> None:
    consultation, project = world.open_list.consultation, world.open_list.projects[0]

    interrupt(world, kind)

    assert standing(world.session, consultation, at=NOW - INSTANT).is_open
    assert standing(world.session, consultation, at=NOW).openness is openness
    assert standing(world.session, consultation, project, at=NOW).openness is openness
    for target in (Target(), Target(project)):
        with pytest.raises(NotOpen) as refused:
            make_submission(world.session, consultation, NOW, target=target)
        assert refused.value.details["openness"] == openness.value


def test_an_interrupted_project_leaves_the_others_and_the_list_open(world: World) -> None:
    consultation, (stopped, other) = world.open_list.consultation, world.open_list.projects

    interrupt(world, project=stopped)

    assert standing(world.session, consultation, stopped, at=NOW).openness is Openness.SUSPENDED
    assert standing(world.session, consultation, other, at=NOW).is_open
    assert standing(world.session, consultation, at=NOW).is_open
    with pytest.raises(NotOpen):
        make_submission(world.session, consultation, NOW, target=Target(stopped))
    assert make_submission(world.session, consultation, NOW, target=Target(other)).comments


def test_the_comments_of_an_interrupted_list_stay(world: World) -> None:
    interrupt(world, InterruptionKind.WITHDRAWN)

    assert world.published.state is CommentState.PUBLISHED
    assert world.pending.state is CommentState.PENDING
    assert world.published in comment_queries.published(world.session, world.open_list.consultation)


def test_a_second_round_takes_comments_again_after_an_interruption(world: World) -> None:
    consultation, project = world.open_list.consultation, world.open_list.projects[0]
    interrupt(world)
    interrupt(world, InterruptionKind.WITHDRAWN, project=project)
    later = world.open_list.round.closes_at

    second_round(world, consultation, opens_at=later, closes_at=later + MONTH, at=later)

    assert not standing(world.session, consultation, project, at=later - INSTANT).is_open
    assert standing(world.session, consultation, project, at=later).is_open
    assert make_submission(world.session, consultation, later, target=Target(project)).round.ordinal == 2


def test_an_interruption_says_why(world: World) -> None:
    with pytest.raises(lists.ReasonMissing):
        interrupt(world, reason="　")


def test_what_is_over_is_not_interrupted(world: World) -> None:
    with pytest.raises(lists.RoundOver):
        interrupt(world, at=world.open_list.round.closes_at)


def test_a_round_is_interrupted_before_it_even_opens(world: World) -> None:
    lists.publish_list(
        world.session,
        world.draft,
        opens_at=NOW + DAY,
        closes_at=NOW + DAY + MONTH,
        by=publishing(world),
        at=NOW,
    )

    lists.interrupt(
        world.session,
        world.draft,
        kind=InterruptionKind.WITHDRAWN,
        slug="chehui",
        title="关于撤回的公告",
        reason="名单有误。",
        by=publishing(world),
        at=NOW,
    )

    assert standing(world.session, world.draft, at=NOW + 2 * DAY).openness is Openness.WITHDRAWN


def test_a_project_of_another_list_is_not_interrupted_through_this_one(world: World) -> None:
    with pytest.raises(notices.ProjectOfAnotherList):
        interrupt(world, project=world.ready.project)


# Notices


def test_a_notice_is_published_under_one_address_once(world: World) -> None:
    notice_of(world, NoticeKind.ADMISSION)

    with pytest.raises(IntegrityError), world.session.begin_nested():
        notice_of(world, NoticeKind.CORRECTION)


def test_a_correction_is_a_new_notice_beside_the_first(world: World) -> None:
    first = notice_of(world, NoticeKind.CONSULTATION)

    correction = notice_of(world, NoticeKind.CORRECTION, slug="gengzheng", body="更正：项目2的名称有误。")

    assert {first, correction} <= set(notice_queries.of_list(world.session, world.open_list.consultation))
    assert first.body == "正文。"


@pytest.mark.parametrize("kind", [NoticeKind.SUMMARY, NoticeKind.INTERRUPTION])
def test_a_notice_that_an_act_generates_cannot_be_typed(world: World, kind: NoticeKind) -> None:
    with pytest.raises(notices.NoticeIsGenerated):
        notice_of(world, kind)


def test_nobody_publishes_in_the_name_of_another_bureau(world: World) -> None:
    with pytest.raises(NotYourBureau):
        notice_of(world, NoticeKind.CONSULTATION, bureau=world.stranger.bureau)


def test_a_notice_on_a_list_speaks_of_no_project_of_another_list(world: World) -> None:
    with pytest.raises(notices.ProjectOfAnotherList):
        notice_of(world, NoticeKind.LIFE_CYCLE, project=world.ready.project)


def test_a_notice_of_no_list_is_published_by_the_bureau_that_signs_it(world: World) -> None:
    notice = notice_of(world, NoticeKind.CALL, consultation=None)

    assert notice_queries.by_slug(world.session, "gonggao") is notice


@pytest.mark.parametrize("column", ["title", "body", "slug", "published_at", "kind"])
def test_a_published_notice_is_not_edited(world: World, column: str) -> None:
    notice = notice_of(world, NoticeKind.CONSULTATION)
    setattr(notice, column, {"published_at": NOW + DAY, "kind": NoticeKind.CALL}.get(column, "改"))

    with pytest.raises(DBAPIError, match="append-only"), world.session.begin_nested():
        world.session.flush()


# Openness


@pytest.mark.parametrize(
    ("at", "openness"),
    [
        pytest.param(beijing("2026-04-09"), Openness.SCHEDULED, id="the day before"),
        pytest.param(beijing("2026-04-10") - INSTANT, Openness.SCHEDULED, id="just before it opens"),
        pytest.param(beijing("2026-04-10"), Openness.OPEN, id="the instant it opens"),
        pytest.param(beijing("2026-05-10") - INSTANT, Openness.OPEN, id="just before it closes"),
        pytest.param(beijing("2026-05-10"), Openness.CLOSED, id="the instant it closes"),
    ],
)
def test_one_function_says_how_a_list_stands(world: World, at: datetime, openness: Openness) -> None:
    assert standing(world.session, world.open_list.consultation, at=at).openness is openness


def test_a_draft_is_never_open(world: World) -> None:
    assert standing(world.session, world.draft, at=NOW).openness is Openness.NEVER


def test_between_two_rounds_the_one_ahead_counts(world: World) -> None:
    consultation = world.ready.consultation
    opened = second_round(world, consultation, opens_at=NOW + DAY, closes_at=NOW + DAY + MONTH)

    where = standing(world.session, consultation, at=NOW)

    assert (where.openness, where.round) == (Openness.SCHEDULED, opened)
