"""The matching rule of docs/search.md by scanning strings: slow, without index and tokens, and written on its own.

Normalisation is recomputed from Unicode and OpenCC here, not read from the site's table; texts become strings in which
a match is nothing but `in`. In `lines` a word stands between ⟨ and ⟩ and Chinese characters stand bare.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache

import opencc

from gongshi.search import Document

SIMPLIFIED = opencc.OpenCC("t2s")
MOST_CHARACTERS, MOST_PARTS, MOST_UNITS = 100, 8, 60
IDEOGRAPHS = [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)]


def found(documents: Iterable[Document], typed: str) -> set[tuple[str, str]]:
    """What a search box must find."""
    parts = parts_of(typed)
    return {(one.kind, one.id) for one in documents if parts and all(_matches(one, part) for part in parts)}


def parts_of(typed: str) -> list[tuple[str, str]]:
    """Each part as it must occur in a body, and as it must occur in a name."""
    budget = MOST_UNITS
    rows: list[list[str]] = []
    for piece in _pieces(typed.strip()[:MOST_CHARACTERS]):
        row = _row(piece)
        if row and len(rows) < MOST_PARTS and budget > 0:
            rows.append(row[:budget])
            budget -= len(row)
    lines = ["".join(row) for row in rows]
    if lines:
        lines[-1] = lines[-1].removesuffix("⟩")  # The last word may go on.
    return [(line, "".join(row).replace("⟨", "").replace("⟩", "")) for line, row in zip(lines, rows, strict=True)]


def line(text: str) -> str:
    return "".join(_row(text))


def name(text: str) -> str:
    return line(text).replace("⟨", "").replace("⟩", "")


@cache
def body_of(document: Document) -> str:
    return line(document.body)


@cache
def names_of(document: Document) -> tuple[str, ...]:
    return tuple(name(text) for text in (document.title, *document.names))


def _matches(document: Document, part: tuple[str, str]) -> bool:
    in_body, in_name = part
    return in_body in body_of(document) or any(in_name in one for one in names_of(document))


def _pieces(typed: str) -> list[str]:
    pieces, rest = [], typed.lstrip()
    while rest:
        quoted = _quoted(rest)
        piece = quoted if quoted is not None else rest.split(maxsplit=1)[0]
        pieces.append(piece)
        rest = rest[len(piece) + (2 if quoted is not None else 0) :].lstrip()
    return pieces


def _quoted(rest: str) -> str | None:
    for opening, closing, forbidden in (('"＂', '"＂', '"＂'), ("“", "”", "“”")):
        if rest[0] in opening:
            end = next((at for at, character in enumerate(rest) if at and character in forbidden), None)
            if end and rest[end] in closing and (end + 1 == len(rest) or rest[end + 1].isspace()):
                return rest[1:end]
    return None


def _row(text: str) -> list[str]:
    """The text's units as strings: 银, 河, ⟨gpt⟩."""
    row: list[str] = []
    word = ""
    for character in [*text, " "]:
        plain = _plain(character)
        if _vanishes(plain):
            continue
        if not _is_ideograph(plain) and (plain.isalnum() or (word and unicodedata.category(plain) in ("Mn", "Mc"))):
            word += plain
            continue
        is_stray_mark = unicodedata.category(plain) in ("Mn", "Mc")
        if word and not is_stray_mark:
            row.append(f"⟨{unicodedata.normalize('NFC', word)[:100]}⟩")
            word = ""
        if _is_ideograph(plain):
            row.append(plain)
    return row


@cache
def _plain(character: str) -> str:
    for _ in range(9):
        before = character
        for change in (lambda c: unicodedata.normalize("NFKC", c), str.casefold, SIMPLIFIED.convert):
            changed = change(character) if unicodedata.category(character) != "Cs" else character
            character = changed if len(changed) == 1 else character
        if character == before:
            break
    return character


def _vanishes(character: str) -> bool:
    code = ord(character)
    return (
        unicodedata.category(character) in ("Cf", "Me")
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0100 <= code <= 0xE01EF
        or 0x180B <= code <= 0x180F
        or code == 0x034F
    )


def _is_ideograph(character: str) -> bool:
    return character in "々〇〻" or any(first <= ord(character) <= last for first, last in IDEOGRAPHS)
