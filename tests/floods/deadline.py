"""Around the closing second, under a shifted clock: nothing is taken at or after it, and whoever is late is told so.

Three web processes, eight people who send without pause. In every other closing a bystander takes the write lock
shortly before the closing and gives it back after it: nobody can have written meanwhile, so whatever is there later
that was not there while the lock was held was written after the closing, whatever its instant says.
"""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

import making
from floods.people import Answer, letters, send, send_until_received
from floods.reports import Control, Counts, Report
from floods.servers import NO_LIMITS, prepare, serving
from floods.shifted import Clock
from gongshi import db
from gongshi.comments.models import Comment, Submission
from gongshi.consultations.models import Consultation
from gongshi.ledger.kinds import Kind
from gongshi.ledger.models import LedgerEntry

AFTER = "comments written after the closing"
HELD_BEFORE, HELD_AFTER = timedelta(milliseconds=1200), timedelta(milliseconds=50)
AN_HOUR = timedelta(hours=1)
# The clock of the machine and the file that shifts it are read one after the other.
READING = timedelta(milliseconds=5)
_BY_HOW_MUCH = re.compile(r"It came .{1,60} after the end")


@dataclass(frozen=True)
class Sent:
    """One letter: when it was sent by the shifted clock, and what came back."""

    at: datetime
    answer: Answer


@dataclass(frozen=True)
class Closing:
    """What happened around one closing."""

    number: str
    closes_at: datetime
    sent: list[Sent]
    there_when_held: int | None


class _GivenBack(Exception):
    """The bystander leaves the lock without having written."""


def prove_deadline(folder: Path, counts: Counts) -> Report:
    """So many closings and one clock set back; and a closing of a site that reads the clock before the lock."""
    report = Report("Nothing is taken after the closing, and time never runs backwards")
    with report.timed():
        site = Deadlines(folder / "site", counts, "")
        report.done, report.faults = site.run(counts["closings"])
        control = Deadlines(folder / "control", counts, "reads_the_clock_too_soon")
        _, found = control.run(1, with_a_step=False)
        report.controls = [Control("a site that reads the clock a second before it has the lock", AFTER, found[AFTER])]
    return report


class Deadlines:
    """One site with many lists, which close one after another whenever its clock is set there."""

    def __init__(self, folder: Path, counts: Counts, planted: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._config = prepare(folder)
        self._clock = Clock(folder / "clock")
        self._log = folder / "server.log"
        self._planted = planted
        self._counts = counts
        self._around = timedelta(seconds=counts["seconds"])

    def run(self, closings: int, *, with_a_step: bool = True) -> tuple[dict[str, int | float | str], dict[str, int]]:
        """What was done, and what was found wrong."""
        lists = self._lists(closings)
        settings = {**NO_LIMITS, **self._clock.settings}
        step: dict[str, int] = {}
        with serving(
            self._config, self._log, processes=self._counts["processes"], planted=self._planted, settings=settings
        ) as server:
            held = [self._close(server.port, *one, hold=place % 2 == 0) for place, one in enumerate(lists)]
            if with_a_step:
                step = self._step_back(server.port)
        engine = db.make_engine(self._config.database_url)
        with Session(engine) as session:
            faults = _judged(session, held) | step | _times(session)
            done = _done(session, held)
        engine.dispose()
        return done, faults

    def _lists(self, count: int) -> list[tuple[str, datetime]]:
        """Lists that close a day after each other, before the one of `prepare` does."""
        engine = db.make_engine(self._config.database_url)
        lists = []
        with Session(engine) as session, db.writing(session) as at:
            for place in range(count):
                number, closes_at = f"2026-SL-{place + 2:02}", (at + timedelta(days=place + 1)).replace(microsecond=0)
                making.make_open_list(session, at, number=number, closes_at=closes_at)
                lists.append((number, closes_at))
        engine.dispose()
        return lists

    def _close(self, port: int, number: str, closes_at: datetime, *, hold: bool) -> Closing:
        self._clock.set(closes_at - self._around)
        held: list[int] = []
        bystander = threading.Thread(target=lambda: held.append(self._hold(number, closes_at)))
        if hold:
            bystander.start()
        with ThreadPoolExecutor(self._counts["clients"]) as people:
            one = lambda _: self._send_until(port, number, closes_at + self._around)  # noqa: E731
            sent = [letter for some in people.map(one, range(self._counts["clients"])) for letter in some]
        if hold:
            bystander.join()
        return Closing(number, closes_at, sent, held[0] if hold else None)

    def _send_until(self, port: int, number: str, end: datetime) -> list[Sent]:
        sent = []
        while self._clock.now() < end:
            [letter] = letters(1, f"/en/consultations/{number}/comment")
            at = self._clock.now()
            sent.append(Sent(at, send(letter, port)))
        return sent

    def _hold(self, number: str, closes_at: datetime) -> int:
        """How many comments were there when it was after the closing and nobody could write."""
        self._wait_for(closes_at - HELD_BEFORE)
        engine = db.make_engine(self._config.database_url)
        there = 0
        try:
            with Session(engine) as session, db.writing(session):
                self._wait_for(closes_at + HELD_AFTER)
                there = _there(session, number)
                raise _GivenBack
        except _GivenBack:
            return there
        finally:
            engine.dispose()

    def _wait_for(self, instant: datetime) -> None:
        time.sleep(max(0.0, (instant - self._clock.now()).total_seconds()))

    def _step_back(self, port: int) -> dict[str, int]:
        """Letters before the clock is set back by an hour, after it, and when it goes right again."""
        moves = [timedelta(0), -AN_HOUR, AN_HOUR]
        turned_away = 0
        for by in moves:
            self._clock.move(by)
            received = [one for one in send_until_received(letters(16), port, at_once=4) if one.receipt is not None]
            turned_away += 16 - len(received)
        engine = db.make_engine(self._config.database_url)
        with Session(engine) as session:
            entries = select(func.count(LedgerEntry.index)).where(LedgerEntry.kind == Kind.CLOCK_STEPPED)
            told = session.scalar(entries) or 0
        engine.dispose()
        return {
            "people turned away because the clock was set": turned_away,
            "entries about the clock too many or too few": abs(told - 1),
        }


def _judged(session: Session, closings: list[Closing]) -> dict[str, int]:
    late = [one for closing in closings for one in closing.sent if one.at > closing.closes_at + READING]
    refused = [one for one in late if one.answer.receipt is None]
    told_late = [one for closing in closings for one in closing.sent if one.answer.status == 409]
    keys = set(session.scalars(select(Submission.submission_key)))
    return {
        AFTER: sum(
            _there(session, one.number) - one.there_when_held for one in closings if one.there_when_held is not None
        ),
        "comments sent after the closing and received": len(late) - len(refused),
        "comments stored with an instant at or after the closing": sum(
            _there(session, one.number, not_before=one.closes_at) for one in closings
        ),
        "late ones refused for another reason": sum(one.answer.status not in {409, 503} for one in refused),
        "late ones whose text was not given back": sum(not one.answer.shows_the_text for one in told_late),
        "late ones not told by how much": sum(not _BY_HOW_MUCH.search(one.answer.body) for one in told_late),
        "comments refused as late and stored all the same": sum(one.answer.letter.key in keys for one in told_late),
        "answers that were neither a receipt nor a refusal as late or busy": sum(
            one.answer.status not in {201, 409, 503} for closing in closings for one in closing.sent
        ),
        "closings with nobody before or nobody after": sum(_is_one_sided(closing) for closing in closings),
    }


def _is_one_sided(closing: Closing) -> bool:
    return not {201, 409} <= {one.answer.status for one in closing.sent}


def _times(session: Session) -> dict[str, int]:
    """Whatever the clock did: in the order in which they were written, instants go forward."""
    entries = list(session.scalars(select(LedgerEntry.recorded_at).order_by(LedgerEntry.index)))
    received = list(
        session.scalars(select(Submission.received_at).join(Submission.comments).order_by(Comment.ledger_index))
    )
    return {
        "ledger entries with an instant before the one above": _backwards(entries),
        "comments with an instant not after the one before": sum(
            later <= earlier for earlier, later in pairwise(received)
        ),
    }


def _backwards(instants: list[datetime]) -> int:
    return sum(later < earlier for earlier, later in pairwise(instants))


def _done(session: Session, closings: list[Closing]) -> dict[str, int | float | str]:
    statuses = [one.answer.status for closing in closings for one in closing.sent]
    free = [closing for closing in closings if closing.there_when_held is None] or closings
    return {
        "closings": len(closings),
        "with the write lock held over the closing": sum(one.there_when_held is not None for one in closings),
        "comments sent": len(statuses),
        "received before the closing": statuses.count(201),
        "refused as late": statuses.count(409),
        "asked to come again": statuses.count(503),
        "the last one received, seconds before the closing": min(_left(session, one) for one in free),
    }


def _left(session: Session, closing: Closing) -> float:
    last = session.scalar(select(func.max(Comment.received_at)).where(_of(closing.number)))
    return (closing.closes_at - last).total_seconds() if last else float("inf")


def _there(session: Session, number: str, *, not_before: datetime | None = None) -> int:
    query = select(func.count(Comment.id)).where(_of(number))
    return session.scalar(query.where(Comment.received_at >= not_before) if not_before else query) or 0


def _of(number: str) -> ColumnElement[bool]:
    return Comment.consultation_id == select(Consultation.id).where(Consultation.number == number).scalar_subquery()
