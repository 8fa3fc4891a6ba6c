"""The Merkle tree of RFC 6962 (SHA-256), as pure functions over hashes of complete subtrees.

A node is named by (level, index) and covers the leaves from `index << level` up to `(index + 1) << level`; only
complete nodes have a name and are ever stored, so nothing that is stored changes when the tree grows. The makers of
proofs ask a `Read` for all the nodes they need at once. The verifiers follow RFC 9162 section 2.1 and share no code
with the makers, so that one is a check on the other.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

Node = tuple[int, int]
Span = tuple[int, int]
Read = Callable[[Sequence[Node]], Mapping[Node, bytes]]

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()


class TreeMismatch(Exception):
    """The stored tree does not hold together, or is not the one that was signed. Nothing may be built on it."""


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def peaks(size: int) -> list[Node]:
    """The complete subtrees that a tree of this size is made of, largest first."""
    return _cover(0, size)


def root(size: int, read: Read) -> bytes:
    """The root of the first `size` leaves. Raises TreeMismatch when a node is missing, as do the proofs."""
    if size < 0:
        raise ValueError("a tree has no negative size")
    return _hashes([(0, size)], read)[0] if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: Read) -> list[bytes]:
    """The hashes that lead from one leaf to the root of the first `size` leaves (RFC 6962 section 2.1.1)."""
    if not 0 <= index < size:
        raise ValueError("the leaf is not in a tree of this size")
    spans, start, end = [], 0, size
    while end - start > 1:
        middle = start + _largest_power_below(end - start)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return _hashes(spans[::-1], read)


def consistency_proof(old: int, new: int, read: Read) -> list[bytes]:
    """The hashes that show the first `old` leaves to be a beginning of the first `new` (RFC 6962 section 2.1.2)."""
    if not 0 <= old <= new:
        raise ValueError("a tree is consistent with a later one only")
    if old in (0, new):
        return []
    spans, start, end = [], 0, new
    while end != old:
        middle = start + _largest_power_below(end - start)
        if old <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    if start > 0:
        spans.append((start, end))
    return _hashes(spans[::-1], read)


def inclusion_holds(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether this leaf hash stands at this place in the tree with this root (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes(leaf, root, *proof):
        return False
    place, last, result = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            result = node_hash(step, result)
            place, last = _past_right_edge(place, last)
        else:
            result = node_hash(result, step)
        place, last = place >> 1, last >> 1
    return last == 0 and result == root


def consistency_holds(old: int, new: int, proof: Sequence[bytes], *, old_root: bytes, new_root: bytes) -> bool:
    """Whether the smaller tree is a beginning of the larger (RFC 9162 section 2.1.4.2)."""
    if not 0 <= old <= new or not _are_hashes(old_root, new_root, *proof):
        return False
    if old in (0, new):
        return not proof and old_root == (new_root if old == new else EMPTY_ROOT)
    # A complete old tree is itself the first step, and is left out of the proof.
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    return bool(path) and _climb(old - 1, new - 1, path, old_root, new_root)


def _climb(place: int, last: int, path: list[bytes], old_root: bytes, new_root: bytes) -> bool:
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(step, first), node_hash(step, second)
            place, last = _past_right_edge(place, last)
        else:
            second = node_hash(second, step)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _past_right_edge(place: int, last: int) -> tuple[int, int]:
    """Climb to where this place is a right child: along the right edge a level may have no sibling."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def all_of(nodes: Sequence[Node], found: Mapping[Node, bytes]) -> list[bytes]:
    """The hashes of these nodes, in their order. Raises TreeMismatch when one was not found."""
    for level, index in nodes:
        if (level, index) not in found:
            raise TreeMismatch(f"the stored tree lacks level {level}, index {index}")
    return [found[node] for node in nodes]


@dataclass
class Frontier:
    """The right edge of a growing tree: the hashes of its peaks, largest first. Adding a leaf needs no more."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> list[tuple[Node, bytes]]:
        """Add a leaf hash; return the inner nodes that this made complete, lowest first."""
        completed: list[tuple[Node, bytes]] = []
        level, place, current = 0, self.size, leaf
        while place & 1:
            current = node_hash(self.peaks.pop(), current)
            level, place = level + 1, place >> 1
            completed.append(((level, place), current))
        self.peaks.append(current)
        self.size += 1
        return completed

    def add_all(self, leaves: Iterable[bytes]) -> None:
        for leaf in leaves:
            self.add(leaf)

    @property
    def root(self) -> bytes:
        return _fold(self.peaks) if self.peaks else EMPTY_ROOT


def _hashes(spans: Sequence[Span], read: Read) -> list[bytes]:
    covers = [_cover(start, end) for start, end in spans]
    found = read([node for cover in covers for node in cover])
    return [_fold(all_of(cover, found)) for cover in covers]


def _cover(start: int, end: int) -> list[Node]:
    """Complete subtrees, left to right, of a span that a split of the tree has made (so `start` is aligned)."""
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def _fold(hashes: Sequence[bytes]) -> bytes:
    result = hashes[-1]
    for left in reversed(hashes[:-1]):
        result = node_hash(left, result)
    return result


def _largest_power_below(width: int) -> int:
    return 1 << (width - 1).bit_length() - 1


def _are_hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_SIZE for value in values)
