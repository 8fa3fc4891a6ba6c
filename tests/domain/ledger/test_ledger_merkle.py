"""The tree is RFC 6962's: checked against published vectors, against another implementation, and against forgeries."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

import pymerkle
import pytest

from gongshi.ledger import merkle
from gongshi.ledger.merkle import Frontier, Node

LARGEST = 130

# Certificate Transparency's reference leaves and the roots of the trees of the first 0, 1, … 8 of them.
CT_LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


class Tree:
    """All complete nodes of a growing tree, in memory, as the database would hold them."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.nodes: dict[Node, bytes] = {}
        frontier = Frontier()
        for index, leaf in enumerate(map(merkle.leaf_hash, leaves)):
            self.nodes[0, index] = leaf
            self.nodes.update(frontier.add(leaf))

    def read(self, nodes: Sequence[Node]) -> Mapping[Node, bytes]:
        return {node: self.nodes[node] for node in nodes if node in self.nodes}


@pytest.fixture(scope="module")
def tree() -> Tree:
    return Tree([n.to_bytes(2, "big") for n in range(LARGEST)])


@pytest.fixture(scope="module")
def roots(tree: Tree) -> list[bytes]:
    return [merkle.root(size, tree.read) for size in range(LARGEST + 1)]


def test_the_roots_are_those_that_certificate_transparency_published():
    tree = Tree([bytes.fromhex(leaf) for leaf in CT_LEAVES])

    assert [merkle.root(size, tree.read).hex() for size in range(9)] == CT_ROOTS


@pytest.mark.parametrize(
    ("index", "size", "proof"),
    [
        (0, 1, []),
        (
            0,
            8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
        (
            1,
            5,
            [
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ],
)
def test_inclusion_proofs_are_those_that_certificate_transparency_published(index, size, proof):
    tree = Tree([bytes.fromhex(leaf) for leaf in CT_LEAVES])

    assert [step.hex() for step in merkle.inclusion_proof(index, size, tree.read)] == proof


@pytest.mark.parametrize(
    ("old", "new", "proof"),
    [
        (1, 1, []),
        (
            1,
            8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            [
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ],
)
def test_consistency_proofs_are_those_that_certificate_transparency_published(old, new, proof):
    tree = Tree([bytes.fromhex(leaf) for leaf in CT_LEAVES])

    assert [step.hex() for step in merkle.consistency_proof(old, new, tree.read)] == proof


def test_every_leaf_of_every_tree_is_proved_included(tree: Tree, roots: list[bytes]):
    for size in range(1, LARGEST + 1):
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, tree.read)

            assert merkle.inclusion_holds(tree.nodes[0, index], index, size, proof, roots[size])


def test_every_tree_is_proved_a_beginning_of_every_later_one(tree: Tree, roots: list[bytes]):
    for new in range(LARGEST + 1):
        for old in range(new + 1):
            proof = merkle.consistency_proof(old, new, tree.read)

            assert merkle.consistency_holds(old, new, proof, old_root=roots[old], new_root=roots[new])


def test_another_implementation_finds_the_same_roots_and_inclusion_paths(tree: Tree, roots: list[bytes]):
    oracle = pymerkle.InmemoryTree()
    for n in range(LARGEST):
        oracle.append_entry(n.to_bytes(2, "big"))

    assert [oracle.get_root(size) for size in range(1, LARGEST + 1)] == roots[1:]
    for size in range(1, LARGEST + 1):
        for index in range(size):
            path = oracle.prove_inclusion(index + 1, size).path
            assert path == [tree.nodes[0, index], *merkle.inclusion_proof(index, size, tree.read)]


def corrupted(proof: list[bytes]) -> list[list[bytes]]:
    """The same proof with each bit-flipped step, shortened, lengthened, reversed, or with a step of another length."""
    flipped = [[*proof[:i], bytes([step[0] ^ 1]) + step[1:], *proof[i + 1 :]] for i, step in enumerate(proof)]
    others = [[*proof, bytes(32)], proof[:-1], proof[1:], proof[::-1], [b"", *proof[1:]]]
    return [bad for bad in flipped + others if bad != proof]


def test_a_corrupted_inclusion_proof_is_refused(tree: Tree, roots: list[bytes]):
    for size in range(1, LARGEST + 1, 3):
        for index in range(size):
            proof, leaf = merkle.inclusion_proof(index, size, tree.read), tree.nodes[0, index]

            for bad in corrupted(proof):
                assert not merkle.inclusion_holds(leaf, index, size, bad, roots[size])


def test_an_inclusion_proof_holds_for_no_other_leaf_place_or_root(tree: Tree, roots: list[bytes]):
    for size in range(2, 40):
        for index in range(size):
            proof, leaf = merkle.inclusion_proof(index, size, tree.read), tree.nodes[0, index]

            assert not merkle.inclusion_holds(tree.nodes[0, index - 1 if index else 1], index, size, proof, roots[size])
            assert not merkle.inclusion_holds(leaf, (index + 1) % size, size, proof, roots[size])
            assert not merkle.inclusion_holds(leaf, index, size, proof, roots[size - 1])


def test_a_corrupted_consistency_proof_is_refused(tree: Tree, roots: list[bytes]):
    for new in range(2, LARGEST + 1, 3):
        for old in range(1, new):
            proof = merkle.consistency_proof(old, new, tree.read)

            for bad in corrupted(proof):
                assert not merkle.consistency_holds(old, new, bad, old_root=roots[old], new_root=roots[new])


def test_a_consistency_proof_holds_for_no_other_pair_of_roots(tree: Tree, roots: list[bytes]):
    for new in range(2, 40):
        for old in range(1, new):
            proof = merkle.consistency_proof(old, new, tree.read)

            assert not merkle.consistency_holds(old, new, proof, old_root=roots[old - 1], new_root=roots[new])
            assert not merkle.consistency_holds(old, new, proof, old_root=roots[old], new_root=roots[new - 1])


@pytest.mark.parametrize(
    ("index", "size"),
    [
        pytest.param(-1, 4, id="before the first leaf"),
        pytest.param(-1, 1, id="before the only leaf"),
        pytest.param(1, 1, id="past the only leaf"),
        pytest.param(4, 4, id="past the last leaf"),
        pytest.param(0, 0, id="in an empty tree"),
        pytest.param(0, -1, id="in a tree of negative size"),
    ],
)
def test_there_is_no_inclusion_proof_outside_the_tree(tree: Tree, index, size):
    assert not merkle.inclusion_holds(tree.nodes[0, 0], index, size, [], tree.nodes[0, 0])
    with pytest.raises(ValueError, match="not in a tree of this size"):
        merkle.inclusion_proof(index, size, tree.read)


def test_a_proof_holds_for_no_tree_of_another_height(tree: Tree, roots: list[bytes]):
    for size in (1, 2, 4, 8, 16, 32, 64):
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, tree.read)
            assert not merkle.inclusion_holds(tree.nodes[0, index], index, 2 * size, proof, roots[size])
        for old in range(1, size):
            proof = merkle.consistency_proof(old, size, tree.read)
            assert not merkle.consistency_holds(old, 2 * size, proof, old_root=roots[old], new_root=roots[size])


def test_what_is_not_a_hash_proves_nothing(roots: list[bytes]):
    assert not merkle.inclusion_holds(b"", 0, 1, [], b"")
    assert not merkle.consistency_holds(1, 1, [], old_root=b"", new_root=b"")
    assert not merkle.consistency_holds(3, 7, [], old_root=roots[3], new_root=roots[7])


@pytest.mark.parametrize(("old", "new"), [(-1, 4), (5, 4), (-2, -1)])
def test_there_is_no_consistency_proof_to_an_earlier_tree(tree: Tree, roots, old, new):
    assert not merkle.consistency_holds(old, new, [], old_root=roots[4], new_root=roots[4])
    with pytest.raises(ValueError, match="later one only"):
        merkle.consistency_proof(old, new, tree.read)


def test_an_empty_tree_is_the_beginning_of_any_tree_only_under_its_own_root(roots: list[bytes]):
    assert merkle.consistency_holds(0, 5, [], old_root=sha256(b"").digest(), new_root=roots[5])
    assert not merkle.consistency_holds(0, 5, [], old_root=roots[5], new_root=roots[5])
    assert not merkle.consistency_holds(0, 5, [bytes(32)], old_root=roots[0], new_root=roots[5])


def test_equal_sizes_are_consistent_only_with_equal_roots_and_an_empty_proof(roots: list[bytes]):
    assert merkle.consistency_holds(7, 7, [], old_root=roots[7], new_root=roots[7])
    assert not merkle.consistency_holds(7, 7, [], old_root=roots[6], new_root=roots[7])
    assert not merkle.consistency_holds(7, 7, [roots[7]], old_root=roots[7], new_root=roots[7])


def test_a_missing_node_is_a_mismatch_and_not_another_root(tree: Tree):
    holed = {node: held for node, held in tree.nodes.items() if node != (2, 0)}

    with pytest.raises(merkle.TreeMismatch, match="level 2, index 0"):
        merkle.root(7, lambda nodes: {node: holed[node] for node in nodes if node in holed})


def test_a_tree_has_no_negative_size(tree: Tree):
    with pytest.raises(ValueError, match="no negative size"):
        merkle.root(-1, tree.read)
