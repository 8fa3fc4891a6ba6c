"""The application, for tests that ask it about itself."""

import pytest
from flask import Flask

from config import Config
from gongshi.app import create_app


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("architecture")
    return create_app(Config(DATA_DIR=folder, SEARCH_INDEX_DIR=folder / "index", SECRET_KEY="test" * 8))
