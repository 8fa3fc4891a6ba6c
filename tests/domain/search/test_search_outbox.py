"""What is written reaches the index, and nothing else does."""

import pytest
from search_shelf import METADATA, SHELF, SOURCES, put, put_now
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from gongshi import db, search
from gongshi.search import IndexMissing, outbox, parse
from gongshi.search.models import OutboxRow
from gongshi.search.whoosh_engine import WhooshBackend


@pytest.fixture
def shelf(any_engine):
    METADATA.create_all(any_engine)
    return any_engine


def drain(engine, backend, **limit):
    return outbox.drain(sessionmaker(engine), backend, SOURCES, **limit)


def waiting(engine):
    with Session(engine) as session:
        return outbox.waiting(session)


def hits(backend, typed):
    return sorted(id for _, id in backend.search(parse(typed, per_page=1000)).hits)


def test_a_change_is_found_after_the_outbox_is_drained(shelf, backend):
    put_now(shelf, a="公示一", b="公示二")

    assert drain(shelf, backend) == 2
    assert hits(backend, "公示") == ["a", "b"]
    assert waiting(shelf) == 0


def test_what_is_no_longer_public_is_no_longer_found(shelf, backend):
    put_now(shelf, a="公示一", b="公示二")
    drain(shelf, backend)

    put_now(shelf, is_public=False, a="公示一")
    drain(shelf, backend)

    assert hits(backend, "公示") == ["b"]


def test_what_is_deleted_is_no_longer_found(shelf, backend):
    put_now(shelf, a="公示一")
    drain(shelf, backend)
    with Session(shelf) as session, db.writing(session):
        session.execute(delete(SHELF))
        search.enqueue(session, "thing", "a")

    drain(shelf, backend)

    assert hits(backend, "公示") == []


def test_what_is_rolled_back_leaves_no_row(shelf, backend):
    with Session(shelf) as session:
        put(session, a="公示一")
        session.rollback()

    assert waiting(shelf) == 0
    assert drain(shelf, backend) == 0


def test_rows_are_worked_off_in_order_and_not_more_than_asked_for(shelf, backend):
    put_now(shelf, a="公示一", b="公示二", c="公示三")

    assert drain(shelf, backend, limit=2) == 2
    assert hits(backend, "公示") == ["a", "b"]
    assert waiting(shelf) == 1


def test_many_rows_of_one_thing_make_one_document_with_its_latest_text(shelf, backend):
    for number in range(5):
        put_now(shelf, a=f"公示 第{number}版")

    drain(shelf, backend)

    assert backend.health().count == 1
    assert hits(backend, "第4版") == ["a"]


def test_draining_twice_changes_nothing(shelf, backend):
    put_now(shelf, a="公示一")
    drain(shelf, backend)
    put_now(shelf, a="公示一")
    drain(shelf, backend)

    assert backend.health().count == 1


def test_a_kind_that_nobody_knows_any_more_is_worked_off(shelf, backend):
    with Session(shelf) as session, db.writing(session):
        search.enqueue(session, "forgotten", "1")

    assert drain(shelf, backend) == 1
    assert waiting(shelf) == 0


def test_without_an_index_the_rows_stay(shelf, tmp_path):
    put_now(shelf, a="公示一")

    with pytest.raises(IndexMissing):
        drain(shelf, WhooshBackend(tmp_path / "nothing"))

    assert waiting(shelf) == 1


def test_a_rebuild_covers_the_rows_before_it_and_no_others(shelf, backend):
    put_now(shelf, a="公示一", b="公示二")

    class Meanwhile:
        def document(self, session, id):
            raise NotImplementedError

        def documents(self, session):
            yield from SOURCES["thing"].documents(session)
            put_now(shelf, c="公示三")

    outbox.rebuild(sessionmaker(shelf), backend, {"thing": Meanwhile()})

    with Session(shelf) as session:
        assert session.scalars(select(OutboxRow.id)).all() == ["c"]
    drain(shelf, backend)
    assert hits(backend, "公示") == ["a", "b", "c"]


def test_numbers_of_rows_are_never_used_again(shelf, backend):
    put_now(shelf, a="公示一")
    with Session(shelf) as session:
        first = session.scalar(select(OutboxRow.seq))
    drain(shelf, backend)
    put_now(shelf, a="公示一")

    with Session(shelf) as session:
        assert session.scalar(select(OutboxRow.seq)) > first
