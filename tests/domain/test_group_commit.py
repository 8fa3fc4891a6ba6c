"""Group commit: what waits together is written together, and each act still stands or falls by itself."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gongshi import db
from gongshi.accounts.models import Bureau
from gongshi.errors import Busy, RuleBroken
from gongshi.group_commit import GroupCommit, asked_once, keys_of_group


class No(RuleBroken):
    code = "no"


class Desk:
    """A group whose signatures are counted, and a way to make callers wait until all of them are there."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.signed = 0
        self.group = GroupCommit(engine, refusals=(RuleBroken,), after=self._sign)

    def _sign(self) -> bool:
        self.signed += 1
        return True

    def at_once(self, *acts: Callable[[Session, datetime], object], keys: list[str] | None = None) -> list[object]:
        """What each caller got, or what it met, all having waited behind one writer."""
        held, free = threading.Event(), threading.Event()

        def hold() -> None:
            with Session(self.engine) as session, db.writing(session):
                held.set()
                free.wait(10)

        def call(place: int) -> object:
            try:
                return self.group.write(acts[place], keys={keys[place] if keys else str(place)}).result
            except Exception as error:
                return error

        with ThreadPoolExecutor(len(acts) + 1) as pool:
            holding = pool.submit(hold)
            held.wait(10)
            calls = [pool.submit(call, place) for place in range(len(acts))]
            while len(self.group._waiting) < len(acts) and not any(one.done() for one in calls):
                threading.Event().wait(0.01)
            free.set()
            holding.result()
            return [one.result() for one in calls]

    def names(self) -> list[str]:
        with Session(self.engine) as session:
            return list(session.scalars(select(Bureau.slug).order_by(Bureau.slug)))


def found(slug: str) -> Callable[[Session, datetime], datetime]:
    def act(session: Session, at: datetime) -> datetime:
        session.add(Bureau(slug=slug, name=f"示例局 {slug}", name_en=slug))
        return at

    return act


def refuse(session: Session, at: datetime) -> None:
    raise No


def refuse_late(session: Session, at: datetime) -> None:
    session.add(Bureau(slug="half", name="示例局 half", name_en="half"))
    raise No


def break_down(session: Session, at: datetime) -> None:
    session.add(Bureau(slug="broken", name="示例局 broken", name_en="broken"))
    raise ZeroDivisionError


@pytest.fixture
def desk(any_engine: Engine) -> Desk:
    return Desk(any_engine)


def test_alone_an_act_is_a_transaction_of_its_own(desk: Desk) -> None:
    written = desk.group.write(found("one"), keys={"one"})

    assert isinstance(written.result, datetime)
    assert written.after is True
    assert desk.names() == ["one"]
    assert desk.signed == 1


def test_those_who_wait_are_written_together_each_at_an_instant_of_its_own(desk: Desk) -> None:
    moments = desk.at_once(*(found(f"b{place}") for place in range(8)))

    assert len(set(moments)) == 8
    assert desk.names() == [f"b{place}" for place in range(8)]
    assert desk.signed == 1


def test_who_refuses_leaves_nothing_and_the_others_are_written(desk: Desk) -> None:
    results = desk.at_once(found("one"), refuse, found("two"), refuse_late)

    assert [type(result) for result in results] == [datetime, No, datetime, No]
    assert desk.names() == ["one", "two"]


def test_who_breaks_is_taken_out_and_the_others_are_done_again(desk: Desk) -> None:
    results = desk.at_once(found("one"), break_down, found("two"))

    assert [type(result) for result in results] == [datetime, ZeroDivisionError, datetime]
    assert desk.names() == ["one", "two"]


def test_a_row_that_the_database_does_not_take_harms_nobody_else(desk: Desk) -> None:
    desk.group.write(found("taken"), keys={"taken"})

    results = desk.at_once(found("one"), found("taken"), found("two"))

    assert [type(result) for result in results] == [datetime, IntegrityError, datetime]
    assert desk.names() == ["one", "taken", "two"]


def test_acts_with_a_key_in_common_are_never_in_one_group(desk: Desk) -> None:
    def once(session: Session, at: datetime) -> str:
        if session.scalar(select(Bureau).where(Bureau.slug == "once")) is not None:
            return "found"
        return "made" if found("once")(session, at) else ""

    results = desk.at_once(once, once, once, found("other"), keys=["same", "same", "same", "other"])

    assert sorted(map(str, results[:3])) == ["found", "found", "made"]
    assert desk.names() == ["once", "other"]


def test_when_only_refusals_came_together_nothing_is_written(desk: Desk) -> None:
    results = desk.at_once(refuse, refuse)

    assert [type(result) for result in results] == [No, No]
    assert desk.signed == 0


def test_who_cannot_have_the_lock_in_time_is_told_that_the_site_is_busy(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "LOCK_SECONDS", 1.0)
    with Session(desk.engine) as holder, db.writing(holder), ThreadPoolExecutor(3) as pool:
        calls = [pool.submit(desk.group.write, found(f"b{n}"), keys={str(n)}) for n in range(3)]
        errors = [one.exception() for one in calls]

    assert [type(error) for error in errors] == [Busy, Busy, Busy]
    assert desk.names() == []


def test_what_nobody_thought_of_is_told_to_all_who_wait_and_the_next_are_written(desk: Desk) -> None:
    def stumble() -> bool:
        raise RuntimeError("示例")

    desk.group._after = stumble
    results = desk.at_once(found("one"), found("two"))
    desk.group._after = desk._sign

    assert [type(result) for result in results] == [RuntimeError, RuntimeError]
    assert [type(result) for result in desk.at_once(found("three"), found("four"))] == [datetime, datetime]


def test_where_there_is_no_database_nobody_waits_for_ever(tmp_path: Path) -> None:
    nowhere = db.make_engine(f"sqlite:///{tmp_path}/not-made/gongshi.db")
    group = GroupCommit(nowhere, refusals=(), after=lambda: True)

    with ThreadPoolExecutor(3) as pool:
        calls = [pool.submit(group.write, found(f"b{n}"), keys={str(n)}) for n in range(3)]
        assert all(isinstance(one.exception(timeout=10), OSError) for one in calls)


def test_what_no_act_changes_is_asked_once_for_all_of_a_group(desk: Desk) -> None:
    asked: list[frozenset[str]] = []

    def look(session: Session, at: datetime) -> frozenset[str]:
        found(f"b{at:%S%f}")(session, at)
        keys = frozenset(keys_of_group(session))
        return asked_once(session, "keys", lambda: asked.append(keys) or keys)

    results = desk.at_once(look, look, look)

    assert results == [{"0", "1", "2"}] * 3
    assert asked == [{"0", "1", "2"}]
    with Session(desk.engine) as session:
        assert asked_once(session, "keys", lambda: 1) == 1
        assert asked_once(session, "keys", lambda: 2) == 2
        assert not keys_of_group(session)
