"""Rule 1: a notice is published under one address, by the bureau that signs it, and a correction is another notice."""

import pytest
from acts import NOW
from rounds import DAY, publishing
from sqlalchemy.exc import DBAPIError, IntegrityError

from gongshi.accounts.two_people import NotYourBureau
from gongshi.consultations.models import Nature
from gongshi.notices import actions as notices
from gongshi.notices import queries as notice_queries
from gongshi.notices.models import Notice, NoticeKind
from making_world import World


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


def test_a_notice_is_published_under_one_address_once(world: World) -> None:
    notice_of(world, NoticeKind.ADMISSION)

    with pytest.raises(IntegrityError), world.session.begin_nested():
        notice_of(world, NoticeKind.CORRECTION)


def test_a_correction_is_a_new_notice_beside_the_first(world: World) -> None:
    first = notice_of(world, NoticeKind.CONSULTATION)

    correction = notice_of(world, NoticeKind.CORRECTION, slug="gengzheng", body="更正：项目2的名称有误。")

    assert {first, correction} <= set(notice_queries.of_list(world.session, world.open_list.consultation, NOW))
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

    assert notice_queries.by_slug(world.session, "gonggao", NOW) is notice


@pytest.mark.parametrize("column", ["title", "body", "slug", "published_at", "kind"])
def test_a_published_notice_is_not_edited(world: World, column: str) -> None:
    notice = notice_of(world, NoticeKind.CONSULTATION)
    setattr(notice, column, {"published_at": NOW + DAY, "kind": NoticeKind.CALL}.get(column, "改"))

    with pytest.raises(DBAPIError, match="append-only"), world.session.begin_nested():
        world.session.flush()
