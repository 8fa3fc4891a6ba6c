"""A solved challenge is good for one submission, is remembered with it, and is forgotten when it has ended."""

from datetime import timedelta

import pytest
from acts import NOW
from sqlalchemy import func, select
from submitting import TEXT

from gongshi.comments import challenges, intake
from gongshi.comments.challenges import ChallengeUsed, SpentChallenge, UsedChallenge
from gongshi.comments.intake import KeyUsedForAnotherText, NotOpen, Point
from gongshi.comments.models import CommentKind, Proof, Submission
from making import SERVER_KEY
from making_world import World

CHALLENGE = UsedChallenge("a" * 32, 100, NOW + timedelta(minutes=10))


def submit(world: World, key: str, *, text: str = TEXT, challenge: UsedChallenge | None = CHALLENGE) -> Submission:
    return intake.submit(
        world.session,
        world.open_list.consultation,
        submission_key=key,
        points=[Point(CommentKind.OPPOSE, text)],
        server_key=SERVER_KEY,
        at=NOW,
        challenge=challenge,
    )


def test_a_submission_remembers_whether_it_brought_a_proof_and_how_hard_it_was(world: World) -> None:
    proved = submit(world, "key-1")
    bare = submit(world, "key-2", challenge=None)

    assert (proved.proof, proved.difficulty) == (Proof.SOLVED, 100)
    assert (bare.proof, bare.difficulty) == (Proof.NONE, None)


def test_a_challenge_is_good_for_one_submission(world: World) -> None:
    submit(world, "key-1")

    with pytest.raises(ChallengeUsed):
        submit(world, "key-2")


def test_a_retry_gets_its_receipt_although_its_challenge_is_used(world: World) -> None:
    first = submit(world, "key-1")

    assert submit(world, "key-1") is first
    assert world.session.scalar(select(func.count()).select_from(SpentChallenge)) == 1


def test_what_is_refused_uses_up_no_challenge(world: World) -> None:
    submit(world, "key-1", challenge=None)
    with pytest.raises(KeyUsedForAnotherText):
        submit(world, "key-1", text="另一段文字")
    with pytest.raises(NotOpen):
        intake.submit(
            world.session,
            world.open_list.consultation,
            submission_key="key-2",
            points=[Point(CommentKind.ASK, TEXT)],
            server_key=SERVER_KEY,
            at=world.open_list.round.closes_at,
            challenge=CHALLENGE,
        )

    assert not challenges.is_spent(world.session, CHALLENGE)


def test_what_has_ended_is_forgotten_and_the_rest_is_kept(world: World) -> None:
    young = UsedChallenge("b" * 32, 100, NOW + timedelta(minutes=20))
    submit(world, "key-1")
    submit(world, "key-2", challenge=young)
    later = NOW + timedelta(minutes=15)
    assert not challenges.any_over(world.session, NOW)
    assert challenges.any_over(world.session, later)

    forgotten = challenges.forget_over(world.session, later)

    assert forgotten == 1
    assert not challenges.is_spent(world.session, CHALLENGE)
    assert challenges.is_spent(world.session, young)
