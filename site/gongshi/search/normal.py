"""How search reads a character: width, case and script form do not matter.

One table, one character for one character, so that a place in the normalised text is the same place in the original.
Expanding forms (㈱, ㎡) therefore stay as they are. The table is data, made by `make_table.py`.
"""

import hashlib
import unicodedata
from pathlib import Path

TABLE = Path(__file__).with_name("normal.tsv")


def norm(text: str) -> str:
    """The text as search compares it, of the same length."""
    return text.translate(_PAIRS)


def fingerprint() -> str:
    """Changes whenever the same text might be read differently: another table, or another Unicode in Python."""
    return f"{hashlib.sha256(TABLE.read_bytes()).hexdigest()[:16]}-{unicodedata.unidata_version}"


def _pairs() -> dict[int, str]:
    lines = TABLE.read_text(encoding="ascii").splitlines()
    return {
        int(character, 16): chr(int(plain, 16))
        for character, plain in (line.split("\t") for line in lines if not line.startswith("#"))
    }


_PAIRS = _pairs() if TABLE.exists() else {}
