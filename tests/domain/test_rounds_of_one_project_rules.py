"""A round of one project alone opens that project and nothing else, and holds up the gate of no other."""

import json

import pytest
from publishing import MONTH, NOW
from rounds import INSTANT, publishing

from gongshi.admissions import queries as admissions
from gongshi.comments.intake import NotOpen, Target
from gongshi.consultations.models import Round
from gongshi.ledger import queries as log
from gongshi.notices import lists
from gongshi.notices.actions import NoticeText, ProjectOfAnotherList
from gongshi.notices.openness import Openness, standing
from gongshi.notices.refusals import RoundRunning
from gongshi.projects.models import Project
from making import make_submission
from making_world import World

TEXT = NoticeText("关于再次公开征求意见的公告", "现再次公开征求意见。")


def reopen(world: World, project: Project | None) -> Round:
    return lists.second_round(
        world.session,
        world.ready.consultation,
        opens_at=NOW,
        closes_at=NOW + MONTH,
        project=project,
        notice=TEXT,
        by=publishing(world),
        at=NOW,
    )


def test_only_the_project_named_takes_comments(world: World) -> None:
    consultation, (first, other, *_) = world.ready.consultation, world.ready.open_list.projects

    opened = reopen(world, first)

    assert standing(world.session, consultation, first, at=NOW).is_open
    assert standing(world.session, consultation, other, at=NOW).openness is Openness.CLOSED
    assert standing(world.session, consultation, at=NOW).openness is Openness.CLOSED
    assert make_submission(world.session, consultation, NOW, target=Target(first)).round is opened
    for target in (Target(), Target(other)):
        with pytest.raises(NotOpen):
            make_submission(world.session, consultation, NOW, target=target)


def test_the_gate_of_the_other_projects_does_not_wait_for_it(world: World) -> None:
    first, other, *_ = world.ready.open_list.projects

    reopen(world, first)

    assert not admissions.dossier(world.session, first, NOW).rounds_over
    assert admissions.dossier(world.session, other, NOW).rounds_over
    assert admissions.dossier(world.session, first, NOW + MONTH).rounds_over


def test_the_log_names_the_project_and_the_notice(world: World) -> None:
    first = world.ready.open_list.projects[0]

    reopen(world, first)

    entry = json.loads(log.entry(world.session, log.size(world.session) - 1).body)
    assert entry["subject"]["project"] == first.number
    assert entry["subject"]["notice"] == f"{world.ready.consultation.number.lower()}-consultation"


def test_two_projects_may_be_open_at_once_but_the_list_waits_for_both(world: World) -> None:
    first, other, *_ = world.ready.open_list.projects
    reopen(world, first)
    reopen(world, other)

    with pytest.raises(RoundRunning):
        reopen(world, first)
    with pytest.raises(RoundRunning):
        reopen(world, None)
    assert standing(world.session, world.ready.consultation, other, at=NOW + MONTH - INSTANT).is_open


def test_a_project_of_another_list_is_not_opened_through_this_one(world: World) -> None:
    with pytest.raises(ProjectOfAnotherList):
        reopen(world, world.open_list.projects[0])
