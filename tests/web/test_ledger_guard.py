"""The guard against a copy put back: it is not taken in by its own snapshot, nor by a database that fails to answer."""

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from config import Config
from gongshi import db
from gongshi.app import create_app
from gongshi.ledger import actions as ledger
from gongshi.ledger import queries
from gongshi.ledger.kinds import Kind
from gongshi.web import ledger_head


def write_and_sign(app: Flask, session: Session) -> None:
    with db.writing(session) as at:
        ledger.append(session, Kind.CLOCK_STEPPED, {"seconds": 3}, at=at)
    ledger_head.sign(app, session)


@pytest.fixture
def other_process(app: Flask, config: Config) -> Flask:
    """An application over the same data that has not looked yet."""
    return create_app(config)


def test_what_others_wrote_and_signed_after_a_request_began_to_read_does_not_close_the_site(
    app: Flask, session: Session, other_process: Flask
) -> None:
    write_and_sign(app, session)
    with Session(session.get_bind()) as reading:
        assert queries.size(reading) == 1
        write_and_sign(app, session)

        assert ledger_head.reason_not_to_write(other_process, reading) is None


def test_a_database_that_cannot_answer_closes_nothing_and_is_asked_again(
    app: Flask, session: Session, config: Config, other_process: Flask
) -> None:
    write_and_sign(app, session)
    nowhere = db.make_engine(f"sqlite:///{config.DATA_DIR / 'nowhere' / 'gongshi.db'}")
    with Session(nowhere) as unanswered, pytest.raises(OperationalError):
        ledger_head.reason_not_to_write(other_process, unanswered)
    nowhere.dispose()

    assert ledger_head.reason_not_to_write(other_process, session) is None


def test_a_database_without_the_tables_of_the_log_is_smaller_than_what_was_signed(
    app: Flask, session: Session, other_process: Flask
) -> None:
    write_and_sign(app, session)
    db.Base.metadata.drop_all(session.get_bind())

    assert ledger_head.reason_not_to_write(other_process, session) == "smaller"
