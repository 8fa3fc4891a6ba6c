"""A flood an hour before the deadline: far more posts than can be taken, and people who read meanwhile.

The site must take what it can, refuse the rest at once with the text kept and a time to come again, stay readable, and
lose nothing that it gave a receipt for.
"""

from collections import Counter
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Config
from floods.careless import careless
from floods.offering import Offered, Outcome, offer
from floods.people import letters
from floods.reports import Control, Counts, Report
from floods.servers import NUMBER, prepare, serving
from gongshi import db
from gongshi.comments.models import Comment, Submission
from gongshi.ledger import queries as log

PAGES = ("/", f"/consultations/{NUMBER}/", f"/consultations/{NUMBER}/projects/1/", f"/consultations/{NUMBER}/comments/")
READS_PER_SECOND = 10.0
PROCESSES = 2
LIMITS = {"COMMENT_LIMITS": "5 per minute", "COMMENT_LIMITS_WITHOUT_PROOF": "5 per minute", "TRUSTED_PROXIES": "1"}

ACCEPTED_PER_SECOND = 100
SLOWEST_ACCEPTED = 1.0
SLOWEST_READ = 0.3


def prove_flood(folder: Path, counts: Counts) -> Report:
    """Offer so many posts a second for so long, then look at what the clients saw and at what is on disk."""
    config = prepare(folder)
    report = Report("A flood slows nothing beyond what was promised, and loses nothing")
    with report.timed():
        with serving(config, folder / "flood.log", processes=PROCESSES, settings=LIMITS) as server:
            port = server.port
            offer(port, letters(8), posts_per_second=8, pages=PAGES, reads_per_second=8)  # What is made once is made.
            offered = offer(
                port,
                letters(counts["rate"] * counts["seconds"]),
                posts_per_second=counts["rate"],
                pages=PAGES,
                reads_per_second=READS_PER_SECOND,
            )
        report.done = told(offered, counts["seconds"])
        report.faults = broken(offered) | _audited(config, offered)
        if counts["judged"]:
            report.faults |= too_slow(report)
        report.controls = [_control()]
    return report


def _control() -> Control:
    with careless() as port:
        offered = offer(port, letters(20), posts_per_second=100, pages=PAGES, reads_per_second=20)
    return Control("a server that breaks each promise in turn", "what the clients saw", sum(broken(offered).values()))


def told(offered: Offered, seconds: float) -> dict[str, int | float | str]:
    """What was offered and what came of it."""
    outcomes = [outcome for _, outcome in offered.posts]
    accepted = [one for one in outcomes if one.status in {201, 202}]
    refused = [one for one in outcomes if one.status == 503]
    reads = [one for _, one in offered.reads]
    return {
        "server processes": PROCESSES,
        "posts offered": len(outcomes),
        "posts offered per second": round(len(outcomes) / seconds),
        "accepted": len(accepted),
        "accepted per second": round(len(accepted) / offered.seconds, 1),
        "refused with 503": len(refused),
        "refused with 429": sum(one.status == 429 for one in outcomes),
        "accepted: median, ms": ms(accepted, 50),
        "accepted: p99, ms": ms(accepted, 99),
        "refused: p99, ms": ms(refused, 99),
        "pages read": len(reads),
        "pages read: median, ms": ms(reads, 50),
        "pages read: p99, ms": ms(reads, 99),
        "seconds until everybody was answered": round(offered.seconds, 1),
    }


def broken(offered: Offered) -> dict[str, int]:
    """Which promises the clients saw broken. Speed is none of them: it belongs to the machine."""
    outcomes = [outcome for _, outcome in offered.posts]
    refused = [one for one in outcomes if one.status == 503]
    return {
        "posts without an answer": sum(one.status == 0 for one in outcomes),
        "posts answered otherwise than 201, 202, 429 or 503": sum(
            one.status not in {0, 201, 202, 429, 503} for one in outcomes
        ),
        "503 without a time to come again": sum(one.retry_after is None for one in refused),
        "503 without the text": sum(not one.keeps_the_text for one in refused),
        "pages not read": sum(one.status != 200 for _, one in offered.reads),
    }


def too_slow(report: Report) -> dict[str, int]:
    """What fell short of the promise, on the machine that it was measured on."""
    done = {name: float(count) for name, count in report.done.items()}
    return {
        f"fewer than {ACCEPTED_PER_SECOND} accepted a second": int(done["accepted per second"] < ACCEPTED_PER_SECOND),
        "accepted posts slower than 1 s at p99": int(done["accepted: p99, ms"] > SLOWEST_ACCEPTED * 1000),
        "pages slower than 0.3 s at p99": int(done["pages read: p99, ms"] > SLOWEST_READ * 1000),
    }


def ms(outcomes: list[Outcome], percent: int) -> float:
    """A percentile of how long they took."""
    taken = sorted(one.seconds for one in outcomes)
    return round(1000 * taken[min(len(taken) - 1, len(taken) * percent // 100)], 1) if taken else 0.0


def _audited(config: Config, offered: Offered) -> dict[str, int]:
    shown = {letter.key: outcome.receipt for letter, outcome in offered.posts if outcome.status in {201, 202}}
    engine = db.make_engine(config.database_url)
    with Session(engine) as session:
        kept = dict(session.execute(select(Submission.submission_key, Submission.receipt_number)).all())
        texts = Counter(session.scalars(select(Comment.text)))
        faults = {
            "receipts shown and not on disk": sum(kept.get(key) != receipt for key, receipt in shown.items()),
            "comments kept twice": sum(times - 1 for times in texts.values()),
            "ledger root not that of its entries": int(log.recompute(session) != log.root(session)),
        }
    engine.dispose()
    return faults
