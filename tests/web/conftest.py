"""An application over a database of its own, and the client that asks it.

No application context is held open around a test: a request would share its `g` and so its instant and its edition.
Data is made through `session` (tests/conftest.py), which here is bound to the application's own database.

`example_app` holds the bundled archive and the worked example, loaded once for all tests: read it, never write to it.
A test that writes takes a copy: `own_example_app`.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config import Config
from gongshi import db as ground
from gongshi.app import create_app
from gongshi.web.db import db
from web.client import Client


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(DATA_DIR=tmp_path / "var", SEARCH_INDEX_DIR=tmp_path / "index", SECRET_KEY="test" * 8)


@pytest.fixture
def app(config: Config, empty_database: Path) -> Iterator[Flask]:
    app = create_app(config)
    # Compiled once for all tests of this process.
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(empty_database.parent))
    config.DATA_DIR.mkdir(parents=True, exist_ok=True)
    shutil.copy(empty_database, config.DATA_DIR / "gongshi.db")
    yield app
    _close(app)


@pytest.fixture
def engine(app: Flask, config: Config) -> Iterator[Engine]:
    """The application's database, seen from outside it."""
    engine = ground.make_engine(config.database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def client(app: Flask) -> Client:
    return Client(app)


@pytest.fixture(scope="session")
def example_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with everything that `flask content load` brings; about six seconds, once."""
    folder = tmp_path_factory.mktemp("example")
    app = create_app(_example_config(folder))
    with app.app_context():
        db.create_all()
        loaded = app.test_cli_runner().invoke(args=["content", "load"])
    assert loaded.exit_code == 0, loaded.output
    _close(app)
    return folder


@pytest.fixture(scope="session")
def example_app(example_data: Path) -> Iterator[Flask]:
    """The archive and the example, for reading only."""
    app = create_app(_example_config(example_data))
    yield app
    _close(app)


@pytest.fixture(scope="session")
def example(example_app: Flask) -> Client:
    """Asks the site with the archive and the example."""
    return Client(example_app)


@pytest.fixture
def own_example_app(example_data: Path, tmp_path: Path) -> Iterator[Flask]:
    """The archive and the example in a copy of this test's own, to write to."""
    folder = shutil.copytree(example_data, tmp_path / "example")
    app = create_app(_example_config(folder))
    yield app
    _close(app)


@pytest.fixture
def example_session(example_app: Flask) -> Iterator[Session]:
    """The example's database, seen from outside the site; for reading only."""
    engine = ground.make_engine(example_app.config["SQLALCHEMY_DATABASE_URI"])
    with Session(engine) as session:
        yield session
    engine.dispose()


def _example_config(folder: Path) -> Config:
    return Config(DATA_DIR=folder / "var", SEARCH_INDEX_DIR=folder / "index", SECRET_KEY="test" * 8)


def _close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
