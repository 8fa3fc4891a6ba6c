"""What a proof hands back: what was done, what must be nought, and whether its own detector was seen to work."""

import platform
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gongshi.db import sqlite_module

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Control:
    """The same run with a fault planted. Where the detector finds nothing in it, the proof says nothing."""

    planted: str
    detector: str
    found: int


@dataclass
class Report:
    """One proof. Everything under `faults` must be nought, and every control must have found its planted fault."""

    title: str
    done: dict[str, int | float | str] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)
    controls: list[Control] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def is_void(self) -> bool:
        """Whether a detector did not see what was planted, or nothing was looked for at all."""
        return not self.faults or not self.controls or not all(control.found for control in self.controls)

    @property
    def is_clean(self) -> bool:
        return not self.is_void and not any(self.faults.values())

    @property
    def verdict(self) -> str:
        return "VOID: a planted fault was not found" if self.is_void else "clean" if self.is_clean else "NOT CLEAN"

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Add what the block takes to `seconds`."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds += time.monotonic() - began


def written(report: Report) -> str:
    """One proof as Markdown."""
    controls = [f"| {control.planted} | {control.detector} | {control.found:,} |" for control in report.controls] or [
        "| none | – | 0 |"
    ]
    lines = [
        f"## {report.title}",
        "",
        f"**{report.verdict[0].upper()}{report.verdict[1:]}**, after {report.seconds:,.0f} s.",
        "",
        "| done | count |",
        "|---|---:|",
        *(f"| {what} | {_shown(count)} |" for what, count in report.done.items()),
        "",
        "| what must be nought | found |",
        "|---|---:|",
        *(f"| {what} | {count:,} |" for what, count in report.faults.items()),
        "",
        "| control: the fault planted | its detector | found, must not be nought |",
        "|---|---|---:|",
        *controls,
        "",
    ]
    return "\n".join(lines)


def machine() -> str:
    """What the proofs ran on, in one line."""
    about = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").exists() else ""
    models = [line.partition(":")[2].strip() for line in about.splitlines() if line.startswith("model name")]
    parts = [
        f"{len(models) or '?'} × {models[0] if models else platform.machine()}",
        f"{platform.system()} {platform.release()}",
        f"Python {platform.python_version()}",
        f"SQLite {sqlite_module().sqlite_version}",
        *(line for line in (_version("strace", "-V"), _version("faketime", "--version")) if line),
    ]
    return " · ".join(parts)


def _shown(count: float | str) -> str:
    return f"{count:,}" if isinstance(count, int) else f"{count:,.3f}" if isinstance(count, float) else count


def _version(program: str, option: str) -> str:
    try:
        said = subprocess.run([program, option], capture_output=True, text=True, timeout=10, check=False).stdout
    except OSError:
        return ""
    lines = said.strip().splitlines()
    return lines[0].strip() if lines else ""
