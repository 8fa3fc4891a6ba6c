"""The database itself keeps published rows as they are, on SQLite and on PostgreSQL."""

import pytest
from ledger_growth import AT, grown
from sqlalchemy import Engine, Integer, MetaData, String, Table, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.schema import Column

from gongshi import db
from gongshi.append_only import append_only, statements
from gongshi.ledger.models import LedgerEntry, LedgerNode

TABLES = [LedgerEntry.__table__, LedgerNode.__table__]


@pytest.fixture(params=TABLES, ids=lambda table: table.name)
def table(request, any_engine: Engine) -> Table:
    with Session(any_engine) as session:
        grown(session, 4)
    return request.param


def rows(engine: Engine, table: Table) -> list[tuple]:
    with engine.connect() as connection:
        return sorted(tuple(row) for row in connection.execute(select(table)))


def assert_refused(engine: Engine, statement: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))


def test_no_entry_and_no_node_is_changed(any_engine: Engine, table: Table):
    before = rows(any_engine, table)

    for held in table.columns:
        assert_refused(any_engine, f'UPDATE {table.name} SET "{held.name}" = "{held.name}"')  # noqa: S608  Our own names.

    assert rows(any_engine, table) == before


def test_no_entry_and_no_node_is_deleted(any_engine: Engine, table: Table):
    before = rows(any_engine, table)

    assert_refused(any_engine, f"DELETE FROM {table.name}")  # noqa: S608  Our own name.

    assert rows(any_engine, table) == before


def test_no_entry_and_no_node_is_replaced_by_another_of_its_index(engine: Engine):
    with Session(engine) as session:
        grown(session, 4)
    entries, nodes = rows(engine, TABLES[0]), rows(engine, TABLES[1])

    assert_refused(engine, "REPLACE INTO ledger_entry SELECT * FROM ledger_entry")
    assert_refused(engine, "REPLACE INTO ledger_node SELECT * FROM ledger_node")

    assert (rows(engine, TABLES[0]), rows(engine, TABLES[1])) == (entries, nodes)


def test_the_log_is_not_truncated(postgres_engine: Engine):
    with Session(postgres_engine) as session:
        grown(session, 4)

    assert_refused(postgres_engine, "TRUNCATE ledger_entry")
    assert_refused(postgres_engine, "TRUNCATE ledger_node")


def test_the_session_too_is_refused(any_session: Session):
    entry = grown(any_session, 1)[0]

    with pytest.raises(IntegrityError, match="append-only"), db.writing(any_session):
        entry.recorded_at = AT


@pytest.fixture
def partly() -> Table:
    """A table of which some columns are fixed and one is filled in later."""
    fresh = Table(
        "partly",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("from", String),
        Column("text", String),
        Column("approved", String),
    )
    append_only(fresh, columns=("from", "text"))
    return fresh


def test_named_columns_never_change_while_the_others_may(any_engine: Engine, partly: Table):
    partly.create(any_engine)
    with any_engine.begin() as connection:
        connection.execute(insert(partly), {"id": 1, "from": "a", "text": "b"})
        connection.execute(partly.update().values(approved="yes"))

    assert_refused(any_engine, "UPDATE partly SET text = 'c'")
    assert_refused(any_engine, "UPDATE partly SET approved = 'no', \"from\" = 'c'")
    assert_refused(any_engine, "DELETE FROM partly")
    assert rows(any_engine, partly) == [(1, "a", "b", "yes")]


def test_a_migration_can_run_the_same_statements(any_engine: Engine):
    plain = Table("plain", MetaData(), Column("id", Integer, primary_key=True), Column("text", String))
    with any_engine.begin() as connection:
        plain.create(connection)
        for statement in statements(plain, any_engine.dialect.name):
            connection.execute(text(statement))
        connection.execute(insert(plain), {"id": 1, "text": "a"})

    assert_refused(any_engine, "UPDATE plain SET text = 'b'")
    assert_refused(any_engine, "DELETE FROM plain")


def test_the_index_of_an_entry_is_not_counted_below_zero(any_engine: Engine):
    values = {"index": -1, "kind": "clock.stepped", "recorded_at": AT, "body": "{}", "leaf_hash": bytes(32)}

    with pytest.raises(IntegrityError), any_engine.begin() as connection:
        connection.execute(insert(TABLES[0]), values)
