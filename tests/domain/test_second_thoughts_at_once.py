"""Rule 7 where two act at the same moment: real threads, on either database."""

import threading
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gongshi import db
from gongshi.accounts.models import StaffUser
from gongshi.comments import actions, queries, tallies
from gongshi.comments.models import Comment, CommentKind, CommentState
from gongshi.comments.second_thoughts import replace
from gongshi.ledger import Kind
from gongshi.ledger import queries as log
from making import make_open_list, make_submission

NEW = "建议每月复核一次，并公布结果。"


@pytest.mark.parametrize("_round", range(5))
def test_publishing_and_replacing_at_the_same_moment_leave_one_true_record(any_engine: Engine, _round: int) -> None:
    with Session(any_engine) as session, db.writing(session) as at:
        made = make_open_list(session, at)
        comment = make_submission(session, made.consultation, at).comments[0]
        session.flush()
        id, analyst_id, text = comment.id, made.analyst.id, comment.text

    def publish(session: Session, found: Comment, at: datetime) -> None:
        actions.publish(session, found, by=session.get_one(StaffUser, analyst_id), at=at)

    def change(session: Session, found: Comment, at: datetime) -> None:
        replace(session, found, kind=CommentKind.ASK, text=NEW, resolution=None, at=at)

    _at_once(any_engine, id, [publish, change])

    with Session(any_engine) as session:
        found = session.get_one(Comment, id)
        kinds = [e.kind for e in reversed(log.entries(session, limit=1000)) if found.number in e.body]
        earlier = [one.text for one in queries.earlier_texts(session, found)]
        tally = tallies.of(session, found.consultation)
        assert found.text == NEW
        if kinds[-1] == Kind.COMMENT_REPLACED:  # Published first: that text was read, so it is kept.
            assert (found.state, earlier) == (CommentState.PENDING, [text])
        else:
            assert kinds[-2:] == [Kind.COMMENT_REPLACED, Kind.COMMENT_PUBLISHED]
            assert (found.state, earlier) == (CommentState.PUBLISHED, [])
        assert (tally.pending, tally.published) == ((1, 0) if found.state is CommentState.PENDING else (0, 1))


@pytest.mark.parametrize("_round", range(3))
def test_a_double_click_replaces_once(any_engine: Engine, _round: int) -> None:
    with Session(any_engine) as session, db.writing(session) as at:
        made = make_open_list(session, at)
        comment = make_submission(session, made.consultation, at).comments[0]
        session.flush()
        id = comment.id

    def change(session: Session, found: Comment, at: datetime) -> None:
        replace(session, found, kind=CommentKind.ASK, text=NEW, resolution=None, at=at)

    _at_once(any_engine, id, [change, change])

    with Session(any_engine) as session:
        assert len(queries.replacements(session, session.get_one(Comment, id))) == 1


def _at_once(engine: Engine, id: UUID, acts: list[Callable[[Session, Comment, datetime], None]]) -> None:
    """Run these at the same moment, each with a connection of its own that has seen the comment before."""
    ready, errors = threading.Barrier(len(acts)), []

    def run(act: Callable[[Session, Comment, datetime], None]) -> None:
        try:
            with Session(engine) as session:
                found = session.get_one(Comment, id)
                assert found.text
                ready.wait(10)
                with db.writing(session) as at:
                    act(session, found, at)
        except BaseException as error:
            errors.append(error)
            raise

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
