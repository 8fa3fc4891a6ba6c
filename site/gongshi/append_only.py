"""Tables whose rows never change: the database itself refuses UPDATE, DELETE and what amounts to them.

What is published is not edited in place and not deleted (rule 1). The triggers stop a mistake of ours, on either
database; a person who may drop a trigger is stopped by nobody here, and is found out by the ledger.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import DDL, Connection, FromClause, MetaData, Table, event


def append_only(table: FromClause, columns: Sequence[str] = ()) -> None:
    """Make `create_all` protect a table: no row changes, none is deleted.

    With `columns`, those never change and no row is deleted, while the others may still be filled in.
    """
    assert isinstance(table, Table)
    for dialect in _MAKERS:
        for statement in statements(table, dialect, columns=columns):
            ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # SQLAlchemy has no types here.
            event.listen(table, "after_create", ddl.execute_if(dialect=dialect))


def statements(table: Table, dialect: str, *, columns: Sequence[str] = ()) -> list[str]:
    """The same protection as SQL, for a migration; `op.create_table` returns the table it needs.

    SQLite loses the triggers when a batch migration copies the table: run these again after it.
    """
    return _MAKERS[dialect](table, columns)


def protect(connection: Connection, tables: Mapping[str, Sequence[str]]) -> None:
    """Protect tables that exist already, as a migration does: names, and of each the columns that never change."""
    for name, columns in tables.items():
        table = Table(name, MetaData(), autoload_with=connection)
        for statement in statements(table, connection.dialect.name, columns=columns):
            connection.exec_driver_sql(statement)


def _sqlite(table: Table, columns: Sequence[str]) -> list[str]:
    name, refuse = table.name, f"BEGIN SELECT RAISE(ABORT, '{table.name} is append-only'); END"
    # INSERT OR REPLACE deletes the old row without firing a DELETE trigger, unless recursive triggers are on.
    same_key = " AND ".join(f'"{column.name}" = NEW."{column.name}"' for column in table.primary_key)
    known = f'EXISTS (SELECT 1 FROM "{name}" WHERE {same_key})'  # noqa: S608  Names of our own tables.
    return [
        f'CREATE TRIGGER "{name}_no_update" BEFORE UPDATE{_of(columns)} ON "{name}" {refuse}',
        f'CREATE TRIGGER "{name}_no_delete" BEFORE DELETE ON "{name}" {refuse}',
        f'CREATE TRIGGER "{name}_no_replace" BEFORE INSERT ON "{name}" WHEN {known} {refuse}',
    ]


def _postgresql(table: Table, columns: Sequence[str]) -> list[str]:
    name, refuse = table.name, "EXECUTE FUNCTION refuse_change()"
    return [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING "
        "MESSAGE = TG_TABLE_NAME || ' is append-only', ERRCODE = 'integrity_constraint_violation'; END $$",
        f'CREATE TRIGGER "{name}_no_change" BEFORE UPDATE{_of(columns)} OR DELETE ON "{name}" FOR EACH ROW {refuse}',
        f'CREATE TRIGGER "{name}_no_truncate" BEFORE TRUNCATE ON "{name}" FOR EACH STATEMENT {refuse}',
    ]


def _of(columns: Sequence[str]) -> str:
    return " OF " + ", ".join(f'"{column}"' for column in columns) if columns else ""


_MAKERS = {"sqlite": _sqlite, "postgresql": _postgresql}
