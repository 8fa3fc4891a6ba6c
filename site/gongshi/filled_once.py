"""Columns that are empty (or false) at first, are filled in once, and from then on never change: the database refuses.

The rest of a row of record is kept by `append_only`, which leaves such columns free.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import DDL, Boolean, Connection, FromClause, MetaData, Table, event


def filled_once(table: FromClause, columns: Sequence[str]) -> None:
    """Make `create_all` keep what was filled in. The table is one that `append_only` protects, too."""
    assert isinstance(table, Table)
    for dialect in _REFUSALS:
        for statement in statements(table, dialect, columns):
            ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # SQLAlchemy has no types here.
            event.listen(table, "after_create", ddl.execute_if(dialect=dialect))


def statements(table: Table, dialect: str, columns: Sequence[str]) -> list[str]:
    """The same protection as SQL."""
    name, refuse = table.name, _REFUSALS[dialect].format(name=table.name)
    return [
        f'CREATE TRIGGER "{name}_once_{column}" BEFORE UPDATE OF "{column}" ON "{name}" FOR EACH ROW '
        f"WHEN ({_is_filled(table, column)}) {refuse}"
        for column in columns
    ]


def protect(connection: Connection, tables: Mapping[str, Sequence[str]]) -> None:
    """Protect tables that exist already, as a migration does: names, and of each the columns filled in once."""
    for name, columns in tables.items():
        table = Table(name, MetaData(), autoload_with=connection)
        for statement in statements(table, connection.dialect.name, columns):
            connection.exec_driver_sql(statement)


def _is_filled(table: Table, column: str) -> str:
    filled = f'OLD."{column}"'
    return filled if isinstance(table.c[column].type, Boolean) else f"{filled} IS NOT NULL"


_REFUSALS = {
    "sqlite": "BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END",
    "postgresql": "EXECUTE FUNCTION refuse_change()",
}
