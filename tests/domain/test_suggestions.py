"""Suggestions: the objection that speaks of the same thing comes first, quickly, and always in the same order."""

from time import thread_time
from uuid import UUID

import pytest
from acts import NOW
from sqlalchemy import select

from gongshi.comments import actions as comments
from gongshi.comments.intake import Target
from gongshi.comments.models import Comment
from gongshi.objections import actions, trail
from gongshi.objections.models import Objection
from gongshi.objections.suggestions import pairs, rank, suggest
from making import make_comment, make_submission
from making_world import World

SUBJECTS = ("模型复核间隔过长", "数据保存期限过长", "人工坐席接管太慢", "先行赔付没有上限", "境外服务器存储客户信息")


@pytest.fixture
def worded(world: World) -> list[Objection]:
    return [_word(world, subject, f"方案中{subject}，应当修改。") for subject in SUBJECTS]


def _word(world: World, title: str, text: str) -> Objection:
    return actions.word(
        world.session,
        world.open_list.consultation,
        title=title,
        text=text,
        comments=[world.published],
        projects=world.open_list.projects[1:2],
        by=world.office.analyst,
        at=NOW,
    )


def _heard(world: World, text: str, target: Target | None = None) -> Comment:
    comment = make_submission(world.session, world.open_list.consultation, NOW, text=text, target=target).comments[0]
    comments.publish(world.session, comment, by=world.office.analyst, at=NOW)
    return comment


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("六十个月的数据保存期限实在过长", 1),
        ("人工坐席五分钟才接管，太慢了", 2),
        ("先行赔付应当写明上限", 3),
        ("客户信息不应存储在境外的服务器上", 4),
    ],
)
def test_the_objection_on_the_same_matter_comes_first(
    world: World, worded: list[Objection], text: str, place: int
) -> None:
    found = suggest(world.session, _heard(world, text))

    assert found[0].objection is worded[place]
    assert [one.likeness for one in found] == sorted((one.likeness for one in found), reverse=True)


def test_what_comments_under_an_objection_say_counts_too(world: World, worded: list[Objection]) -> None:
    said = _heard(world, "算法黑箱无法解释投资建议的依据")
    actions.place(world.session, worded[0], [said], by=world.office.analyst, at=NOW)

    assert suggest(world.session, _heard(world, "投资建议的依据无法解释"))[0].objection is worded[0]


def test_nothing_in_common_suggests_nothing(world: World, worded: list[Objection]) -> None:
    assert suggest(world.session, _heard(world, "xyzzy plugh")) == []


def test_an_objection_that_a_comment_is_under_or_that_was_split_is_not_suggested(
    world: World, worded: list[Objection]
) -> None:
    comment = _heard(world, "数据保存期限过长")
    actions.place(world.session, worded[1], [comment], by=world.office.analyst, at=NOW)
    part = trail.Part("数据保存期限", "过长。", worded[1].comments, worded[1].projects)
    (reworded,) = trail.split(world.session, worded[1], [part], by=world.office.analyst, at=NOW)

    again = suggest(world.session, _heard(world, "数据保存期限过长"))
    own = suggest(world.session, comment)

    assert again[0].objection is reworded
    assert worded[1] not in [one.objection for one in again]
    assert reworded not in [one.objection for one in own]


def test_the_same_project_and_the_same_paragraph_weigh_more(world: World, worded: list[Objection]) -> None:
    text = "数据保存期限"
    anywhere = suggest(world.session, _heard(world, text))[0].likeness
    project = suggest(world.session, _heard(world, text, Target(world.open_list.projects[1])))[0].likeness

    assert project > anywhere


def test_ranking_is_pure_and_rare_pairs_weigh_more() -> None:
    ids = [UUID(int=place) for place in range(3)]
    others = dict(zip(ids, map(pairs, ("项目方案过长", "项目方案太慢", "项目方案很好")), strict=True))

    found = rank(pairs("方案太慢"), others)

    assert max(found, key=lambda id: found[id]) == ids[1]
    assert found == rank(pairs("方案太慢"), dict(reversed(others.items())))
    assert rank(pairs(""), others) == rank(pairs("方案"), {}) == {}


def test_three_hundred_objections_are_ranked_in_twenty_milliseconds(world: World) -> None:
    for number in range(300):
        _word(world, f"{SUBJECTS[number % 5]}之{number}", f"第{number}点：{SUBJECTS[number % 5]}，{'应当修改' * 20}。")
    comment = make_comment(world.session, world.open_list, NOW)
    suggest(world.session, comment)

    took = []
    for _ in range(9):
        began = thread_time()
        suggest(world.session, comment)
        took.append(thread_time() - began)

    assert world.session.scalars(select(Objection.id).where(Objection.number == "2026-SL-02-O300")).one()
    assert min(took) < 0.02
