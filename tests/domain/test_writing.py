"""Rule 3: the clock is read under the write lock, and the instant of an act never runs backwards."""

import threading
import time
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from acts import Undone
from sqlalchemy import Engine, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from gongshi import clock, db
from gongshi.accounts import actions as accounts
from gongshi.accounts.models import Bureau
from gongshi.errors import Busy
from making import beijing


def test_who_waits_for_the_lock_acts_at_the_moment_it_is_had_and_not_when_it_was_asked_for(any_engine: Engine) -> None:
    held, moments = threading.Event(), {}

    def hold() -> None:
        with Session(any_engine) as session, db.writing(session):
            held.set()
            time.sleep(0.3)
            moments["released"] = clock.now()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    asked = clock.now()
    with Session(any_engine) as session, db.writing(session) as at:
        moments["acted"] = at
    holder.join()

    assert moments["released"] > asked
    assert moments["acted"] >= moments["released"]


def test_no_two_acts_happen_at_the_same_instant_or_in_the_wrong_order(any_engine: Engine) -> None:
    moments: list[datetime] = []
    with Session(any_engine) as session:
        for _ in range(20):
            with db.writing(session) as at:
                moments.append(at)

    assert moments == sorted(set(moments))


def test_a_clock_that_was_set_back_does_not_reopen_what_was_closed(session: Session) -> None:
    ahead = clock.now() + timedelta(days=1)
    with db.writing(session):
        session.merge(db.LastInstant(id=1, at=ahead))

    with db.writing(session) as at:
        assert at > ahead
        assert session.info["clock_stepped_by"] < 0


def test_everything_of_an_act_is_undone_when_any_of_it_fails(any_engine: Engine) -> None:
    with Session(any_engine) as session:
        with suppress(Undone), db.writing(session):
            accounts.establish(session, slug="a", name="甲", name_en="A")
            session.flush()
            raise Undone

        assert session.scalars(select(Bureau)).all() == []
        assert "recorded_at" not in session.info


def test_who_cannot_have_the_lock_in_time_is_told_to_come_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "LOCK_SECONDS", 0.1)
    with Session(engine) as first, Session(engine) as second, db.writing(first):
        waiting = db.writing(second)

        with pytest.raises(Busy):
            waiting.__enter__()


@pytest.mark.parametrize("naive", [datetime(2026, 11, 26), datetime(2026, 11, 26, 23, 59)])  # noqa: DTZ001
def test_a_time_without_a_zone_is_refused(session: Session, naive: datetime) -> None:
    session.add(db.LastInstant(id=2, at=naive))

    with pytest.raises(StatementError, match="naive"):
        session.flush()


def test_an_instant_comes_back_as_it_went_in(any_engine: Engine) -> None:
    at = beijing("2026-11-27") - timedelta(microseconds=1)
    with Session(any_engine) as session:
        session.add(db.LastInstant(id=2, at=at))
        session.commit()
        session.expire_all()

        found = session.get_one(db.LastInstant, 2).at

    assert found == at
    assert found.utcoffset() == timedelta(0)
