"""Fixtures: a session on either database; and one world, made once, in which acts are tried and undone."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from acts import Undone
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gongshi import db
from gongshi.migrations.tables import metadata
from making_world import World, make_world


@pytest.fixture
def any_session(any_engine: Engine) -> Iterator[Session]:
    with Session(any_engine) as session:
        yield session


@pytest.fixture(scope="session")
def made_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world itself; a test that changes it must undo what it did."""
    engine = db.make_engine(f"sqlite:///{tmp_path_factory.mktemp('world') / 'gongshi.db'}")
    metadata.create_all(engine)
    with Session(engine) as session:
        with db.writing(session):
            world = make_world(session)
        yield world
    engine.dispose()


@pytest.fixture
def world(made_world: World) -> Iterator[World]:
    """The world, inside a transaction that is undone after the test."""
    with suppress(Undone), db.writing(made_world.session):
        yield made_world
        raise Undone
