"""Rule 4a: a list or a project is suspended or withdrawn by a notice that says why; its comments stay."""

from datetime import datetime

import pytest
from acts import NOW
from rounds import DAY, INSTANT, MONTH, publishing, second_round

from gongshi.comments import queries as comment_queries
from gongshi.comments.intake import NotOpen, Target
from gongshi.comments.models import CommentState
from gongshi.ledger import queries as log
from gongshi.notices import actions as notices
from gongshi.notices import lists
from gongshi.notices.models import Interruption, InterruptionKind
from gongshi.notices.openness import Openness, standing
from gongshi.projects.models import Project
from making import make_submission
from making_world import World


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
    shown = comment_queries.Wanted(state=CommentState.PUBLISHED)
    assert world.published in comment_queries.listing(world.session, world.open_list.consultation, shown, limit=1_000)


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
