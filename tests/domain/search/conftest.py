"""Fixtures: an empty engine in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gongshi.search.whoosh_engine import WhooshBackend


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[WhooshBackend]:
    backend = WhooshBackend(tmp_path / "index")
    backend.rebuild([])
    yield backend
    backend.close()
