"""Cut the power at any moment of a flood, on paper: from a trace of the real site, what the disk may then hold.

For each moment four disks are made: with none of the writes that were not yet synced, with all, with a prefix of
them, and with a random half of their sectors. Each is opened with our SQLite, and every receipt that had left the site
by then must be there, whole and in its place in the ledger; and the heads that were signed must not forbid the site to
write.
"""

import random
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from floods import traces
from floods.disks import Disk, Mode, put_down
from floods.people import Shown, letters, send_until_received
from floods.reports import Control, Counts, Report
from floods.servers import prepare, serving
from gongshi import db
from gongshi.comments import receipts
from gongshi.comments.models import Comment, Submission
from gongshi.ledger import checkpoint
from gongshi.ledger import queries as log

LOST, CORRUPT = "receipts shown and lost", "databases that are damaged"
ROOT_WRONG, READ_ONLY = "ledger roots not those of their entries", "sites that would not write again"
UNLIKE = "files that the replay made unlike the real ones"
CONTROL_POINTS = 25
_KEPT = re.compile(r"(/gongshi\.db(-wal|-journal)?|/ledger(/.*)?)?")


@dataclass
class Recorded:
    """A flood that was traced: the disk before it, what happened, and who was told what."""

    disk: Disk
    folder: Path
    happened: list[traces.Step]
    texts: dict[Shown, str]


def prove_power_cuts(folder: Path, counts: Counts) -> Report:
    """So many moments of a flood of so many posts, four disks each; and the same where commits do not wait."""
    report = Report("What a receipt promised survives a power cut at any moment")
    with report.timed():
        recorded = record(folder / "site", counts["posts"], "")
        report.done, report.faults = replay(recorded, folder / "replayed", counts["points"])
        relaxed = record(folder / "control", counts["posts"], "does_not_wait_for_the_disk")
        points = min(CONTROL_POINTS, counts["points"])
        _, found = replay(relaxed, folder / "replayed", points)
        report.controls = [Control("synchronous=NORMAL", LOST, found[LOST])]
    return report


def record(folder: Path, posts: int, planted: str) -> Recorded:
    """Trace the whole site while letters come in, and end it as a power cut does."""
    folder.mkdir(parents=True, exist_ok=True)
    config, trace = prepare(folder), folder / "trace"
    disk = Disk.holding(_files(config.DATA_DIR))
    with serving(config, folder / "server.log", planted=planted, under=traces.command(trace)) as server:
        answers = send_until_received(letters(posts), server.port)
        server.kill_traced()
    texts = {answer.receipt: answer.letter.text for answer in answers if answer.receipt is not None}
    home = str(config.DATA_DIR)
    happened = traces.steps(trace, lambda path: path.startswith(home) and bool(_KEPT.fullmatch(path[len(home) :])))
    return Recorded(disk, config.DATA_DIR, happened, texts)


def replay(
    recorded: Recorded, scratch: Path, count: int, seed: int = 20211119
) -> tuple[dict[str, int], dict[str, int]]:
    """So many moments, four disks each: what was done, and what was found wrong."""
    chance = random.Random(seed)
    told = traces.receipts_told(recorded.happened)
    first = min(told)
    stops = set(traces.points(recorded.happened, first, count))
    faults = dict.fromkeys((LOST, CORRUPT, ROOT_WRONG, READ_ONLY, UNLIKE), 0)
    running, promised, states, checked = traces.Replay(recorded.disk), {}, 0, 0
    for place, step in enumerate(recorded.happened):
        running.take(step)
        if place in told:
            receipt = told[place].receipt
            promised[receipt] = recorded.texts.get(receipt)
        if place in stops:
            for mode in Mode:
                put_down(running.disk.after_a_cut(mode, chance), str(recorded.folder), scratch)
                _judge(scratch, promised, faults)
                shutil.rmtree(scratch)
                states, checked = states + 1, checked + len(promised)
    faults[UNLIKE] = _unlike(running.disk.after_a_cut(Mode.ALL, chance))
    done = {
        "comments sent while traced": len(recorded.texts),
        "receipts seen leaving the site": len(told),
        "writes, syncs and renames replayed": len(recorded.happened),
        "moments": len(stops),
        "disks after a power cut": states,
        "receipts looked up on them": checked,
    }
    return done, faults


def _unlike(files: dict[str, bytes]) -> int:
    """At the end nothing was cut: what the trace says was written must be what stands in the real files."""
    return sum(Path(path).read_bytes() != content for path, content in files.items())


def _judge(scratch: Path, promised: dict[Shown, str | None], faults: dict[str, int]) -> None:
    engine = db.make_engine(f"sqlite:///{scratch / 'gongshi.db'}")
    try:
        with Session(engine) as session:
            faults[CORRUPT] += _is_damaged(engine)
            faults[LOST] += _lost(session, promised)
            faults[ROOT_WRONG] += log.recompute(session) != log.root(session)
            faults[READ_ONLY] += checkpoint.guard(session, scratch / "ledger") is not None
    except DatabaseError:
        faults[CORRUPT] += 1
    finally:
        engine.dispose()


def _is_damaged(engine: Engine) -> bool:
    with engine.connect() as connection:
        return connection.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok"


def _lost(session: Session, promised: dict[Shown, str | None]) -> int:
    rows = select(Submission.receipt_number, Submission.secret_sha256, Comment.text).join(Comment.submission)
    kept = {number: (secret, text) for number, secret, text in session.execute(rows)}
    lost = 0
    for (number, secret), text in promised.items():
        stored, words = kept.get(number, ("", ""))
        # Somebody whose answer was cut off by the end of the flood has no text here, and a promise all the same.
        lost += not (stored and receipts.opens(secret, stored) and text in (None, words))
    return lost


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and _is_kept(folder, path)}


def _is_kept(folder: Path, path: Path) -> bool:
    return bool(_KEPT.fullmatch(str(path)[len(str(folder)) :]))
