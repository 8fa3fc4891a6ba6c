#!/usr/bin/env python
"""`make prove`: kill the servers in the middle of many floods and write down whether a promise was broken.

    PROVE_KILLS=20 PROVE_POSTS=100 make prove

Each kill is a SIGKILL of two server processes that take comments on one database. The report goes to
var/prove/report.md unless told otherwise; the exit code is 1 when anything was lost, doubled or contradicted.
"""

import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from floods.kills import PROCESSES, Report, prove
from floods.servers import prepare
from gongshi.db import sqlite_module

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    kills, posts = int(os.environ.get("PROVE_KILLS", "20")), int(os.environ.get("PROVE_POSTS", "100"))
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "var" / "prove" / "report.md"
    with tempfile.TemporaryDirectory(prefix="gongshi-prove-") as folder:
        report = prove(prepare(Path(folder)), kills=kills, posts=posts)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(written(report), encoding="utf-8")
    sys.stdout.write(written(report))
    return 0 if report.is_clean else 1


def written(report: Report) -> str:
    """The report as Markdown."""
    done = {
        "kills (SIGKILL of every server process)": report.kills,
        "comments sent by as many people": report.posts,
        "answered with a receipt before the kill": report.answered_before_a_kill,
        "without an answer when the servers were killed": report.cut_off,
        "of these, found on disk all the same": report.cut_off_but_on_disk,
        "sent again with the same key": report.retried,
        "entries in the ledger at the end": report.entries,
        "seconds": round(report.seconds),
    }
    lines = [
        "# Nothing that was promised is lost",
        "",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {PROCESSES} server processes over one SQLite "
        f"{sqlite_module().sqlite_version} database · Python {platform.python_version()}",
        "",
        "| done | count |",
        "|---|---:|",
        *(f"| {what} | {count:,} |" for what, count in done.items()),
        "",
        "| what must be nought | found |",
        "|---|---:|",
        *(f"| {what} | {count:,} |" for what, count in report.faults.items()),
        "",
        "**Clean.**" if report.is_clean else "**NOT CLEAN.**",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
