"""The text of a comment changes in two ways, each with its row; either database refuses every way round."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from acts import NOW, answering
from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from gongshi import db, ledger
from gongshi.accounts.models import Act
from gongshi.accounts.two_people import approve
from gongshi.comments import text_changes
from gongshi.comments.models import CommentKind
from gongshi.comments.text_models import TextChangeKind
from gongshi.migrations.tables import metadata
from making import make_submission
from making_world import World, make_world

COMMENT, CHANGE = metadata.tables["comment"], metadata.tables["comment_text_change"]
SALT = bytes(range(32))
REPLACED = {"text": "改写后的意见。", "text_salt": SALT, "text_ordinal": 1}
ERASED = {"text": "", "text_salt": b"", "text_ordinal": 1}


@pytest.fixture
def connection(any_engine: Engine) -> Iterator[Connection]:
    with Session(any_engine) as session, db.writing(session):
        world = make_world(session)
        make_submission(session, world.open_list.consultation, NOW, resolution="改为每月")
        approve(
            session, Act.ERASE, answering(world), bureaus=[one.id for one in world.open_list.consultation.bureaus],
            at=NOW,
        )  # fmt: skip
    with any_engine.connect() as connection:
        yield connection
        connection.rollback()


def _comment(connection: Connection) -> Any:
    """One with a wish."""
    return connection.execute(select(COMMENT).where(COMMENT.c.resolution.is_not(None)).limit(1)).one()


def _record(connection: Connection, kind: str, comment: UUID, *, ordinal: int = 1) -> None:
    approval = metadata.tables["approval"]
    by_two = connection.scalar(select(approval.c.id).where(approval.c.act == "erase")) if kind == "erased" else None
    connection.execute(
        insert(CHANGE).values(
            comment_id=comment, ordinal=ordinal, kind=kind, changed_at=NOW, ledger_index=1, approval_id=by_two
        )
    )


def _changes(connection: Connection, comment: UUID, values: dict[str, Any]) -> bool:
    """Whether the database lets this happen; it is undone."""
    step = connection.begin_nested()
    try:
        return connection.execute(update(COMMENT).where(COMMENT.c.id == comment).values(values)).rowcount == 1
    except DBAPIError as error:
        if "is append-only" not in str(error):
            raise
        return False
    finally:
        step.rollback()


@pytest.mark.parametrize("values", [REPLACED, ERASED], ids=["replaced", "erased"])
def test_without_its_row_no_text_changes(connection: Connection, values: dict[str, Any]) -> None:
    comment = _comment(connection)

    assert not _changes(connection, comment.id, values)


@pytest.mark.parametrize(("kind", "values"), [("replaced", REPLACED), ("erased", ERASED)])
def test_with_its_row_it_does(connection: Connection, kind: str, values: dict[str, Any]) -> None:
    comment = _comment(connection)

    _record(connection, kind, comment.id)

    assert _changes(connection, comment.id, values)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("replaced", {**REPLACED, "text_ordinal": 2}),
        ("replaced", {**REPLACED, "text_ordinal": 0}),
        ("replaced", {"text": "改写后的意见。", "text_salt": SALT}),
        ("replaced", {**REPLACED, "text": ""}),
        ("replaced", {**REPLACED, "text_salt": b""}),
        ("erased", {**ERASED, "text": "换上别的话。"}),
        ("erased", {**ERASED, "text_salt": SALT}),
        ("erased", {"text": "", "text_ordinal": 1}),
        ("erased", {**ERASED, "kind": "support"}),
        ("erased", {**ERASED, "paragraph_key": "p-1"}),
        ("erased", {**ERASED, "resolution": "换上别的话。"}),
        ("erased", {**ERASED, "resolution": None}),
        ("erased", {**ERASED, "resolution_salt": None}),
        ("erased", {"resolution": None, "resolution_salt": None}),
        ("replaced", {**REPLACED, "number": "2026-SL-02-9999"}),
        ("replaced", {**REPLACED, "received_at": NOW + timedelta(days=1)}),
        ("erased", {**ERASED, "ledger_index": 7}),
    ],
    ids=[
        "a step too far",
        "no step",
        "the ordinal left alone",
        "replaced by nothing",
        "replaced without a salt",
        "an erasure that rewords",
        "an erasure that leaves a salt",
        "an erasure that leaves the salt",
        "an erasure that changes the kind",
        "an erasure that changes the target",
        "an erasure that rewords the wish",
        "a wish that leaves its salt",
        "a salt that leaves its wish",
        "a wish erased without a step",
        "with another number",
        "with another instant",
        "with another place in the log",
    ],
)
def test_nothing_else_changes_on_the_pretext_of_a_row(
    connection: Connection, kind: str, values: dict[str, Any]
) -> None:
    comment = _comment(connection)

    _record(connection, kind, comment.id)

    assert not _changes(connection, comment.id, values)


def test_the_row_of_another_comment_is_no_pretext(connection: Connection) -> None:
    comment = _comment(connection)
    other = connection.scalars(select(COMMENT.c.id).where(COMMENT.c.id != comment.id).limit(1)).one()

    _record(connection, "replaced", other)

    assert not _changes(connection, comment.id, REPLACED)


def test_a_row_serves_once(connection: Connection) -> None:
    comment = _comment(connection)
    _record(connection, "replaced", comment.id)
    connection.execute(update(COMMENT).where(COMMENT.c.id == comment.id).values(REPLACED))

    assert not _changes(connection, comment.id, {**REPLACED, "text": "再改一次。"})


def test_an_erasure_has_two_people_and_a_replacement_has_none(connection: Connection) -> None:
    comment = _comment(connection)
    values = {"comment_id": comment.id, "ordinal": 1, "changed_at": NOW, "ledger_index": 1}

    with pytest.raises(IntegrityError):
        connection.execute(insert(CHANGE).values(kind="erased", approval_id=None, **values))


def test_what_quotes_a_text_is_emptied_only_with_an_erasure_and_into_nothing_else(connection: Connection) -> None:
    comment = _comment(connection)
    submission = metadata.tables["submission"]
    forgotten = update(submission).where(submission.c.id == comment.submission_id)

    def lets(value: str) -> bool:
        step = connection.begin_nested()
        try:
            return connection.execute(forgotten.values(body_sha256=value)).rowcount == 1
        except DBAPIError:
            return False
        finally:
            step.rollback()

    assert not lets("")
    _record(connection, "erased", comment.id)
    assert lets("")
    assert not lets("0" * 64)


def test_the_step_of_the_program_changes_everything_at_once(world: World) -> None:
    comment, session = world.pending, world.session
    entry = ledger.append(session, ledger.Kind.COMMENT_WITHDRAWN, {"comment": comment.number}, at=NOW)

    text_changes.change(
        session,
        comment,
        TextChangeKind.REPLACED,
        {"text": "改写后的意见。", "text_salt": SALT, "kind": CommentKind.ASK},
        ledger_index=entry.index,
        at=NOW,
    )

    session.expire(comment)
    assert (comment.text, comment.text_salt, comment.kind) == ("改写后的意见。", SALT, CommentKind.ASK)
    assert comment.text_ordinal == 1
