"""A database with something in it is brought up to date, and nothing in it is lost or loosened."""

from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import Engine, MetaData, Table, text
from sqlalchemy.exc import IntegrityError

from gongshi import db
from gongshi.migrations import configuration, is_current, upgrade

THEN = "2026-04-17 01:30:00.000000"


@pytest.fixture
def published(tmp_path: Path) -> Engine:
    """A database as the first release made it, with a list that two people published."""
    engine = db.make_engine(f"sqlite:///{tmp_path / 'old.db'}")
    config = configuration()
    with engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
    with engine.begin() as connection:

        def add(table: str, **values: object) -> str:
            key = uuid4().hex
            found = Table(table, MetaData(), autoload_with=connection)
            connection.exec_driver_sql(
                f"INSERT INTO {found.name} (id, {', '.join(values)}) VALUES (?{', ?' * len(values)})",  # noqa: S608
                (key, *values.values()),
            )
            return key

        bureau = add("bureau", slug="shili", name="示例证监局", name_en="Example Bureau")
        people = [
            add("staff_user", bureau_id=bureau, login=name, code=f"shili-{name}", pseudonym=name, is_active=True)
            for name in ("jingban", "fabu")
        ]
        approval = add("approval", act="publish", prepared_by_id=people[0], approved_by_id=people[1], approved_at=THEN)
        add(
            "consultation",
            number="2026-SL-01",
            nature="live",
            title="名单",
            title_en="List",
            summary="摘要",
            sources="[]",
            lead_institutions="[]",
            published_at=THEN,
            approval_id=approval,
        )
    return engine


def test_what_was_published_is_still_there_and_still_approved(published: Engine) -> None:
    upgrade(published)

    with published.connect() as connection:
        found = connection.execute(
            text("SELECT c.number, a.act FROM consultation c JOIN approval a ON a.id = c.approval_id")
        ).all()
        assert found == [("2026-SL-01", "publish")]
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    assert is_current(published)


@pytest.mark.parametrize("statement", ["UPDATE approval SET act = 'extend'", "DELETE FROM approval"])
def test_an_approval_still_never_changes(published: Engine, statement: str) -> None:
    upgrade(published)

    with published.connect() as connection, pytest.raises(IntegrityError, match="append-only"):
        connection.exec_driver_sql(statement)


def test_two_people_are_still_two(published: Engine) -> None:
    upgrade(published)

    twice = "INSERT INTO approval SELECT lower(hex(randomblob(16))), act, approved_by_id, approved_by_id, approved_at"
    with published.connect() as connection, pytest.raises(IntegrityError, match="two_people"):
        connection.exec_driver_sql(f"{twice} FROM approval")


def test_references_are_watched_again_afterwards(published: Engine) -> None:
    upgrade(published)

    stranger = f"INSERT INTO staff_role (id, user_id, role) VALUES ('{uuid4().hex}', '{uuid4().hex}', 'editor')"  # noqa: S608
    with published.connect() as connection, pytest.raises(IntegrityError, match="FOREIGN KEY"):
        connection.exec_driver_sql(stranger)
