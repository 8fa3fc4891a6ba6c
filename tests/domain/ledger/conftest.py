"""Fixtures: a session on either database, and a log that grows."""

from collections.abc import Iterator

import pytest
from ledger_growth import Grow, grown
from sqlalchemy import Engine
from sqlalchemy.orm import Session


@pytest.fixture
def any_session(any_engine: Engine) -> Iterator[Session]:
    with Session(any_engine) as session:
        yield session


@pytest.fixture
def grow(session: Session) -> Grow:
    return lambda count: grown(session, count)
