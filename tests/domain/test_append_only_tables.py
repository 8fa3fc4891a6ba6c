"""Rule 1, at the database: what is published is neither changed nor deleted, whoever holds the connection."""

from collections.abc import Iterator
from typing import Any

import pytest
from acts import VERBS, hands_for
from sqlalchemy import Connection, Engine, Executable, Row, Table, delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from gongshi import db
from gongshi.migrations.tables import metadata
from making_world import make_world

WHOLE: frozenset[str] = frozenset()
# The tables of record; where only some columns never change, those.
PROTECTED: dict[str, frozenset[str]] = {
    "admission": WHOLE,
    "answer": WHOLE,
    "answer_placement": WHOLE,
    "approval": WHOLE,
    "cause": WHOLE,
    "change": WHOLE,
    "comment": frozenset(
        {
            "submission_id",
            "consultation_id",
            "seq",
            "number",
            "kind",
            "text",
            "resolution",
            "project_id",
            "version_id",
            "paragraph_key",
            "received_at",
            "ledger_index",
        }
    ),
    "concern": WHOLE,
    "disposition": WHOLE,
    "gate_run": WHOLE,
    "interruption": WHOLE,
    "ledger_entry": WHOLE,
    "ledger_node": WHOLE,
    "lifecycle_event": WHOLE,
    "notice": WHOLE,
    "objection": frozenset(["consultation_id", "ordinal", "number", "title", "text", "worded_at", "is_major"]),
    "paragraph": WHOLE,
    "placement": WHOLE,
    "plan_version": frozenset(["project_id", "number", "title", "summary", "sha256"]),
    "revision": WHOLE,
    "risk": WHOLE,
    "risk_judgement": WHOLE,
    "round": frozenset(["consultation_id", "ordinal", "opens_at", "short_period_reason", "scheduled_at"]),
    "round_extension": WHOLE,
    "submission": WHOLE,
    "withholding": WHOLE,
}

SWEEPING = {
    "sqlite": 'INSERT OR REPLACE INTO "{0}" SELECT * FROM "{0}"',
    "postgresql": 'TRUNCATE "{0}" CASCADE',
}


@pytest.fixture
def connection(any_engine: Engine) -> Iterator[Connection]:
    """The world on either database, and a hand that knows SQL."""
    with Session(any_engine) as session, db.writing(session):
        world = make_world(session)
        for name in ("extend a round", "withhold a comment", "suspend a list", "record a life-cycle event"):
            VERBS[name].do(world, hands_for(VERBS[name].act, world))
    with any_engine.connect() as connection:
        yield connection
        connection.rollback()


def test_no_row_of_record_is_changed_deleted_or_swept_away(connection: Connection, subtests: pytest.Subtests) -> None:
    for name, columns in PROTECTED.items():
        held = metadata.tables[name]
        row = _a_row(connection, held)
        for changed in columns or held.columns.keys():
            with subtests.test(f"{name}.{changed} is changed"):
                assert _refused(connection, _only(row, update(held)).values({changed: row._mapping[changed]}))
        with subtests.test(f"{name} is deleted"):
            assert _refused(connection, _only(row, delete(held)))
        with subtests.test(f"{name} is replaced or swept away"):
            assert _refused(connection, text(SWEEPING[connection.dialect.name].format(name)))


def test_what_may_still_be_filled_in_is_not_refused(connection: Connection) -> None:
    comment = metadata.tables["comment"]

    changed = connection.execute(update(comment).values(state_at=comment.c.received_at))

    assert changed.rowcount > 0


def test_every_protected_table_is_tried() -> None:
    protected = {found.name for found in metadata.sorted_tables if found.dispatch.after_create}

    assert protected == set(PROTECTED)


def _a_row(connection: Connection, held: Table) -> Row[tuple[object, ...]]:
    row = connection.execute(select(held).limit(1)).first()
    assert row is not None, f"the world holds no {held.name}"
    return row


def _only(row: Row[tuple[object, ...]], statement: Any) -> Any:
    return statement.where(*(key == row._mapping[key.name] for key in statement.table.primary_key))


def _refused(connection: Connection, statement: Executable) -> bool:
    """Whether the database refuses, in words of ours; whatever happens is undone."""
    step = connection.begin_nested()
    try:
        connection.execute(statement)
    except DBAPIError as error:
        return "is append-only" in str(error)
    finally:
        step.rollback()
    return False
