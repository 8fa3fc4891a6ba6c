"""What hangs together by pairs, and what has come apart. Pure."""

from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

# So many are looked around from in one step of a walk.
STEP = 16
Thing = TypeVar("Thing", bound=Hashable)
Look = Callable[[Collection[int]], Iterable[tuple[int, int]]]


@dataclass(eq=False)
class Part:
    """Everybody met so far on walks that have met each other, and from whom nobody has looked around yet."""

    seen: set[int]
    edge: list[int]


def groups(pairs: Iterable[tuple[Thing, Thing]]) -> list[set[Thing]]:
    """The groups that hang together by these pairs."""
    of: dict[Thing, set[Thing]] = {}
    for one, other in pairs:
        left, right = of.setdefault(one, {one}), of.setdefault(other, {other})
        if left is not right:
            small, large = sorted((left, right), key=len)
            large |= small
            of.update(dict.fromkeys(small, large))
    return list({id(group): group for group in of.values()}.values())


def apart(seeds: Collection[int], look: Look) -> list[set[int]]:
    """The parts into which a whole came apart, but for one that is not walked to its end; empty if it did not.

    `look` gives the pairs of which one is among those asked about. Every part holds a seed.
    """
    parts = {seed: Part({seed}, [seed]) for seed in seeds}
    while True:
        distinct = {id(part): part for part in parts.values()}
        going = [part for part in distinct.values() if part.edge]
        # The last that could still go on is the rest; all others were walked to their end and met nobody.
        if len(distinct) == 1 or len(going) < 2:
            break
        _step(min(going, key=lambda part: len(part.seen)), parts, look)
    rest = going[0] if going else max(distinct.values(), key=lambda part: len(part.seen), default=None)
    return [part.seen for part in distinct.values() if part is not rest]


def _step(walker: Part, parts: dict[int, Part], look: Look) -> None:
    """Look around from some at the edge; `parts` says of everybody met in which part they are."""
    asked, walker.edge = walker.edge[:STEP], walker.edge[STEP:]
    for pair in look(asked):
        known = [parts[one] for one in pair if one in parts]
        mine = known[0]
        for one in pair:
            if one not in parts:
                parts[one] = mine
                mine.seen.add(one)
                mine.edge.append(one)
        if len(known) == 2 and known[0] is not known[1]:
            small, large = sorted(known, key=lambda part: len(part.seen))
            large.seen |= small.seen
            large.edge += small.edge
            parts.update(dict.fromkeys(small.seen, large))
