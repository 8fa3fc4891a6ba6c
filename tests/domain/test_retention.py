"""Rule 8: names and contacts go a set time after the last round of their list has closed, and nothing else does."""

from datetime import timedelta
from pathlib import Path

import pytest
from acts import NOW, publishing
from sqlalchemy import func, select

from gongshi.comments import actions, intake, personal, retention
from gongshi.comments.intake import Person, Point
from gongshi.comments.models import Comment, CommentKind
from gongshi.comments.personal_models import NameConsent, PersonalDetail
from gongshi.notices import lists
from gongshi.sealing import KeyRing
from making import SERVER_KEY
from making_world import World

DAYS = 365
AN_INSTANT = timedelta(microseconds=1)


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing.load_or_create(tmp_path / "personal")


def sent(world: World, ring: KeyRing, *, key: str = "key-r") -> Comment:
    return intake.submit(
        world.session,
        world.open_list.consultation,
        submission_key=key,
        points=[Point(CommentKind.ASK, "请说明。")],
        server_key=SERVER_KEY,
        at=NOW,
        person=Person("示例投资者甲", "010-0000-1234", publish_name=True),
        ring=ring,
    ).comments[0]


def test_they_stay_until_the_last_instant_and_go_at_the_end_of_the_time(world: World, ring: KeyRing) -> None:
    comment = sent(world, ring)
    over = world.open_list.round.closes_at + timedelta(days=DAYS)

    assert not retention.is_due(world.session, days=DAYS, at=over - AN_INSTANT)
    assert retention.delete_due(world.session, days=DAYS, at=over - AN_INSTANT) == 0
    assert retention.is_due(world.session, days=DAYS, at=over)
    assert retention.delete_due(world.session, days=DAYS, at=over) == 2

    assert personal.held(world.session, comment) == []
    assert not retention.is_due(world.session, days=DAYS, at=over)


def test_the_comment_stays_and_its_name_is_shown_no_longer(world: World, ring: KeyRing) -> None:
    comment = sent(world, ring)
    actions.publish(world.session, comment, by=world.office.analyst, at=NOW)
    over = world.open_list.round.closes_at + timedelta(days=DAYS)

    retention.delete_due(world.session, days=DAYS, at=over)

    assert comment.text == "请说明。"
    assert personal.public_name(world.session, comment, ring) is None
    assert world.session.get_one(NameConsent, comment.id).withdrawn_at == over


def test_a_longer_round_keeps_them_longer(world: World, ring: KeyRing) -> None:
    sent(world, ring)
    closes_at = world.open_list.round.closes_at
    over = closes_at + timedelta(days=DAYS)

    lists.extend(
        world.session,
        world.open_list.round,
        closes_at=closes_at + timedelta(days=7),
        reason="应公众要求延长",
        by=publishing(world),
        at=NOW,
    )

    assert not retention.is_due(world.session, days=DAYS, at=over)
    assert retention.is_due(world.session, days=DAYS, at=over + timedelta(days=7))


def test_they_go_in_portions(world: World, ring: KeyRing) -> None:
    for n in range(3):
        sent(world, ring, key=f"key-{n}")
    over = world.open_list.round.closes_at + timedelta(days=DAYS)

    assert [retention.delete_due(world.session, days=DAYS, at=over, limit=4) for _ in range(3)] == [4, 2, 0]
    assert world.session.scalar(select(func.count()).select_from(PersonalDetail)) == 0
