"""How alike wordings are, by the pairs of neighbouring letters that they share. Pure.

Pairs of letters need no dictionary and treat Chinese, figures and English alike. `Likeness` counts for a whole plan at
once, pair by pair, so that every paragraph can be held against every other of a long plan.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from gongshi.projects.models import Block

# A table row is told by its first cell: “服务时间 | 9:00至17:00” stays that row whatever the hours become.
SAME_FIRST_CELL = 0.7


@dataclass(frozen=True)
class Piece:
    """A paragraph or risk as it is compared: what it is, and its words."""

    key: str
    kind: str
    text: str

    @cached_property
    def words(self) -> str:
        return "".join(self.text.split()).casefold()

    @cached_property
    def pairs(self) -> frozenset[str]:
        framed = f"\x02{self.words}\x03"
        return frozenset(framed[place : place + 2] for place in range(len(framed) - 1))

    @property
    def is_heading(self) -> bool:
        return self.kind == Block.HEADING

    @cached_property
    def first_cell(self) -> str:
        return self.text.split(" | ")[0].strip() if self.kind == Block.ROW else ""


class Likeness:
    """Of some earlier paragraphs and some later ones, by their places: how alike each is to each."""

    def __init__(self, olds: Mapping[int, Piece], news: Mapping[int, Piece]) -> None:
        self.olds, self.news = olds, news
        where: defaultdict[str, list[int]] = defaultdict(list)
        for place, new in news.items():
            for pair in new.pairs:
                where[pair].append(place)
        self._shared = {
            place: Counter(chain.from_iterable(where[pair] for pair in old.pairs if pair in where))
            for place, old in olds.items()
        }
        self._sizes = {place: len(new.pairs) for place, new in news.items()}

    def of(self, old: int, new: int) -> float:
        """From 0, nothing in common, to 1, the same pairs of letters."""
        before, after = self.olds[old], self.news[new]
        alike = 2 * self._shared[old][new] / (len(before.pairs) + len(after.pairs))
        same_row = before.first_cell and before.first_cell == after.first_cell
        return max(SAME_FIRST_CELL, alike) if same_row else alike

    def at_least(self, old: int, least: float) -> list[int]:
        """The later ones that are at least so like this earlier one."""
        before, sizes = self.olds[old], self._sizes
        size = len(before.pairs)
        found = {new for new, count in self._shared[old].items() if 2 * count >= least * (size + sizes[new])}
        if before.first_cell:
            found.update(new for new, after in self.news.items() if after.first_cell == before.first_cell)
        return sorted(found)

    def parts(self, least: float) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
        """The shorter ones of which at least this share is in a longer one: by the earlier, and by the later ones."""
        of_old: defaultdict[int, list[int]] = defaultdict(list)
        of_new: defaultdict[int, list[int]] = defaultdict(list)
        sizes = self._sizes
        for old, before in self.olds.items():
            size = len(before.pairs)
            for new in [new for new, count in self._shared[old].items() if count >= least * min(size, sizes[new])]:
                if sizes[new] < size:
                    of_old[old].append(new)
                elif size < sizes[new]:
                    of_new[new].append(old)
        return of_old, of_new


def together(parts: Iterable[Piece], whole: Piece) -> float:
    """How alike several wordings, taken as one, are to another."""
    united: frozenset[str] = frozenset().union(*(part.pairs for part in parts))
    return 2 * len(united & whole.pairs) / (len(united) + len(whole.pairs))
