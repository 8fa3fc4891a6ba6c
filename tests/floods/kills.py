"""Kill the servers in the middle of a flood, start them again, and see whether anything that was promised is gone.

What is promised is what a person was shown: a receipt. Each round sends letters to two processes over one database and
kills both with SIGKILL after some of the answers; then everybody who got no answer sends again, as people do.
"""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Config
from floods.people import Answer, Letter, letters, send_all
from floods.servers import Server, servers
from gongshi import db
from gongshi.comments import receipts
from gongshi.comments.models import Comment, Submission
from gongshi.ledger import checkpoint
from gongshi.ledger import queries as log
from gongshi.ledger.kinds import Kind
from gongshi.ledger.models import LedgerEntry
from gongshi.web.ledger_head import folder

NO_LIMITS = {"COMMENT_LIMITS": "1000000 per minute", "CONSULTATION_LIMIT": "1000000 per minute"}
PROCESSES = 2
TRIES = 5


@dataclass
class Report:
    """What was done and what was found. Everything under `faults` must be nought."""

    kills: int = 0
    posts: int = 0
    answered_before_a_kill: int = 0
    cut_off: int = 0
    cut_off_but_on_disk: int = 0
    retried: int = 0
    entries: int = 0
    seconds: float = 0.0
    faults: dict[str, int] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        return not any(self.faults.values())


def prove(config: Config, *, kills: int, posts: int, seed: int = 20211119) -> Report:
    """So many rounds of so many posts, each with one kill in its middle, then the audit."""
    report, chance, began = Report(), random.Random(seed), time.monotonic()
    shown: dict[Letter, set[tuple[str, str]]] = {}
    for _ in range(kills):
        round_letters = letters(posts)
        answers = _flood_and_kill(config, round_letters, after=chance.randint(1, max(1, posts * 9 // 10)))
        _remember(shown, answers)
        unanswered = [answer.letter for answer in answers if answer.receipt is None]
        report.kills += 1
        report.posts += len(answers)
        report.answered_before_a_kill += len(answers) - len(unanswered)
        report.cut_off += len(unanswered)
        report.cut_off_but_on_disk += _on_disk(config, unanswered)
        _remember(shown, _send_until_answered(config, unanswered, report))
    report.seconds = time.monotonic() - began
    _audit(config, shown, expected=kills * posts, report=report)
    return report


def _flood_and_kill(config: Config, sending: list[Letter], *, after: int) -> list[Answer]:
    with servers(config, PROCESSES, **NO_LIMITS) as running:
        enough = threading.Event()
        received: list[Answer] = []

        def count(answer: Answer) -> None:
            received.append(answer)
            if len(received) >= after:
                enough.set()

        killer = threading.Thread(target=_kill_when, args=(enough, running))
        killer.start()
        answers = send_all(sending, [server.port for server in running], count)
        enough.set()
        killer.join()
    return answers


def _kill_when(enough: threading.Event, running: list[Server]) -> None:
    enough.wait()
    for server in running:
        server.kill()


def _send_until_answered(config: Config, waiting: list[Letter], report: Report) -> list[Answer]:
    answered: list[Answer] = []
    with servers(config, 1, **NO_LIMITS) as running:
        for _ in range(TRIES):
            report.retried += len(waiting)
            answers = send_all(waiting, [server.port for server in running])
            answered += [answer for answer in answers if answer.receipt is not None]
            waiting = [answer.letter for answer in answers if answer.receipt is None]
    return answered


def _remember(shown: dict[Letter, set[tuple[str, str]]], answers: list[Answer]) -> None:
    for answer in answers:
        if answer.receipt is not None:
            shown.setdefault(answer.letter, set()).add(answer.receipt)


def _on_disk(config: Config, sent: list[Letter]) -> int:
    engine = db.make_engine(config.database_url)
    with Session(engine) as session:
        keys = set(session.scalars(select(Submission.submission_key)))
    engine.dispose()
    return sum(letter.key in keys for letter in sent)


def _audit(config: Config, shown: dict[Letter, set[tuple[str, str]]], *, expected: int, report: Report) -> None:
    engine = db.make_engine(config.database_url)
    with Session(engine) as session:
        texts = Counter(session.scalars(select(Comment.text)))
        report.entries = log.size(session)
        report.faults = {
            "people without a receipt in the end": expected - len(shown),
            "people with two different receipts": sum(len(pairs) > 1 for pairs in shown.values()),
            "receipts shown and not found again": sum(
                not _opens(session, one) for pairs in shown.values() for one in pairs
            ),
            "comments lost": sum(texts[letter.text] == 0 for letter in shown),
            "comments kept twice": sum(times - 1 for times in texts.values()),
            "comments nobody sent": len(set(texts) - {letter.text for letter in shown}),
            "gaps in the running numbers": _gaps(session),
            "comments without their ledger entry": _without_entry(session),
            "ledger root not that of its entries": int(log.recompute(session) != log.root(session)),
            "ledger short of what was signed": int(checkpoint.guard(session, folder(config)) is not None),
        }
    engine.dispose()


def _opens(session: Session, receipt: tuple[str, str]) -> bool:
    number, secret = receipt
    kept = session.scalar(select(Submission.secret_sha256).where(Submission.receipt_number == number))
    return kept is not None and receipts.opens(secret, kept)


def _gaps(session: Session) -> int:
    highest, count = session.execute(select(func.max(Comment.seq), func.count(Comment.id))).one()
    return int((highest or 0) - count)


def _without_entry(session: Session) -> int:
    entries = {
        entry.index: entry.subject["comment"]
        for entry in session.scalars(select(LedgerEntry).where(LedgerEntry.kind == Kind.COMMENT_RECEIVED))
    }
    numbers = {index: number for index, number in session.execute(select(Comment.ledger_index, Comment.number))}
    return len(set(entries.items()) ^ set(numbers.items()))
