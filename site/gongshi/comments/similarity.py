"""How alike two comments are: a published deterministic method (rule 10). Pure; every parameter stands here.

1. Read a text as search reads it (width, case and script form do not matter), and keep letters and digits only.
2. Take its pieces of five characters; a shorter text is one piece.
3. Each piece gives 64 numbers: SHAKE-128 of its UTF-8 bytes, 256 bytes, read as 64 big-endian integers of 32 bits.
   The signature of the text is the least of each of the 64 over all pieces (MinHash).
4. The share of equal numbers in two signatures estimates the share of pieces that two texts have in common (Jaccard).
5. Signatures are looked up by 16 bands of 4 numbers: two texts that share 0.8 of their pieces meet in a band with a
   probability of 0.9997.

No library: the usual ones draw their hash functions from the random generator of numpy, which few could repeat.
"""

import hashlib
import struct

from gongshi.search.normal import norm

PIECE = 5
NUMBERS = 64
BANDS = 16
ROWS = NUMBERS // BANDS
FAMILY = 0.8
"""From this estimate on a comment belongs to a family."""
ALIKE = 0.4
"""From this estimate on a comment is worth being shown beside another."""

Signature = tuple[int, ...]


def pieces(text: str) -> frozenset[str]:
    """The pieces by which a text is compared."""
    plain = "".join(filter(str.isalnum, norm(text))) or text.strip()
    return frozenset(plain[start : start + PIECE] for start in range(max(1, len(plain) - PIECE + 1)))


def signature(text: str) -> Signature:
    """The 64 numbers of a text."""
    rows = [
        struct.unpack(f">{NUMBERS}I", hashlib.shake_128(piece.encode(errors="surrogatepass")).digest(4 * NUMBERS))
        for piece in pieces(text)
    ]
    return tuple(map(min, zip(*rows, strict=True)))


def estimate(one: Signature, other: Signature) -> float:
    """The estimated share of pieces in common, from 0 to 1."""
    return sum(a == b for a, b in zip(one, other, strict=True)) / NUMBERS


def exact(one: str, other: str) -> float:
    """The share of pieces that two texts have in common, from 0 to 1."""
    left, right = pieces(one), pieces(other)
    return len(left & right) / len(left | right)


def bands(of: Signature) -> list[int]:
    """The 16 keys under which a signature is found: SHA-256 of each band, its first 8 bytes as a signed integer."""
    return [
        int.from_bytes(hashlib.sha256(packed(of[start : start + ROWS])).digest()[:8], "big", signed=True)
        for start in range(0, NUMBERS, ROWS)
    ]


def packed(numbers: Signature) -> bytes:
    """A signature, or part of one, as it is stored."""
    return struct.pack(f">{len(numbers)}I", *numbers)


def unpacked(stored: bytes) -> Signature:
    return struct.unpack(f">{len(stored) // 4}I", stored)
