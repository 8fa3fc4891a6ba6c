"""Word-level marks between two wordings of one paragraph, for the 修改前后对照表. Pure."""

from enum import StrEnum
from functools import lru_cache

import rjieba
from diff_match_patch import diff_match_patch


class Mark(StrEnum):
    """What a piece of text is in a redline."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


_MARKS = {0: Mark.KEPT, -1: Mark.REMOVED, 1: Mark.ADDED}


@lru_cache(maxsize=4096)
def redline(before: str, after: str) -> tuple[tuple[Mark, str], ...]:
    """The pieces of both wordings in reading order, cut at words so that no word is half marked."""
    words: dict[str, str] = {}
    old, new = _as_letters(before, words), _as_letters(after, words)
    by_letter = {letter: word for word, letter in words.items()}
    engine = diff_match_patch()
    engine.Diff_Timeout = 1.0
    found = engine.diff_main(old, new, False)
    engine.diff_cleanupSemantic(found)
    return tuple((_MARKS[mark], "".join(by_letter[letter] for letter in letters)) for mark, letters in found)


def _as_letters(text: str, words: dict[str, str]) -> str:
    """One private-use letter for each different word, so that a diff of letters is a diff of words."""
    return "".join(words.setdefault(word, chr(0xF0000 + len(words))) for word in rjieba.cut(text))
