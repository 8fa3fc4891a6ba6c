"""What every test may use: a real database in a folder of its own, on SQLite and, where there is one, on PostgreSQL."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gongshi import db
from gongshi.migrations.tables import metadata

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432")


def missing(what: str) -> None:
    """Skip a test that needs what this machine lacks; in CI the lack is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}, and CI may not skip")
    pytest.skip(what)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with every table and nothing in them, made once; each test begins with a copy."""
    path = tmp_path_factory.mktemp("empty") / "gongshi.db"
    engine = db.make_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def engine(tmp_path: Path, empty_database: Path) -> Iterator[Engine]:
    shutil.copy(empty_database, tmp_path / "gongshi.db")
    engine = db.make_engine(f"sqlite:///{tmp_path / 'gongshi.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@pytest.fixture(scope="session")
def empty_postgres() -> Iterator[str]:
    """The name of a database with every table and nothing in them, on a real PostgreSQL server; made once."""
    name = f"gongshi_empty_{uuid4().hex}"
    try:
        _on_server(f'CREATE DATABASE "{name}"')
    except psycopg.OperationalError:
        missing("no PostgreSQL server answers at TEST_POSTGRES_URL")
        raise
    engine = db.make_engine(f"{POSTGRES}/{name}")
    metadata.create_all(engine)
    engine.dispose()
    yield name
    _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def postgres_engine(empty_postgres: str) -> Iterator[Engine]:
    """A database of its own on a real PostgreSQL server (address in TEST_POSTGRES_URL)."""
    name = f"gongshi_{uuid4().hex}"
    _on_server(f'CREATE DATABASE "{name}" TEMPLATE "{empty_postgres}"')
    engine = db.make_engine(f"{POSTGRES}/{name}")
    yield engine
    engine.dispose()
    _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


def _on_server(statement: str) -> None:
    server = POSTGRES.replace("+psycopg", "")
    with psycopg.connect(f"{server}/postgres", autocommit=True, connect_timeout=3) as connection:
        connection.execute(statement.encode())


@pytest.fixture(params=["sqlite", "postgresql"])
def any_engine(request: pytest.FixtureRequest) -> Engine:
    """Either database: for what must hold on both."""
    return request.getfixturevalue("engine" if request.param == "sqlite" else "postgres_engine")
