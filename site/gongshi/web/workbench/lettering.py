"""Texts of strangers as staff must see them: what no eye sees is made visible, what is covered stays covered."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gongshi.comments.covering import Piece

# Spaces and line ends are seen; a joiner between two pictures is part of the picture.
SEEN = {"\n", "\r", "\t"}
JOINER = "\u200d"


@dataclass(frozen=True)
class Stretch:
    """Part of a text: to read, covered, or one character that nobody sees, with its code."""

    text: str
    is_covered: bool = False
    code: str = ""


def stretches(pieces: Iterable[Piece]) -> list[Stretch]:
    """A text in its stretches, in their order."""
    return [
        stretch
        for piece in pieces
        for stretch in ([Stretch(piece.text, True)] if piece.is_covered else _seen_and_unseen(piece.text))
    ]


def _seen_and_unseen(text: str) -> Iterator[Stretch]:
    start = 0
    for place, character in enumerate(text):
        if _is_seen(character, text, place):
            continue
        if start < place:
            yield Stretch(text[start:place])
        yield Stretch(character, code=f"U+{ord(character):04X}")
        start = place + 1
    if start < len(text):
        yield Stretch(text[start:])


def _is_seen(character: str, text: str, place: int) -> bool:
    if character in SEEN or unicodedata.category(character) not in {"Cc", "Cf", "Co", "Zl", "Zp"}:
        return True
    around = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
    return character == JOINER and len(around) == 2 and all(unicodedata.category(one) in {"So", "Mn"} for one in around)
