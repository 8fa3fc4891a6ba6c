"""Rule 10: near-duplicates are found by one deterministic method, and none is hidden."""

import random
import runpy
from pathlib import Path

import numpy as np
import pytest
from making_triage import arrive

from gongshi.comments import clusters, families, similarity
from gongshi.comments.models import Comment
from making_world import World

ROOT = Path(__file__).resolve().parents[2]
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
    assert (numbers(variant), similarity.pieces(variant)) == (numbers(LETTER), similarity.pieces(LETTER))


def numbers(text: str) -> list[int]:
    found: list[int] = similarity.signature(text).numbers.tolist()
    return found


def test_the_method_gives_the_same_numbers_for_ever() -> None:
    """Published with the method: whoever computes it anew gets these."""
    found = numbers("公开征求意见")

    assert found[:3] == [30740, 42261, 26500]
    assert len(found) == 64
    assert len(similarity.keys(similarity.signature("公开征求意见").numbers[None])[0]) == 20


@pytest.mark.parametrize("text", [LETTER, OTHER, "好", "𠮷田😀", "方案写道：“模型每季度复核一次”，太少。", "〔！〕"])
def test_the_published_reading_in_plain_python_gives_the_same_numbers(text: str) -> None:
    published = runpy.run_path(str(ROOT / "docs" / "families.py"))

    assert published["numbers_of"](similarity.plain(text)) == numbers(text)
    keys = published["keys_of"](numbers(text))
    assert keys == similarity.keys(similarity.signature(text).numbers[None])[0].tolist()


def test_what_is_quoted_does_not_make_two_comments_alike() -> None:
    quoted = "“数据仅在境内存储，保存期限为六十个月，期满后由系统自动清除，清除记录保存五年”"

    two = [
        similarity.signature(f"{quoted}这一句没有说明由谁来清除，请补充。"),
        similarity.signature(f"{quoted}我认为保存得太久，应当缩短到二十四个月。"),
    ]
    found = clusters.partition(np.stack([one.numbers for one in two]), np.array([one.pieces for one in two]))
    assert found.tolist() == [0, 1]
    assert similarity.pieces(quoted), "a comment that is nothing but a quotation is compared by it"


def test_the_estimate_is_near_the_truth() -> None:
    pool = random.Random(5)
    words = [chr(pool.randrange(0x4E00, 0x5000)) for _ in range(400)]
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
    assert families.family_of(world.session, other) is None


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
