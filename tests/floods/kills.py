"""Kill the site in the middle of a flood, start it again, and see whether anything that was promised is gone.

What is promised is what a person was shown: a receipt. In each round letters are sent to the whole site, and after some
of the answers SIGKILL comes to all its processes at once, or to one of them, which the parent then starts again. Then
everybody who got no answer sends again, as people do, and some who did get one send again too.
"""

import random
import threading
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Config
from floods.audit import LOST, Memory, audit
from floods.people import Answer, Letter, letters, send_all, send_until_received, with_more
from floods.reports import Control, Counts, Report
from floods.servers import Server, begin, prepare
from gongshi import db
from gongshi.comments.models import Submission

PROCESSES = 2
CONTROL_KILLS = 1
# One letter of so many brings several comments under one receipt.
EVERY = 5


def prove_kills(folder: Path, counts: Counts) -> Report:
    """So many kills, and the same with a site that answers before it stores."""
    report = Report("Nothing that was promised is lost when the site is killed")
    with report.timed():
        Killing(folder / "site", report, "").run(counts["kills"], counts["posts"])
        planted = Report("")
        Killing(folder / "control", planted, "answers_first").run(CONTROL_KILLS, counts["posts"])
    report.controls = [Control("a site that answers before it stores", LOST, planted.faults[LOST])]
    return report


class Killing:
    """One site over many kills."""

    def __init__(self, folder: Path, report: Report, planted: str, seed: int = 20211119) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.config = prepare(folder)
        self._log = folder / "server.log"
        self._planted = planted
        self._chance = random.Random(seed)
        self._memory = Memory()
        self._report = report
        self._counted = dict.fromkeys(
            ("answered before the kill", "without an answer", "of these, found on disk all the same", "sent again"), 0
        )

    def run(self, kills: int, posts: int) -> None:
        """The rounds, then the audit."""
        whole = 0
        server = self._begin()
        try:
            for number in range(kills):
                everything = number % 3 != 2
                whole += everything
                server = self._round(server, posts, everything=everything)
        finally:
            server.stop()
        faults, entries = audit(self.config, self._memory, sent=kills * posts)
        self._report.faults = faults
        self._report.done = {
            "kills (SIGKILL)": kills,
            "of every process of the site": whole,
            "of one process, web or search worker": kills - whole,
            "submissions by as many people, one in five with three comments": kills * posts,
            **self._counted,
            "entries in the ledger at the end": entries,
        }

    def _round(self, server: Server, posts: int, *, everything: bool) -> Server:
        sending = [with_more(one) if place % EVERY == 0 else one for place, one in enumerate(letters(posts))]
        answers = self._flood_and_kill(server, sending, everything=everything)
        waiting = self._memory.keep(answers)
        self._counted["answered before the kill"] += posts - len(waiting)
        self._counted["without an answer"] += len(waiting)
        self._counted["of these, found on disk all the same"] += _on_disk(self.config, waiting)
        if everything:
            server = self._begin()
        answered = [answer.letter for answer in answers if answer.receipt is not None]
        self._send_until_answered(server, waiting + self._chance.sample(answered, len(answered) // 10))
        return server

    def _flood_and_kill(self, server: Server, sending: list[Letter], *, everything: bool) -> list[Answer]:
        enough, received = threading.Event(), 0
        after = self._chance.randint(1, max(1, len(sending) * 8 // 10))

        def count(answer: Answer) -> None:
            nonlocal received
            received += 1
            if received >= after:
                enough.set()

        def kill() -> None:
            enough.wait()
            if everything:
                server.kill()
            else:
                server.kill_one(self._chance)

        killer = threading.Thread(target=kill)
        killer.start()
        answers = send_all(sending, [server.port], count)
        enough.set()
        killer.join()
        return answers

    def _send_until_answered(self, server: Server, waiting: list[Letter]) -> None:
        answers = send_until_received(waiting, server.port)
        self._counted["sent again"] += len(answers)
        self._memory.keep(answers)

    def _begin(self) -> Server:
        return begin(self.config, self._log, processes=PROCESSES, planted=self._planted)


def _on_disk(config: Config, sent: list[Letter]) -> int:
    engine = db.make_engine(config.database_url)
    keys = [letter.key for letter in sent]
    with Session(engine) as session:
        found = len(session.scalars(select(Submission.id).where(Submission.submission_key.in_(keys))).all())
    engine.dispose()
    return found
