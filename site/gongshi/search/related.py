"""The second list of a search: where the words of a run-together query stand apart.

“绿色债券发行” finds only that row of characters. Its words are cut here by a dictionary (rjieba) and looked for
one by one; what only that finds is shown apart as related, and is in no total.
"""

import re
from dataclasses import replace

import rjieba

from gongshi.search import tokens
from gongshi.search.query import MOST_PARTS, Part, SearchQuery

SHORTEST_RUN = 3
_RUN = re.compile("C+|W")


def words_apart(query: SearchQuery) -> SearchQuery | None:
    """The query for the related documents, without those that `query` finds; None if there is nothing to cut."""
    parts = tuple(dict.fromkeys(word for part in query.parts for word in _words(part)))[:MOST_PARTS]
    if not parts or parts == query.parts:
        return None
    return replace(query, parts=parts, without=query.parts, page=1)


def _words(part: Part) -> list[Part]:
    kinds = "".join("C" if tokens.is_cjk(unit) else "W" for unit in part.units)
    words = [
        word
        for run in _RUN.finditer(kinds)
        for word in (_cut(part.units[slice(*run.span())]) if run[0][0] == "C" else [part.units[slice(*run.span())]])
    ]
    return [Part(word, part.open_ended and number == len(words)) for number, word in enumerate(words, start=1)]


def _cut(run: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Words of a run of Chinese characters; a lone character stays with its neighbour."""
    if len(run) < SHORTEST_RUN:
        return [run]
    words: list[str] = []
    for word in rjieba.cut("".join(run)):
        if words and (len(word) == 1 or len(words[-1]) == 1):
            words[-1] += word
        else:
            words.append(word)
    return [tuple(word) for word in words]
