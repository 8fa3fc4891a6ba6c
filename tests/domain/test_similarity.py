"""Rule 10: near-duplicates are found by one deterministic method, and none is hidden."""

import random

import pytest
from making_triage import arrive

from gongshi.comments import families, similarity
from gongshi.comments.models import Comment
from making_world import World

LETTER = "本人反对本项目，理由是模型每季度复核一次太少，不足以及时发现失效，建议改为每月复核并公布结果，说明补偿办法。"
OTHER = (
    "请问参加试点是否另行收费，投资者怎样退出，数据存放在哪里，由谁负责答复投诉，办理期限是多少个工作日，均未见说明。"
)


@pytest.mark.parametrize(
    "variant",
    [
        pytest.param(LETTER.replace("，", ","), id="other punctuation"),
        pytest.param(LETTER.replace("模型", "模 型\n"), id="spaces and lines"),
        pytest.param(LETTER.replace("反对", "反對"), id="another script form"),
    ],
)
def test_how_a_text_is_typed_does_not_matter(variant: str) -> None:
    assert similarity.signature(variant) == similarity.signature(LETTER)


def test_the_method_gives_the_same_numbers_for_ever() -> None:
    """Published with the method: whoever computes it anew gets these."""
    numbers = similarity.signature("公开征求意见")

    assert numbers[:3] == (2538142365, 379293503, 2221586761)
    assert len(numbers) == 64
    assert len(similarity.bands(numbers)) == 16


def test_the_estimate_is_near_the_truth() -> None:
    pool = random.Random(5)
    words = [pool.choice(LETTER + OTHER) for _ in range(400)]
    for changed in (10, 40, 80):
        other = words[:]
        for _ in range(changed):
            other[pool.randrange(len(other))] = "改"
        one, two = "".join(words), "".join(other)

        estimate = similarity.estimate(similarity.signature(one), similarity.signature(two))

        assert estimate == pytest.approx(similarity.exact(one, two), abs=0.2)


@pytest.mark.parametrize("text", ["好", "！！！", " 支持 ", "𠮷", "😀"])
def test_the_shortest_text_has_a_signature(text: str) -> None:
    assert similarity.estimate(similarity.signature(text), similarity.signature(text)) == 1


def grouped(world: World) -> None:
    while families.is_waiting(world.session):
        families.join_next(world.session)


def test_form_letters_are_one_family_and_others_are_not_in_it(world: World) -> None:
    letters = [arrive(world, text=f"{LETTER}{sign}") for sign in ("", "！", "谢谢")]
    other = arrive(world, text=OTHER)

    grouped(world)

    family = families.family_of(world.session, letters[2])
    assert family is not None
    assert (family.head, family.size) == (letters[0], 3)
    assert [row.comment for row in families.members(world.session, family)] == letters
    assert families.family_of(world.session, other) is not family


def test_families_do_not_depend_on_when_they_are_worked_out(world: World) -> None:
    texts = [(LETTER if number % 3 else OTHER) + "再" * number for number in range(12)]
    arrived = []
    for number, text in enumerate(texts):
        arrived.append(arrive(world, text=text))
        if number % 5 == 0:
            grouped(world)
    grouped(world)

    together = [[place for place in range(12) if _head(world, arrived[place]) is arrived[head]] for head in range(12)]

    assert [group for group in together if group] == [[0, 3, 6, 9], [1, 2, 4, 5, 7, 8, 10, 11]]


def test_similar_ones_are_shown_before_their_family_was_worked_out(world: World) -> None:
    first = arrive(world, text=LETTER)
    grouped(world)
    second = arrive(world, text=LETTER + "完毕")

    found = families.similar_to(world.session, second)

    assert found[0].comment is first
    assert found[0].likeness > 0.9
    assert families.is_waiting(world.session)


def test_what_is_similar_is_compared_by_what_may_be_read(world: World) -> None:
    first, second = (arrive(world, text=LETTER) for _ in range(2))
    grouped(world)

    (found, *_) = families.similar_to(world.session, second)

    assert (found.comment, found.likeness, found.size) == (first, 1.0, 2)


def _head(world: World, comment: Comment) -> Comment | None:
    family = families.family_of(world.session, comment)
    return family.head if family else None
