"""How alike two comments are, in plain Python: method gongshi-minhash-2, to check our families with. docs/families.md.

    python3 families.py one.txt other.txt

Texts are compared as they stand but for what is not a letter or digit. The site first reads characters as its search
does (site/gongshi/search/normal.tsv: full and half width, letter case, traditional and simplified script).
"""

import hashlib
import re
import struct
import sys
from pathlib import Path

METHOD, PIECE, NUMBERS, BANDS, ROWS = b"gongshi-minhash-2", 3, 64, 20, 3
ALL = 2**64 - 1


def plain_of(text):
    unquoted = re.sub("“[^“”]{8,}”|「[^「」]{8,}」", "", text)
    kept, whole = ("".join(filter(str.isalnum, one)) for one in (unquoted, text))
    return (kept if len(kept) >= PIECE else whole) or text.strip()


def mix(value):
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & ALL
    value = (value ^ value >> 27) * 0x94D049BB133111EB & ALL
    return value ^ value >> 31


def pieces_of(plain):
    found = set()
    for start in range(max(1, len(plain) - PIECE + 1)):
        value = 0
        for character in plain[start : start + PIECE]:
            value = mix(value + 0x9E3779B97F4A7C15 + ord(character) & ALL)
        found.add(value)
    return found


def numbers_of(plain):
    drawn = struct.unpack(f">{2 * NUMBERS}Q", hashlib.shake_128(METHOD).digest(16 * NUMBERS))
    pieces = pieces_of(plain)
    functions = zip((factor | 1 for factor in drawn[:NUMBERS]), drawn[NUMBERS:], strict=True)
    return [min(factor * piece + offset & ALL for piece in pieces) >> 24 & 0xFFFF for factor, offset in functions]


def keys_of(numbers):
    found = []
    for band in range(BANDS):
        value = band + 1
        for number in numbers[band * ROWS : (band + 1) * ROWS]:
            value = value << 16 | number
        found.append(mix(value))
    return found


def estimate(one, other):
    left, right = numbers_of(plain_of(one)), numbers_of(plain_of(other))
    return sum(left[place] == right[place] for place in range(NUMBERS)) / NUMBERS


if __name__ == "__main__":
    one, other = (Path(name).read_text(encoding="utf-8") for name in sys.argv[1:3])
    fewest = min(len(pieces_of(plain_of(text))) for text in (one, other))
    print(f"estimate {estimate(one, other):.3f}, nearly the same from {0.36 if fewest >= 30 else 0.6}")
