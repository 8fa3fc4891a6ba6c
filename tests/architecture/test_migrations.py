"""The migrations and the models say the same, on either database, triggers included."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from gongshi import db
from gongshi.migrations import is_current, upgrade
from gongshi.migrations.tables import metadata

TRIGGERS = {
    "sqlite": "SELECT tbl_name || ': ' || sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": """
        SELECT event_object_table || ': ' || pg_get_triggerdef(t.oid)
        FROM information_schema.triggers i JOIN pg_trigger t ON t.tgname = i.trigger_name
        UNION SELECT 'function: ' || prosrc FROM pg_proc WHERE proname LIKE 'refuse%'
    """,
}


@pytest.fixture
def migrated(any_engine: Engine, tmp_path: Path) -> Iterator[Engine]:
    """A database of the same kind as `any_engine`, made by the migrations instead of the models."""
    if any_engine.dialect.name == "sqlite":
        engine = db.make_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
        upgrade(engine)
        yield engine
        engine.dispose()
        return
    name = f"gongshi_{uuid4().hex}"
    with any_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    engine = db.make_engine(any_engine.url.set(database=name).render_as_string(hide_password=False))
    upgrade(engine)
    yield engine
    engine.dispose()
    with any_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


def triggers(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.scalars(text(TRIGGERS[engine.dialect.name])))


def checks(engine: Engine) -> dict[str, set[tuple[str, str]]]:
    """What `compare_metadata` does not look at: the check constraints of every table."""
    found = inspect(engine)
    return {
        table: {(str(one["name"]), one["sqltext"]) for one in found.get_check_constraints(table)}
        for table in metadata.tables
    }


def test_the_migrations_make_exactly_what_the_models_describe(
    any_engine: Engine, migrated: Engine, subtests: pytest.Subtests
) -> None:
    with subtests.test("tables, columns, keys and indexes"), migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    with subtests.test("checks"):
        assert checks(migrated) == checks(any_engine)
    with subtests.test("the triggers that keep what is published"):
        assert triggers(any_engine)
        assert triggers(migrated) == triggers(any_engine)
    with subtests.test("they know where they stand"):
        assert is_current(migrated)
        assert not is_current(any_engine)


def test_upgrading_again_does_nothing(migrated: Engine) -> None:
    before, tables = triggers(migrated), inspect(migrated).get_table_names()

    upgrade(migrated)

    assert is_current(migrated)
    assert triggers(migrated) == before
    assert inspect(migrated).get_table_names() == tables
