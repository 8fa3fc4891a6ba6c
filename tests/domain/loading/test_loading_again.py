"""Loading twice is loading once; and the example is never shown closed when it should be open."""

from datetime import timedelta
from pathlib import Path

import pytest
from loads import TODAY, load, rows
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from gongshi import db
from gongshi.consultations import queries
from gongshi.consultations.models import Consultation, RoundState
from gongshi.ledger import queries as log
from gongshi.ledger.models import LedgerEntry
from gongshi.loading import archive

DAY = timedelta(days=1)


def test_everything_of_the_small_content_is_loaded_and_named(untouched: Engine, content: Path) -> None:
    assert load(untouched, content) == ["2021-BJ-01", "2021-11-19-list", "2026-SL-01", "2026-SL-02"]


def test_loading_again_loads_nothing(untouched: Engine, content: Path) -> None:
    load(untouched, content)
    before = rows(untouched)

    again = load(untouched, content, at=TODAY + DAY)

    assert again == []
    assert rows(untouched) == before


def test_an_example_whose_open_round_has_ended_is_loaded_afresh_and_the_old_one_stays(
    untouched: Engine, content: Path
) -> None:
    load(untouched, content)
    later = TODAY + 31 * DAY

    again = load(untouched, content, at=later)

    assert again == ["2027-SL-01"]
    with Session(untouched) as session:
        fresh, stale = (queries.public(session, number, later) for number in ("2027-SL-01", "2026-SL-02"))
        assert fresh.last_round is not None
        assert stale.last_round is not None
        assert fresh.last_round.state(later) is RoundState.OPEN
        assert stale.last_round.state(later) is RoundState.CLOSED
    assert load(untouched, content, at=later + DAY) == []


@pytest.mark.parametrize(
    ("days", "fresh"),
    [pytest.param(30, [], id="on its last day"), pytest.param(31, ["2027-SL-01"], id="the day after")],
)
def test_the_last_day_of_an_open_example_is_still_open(
    untouched: Engine, content: Path, days: int, fresh: list[str]
) -> None:
    load(untouched, content)

    assert load(untouched, content, at=TODAY + days * DAY) == fresh


def test_content_that_is_mended_and_loaded_again_is_taken(untouched: Engine, content: Path) -> None:
    plan = content / "example/open/plans/01.md"
    sound = plan.read_text(encoding="utf-8")
    plan.write_text("坏", encoding="utf-8")
    with pytest.raises(Exception, match=r"01\.md:1: "):
        load(untouched, content)

    plan.write_text(sound, encoding="utf-8")

    assert "2026-SL-02" in load(untouched, content)


def test_a_notice_that_was_added_later_is_loaded_alone(untouched: Engine, content: Path) -> None:
    load(untouched, content)
    notices = content / "archive/notices"
    text = (notices / "list.md").read_text(encoding="utf-8").replace("2021-11-19-list", "2021-12-30-start")
    (notices / "start.md").write_text(text, encoding="utf-8")

    assert load(untouched, content) == ["2021-12-30-start"]


def test_acts_of_the_past_say_in_the_log_when_they_were_really_recorded(untouched: Engine, content: Path) -> None:
    load(untouched, content)

    with Session(untouched) as session:
        bodies = session.scalars(select(LedgerEntry.body)).all()
        assert log.recompute(session) == log.root(session)
    assert bodies
    assert all('"source":"content"' in body and '"acted_at"' in body and '"recorded_at"' in body for body in bodies)


def test_nothing_in_the_example_happens_after_the_moment_of_loading(untouched: Engine, content: Path) -> None:
    load(untouched, content)

    with Session(untouched) as session:
        for consultation in session.scalars(select(Consultation)):
            assert consultation.published_at is not None
            assert consultation.published_at <= TODAY


def test_the_archive_is_loaded_without_the_example(untouched: Engine, content: Path) -> None:
    with Session(untouched) as session, db.writing(session) as at:
        done = archive.load(session, content / "archive", at=at)

    assert done == ["2021-BJ-01", "2021-11-19-list"]
    assert rows(untouched)["comment"] == 0
