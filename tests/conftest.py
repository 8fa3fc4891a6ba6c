"""What every test may use: a real database in a folder of its own, on SQLite and, where there is one, on PostgreSQL."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gongshi import db

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432")


def missing(what: str) -> None:
    """Skip a test that needs what this machine lacks; in CI the lack is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}, and CI may not skip")
    pytest.skip(what)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = db.make_engine(f"sqlite:///{tmp_path / 'gongshi.db'}")
    db.Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@pytest.fixture
def postgres_engine() -> Iterator[Engine]:
    """A database of its own on a real PostgreSQL server (address in TEST_POSTGRES_URL)."""
    server = POSTGRES.replace("+psycopg", "")
    name = f"gongshi_{uuid4().hex}"
    try:
        connection = psycopg.connect(f"{server}/postgres", autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        missing("no PostgreSQL server answers at TEST_POSTGRES_URL")
        raise
    with connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    engine = db.make_engine(f"{POSTGRES}/{name}")
    db.Base.metadata.create_all(engine)
    yield engine
    engine.dispose()
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def any_engine(request: pytest.FixtureRequest) -> Engine:
    """Either database: for what must hold on both."""
    return request.getfixturevalue("engine" if request.param == "sqlite" else "postgres_engine")
