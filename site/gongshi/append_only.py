"""Tables whose rows never change: the database itself refuses UPDATE, DELETE and what amounts to them.

What is published is not edited in place and not deleted (rule 1). The triggers stop a mistake of ours, on either
database; a person who may drop a trigger is stopped by nobody here, and is found out by the ledger.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import DDL, Connection, FromClause, MetaData, Table, event


@dataclass(frozen=True)
class Once:
    """When a row begins to be protected: a condition in SQL on the row and on what it belongs to, without its name."""

    condition: str


def once(condition: str) -> Once:
    """Protect a row only from the moment at which this holds of it, such as `published_at IS NOT NULL`."""
    return Once(condition)


def append_only(table: FromClause, columns: Sequence[str] = (), *, when: Once | None = None) -> None:
    """Make `create_all` protect a table: no row changes, none is deleted.

    With `columns`, those never change and no row is deleted, while the others may still be filled in. With `when`, a
    row is free until its condition holds.
    """
    assert isinstance(table, Table)
    for dialect in _MAKERS:
        _after_create(table, dialect, statements(table, dialect, columns=columns, when=when))


def only_grows(table: FromClause, column: str) -> None:
    """Make `create_all` refuse that a column of a row ever becomes less."""
    assert isinstance(table, Table)
    for dialect in _MAKERS:
        _after_create(table, dialect, growing(table, dialect, column))


@dataclass(frozen=True)
class Unless:
    """Columns that change only as a condition in SQL allows, which speaks of OLD and NEW; every other change of them
    is refused. `name` tells one such rule of a table from another."""

    name: str
    columns: tuple[str, ...]
    condition: str


def changes_only(table: FromClause, rule: Unless) -> None:
    """Make `create_all` refuse every change of some columns but the one that a rule allows."""
    assert isinstance(table, Table)
    for dialect in _MAKERS:
        _after_create(table, dialect, allowing(table.name, dialect, rule))


def allowing(name: str, dialect: str, rule: Unless) -> list[str]:
    """What `changes_only` does, as SQL for a migration."""
    # What is neither true nor false, because something is NULL, is refused as well.
    head = f'CREATE TRIGGER "{name}_{rule.name}" BEFORE UPDATE{_of(rule.columns)} ON "{name}"'
    if dialect == "sqlite":
        return [f"{head} WHEN ({rule.condition}) IS NOT TRUE BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"]
    # A trigger's WHEN takes no subquery there, so the condition is asked by a function of the rule's own.
    function = f"refuse_{name}_{rule.name}"
    return [
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF ({rule.condition}) IS NOT TRUE THEN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only', "
        "ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
        f"{head} FOR EACH ROW EXECUTE FUNCTION {function}()",
    ]


def statements(table: Table, dialect: str, *, columns: Sequence[str] = (), when: Once | None = None) -> list[str]:
    """The same protection as SQL, for a migration; `op.create_table` returns the table it needs.

    SQLite loses the triggers when a batch migration copies the table: run these again after it.
    """
    if when is not None:
        return _CONDITIONAL_MAKERS[dialect](table, columns, when)
    return _MAKERS[dialect](table, columns)


def growing(table: Table, dialect: str, column: str) -> list[str]:
    """What `only_grows` does, as SQL for a migration."""
    name = table.name
    head = f'CREATE TRIGGER "{name}_{column}_only_grows" BEFORE UPDATE OF "{column}" ON "{name}" FOR EACH ROW'
    less = f'WHEN (NEW."{column}" < OLD."{column}")'
    if dialect == "sqlite":
        return [f"{head} {less} BEGIN SELECT RAISE(ABORT, '{name} is append-only: {column} never shrinks'); END"]
    return [_REFUSE, f"{head} {less} EXECUTE FUNCTION refuse_change()"]


def protect(connection: Connection, tables: Mapping[str, Sequence[str]], *, when: Once | None = None) -> None:
    """Protect tables that exist already, as a migration does: names, and of each the columns that never change."""
    for name, columns in tables.items():
        table = Table(name, MetaData(), autoload_with=connection)
        for statement in statements(table, connection.dialect.name, columns=columns, when=when):
            connection.exec_driver_sql(statement)


def unprotect(connection: Connection, name: str) -> None:
    """Take the protection off a table inside a migration that changes it; `protect` it again at once."""
    if connection.dialect.name == "sqlite":
        for ending in ("no_update", "no_delete", "no_replace"):
            connection.exec_driver_sql(f'DROP TRIGGER IF EXISTS "{name}_{ending}"')
        return
    for ending in ("no_change", "no_truncate"):
        connection.exec_driver_sql(f'DROP TRIGGER IF EXISTS "{name}_{ending}" ON "{name}"')


def _after_create(table: Table, dialect: str, made: Sequence[str]) -> None:
    for statement in made:
        ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # SQLAlchemy has no types here.
        event.listen(table, "after_create", ddl.execute_if(dialect=dialect))


def _sqlite(table: Table, columns: Sequence[str]) -> list[str]:
    name, refuse = table.name, _abort(table)
    return [
        f'CREATE TRIGGER "{name}_no_update" BEFORE UPDATE{_of(columns)} ON "{name}" {refuse}',
        f'CREATE TRIGGER "{name}_no_delete" BEFORE DELETE ON "{name}" {refuse}',
        f'CREATE TRIGGER "{name}_no_replace" BEFORE INSERT ON "{name}" WHEN {_known(table, "TRUE")} {refuse}',
    ]


def _sqlite_once(table: Table, columns: Sequence[str], when: Once) -> list[str]:
    name, refuse, held = table.name, _abort(table), _held(table, when)
    return [
        f'CREATE TRIGGER "{name}_no_update" BEFORE UPDATE{_of(columns)} ON "{name}" WHEN {held} {refuse}',
        f'CREATE TRIGGER "{name}_no_delete" BEFORE DELETE ON "{name}" WHEN {held} {refuse}',
        f'CREATE TRIGGER "{name}_no_replace" BEFORE INSERT ON "{name}" WHEN {_known(table, when.condition)} {refuse}',
    ]


def _abort(table: Table) -> str:
    return f"BEGIN SELECT RAISE(ABORT, '{table.name} is append-only'); END"


def _same_key(table: Table, row: str) -> str:
    return " AND ".join(f'"{column.name}" = {row}."{column.name}"' for column in table.primary_key)


def _known(table: Table, condition: str) -> str:
    # INSERT OR REPLACE deletes the old row without firing a DELETE trigger, unless recursive triggers are on.
    also = "" if condition == "TRUE" else f" AND ({condition})"
    return f'EXISTS (SELECT 1 FROM "{table.name}" WHERE {_same_key(table, "NEW")}{also})'  # noqa: S608  Our own names.


def _held(table: Table, when: Once) -> str:
    return f'EXISTS (SELECT 1 FROM "{table.name}" WHERE {_same_key(table, "OLD")} AND ({when.condition}))'  # noqa: S608


def _postgresql(table: Table, columns: Sequence[str]) -> list[str]:
    name, refuse = table.name, "EXECUTE FUNCTION refuse_change()"
    return [
        _REFUSE,
        f'CREATE TRIGGER "{name}_no_change" BEFORE UPDATE{_of(columns)} OR DELETE ON "{name}" FOR EACH ROW {refuse}',
        f'CREATE TRIGGER "{name}_no_truncate" BEFORE TRUNCATE ON "{name}" FOR EACH STATEMENT {refuse}',
    ]


def _postgresql_once(table: Table, columns: Sequence[str], when: Once) -> list[str]:
    # A trigger's WHEN takes no subquery there, so the condition is asked by a function of the table's own.
    name, function = table.name, f"refuse_change_of_{table.name}"
    return [
        _REFUSE,
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {_held(table, when)} THEN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only', "
        "ERRCODE = 'integrity_constraint_violation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        f'CREATE TRIGGER "{name}_no_change" BEFORE UPDATE{_of(columns)} OR DELETE ON "{name}" FOR EACH ROW '
        f"EXECUTE FUNCTION {function}()",
        f'CREATE TRIGGER "{name}_no_truncate" BEFORE TRUNCATE ON "{name}" FOR EACH STATEMENT '
        "EXECUTE FUNCTION refuse_change()",
    ]


def _of(columns: Sequence[str]) -> str:
    return " OF " + ", ".join(f'"{column}"' for column in columns) if columns else ""


_REFUSE = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING "
    "MESSAGE = TG_TABLE_NAME || ' is append-only', ERRCODE = 'integrity_constraint_violation'; END $$"
)
_MAKERS = {"sqlite": _sqlite, "postgresql": _postgresql}
_CONDITIONAL_MAKERS = {"sqlite": _sqlite_once, "postgresql": _postgresql_once}
