"""Rule 10: families are what hangs together by likeness, whatever the order in which texts came, changed and went."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from random import Random

import numpy as np
import pytest
from acts import NOW, Undone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making_triage import arrive
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

import form_letters
from gongshi import db
from gongshi.comments import actions, clusters, families, family_rebuild, kinship, similarity
from gongshi.comments.family_models import Bucket, CommentSignature, Family
from gongshi.comments.models import Comment, CommentState
from gongshi.comments.text_changes import change
from gongshi.comments.text_models import TextChangeKind
from gongshi.comments.triage_models import Triage
from making_world import World, make_world

LETTER = "本人反对本项目，理由是模型每季度复核一次太少，不足以及时发现失效，建议改为每月复核并公布结果，说明补偿办法。"
OTHER = (
    "请问参加试点是否另行收费，投资者怎样退出，数据存放在哪里，由谁负责答复投诉，办理期限是多少个工作日，均未见说明。"
)
EXAMPLES = int(os.environ.get("PROVE_EXAMPLES", "20"))
Partition = set[tuple[int, ...]]


def grouped(world: World, limit: int = families.PORTION) -> None:
    while families.is_waiting(world.session):
        families.join_next(world.session, limit)


def reword(world: World, comment: Comment, text: str) -> None:
    """Another text in a comment's place, as replacing does it."""
    change(
        world.session, comment, TextChangeKind.REPLACED, {"text": text, "text_salt": b"s" * 32}, ledger_index=0, at=NOW
    )
    families.forget(world.session, comment)


def partition(world: World) -> Partition:
    """Who is together with whom on the open list, by their numbers."""
    consultation = world.open_list.consultation
    query = select(Triage.family_id, Triage.seq).where(Triage.consultation_id == consultation.id)
    found: dict[object, list[int]] = defaultdict(list)
    for family_id, seq in world.session.execute(query.order_by(Triage.seq)):
        if family_id is not None:
            found[family_id].append(seq)
    return {tuple(seqs) for seqs in found.values()}


def from_scratch(world: World) -> Partition:
    """The same worked out in memory, over the texts as they are now."""
    query = select(Comment.seq, Comment.text).where(Comment.consultation_id == world.open_list.consultation.id)
    rows = [(seq, similarity.signature(text)) for seq, text in world.session.execute(query.order_by(Comment.seq))]
    numbers = np.stack([signature.numbers for _, signature in rows])
    firsts = clusters.partition(numbers, np.array([signature.pieces for _, signature in rows], dtype=np.int32))
    found: dict[int, list[int]] = defaultdict(list)
    for (seq, _), first in zip(rows, firsts.tolist(), strict=True):
        found[first].append(seq)
    return {tuple(seqs) for seqs in found.values() if len(seqs) > 1}


def assert_all_is_well(world: World) -> None:
    """Families are those worked out anew, and what is kept about each is true."""
    session = world.session
    session.flush()
    session.expire_all()
    assert partition(world) == from_scratch(world)
    for family in session.scalars(select(Family)):
        rows = families.members(session, family)
        shown = [row.seq for row in rows if row.state is CommentState.PUBLISHED]
        assert (family.size, family.seq, family.head) == (len(rows), rows[0].seq, rows[0].comment)
        assert (family.published, family.shown_seq) == (len(shown), min(shown, default=None))
    for row in session.scalars(select(Triage)):
        one = session.get(Family, row.family_id) if row.family_id else None
        stands = row.state is CommentState.PUBLISHED and (one is None or one.shown_seq == row.seq)
        assert row.is_representative == stands, row.seq


def chain(pool: Random, links: int) -> list[str]:
    """Texts of which each is nearly the same as the next, and the ends are nothing alike."""
    written = "".join(pool.sample(form_letters.own_words(pool, 700, 800), 600))
    return [written[start * 30 : start * 30 + 100] for start in range(links)]


@contextmanager
def undone(world: World, window: int) -> Iterator[World]:
    """The world inside a transaction that is undone, with windows so narrow that they matter among few comments."""
    with pytest.MonkeyPatch.context() as narrow, suppress(Undone), db.writing(world.session):
        for module in (clusters, kinship):
            narrow.setattr(module, "WINDOW", window)
        yield world
        raise Undone


def take(world: World, comment: Comment, step: str, text: str) -> None:
    """One thing that may happen to a comment."""
    if step == "join":
        families.join_next(world.session, 3)
    elif step == "reword":
        reword(world, comment, text)
    elif step == "publish" and comment.state is CommentState.PENDING:
        actions.publish(world.session, comment, by=world.office.analyst, at=NOW)
    elif step == "withdraw" and comment.state is not CommentState.WITHDRAWN:
        actions.withdraw(world.session, comment, at=NOW)


STEPS = st.lists(
    st.tuples(st.sampled_from(("reword", "reword", "join", "publish", "withdraw")), st.integers(0, 99)), max_size=14
)


@given(seed=st.integers(0, 10_000), window=st.sampled_from((1, 2, 8)), steps=STEPS)
@settings(
    max_examples=int(os.environ.get("PROVE_EXAMPLES", "20")), deadline=None, suppress_health_check=list(HealthCheck)
)
def test_families_are_those_of_the_texts_that_remain(
    made_world: World, seed: int, window: int, steps: Sequence[tuple[str, int]]
) -> None:
    with undone(made_world, window) as world:
        assert_the_end_is_what_remains(world, Random(seed), steps)


@pytest.mark.parametrize("window", [1, 8])
def test_they_are_so_on_postgresql_too(postgres_engine: Engine, window: int) -> None:
    pool = Random(window)
    kinds = ("reword", "join", "publish", "withdraw")
    steps = [(pool.choice(kinds), pool.randrange(100)) for _ in range(14)]
    with Session(postgres_engine) as session:
        with db.writing(session):
            made = make_world(session)
        with undone(made, window) as world:
            assert_the_end_is_what_remains(world, pool, steps)


def assert_the_end_is_what_remains(world: World, pool: Random, steps: Sequence[tuple[str, int]]) -> None:
    """Comments are replaced, published and withdrawn while others join: the end is what the texts at the end give."""
    letters = form_letters.letters(pool, 2)
    texts = [*chain(pool, 6), *(form_letters.variant(pool, pool.choice(letters)) for _ in range(12)), OTHER, "好", "好"]
    pool.shuffle(texts)
    comments = [arrive(world, text=text) for text in texts]
    grouped(world, limit=7)
    for step, place in steps:
        text = pool.choice(texts) if place % 2 else form_letters.own_words(pool)
        take(world, comments[place % len(comments)], step, text)
    grouped(world)

    assert_all_is_well(world)


def test_a_chain_parts_where_its_link_is_taken_out(world: World) -> None:
    links = [arrive(world, text=text) for text in chain(Random(3), 7)]
    grouped(world)
    assert tuple(one.seq for one in links) in partition(world)

    reword(world, links[3], OTHER)
    grouped(world)

    assert {tuple(one.seq for one in links[:3]), tuple(one.seq for one in links[4:])} <= partition(world)
    assert_all_is_well(world)


def test_what_a_text_was_compared_by_goes_with_the_text(world: World) -> None:
    first, second = (arrive(world, text=LETTER) for _ in range(2))
    grouped(world)
    stored = world.session.get_one(CommentSignature, second.id)
    keys = kinship.bucket_keys(second.consultation_id, similarity.unpacked(stored.numbers)[None])[0]

    reword(world, second, OTHER)

    found = world.session.scalars(select(Bucket.seq).where(Bucket.key.in_(keys))).all()
    assert set(found) == {first.seq}
    world.session.expire_all()
    assert world.session.get(CommentSignature, second.id) is None
    assert families.family_of(world.session, first) is None


def test_two_families_become_one_when_a_text_joins_them(world: World) -> None:
    texts = chain(Random(4), 5)
    ends = [arrive(world, text=text) for text in (texts[0], texts[1], texts[3], texts[4])]
    grouped(world)
    apart = partition(world)

    bridge = arrive(world, text=texts[2])
    grouped(world)

    assert {(ends[0].seq, ends[1].seq), (ends[2].seq, ends[3].seq)} <= apart
    assert tuple(one.seq for one in (*ends, bridge)) in partition(world)
    assert_all_is_well(world)


def test_working_all_out_anew_gives_the_same_families(world: World) -> None:
    pool = Random(11)
    letters = form_letters.letters(pool, 3)
    for place in range(40):
        arrive(
            world, text=form_letters.variant(pool, letters[place % 3]) if place % 2 else form_letters.own_words(pool)
        )
    grouped(world)
    before = partition(world)

    rebuild(world)

    assert before
    assert partition(world) == before
    assert_all_is_well(world)


def test_a_text_that_changes_while_all_is_worked_out_anew_is_not_left_in_a_family(world: World) -> None:
    first, second, third = (arrive(world, text=LETTER) for _ in range(3))
    grouped(world)

    rebuild(world, meanwhile=lambda: reword(world, second, OTHER))
    grouped(world)

    assert (first.seq, third.seq) in partition(world)
    assert_all_is_well(world)


def test_the_worker_leaves_a_list_alone_that_is_worked_out_anew(world: World) -> None:
    grouped(world)
    arrive(world, text=LETTER)
    family_rebuild.begin(world.session, world.open_list.consultation.id)

    assert not families.is_waiting(world.session)


def rebuild(world: World, meanwhile: Callable[[], None] = lambda: None) -> None:
    """What the command does, in the transaction of the test."""
    session, consultation_id = world.session, world.open_list.consultation.id
    family_rebuild.begin(session, consultation_id)
    while family_rebuild.wipe(session, consultation_id):
        pass
    session.expire_all()
    texts = family_rebuild.read(session, consultation_id)
    for portion in texts.portions(7):
        family_rebuild.store(session, consultation_id, texts, portion)
    meanwhile()
    first = family_rebuild.firsts(texts, family_rebuild.forgotten(session, consultation_id))
    made = family_rebuild.establish(session, consultation_id, texts, first)
    for portion in texts.portions(7):
        family_rebuild.assign(session, texts, first, made, portion)
    family_rebuild.finish(session, consultation_id)
