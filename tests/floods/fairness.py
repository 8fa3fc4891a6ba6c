"""Bots that solve the proof of work do not keep people out, and no network gets more than its limit.

People come from separate networks, one attempt each, while the bots send without rest. What a network got is read from
the database and not from what the clients were told: the instants of its submissions, in every window of its limit.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Config
from floods.bots import Bots, Sent, send_once
from floods.reports import Control, Counts, Report
from floods.servers import prepare, serving
from gongshi import db
from gongshi.comments.models import Submission

PROCESSES = 2
PEOPLE_AT_ONCE = 4
MAY_FAIL = 1
# Low enough for the bots to reach it within the proof; the ratio is that of the defaults.
BURST, WITHOUT_PROOF = 6, 2
SETTINGS = {
    "TRUSTED_PROXIES": "1",
    "COMMENT_LIMITS": f"{BURST} per 10 minutes;200 per day",
    "COMMENT_LIMITS_WITHOUT_PROOF": f"{WITHOUT_PROOF} per hour;20 per day",
}
WINDOW = timedelta(minutes=10)
# The counter's clock is read a little later than the instant of the act.
SLACK = timedelta(seconds=2)
KEPT_OUT = "attempts of people that failed, beyond one in the whole run"
OVER = "submissions of a network beyond its limit"


def prove_fairness(folder: Path, counts: Counts) -> Report:
    """So many attempts of people beside so many bots; and the same, smaller, with the limiter's faults planted."""
    report = Report("Bots do not keep people out, and nobody gets more than the limit")
    with report.timed():
        people, bots, config = _run(folder / "site", counts["attempts"], counts["bots"])
        everything = [*people, *bots]
        failed = [one for one in people if not one.receipt]
        report.faults = {
            KEPT_OUT: max(0, len(failed) - MAY_FAIL),
            OVER: over_admitted(_by_network(config, everything)),
            "submissions on disk that nobody was told of, or told and not on disk": _differs(config, everything),
            "receipts given twice": len(_receipts(everything)) - len(set(_receipts(everything))),
        }
        taken = [one for one in bots if one.receipt]
        report.done = {
            "attempts of people, each from a network of its own": len(people),
            "of these, failed": len(failed),
            "seconds an attempt took at the most, the proof included": max(one.seconds for one in people),
            "bots, each from a network of its own": counts["bots"],
            "submissions that bots tried": len(bots),
            "of these, taken": len(taken),
            "bots that came up to their limit": _at_their_limit(taken),
            "tries that a bot's proof took on average": _average([one.tries for one in bots if one.tries]),
            "tries that a person's proof took on average": _average([one.tries for one in people]),
        }
        report.controls = [
            Control("counters that each process keeps for itself", OVER, _control_over(folder / "control-1")),
            Control("all networks taken for one", KEPT_OUT, _control_kept_out(folder / "control-2")),
        ]
    return report


def over_admitted(networks: Mapping[str, Sequence[datetime]]) -> int:
    """How many submissions stand beyond the limit of their network, in any window of it."""
    return sum(_beyond(sorted(instants)) for instants in networks.values())


def _beyond(instants: Sequence[datetime]) -> int:
    allowed: list[datetime] = []
    for at in instants:
        if sum(at - one < WINDOW - SLACK for one in allowed) < BURST:
            allowed.append(at)
    return len(instants) - len(allowed)


def _run(
    folder: Path, attempts: int, bots: int, *, planted: str = "", proving: bool = True
) -> tuple[list[Sent], list[Sent], Config]:
    folder.mkdir(parents=True, exist_ok=True)
    config = prepare(folder)
    log = folder / "server.log"
    with (
        serving(config, log, processes=PROCESSES, planted=planted, settings=SETTINGS) as server,
        Bots(server.port, [f"203.0.113.{place}" for place in range(1, bots + 1)], proving=proving) as running,
        ThreadPoolExecutor(PEOPLE_AT_ONCE) as pool,
    ):
        networks = [f"10.0.{place >> 8}.{place & 255}" for place in range(attempts)]
        people = list(pool.map(lambda network: send_once(server.port, network, proving=proving), networks))
    return people, running.sent, config


def _control_over(folder: Path) -> int:
    """Without proofs, which cost time and are not what is looked at here: the limit is then the smaller one."""
    people, bots, config = _run(folder, 40, 5, planted="counts_in_each_process", proving=False)
    networks = _by_network(config, [*people, *bots])
    return sum(max(0, len(instants) - WITHOUT_PROOF) for instants in networks.values())


def _control_kept_out(folder: Path) -> int:
    people, _, _ = _run(folder, 20, 2, planted="takes_all_networks_for_one", proving=False)
    return max(0, sum(not one.receipt for one in people) - MAY_FAIL)


def _by_network(config: Config, sent: Sequence[Sent]) -> dict[str, list[datetime]]:
    instants = _on_disk(config)
    networks: dict[str, list[datetime]] = {}
    for one in sent:
        if one.receipt in instants:
            networks.setdefault(one.network, []).append(instants[one.receipt])
    return networks


def _on_disk(config: Config) -> dict[str, datetime]:
    engine = db.make_engine(config.database_url)
    with Session(engine) as session:
        rows = session.execute(select(Submission.receipt_number, Submission.received_at)).all()
    engine.dispose()
    return {number: at for number, at in rows}


def _differs(config: Config, sent: Sequence[Sent]) -> int:
    return len(set(_on_disk(config)) ^ set(_receipts(sent)))


def _receipts(sent: Sequence[Sent]) -> list[str]:
    return [one.receipt for one in sent if one.receipt]


def _at_their_limit(taken: Sequence[Sent]) -> int:
    networks = [one.network for one in taken]
    return sum(networks.count(network) >= BURST for network in set(networks))


def _average(counts: Sequence[int]) -> int:
    return round(sum(counts) / max(1, len(counts)))
