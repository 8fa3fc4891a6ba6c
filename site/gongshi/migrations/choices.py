"""How a step lets a column of choices hold more of them, on either database."""

import re
from collections.abc import Sequence

from sqlalchemy import Connection


def allow(connection: Connection, table: str, constraint: str, values: Sequence[str]) -> None:
    """Make `constraint`, a check that a column is one of some values, allow exactly these; rows stay as they are.

    On SQLite the stored text of the table is changed in place, as sqlite.org/lang_altertable describes it (7, "some
    other changes"): nothing is copied, and the triggers stay.
    """
    chosen = ", ".join(f"'{value}'" for value in values)
    if connection.dialect.name == "sqlite":
        _in_place(connection, table, constraint, chosen)
        return
    column = connection.exec_driver_sql(
        "SELECT column_name FROM information_schema.constraint_column_usage WHERE constraint_name = %s", (constraint,)
    ).scalar_one()
    connection.exec_driver_sql(f'ALTER TABLE "{table}" DROP CONSTRAINT "{constraint}"')
    connection.exec_driver_sql(f'ALTER TABLE "{table}" ADD CONSTRAINT "{constraint}" CHECK ({column} IN ({chosen}))')


def _in_place(connection: Connection, table: str, constraint: str, chosen: str) -> None:
    stored = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
    ).scalar_one()
    pattern = rf'(CONSTRAINT "?{re.escape(constraint)}"? CHECK \(\w+ IN )\([^)]*\)'
    changed, count = re.subn(pattern, lambda found: f"{found[1]}({chosen})", stored)
    if count != 1:
        raise RuntimeError(f"{table} has no check {constraint} that could be changed")
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (changed, table))
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
