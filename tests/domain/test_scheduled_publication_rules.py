"""A list or a notice that is approved now and public only from a set minute on: until then nobody but staff sees it."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from publishing import LATER, MONTH, NOW
from rounds import INSTANT, publishing
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, sessionmaker

from gongshi import db
from gongshi.comments.intake import NotOpen
from gongshi.consultations import queries
from gongshi.consultations.models import Nature, Round
from gongshi.ledger import queries as log
from gongshi.notices import actions, lists
from gongshi.notices import queries as notices
from gongshi.notices.actions import NoticeText
from gongshi.notices.models import Notice, NoticeKind
from gongshi.notices.openness import Openness, standing
from gongshi.notices.refusals import NoticeUnfinished, PeriodInThePast, PublicFromInThePast, TooManyAttachments
from gongshi.projects import queries as projects
from gongshi.record.sources import SOURCES
from gongshi.search import outbox
from gongshi.search.models import OutboxRow
from gongshi.search.whoosh_engine import WhooshBackend
from making import make_submission
from making_world import World, make_world

TEXT = NoticeText("关于公开征求意见的公告", "现公开征求意见。")


def publish(world: World, **told: object) -> Round:
    given: dict[str, object] = {"opens_at": LATER, "closes_at": LATER + MONTH, "public_from": LATER, "notice": TEXT}
    return lists.publish_list(world.session, world.draft, **given | told, by=publishing(world), at=NOW)  # type: ignore[arg-type]


def publish_notice(world: World, **told: object) -> Notice:
    return actions.publish_notice(
        world.session,
        **{
            "slug": f"gonggao-{uuid4().hex[:6]}a",
            "kind": NoticeKind.CALL,
            "title": "申报通知",
            "body": "正文。",
            "bureau": world.office.bureau,
            "nature": Nature.LIVE,
            "by": publishing(world),
            "at": NOW,
            **told,
        },  # type: ignore[arg-type]
    )


def test_nobody_reads_a_list_before_its_minute_and_everybody_from_then_on(world: World) -> None:
    publish(world)

    number = world.draft.number
    with pytest.raises(NoResultFound):
        queries.public(world.session, number, LATER - INSTANT)
    with pytest.raises(NoResultFound):
        projects.public_project(world.session, number, 1, LATER - INSTANT)
    assert world.draft not in queries.published(world.session, LATER - INSTANT)
    assert queries.public(world.session, number, LATER) is world.draft
    assert projects.public_project(world.session, number, 1, LATER).consultation is world.draft
    assert world.draft in queries.published(world.session, LATER)


def test_an_institution_shows_no_project_of_a_list_that_is_not_public_yet(world: World) -> None:
    publish(world)
    project = projects.of_list(world.session, world.draft)[0]
    assert project.lead is not None

    with pytest.raises(NoResultFound):
        projects.public_institution(world.session, project.lead.name, LATER - INSTANT)
    assert project in projects.led_by(world.session, project.lead, LATER)


def test_a_list_that_is_not_public_yet_is_never_open(world: World) -> None:
    opened = publish(world)

    assert standing(world.session, world.draft, at=LATER - INSTANT).openness is Openness.NEVER
    assert standing(world.session, world.draft, at=LATER).is_open
    with pytest.raises(NotOpen):
        make_submission(world.session, world.draft, LATER - INSTANT)
    assert make_submission(world.session, world.draft, LATER).round is opened


def test_the_notice_of_the_list_becomes_public_with_it_and_is_in_the_log_at_once(world: World) -> None:
    publish(world)

    notice = notices.every_of_list(world.session, world.draft)[0]
    assert notices.of_list(world.session, world.draft, LATER - INSTANT) == []
    assert notices.of_list(world.session, world.draft, LATER) == [notice]
    assert '"public_from":"2026-04-20T01:00:00.000000Z"' in log.entry(world.session, notice.ledger_index).body


def test_a_notice_is_not_found_before_its_minute(world: World) -> None:
    notice = publish_notice(world, public_from=LATER)

    with pytest.raises(NoResultFound):
        notices.by_slug(world.session, notice.slug, LATER - INSTANT)
    assert notice not in notices.newest(world.session, 1_000, LATER - INSTANT)
    assert notices.find_public(world.session, notice.slug, LATER - INSTANT) is None
    assert notices.by_slug(world.session, notice.slug, LATER) is notice
    assert notices.newest(world.session, 1, LATER) == [notice]


@pytest.mark.parametrize(
    "public_from",
    [
        pytest.param(NOW - timedelta(minutes=1), id="a minute ago"),
        pytest.param(NOW + timedelta(seconds=90), id="not a whole minute"),
    ],
)
def test_the_minute_lies_ahead_and_is_whole(world: World, public_from: object) -> None:
    with pytest.raises(PublicFromInThePast):
        publish(world, public_from=public_from)
    with pytest.raises(PublicFromInThePast):
        publish_notice(world, public_from=public_from)


def test_a_round_does_not_open_before_its_list_is_public(world: World) -> None:
    with pytest.raises(PeriodInThePast):
        publish(world, opens_at=LATER - INSTANT)


@pytest.mark.parametrize("text", [NoticeText("", "正文"), NoticeText("题", " \n")], ids=["no title", "no text"])
def test_a_notice_has_a_title_and_a_text(world: World, text: NoticeText) -> None:
    with pytest.raises(NoticeUnfinished):
        publish(world, notice=text)


def test_a_notice_takes_ten_files_and_no_more(world: World) -> None:
    file = actions.Attached("附件.pdf", actions.FileKind.PDF, 8, "ab" * 32)

    assert len(publish_notice(world, attachments=[file] * 10).attachments) == 10
    with pytest.raises(TooManyAttachments):
        publish_notice(world, attachments=[file] * 11)


def test_search_finds_a_scheduled_list_from_its_minute_on(session: Session, tmp_path: Path) -> None:
    with db.writing(session):
        world = make_world(session)
        publish(world)
        wanted = ("project", str(projects.of_list(session, world.draft)[0].id))
    backend, sessions = WhooshBackend(tmp_path / "index"), sessionmaker(session.get_bind())
    session.rollback()

    outbox.rebuild(sessions, backend, SOURCES, at=LATER - INSTANT)
    before = outbox.count_public(session, SOURCES, LATER - INSTANT)
    assert backend.health().count == before
    assert outbox.waiting(session, LATER - INSTANT) == 0
    assert wanted in {(row.kind, row.id) for row in session.scalars(select(OutboxRow))}
    session.rollback()
    while outbox.drain(sessions, backend, SOURCES, at=LATER):
        pass

    assert backend.health().count == outbox.count_public(session, SOURCES, LATER) > before


def test_search_that_reads_a_scheduled_thing_too_early_puts_it_off(session: Session, tmp_path: Path) -> None:
    with db.writing(session):
        world = make_world(session)
    backend, sessions = WhooshBackend(tmp_path / "index"), sessionmaker(session.get_bind())
    session.rollback()
    outbox.rebuild(sessions, backend, SOURCES, at=NOW)
    count = backend.health().count
    with db.writing(session):
        publish(world)

    while outbox.drain(sessions, backend, SOURCES, at=LATER - INSTANT):
        pass
    early = backend.health().count
    while outbox.drain(sessions, backend, SOURCES, at=LATER):
        pass

    assert early == count
    assert backend.health().count > count
