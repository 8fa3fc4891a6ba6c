"""Fixtures: the small content in a folder of its own; the bundled content, loaded once."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest
import small_content
from loads import BUNDLED, load
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gongshi import db
from gongshi.migrations.tables import metadata


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """The small content, to be damaged."""
    return small_content.write(tmp_path / "content")


@pytest.fixture(scope="session")
def _empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "gongshi.db"
    engine = db.make_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture
def untouched(_empty: Path, tmp_path: Path) -> Iterator[Engine]:
    """A database that holds nothing, and must hold nothing still after a load that failed."""
    engine = db.make_engine(f"sqlite:///{copy(_empty, tmp_path / 'untouched.db')}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The content that the site is delivered with, loaded once."""
    engine = db.make_engine(f"sqlite:///{tmp_path_factory.mktemp('bundled') / 'gongshi.db'}")
    metadata.create_all(engine)
    load(engine, BUNDLED)
    yield engine
    engine.dispose()


@pytest.fixture
def record(bundled: Engine) -> Iterator[Session]:
    """A session that reads what was loaded."""
    with Session(bundled) as session:
        yield session
