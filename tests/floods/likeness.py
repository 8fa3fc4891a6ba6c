"""Whether families are what they should be, measured: of generated crowds, whose letters are known (rule 10).

Recall is over all variants: how many are in the family in which most variants of their letter are. Precision is over
all pairs of comments put into one family: how many are two variants of the same letter.
"""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np

import form_letters
from floods.reports import Control, Counts, Report
from form_letters import Written
from gongshi.comments import clusters, similarity

RECALL, PRECISION = 0.98, 0.999
SECONDS, MEMORY = 600, 2 * 2**30


@dataclass(frozen=True)
class Measured:
    """How well one crowd was put into families."""

    recall: float
    precision: float


@dataclass(frozen=True)
class Clustered:
    """A long list put into families: how well, and at what cost. Memory is the peak of the whole process."""

    measured: Measured
    seconds: float
    peak_bytes: int


def prove_families(_folder: Path, counts: Counts) -> Report:
    """Measure both crowds against what was promised, and plant two faults which the same measure must find.

    The time is processor time, so that what else the machine does matters little; that of making the texts up is not
    counted.
    """
    report = Report("Form letters are found, and nothing else is taken for one")
    with report.timed():
        crowd = form_letters.crowd(1, own=counts["own"], variants=counts["variants"], of=counts["letters"])
        numbers, pieces, letter = signed(crowd, len(crowd))
        mixed = measure(clusters.partition(numbers, pieces).tolist(), letter)
        report.controls = [
            Control("any two comments are alike", "precision", int(_falls_short(
                measure(_partition_from(numbers, pieces, 0.0), letter)))),
            Control("texts are compared as they stand", "recall", int(_falls_short(measure(_unread(crowd), letter)))),
        ]  # fmt: skip
        long = in_separate_process(counts["many"])
    report.done = {
        f"variants of {counts['letters']} letters": counts["variants"],
        "among comments in own words": counts["own"],
        "of the variants, found": mixed.recall,
        "of the pairs put together, right": mixed.precision,
        "comments in the long list": counts["many"],
        "of its variants, found": long.measured.recall,
        "of its pairs put together, right": long.measured.precision,
        "seconds of processor time for it": round(long.seconds, 1),
        "GiB at its peak": round(long.peak_bytes / 2**30, 2),
    }
    report.faults = {
        "variants not found, or own words taken for one": int(_falls_short(mixed)),
        "the same in the long list": int(_falls_short(long.measured)),
        f"more than {SECONDS} s": int(long.seconds > SECONDS),
        "more than 2 GiB": int(long.peak_bytes > MEMORY),
    }
    return report


def in_separate_process(count: int) -> Clustered:
    """Put a long list into families in a process of its own, so that its memory is nobody else's."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_clustered, count).result()


def _clustered(count: int) -> Clustered:
    begun = time.process_time()
    for _ in form_letters.many(7, count):
        pass
    made_up = time.process_time() - begun
    begun = time.process_time()
    numbers, pieces, letter = signed(form_letters.many(7, count), count)
    found = clusters.partition(numbers, pieces)
    seconds = time.process_time() - begun - made_up
    return Clustered(measure(found.tolist(), letter), seconds, _peak())


def _peak() -> int:
    """The most memory that this process has held. Its `ru_maxrss` would begin with that of the process before it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def _falls_short(measured: Measured) -> bool:
    return measured.recall < RECALL or measured.precision < PRECISION


def _partition_from(numbers: similarity.Numbers, pieces: clusters.Pieces, threshold: float) -> list[int]:
    """Families under another threshold: a fault that is planted."""
    kept = clusters.FAMILY, clusters.FAMILY_SHORT
    clusters.FAMILY = clusters.FAMILY_SHORT = threshold
    try:
        found: list[int] = clusters.partition(numbers, pieces).tolist()
    finally:
        clusters.FAMILY, clusters.FAMILY_SHORT = kept
    return found


def _unread(crowd: Iterable[Written]) -> list[int]:
    """Families of texts that are equal character by character: another planted fault."""
    first: dict[str, int] = {}
    return [first.setdefault(written.text, place) for place, written in enumerate(crowd)]


def signed(crowd: Iterable[Written], count: int) -> tuple[similarity.Numbers, clusters.Pieces, list[int | None]]:
    """The numbers and pieces of a crowd, and the letter of each; its texts are not kept."""
    numbers = np.zeros((count, similarity.NUMBERS), dtype=np.uint16)
    pieces = np.zeros(count, dtype=np.int32)
    of: list[int | None] = []
    for place, written in enumerate(crowd):
        found = similarity.signature(written.text)
        numbers[place], pieces[place] = found.numbers, found.pieces
        of.append(written.letter)
    return numbers, pieces, of


def measure(family: Sequence[int], letter: Sequence[int | None]) -> Measured:
    """Recall and precision of families, given the letter of each comment."""
    sizes, together = Counter(family), Counter(zip(family, letter, strict=True))
    largest: dict[int, int] = {}
    for (_, of), count in together.items():
        if of is not None:
            largest[of] = max(largest.get(of, 0), count)
    variants = sum(of is not None for of in letter)
    put = sum(pairs(count) for count in sizes.values())
    right = sum(pairs(count) for (_, of), count in together.items() if of is not None)
    return Measured(sum(largest.values()) / max(1, variants), right / put if put else 1.0)


def pairs(count: int) -> int:
    return count * (count - 1) // 2
