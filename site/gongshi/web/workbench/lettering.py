"""Texts of strangers as staff must see them: what is covered stays covered, what was erased is said to be."""

from collections.abc import Iterable
from dataclasses import dataclass

from gongshi.comments.covering import Piece


@dataclass(frozen=True)
class Stretch:
    """Part of a text: to read, covered, or erased. What no eye sees is marked on the finished page."""

    text: str
    is_covered: bool = False
    is_erased: bool = False


def stretches(pieces: Iterable[Piece]) -> list[Stretch]:
    """A text in its stretches, in their order."""
    return [Stretch(piece.text, piece.is_covered, piece.is_erased) for piece in pieces]
