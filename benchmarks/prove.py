#!/usr/bin/env python
"""`make prove`: the long proofs at full count, each with a fault planted that it must find, and a report of them.

    make prove                             all of them; it takes long
    make prove PROOFS="kills power-cuts"   only these
    make prove COUNTS=reduced              with the counts of CI (tests/floods/counts.py)

The report goes to var/prove/report.md, after each proof anew. The exit code is 1 when anything was found that must be
nought, when a planted fault was not found, and when this machine could not run what was asked for.
"""

import argparse
import sys
import tempfile
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from floods import counts
from floods.reports import Counts, Report, machine, written

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "var" / "prove" / "report.md"
# Each is `prove_<name>(folder, counts)` in tests/floods/<module>.py; the counts stand under the name in counts.py.
PROOFS = {
    "kills": "floods.kills:prove_kills",
    "power-cuts": "floods.power_cuts:prove_power_cuts",
    "disk-full": "floods.disk_full:prove_disk_full",
    "cut-answers": "floods.cut_answers:prove_cut_answers",
    "deadline": "floods.deadline:prove_deadline",
    "fairness": "floods.fairness:prove_fairness",
    "naughty": "floods.naughty:prove_naughty",
    "families": "floods.likeness:prove_families",
    "flood": "floods.throughput:prove_flood",
}


def main() -> int:
    asked = _asked()
    wanted = counts.reduced if asked.counts == "reduced" else counts.full
    parts: list[str] = []
    failed = False
    for name in asked.proofs or list(PROOFS):
        sys.stderr.write(f"== {name}\n")
        verdict, part = _proved(name, wanted(name))
        failed |= verdict != "clean"
        parts.append(part)
        _write(asked.report, parts, asked.counts)
        sys.stdout.write(part)
        sys.stdout.flush()
    return int(failed)


def _proved(name: str, numbers: Counts) -> tuple[str, str]:
    """The verdict and the part of the report. What cannot be run here is said, and is no success."""
    try:
        with tempfile.TemporaryDirectory(prefix="gongshi-prove-") as folder:
            report = _proof(name)(Path(folder), numbers)
    except Exception as error:
        traceback.print_exc()
        return "could not run", f"## {name}\n\n**COULD NOT RUN**: {error or type(error).__name__}\n\n"
    return report.verdict, written(report) + "\n"


def _proof(name: str) -> Callable[[Path, Counts], Report]:
    module, _, function = PROOFS[name].partition(":")
    proof: Callable[[Path, Counts], Report] = getattr(import_module(module), function)
    return proof


def _write(target: Path, parts: list[str], which: str) -> None:
    head = f"# What was proved\n\n{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {which} counts\n\n{machine()}\n\n"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(head + "".join(parts), encoding="utf-8")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make prove", description="The long proofs, and a report of them.")
    parser.add_argument("proofs", nargs="*", choices=[[], *PROOFS], metavar="PROOF", help=", ".join(PROOFS))
    parser.add_argument("--counts", choices=("full", "reduced"), default="full")
    parser.add_argument("--report", type=Path, default=REPORT)
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
