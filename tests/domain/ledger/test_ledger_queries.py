"""What is read from the stored log is what the tree itself says, on either database."""

import pytest
from ledger_growth import Grow, grown
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from gongshi import ledger
from gongshi.ledger import merkle, queries

LARGEST = 130


def test_an_empty_log_has_the_root_of_an_empty_tree(any_session: Session):
    assert queries.size(any_session) == 0
    assert queries.root(any_session) == queries.recompute(any_session) == merkle.EMPTY_ROOT
    assert queries.consistency_proof(any_session, 0, 0) == []


def test_every_stored_root_and_proof_holds(session: Session):
    leaves: list[bytes] = []
    roots = [merkle.EMPTY_ROOT]
    for _ in range(13):
        leaves += [entry.leaf_hash for entry in grown(session, LARGEST // 13)]
        roots.append(queries.root(session))
        assert roots[-1] == queries.recompute(session)

    for size in range(1, LARGEST + 1, 7):
        root = queries.root(session, size)
        for index in range(0, size, 5):
            proof = queries.inclusion_proof(session, index, size)
            assert merkle.inclusion_holds(leaves[index], index, size, proof, root)
    for old in range(14):
        proof = queries.consistency_proof(session, old * 10, LARGEST)
        assert merkle.consistency_holds(old * 10, LARGEST, proof, old_root=roots[old], new_root=roots[-1])


def test_proofs_are_read_alike_from_both_databases(any_session: Session):
    leaves = [entry.leaf_hash for entry in grown(any_session, 21)]
    root = queries.root(any_session)

    assert root == queries.recompute(any_session)
    for index, leaf in enumerate(leaves):
        assert merkle.inclusion_holds(leaf, index, 21, queries.inclusion_proof(any_session, index), root)
    for old in range(22):
        proof = queries.consistency_proof(any_session, old, 21)
        old_root = queries.root(any_session, old)
        assert merkle.consistency_holds(old, 21, proof, old_root=old_root, new_root=root)


def test_the_log_has_no_root_or_proof_for_a_size_it_never_had(session: Session, grow: Grow):
    grow(3)

    for impossible in (
        lambda: queries.root(session, 4),
        lambda: queries.root(session, -1),
        lambda: queries.inclusion_proof(session, 3),
        lambda: queries.inclusion_proof(session, 0, 4),
        lambda: queries.consistency_proof(session, 2, 4),
        lambda: queries.consistency_proof(session, 3, 2),
    ):
        with pytest.raises(ValueError, match=r"size|later"):
            impossible()


def test_an_entry_is_found_by_its_index(session: Session, grow: Grow):
    third = grow(4)[2]

    assert queries.entry(session, 2) is third
    with pytest.raises(NoResultFound):
        queries.entry(session, 4)


def test_entries_are_leafed_through_from_the_newest(session: Session, grow: Grow):
    grow(7)

    first = queries.entries(session, limit=3)
    second = queries.entries(session, before=first[-1].index, limit=3)
    third = queries.entries(session, before=second[-1].index, limit=3)

    assert [[entry.index for entry in page] for page in (first, second, third)] == [[6, 5, 4], [3, 2, 1], [0]]
    assert all(entry.kind is ledger.Kind.COMMENT_WITHDRAWN for entry in first)


def test_a_tile_is_cut_from_one_level(any_session: Session):
    entries = grown(any_session, 11)

    leaves = queries.hashes(any_session, 0, start=0, stop=8)
    pairs = queries.hashes(any_session, 1, start=1, stop=4)

    assert leaves == [entry.leaf_hash for entry in entries[:8]]
    assert pairs == [merkle.node_hash(leaves[2 * n], leaves[2 * n + 1]) for n in (1, 2, 3)]
    assert queries.hashes(any_session, 3, start=0, stop=256) == [queries.root(any_session, 8)]


def test_bodies_are_read_oldest_first(any_session: Session):
    entries = grown(any_session, 6)

    assert list(queries.bodies(any_session, start=2, stop=5)) == [entry.body for entry in entries[2:5]]
