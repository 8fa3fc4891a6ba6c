"""All families of a list at once, in memory (rule 10): the same as one comment after the other gives. Pure.

Who is compared with whom: in each band, a comment with the `WINDOW` comments before it that have the same key there,
in the order of their numbers. A family is what hangs together by pairs that are nearly the same.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gongshi.comments import similarity
from gongshi.comments.similarity import BANDS, FAMILY, FAMILY_SHORT, NUMBERS, SHORT, WINDOW, Keys, Numbers

Places = NDArray[np.int64]
Pieces = NDArray[np.int32]
Pairs = tuple[Places, Places]
# So many pairs are compared at once: 16 MB.
AT_ONCE = 65_536


def partition(numbers: Numbers, pieces: Pieces) -> Places:
    """For each comment, in the order of their numbers, the place of the first of its family; its own if it is alone."""
    first: Places = np.arange(len(numbers), dtype=np.int64)
    for band in range(BANDS):
        for one, other in _windows(similarity.band(numbers, band)):
            apart = first[one] != first[other]
            linked = alike(numbers, pieces, one[apart], other[apart])
            _join(first, *linked)
    return first


def alike(numbers: Numbers, pieces: Pieces, one: Places, other: Places) -> Pairs:
    """Those of these pairs that are nearly the same."""
    kept = [
        _agree(numbers, pieces, one[start : start + AT_ONCE], other[start : start + AT_ONCE])
        for start in range(0, len(one), AT_ONCE)
    ]
    mask = np.concatenate(kept) if kept else np.zeros(0, dtype=bool)
    return one[mask], other[mask]


def _agree(numbers: Numbers, pieces: Pieces, one: Places, other: Places) -> NDArray[np.bool_]:
    needed = np.where(np.minimum(pieces[one], pieces[other]) >= SHORT, FAMILY, FAMILY_SHORT)
    equal: NDArray[np.bool_] = (numbers[one] == numbers[other]).sum(axis=1) / NUMBERS >= needed
    return equal


def _windows(keys: Keys) -> Iterator[Pairs]:
    """The pairs of one band, the nearest first."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    for distance in range(1, min(WINDOW, len(keys) - 1) + 1):
        same = ordered[distance:] == ordered[:-distance]
        yield order[:-distance][same], order[distance:][same]


def _join(first: Places, one: Places, other: Places) -> None:
    """Make one family of each pair's two. Every comment points at its first before and after."""
    if not len(one):
        return
    for left, right in set(zip(first[one].tolist(), first[other].tolist(), strict=True)):
        low, high = sorted((_root(first, left), _root(first, right)))
        first[high] = low
    while True:
        further = first[first]
        if np.array_equal(further, first):
            return
        first[:] = further


def _root(first: Places, place: int) -> int:
    while first[place] != place:
        first[place] = first[first[place]]
        place = int(first[place])
    return place
