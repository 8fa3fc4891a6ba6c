"""How alike two comments are: a published deterministic method (rule 10), "gongshi-minhash-2". Pure; docs/families.md
says it in words, with a reading of it in plain Python. Every number stands in `PARAMETERS`.

1. Leave out quotations of eight characters or more. Read the rest as search reads it (width, case and script form do
   not matter), and keep letters and digits only.
2. Take its pieces of three characters; a shorter text is one piece. Each piece gives a number of 64 bits.
3. 64 fixed functions are drawn from SHAKE-128. The signature of a text is the least value of each over all its pieces
   (MinHash), of which the middle 16 bits are kept, and how many pieces there are.
4. The share of equal numbers in two signatures estimates the share of pieces that two texts have in common (Jaccard).
   Two texts are nearly the same from `FAMILY` on, short ones only from `FAMILY_SHORT` on.
5. Signatures are looked up by bands of three numbers; `families` says who is compared with whom.

numpy makes it fast; nothing depends on its random numbers, which few could repeat.
"""

import hashlib
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gongshi.search.normal import norm

METHOD = "gongshi-minhash-2"
PIECE = 3
NUMBERS = 64
BANDS = 20
ROWS = 3
WINDOW = 8
"""In each band a comment is compared with so many of those before it that have the same numbers there."""
FAMILY = 0.36
"""From this estimate on two comments are nearly the same."""
SHORT = 30
"""With fewer different pieces a text is short."""
FAMILY_SHORT = 0.6
ALIKE = 0.25
"""From this estimate on a comment is worth being shown beside another."""
QUOTATION = "“[^“”]{8,}”|「[^「」]{8,}」"
STEP, FIRST, SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB

PARAMETERS: Mapping[str, Any] = {
    "method": METHOD,
    "quotation_left_out": QUOTATION,
    "characters_kept": "str.isalnum() of the text as search reads it (site/gongshi/search/normal.tsv)",
    "piece": PIECE,
    "mix_step": STEP,
    "mix_factors": [FIRST, SECOND],
    "functions_from": f"SHAKE-128 of the bytes '{METHOD}'",
    "numbers": NUMBERS,
    "bits_kept": [24, 40],
    "bands": BANDS,
    "numbers_per_band": ROWS,
    "compared_before": WINDOW,
    "family_from": FAMILY,
    "short_below_pieces": SHORT,
    "short_family_from": FAMILY_SHORT,
    "families": "connected components of the pairs that are nearly the same",
}

Numbers = NDArray[np.uint16]
Keys = NDArray[np.uint64]
_Hashes = NDArray[np.uint64]
_QUOTED = re.compile(QUOTATION)


@dataclass(frozen=True)
class Signature:
    """The numbers of a text, and how many different pieces it has."""

    numbers: Numbers
    pieces: int


def plain(text: str) -> str:
    """The letters and digits by which a text is compared; one without any is compared as it stands."""
    read = norm(text).translate(_dropped())
    unquoted = norm(_QUOTED.sub("", text)).translate(_dropped()) if _QUOTED.search(text) else read
    return (unquoted if len(unquoted) >= PIECE else read) or text.strip()


def pieces(text: str) -> frozenset[str]:
    """The pieces by which a text is compared."""
    kept = plain(text)
    return frozenset(kept[start : start + PIECE] for start in range(max(1, len(kept) - PIECE + 1)))


def signature(text: str) -> Signature:
    """The 64 numbers of a text."""
    found = _hashes(plain(text))
    factors, offsets = _functions()
    least = (found[:, None] * factors + offsets).min(axis=0)
    return Signature(((least >> np.uint64(24)) & np.uint64(0xFFFF)).astype(np.uint16), len(found))


def estimate(one: Signature, other: Signature) -> float:
    """The estimated share of pieces in common, from 0 to 1."""
    return float((one.numbers == other.numbers).mean())


def exact(one: str, other: str) -> float:
    """The share of pieces that two texts have in common, from 0 to 1."""
    left, right = pieces(one), pieces(other)
    return len(left & right) / len(left | right)


def keys(numbers: Numbers) -> Keys:
    """The keys of the bands of many signatures, one a row."""
    return np.stack([band(numbers, place) for place in range(BANDS)], axis=-1)


def band(numbers: Numbers, place: int) -> Keys:
    """The key of one band of many signatures: equal exactly where the three numbers of that band are."""
    found = np.full(len(numbers), place + 1, dtype=np.uint64)
    for row in range(place * ROWS, (place + 1) * ROWS):
        found = (found << np.uint64(16)) | numbers[:, row].astype(np.uint64)
    return _mix(found)


def packed(numbers: Numbers) -> bytes:
    """Numbers as they are stored: 16 bits each, the high byte first."""
    return numbers.astype(">u2").tobytes()


def unpacked(stored: bytes) -> Numbers:
    return np.frombuffer(stored, dtype=">u2").astype(np.uint16)


def _hashes(kept: str) -> _Hashes:
    """The different numbers of all pieces."""
    points = np.frombuffer(kept.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    count = max(1, len(points) - PIECE + 1)
    found = np.zeros(count, dtype=np.uint64)
    for place in range(min(PIECE, len(points))):
        found = _mix(found + np.uint64(STEP) + points[place : place + count])
    return np.unique(found)


def _mix(of: _Hashes) -> _Hashes:
    """A one-to-one stirring of 64 bits (the finaliser of SplitMix64)."""
    of = (of ^ (of >> np.uint64(30))) * np.uint64(FIRST)
    of = (of ^ (of >> np.uint64(27))) * np.uint64(SECOND)
    return of ^ (of >> np.uint64(31))


@lru_cache(maxsize=1)
def _functions() -> tuple[_Hashes, _Hashes]:
    drawn = struct.unpack(f">{2 * NUMBERS}Q", hashlib.shake_128(METHOD.encode()).digest(16 * NUMBERS))
    factors: Sequence[int] = [factor | 1 for factor in drawn[:NUMBERS]]
    return np.array(factors, dtype=np.uint64), np.array(drawn[NUMBERS:], dtype=np.uint64)


class _Dropped(dict[int, int | None]):
    """Which characters are left out, each asked about once."""

    def __missing__(self, point: int) -> int | None:
        self[point] = found = point if chr(point).isalnum() else None
        return found


@lru_cache(maxsize=1)
def _dropped() -> _Dropped:
    return _Dropped()
