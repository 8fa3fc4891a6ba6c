"""An act's entry is written with the act, holds what its kind may hold, and nothing that a person typed."""

import json
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from ledger_growth import AT, Grow
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from gongshi import clock, db, ledger
from gongshi.db import LastInstant
from gongshi.ledger import queries
from gongshi.ledger.models import LedgerEntry, LedgerNode

WITHDRAWN = {"comment": "2026-SL-01-0007"}


def interrupted_act(session: Session) -> None:
    with db.writing(session) as at:
        ledger.append(session, ledger.Kind.COMMENT_WITHDRAWN, WITHDRAWN, at=at)
        raise InterruptedError


def test_an_entry_is_canonical_json_with_its_kind_its_instant_and_its_subject(any_session: Session):
    with db.writing(any_session) as at:
        entry = ledger.append(any_session, ledger.Kind.COMMENT_WITHDRAWN, WITHDRAWN, at=at)

    assert entry.body == (
        f'{{"at":"{clock.iso(at)}","kind":"comment.withdrawn","subject":{{"comment":"2026-SL-01-0007"}},"v":1}}'
    )
    assert entry.leaf_hash == sha256(b"\x00" + entry.body.encode()).digest()
    assert (entry.index, entry.kind, entry.recorded_at) == (0, ledger.Kind.COMMENT_WITHDRAWN, at)
    assert entry.subject == WITHDRAWN


def test_several_acts_of_one_transaction_are_counted_on_without_a_gap(session: Session, grow: Grow):
    first, second = grow(3), grow(4)

    assert [entry.index for entry in first + second] == list(range(7))
    assert queries.root(session) == queries.recompute(session)


def test_an_act_that_is_undone_leaves_no_entry(session: Session, grow: Grow):
    grow(3)

    with pytest.raises(InterruptedError):
        interrupted_act(session)

    assert queries.size(session) == 3
    assert session.scalar(select(func.count()).select_from(LedgerNode)) == 1


def test_an_act_that_was_only_rehearsed_leaves_no_gap_behind_it(session: Session):
    with db.writing(session) as at:
        first = ledger.append(session, ledger.Kind.COMMENT_WITHDRAWN, WITHDRAWN, at=at)
        known = dict(session.info)
        with session.begin_nested() as savepoint:
            ledger.append(session, ledger.Kind.COMMENT_WITHDRAWN, WITHDRAWN, at=at)
            savepoint.rollback()
        session.info.update(known)
        second = ledger.append(session, ledger.Kind.COMMENT_WITHDRAWN, WITHDRAWN, at=at)

    assert (first.index, second.index) == (0, 1)
    assert queries.root(session) == queries.recompute(session)


def test_nothing_is_appended_outside_the_write_lock(session: Session):
    with pytest.raises(RuntimeError, match=r"db\.writing"):
        ledger.append(session, ledger.Kind.COMMENT_WITHDRAWN, WITHDRAWN, at=AT)


def test_a_naive_instant_is_refused(session: Session):
    with pytest.raises(ValueError, match="naive"), db.writing(session):
        ledger.append(session, ledger.Kind.COMMENT_WITHDRAWN, WITHDRAWN, at=datetime(2026, 11, 20))  # noqa: DTZ001


def test_a_clock_that_was_set_back_is_recorded_before_the_act(any_session: Session):
    with db.writing(any_session):
        any_session.get_one(LastInstant, 1).at += timedelta(hours=1)

    with db.writing(any_session) as at:
        entry = ledger.append(any_session, ledger.Kind.COMMENT_WITHDRAWN, WITHDRAWN, at=at)
        another = ledger.append(any_session, ledger.Kind.COMMENT_WITHDRAWN, WITHDRAWN, at=at)

    step = queries.entry(any_session, 0)
    assert (step.kind, entry.index, another.index) == (ledger.Kind.CLOCK_STEPPED, 1, 2)
    assert -3602 < step.subject["seconds"] <= -3598
    assert json.loads(step.body)["at"] == clock.iso(at)


def test_one_step_back_is_told_once_until_the_clock_has_caught_up_and_a_second_step_again(any_session: Session):
    with db.writing(any_session):
        any_session.get_one(LastInstant, 1).at += timedelta(hours=1)

    for further in (0, 0, 1, 0):
        with db.writing(any_session):
            any_session.get_one(LastInstant, 1).at += timedelta(microseconds=1)
        with db.writing(any_session) as at:
            if "clock_stepped_by" in any_session.info:
                any_session.info["clock_stepped_by"] -= 3600 * further
            ledger.append(any_session, ledger.Kind.COMMENT_WITHDRAWN, WITHDRAWN, at=at)

    # What is written together is not flushed in between.
    with db.writing(any_session) as at, any_session.no_autoflush:
        for _ in range(2):
            any_session.info["clock_stepped_by"] = -100_000
            ledger.append(any_session, ledger.Kind.COMMENT_WITHDRAWN, WITHDRAWN, at=at)

    told = [one.kind for one in reversed(queries.entries(any_session))]
    act, step = ledger.Kind.COMMENT_WITHDRAWN, ledger.Kind.CLOCK_STEPPED
    assert told == [step, act, act, step, act, act, step, act, act]


def test_loaded_content_tells_when_it_happened_when_it_was_recorded_and_that_it_is_content(session: Session):
    session.info["source"] = "content"

    with db.writing(session) as recorded_at:
        entry = ledger.append(session, ledger.Kind.COMMENT_WITHDRAWN, WITHDRAWN, at=AT)

    assert json.loads(entry.body) == {
        "v": 1,
        "kind": "comment.withdrawn",
        "acted_at": clock.iso(AT),
        "recorded_at": clock.iso(recorded_at),
        "source": "content",
        "subject": WITHDRAWN,
    }
    assert entry.recorded_at == recorded_at


def test_an_entry_fits_the_length_that_an_entry_tile_can_say(session: Session):
    def answer(count: int) -> dict[str, object]:
        comments = [f"2026-SL-01-{n:08d}" for n in range(count)]
        return {"answer": "2026-SL-01-A01", "sha256": "0" * 64, "comments": comments}

    with db.writing(session) as at:
        entry = ledger.append(session, ledger.Kind.ANSWER_PUBLISHED, answer(200), at=at)
        assert len(entry.body) < 8192
        ledger.append(session, ledger.Kind.ANSWER_PUBLISHED, answer(2950), at=at)
        with pytest.raises(ValueError, match="65535 bytes"):
            ledger.append(session, ledger.Kind.ANSWER_PUBLISHED, answer(3100), at=at)


def test_an_append_reads_as_little_from_a_long_log_as_from_a_short_one(session: Session, grow: Grow):
    seen: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: seen.append(args[2]))
    grow(1)
    grow(254)

    with db.writing(session) as at:
        seen.clear()
        ledger.append(session, ledger.Kind.COMMENT_WITHDRAWN, WITHDRAWN, at=at)

    assert len([statement for statement in seen if statement.startswith("SELECT")]) == 3
    assert session.scalar(select(func.count()).select_from(LedgerEntry)) == 256
