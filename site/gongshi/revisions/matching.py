"""Pairs of an earlier and a later paragraph, found step by step from the certain to the likely. Pure.

See `alignment` for the order of the steps.
"""

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import groupby

from gongshi.revisions.differences import kept_order
from gongshi.revisions.likeness import Likeness, Piece, together

# How alike two wordings must be, from 0 to 1, to be one paragraph: between the same neighbours; all alone between
# them; there, but as another kind of block; anywhere else in the plan. Chosen on the worked example's revisions.
NEARBY, ALONE, OTHER_KIND, ANYWHERE = 0.4, 0.2, 0.6, 0.65
NEVER = 2.0
# Being between the same neighbours counts as much as this much more likeness.
NEARNESS = 0.15
# How much of a part must be words of the whole, and how alike all parts taken together must be to it.
PART_OF_WHOLE, PARTS_TOGETHER = 0.7, 0.6


class Matching:
    """The keys found so far for the paragraphs of a new text. A key is given once."""

    def __init__(self, news: Sequence[Piece], known: Collection[str]) -> None:
        self.keys: list[str | None] = [None] * len(news)
        self._news = news
        self._known = known
        self._given: set[str] = set()
        self._is_new: set[int] = set()
        self._is_gone: set[str] = set()

    def believe(self, said: Sequence[str | None]) -> None:
        """Take the ids that the text carries: known ones, and each the first time it is read."""
        for place, key in enumerate(said):
            if key is not None and key in self._known and key not in self._given and self.keys[place] is None:
                self._give(place, key)

    def same_words(self, olds: Sequence[Piece]) -> None:
        """Pair what reads the same: in order, then moved, then as another kind of block."""
        self._in_order(olds)
        self._anywhere(olds, lambda one: (one.kind, one.words))
        self._anywhere(olds, lambda one: one.words)

    def alike(self, olds: Sequence[Piece]) -> None:
        """Pair what was cut, what was joined, and what is similar."""
        found = self._likeness(olds)
        parts_of_old, parts_of_new = found.parts(PART_OF_WHOLE)
        self._cut(found, parts_of_old, *self._gaps(olds))
        self._joined(found, parts_of_new, *self._gaps(olds))
        self._similar(found, *self._gaps(olds))
        self._alone(found, *self._gaps(olds))

    def similar(self, olds: Sequence[Piece]) -> None:
        """Pair what is similar."""
        self._similar(self._likeness(olds), *self._gaps(olds))

    def _cut(
        self, found: Likeness, parts_of: Mapping[int, list[int]], left: Sequence[int], right: Sequence[int]
    ) -> None:
        """One paragraph that became several in its place: the first of them keeps its key."""
        for old, places in sorted(parts_of.items()):
            parts = [one for one in sorted(places) if right[one] == left[old] and self._is_open(one)]
            run = _best_run(parts, found.news, found.olds[old])
            if run:
                self._give(run[0], found.olds[old].key)
                self._is_new.update(run[1:])

    def _joined(
        self, found: Likeness, parts_of: Mapping[int, list[int]], left: Sequence[int], right: Sequence[int]
    ) -> None:
        """Several paragraphs that became one in their place: it keeps the key of the first."""
        for new, places in sorted(parts_of.items()):
            free = [one for one in sorted(places) if left[one] == right[new] and self._is_free(found.olds[one])]
            run = _best_run(free, found.olds, found.news[new]) if self._is_open(new) else []
            if run:
                self._give(new, found.olds[run[0]].key)
                self._is_gone.update(found.olds[old].key for old in run[1:])

    def _similar(self, found: Likeness, left: Sequence[int], right: Sequence[int]) -> None:
        """The most alike first; of those as alike, the nearest."""
        ranked = []
        for old, before in found.olds.items():
            for new in found.at_least(old, NEARBY):
                alike, is_near = found.of(old, new), left[old] == right[new]
                if alike >= _least(before, found.news[new], is_near):
                    ranked.append((-round(alike + NEARNESS * is_near, 6), abs(old - new), old, new))
        for _alike, _distance, old, new in sorted(ranked):
            if self._is_open(new) and self._is_free(found.olds[old]):
                self._give(new, found.olds[old].key)

    def _alone(self, found: Likeness, left: Sequence[int], right: Sequence[int]) -> None:
        """What is left over, single, between the same neighbours."""
        news: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
        olds: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
        for new, after in found.news.items():
            if self._is_open(new):
                news[right[new], after.kind].append(new)
        for old, before in found.olds.items():
            if self._is_free(before):
                olds[left[old], before.kind].append(old)
        for where, places in news.items():
            if len(places) == len(olds[where]) == 1 and found.of(olds[where][0], places[0]) >= ALONE:
                self._give(places[0], found.olds[olds[where][0]].key)

    def _likeness(self, olds: Sequence[Piece]) -> Likeness:
        return Likeness(dict(self._free_olds(olds)), {place: self._news[place] for place in self._free_news()})

    def _give(self, place: int, key: str) -> None:
        self.keys[place] = key
        self._given.add(key)

    def _in_order(self, olds: Sequence[Piece]) -> None:
        # What is paired already is a token of its own, so that its neighbours count as neighbours.
        paired = {key: place for place, key in enumerate(self.keys) if key is not None}
        left: list[Hashable] = [paired.get(one.key, (one.kind, one.words)) for one in olds]
        right: list[Hashable] = [
            (one.kind, one.words) if self.keys[place] is None else place for place, one in enumerate(self._news)
        ]
        for old, new, size in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
            for step in range(size):
                if self.keys[new + step] is None:
                    self._give(new + step, olds[old + step].key)

    def _anywhere(self, olds: Sequence[Piece], token: Callable[[Piece], Hashable]) -> None:
        waiting: defaultdict[Hashable, deque[str]] = defaultdict(deque)
        for _place, old in self._free_olds(olds):
            waiting[token(old)].append(old.key)
        for new in self._free_news():
            found = waiting.get(token(self._news[new]))
            if found:
                self._give(new, found.popleft())

    def _gaps(self, olds: Sequence[Piece]) -> tuple[list[int], list[int]]:
        """For every old and every new paragraph, between which pairs that kept their order it stands."""
        were = {one.key for one in olds}
        shared = [key for key in self.keys if key in were]
        stayed = kept_order([one.key for one in olds if one.key in self._given], [key for key in shared if key])
        fixed_new = [place for place, key in enumerate(self.keys) if key in stayed]
        fixed_old = [place for place, one in enumerate(olds) if one.key in stayed]
        return (
            [bisect_left(fixed_old, place) for place in range(len(olds))],
            [bisect_left(fixed_new, place) for place in range(len(self.keys))],
        )

    def _free_olds(self, olds: Sequence[Piece]) -> list[tuple[int, Piece]]:
        return [(place, one) for place, one in enumerate(olds) if self._is_free(one)]

    def _free_news(self) -> list[int]:
        return [place for place in range(len(self.keys)) if self._is_open(place)]

    def _is_open(self, new: int) -> bool:
        return self.keys[new] is None and new not in self._is_new

    def _is_free(self, old: Piece) -> bool:
        return old.key not in self._given and old.key not in self._is_gone


def _best_run(parts: Sequence[int], pieces: Mapping[int, Piece], whole: Piece) -> list[int]:
    """Two or more parts in a row that are more like the whole together than any of them alone; empty if none are."""
    best: tuple[float, list[int]] = (0.0, [])
    if whole.is_heading:
        return []
    for run in _neighbours([one for one in parts if not pieces[one].is_heading]):
        alike = together([pieces[one] for one in run], whole)
        alone = max(together([pieces[one]], whole) for one in run)
        if len(run) > 1 and alike >= PARTS_TOGETHER and alike > max(alone, best[0]):
            best = (alike, run)
    return best[1]


def _neighbours(places: Sequence[int]) -> Iterator[list[int]]:
    """Numbers, cut where one is left out."""
    for _, run in groupby(enumerate(places), key=lambda one: one[1] - one[0]):
        yield [place for _, place in run]


def _least(before: Piece, after: Piece, is_near: bool) -> float:
    """The likeness that this pair needs to be one paragraph."""
    if before.kind == after.kind:
        return NEARBY if is_near else ANYWHERE
    if before.is_heading or after.is_heading or not is_near:
        return NEVER
    return OTHER_KIND
