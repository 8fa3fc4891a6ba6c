"""Rule 5: a comment is taken exactly once, while its round is open, and its receipt opens with its secret alone."""

import threading
from datetime import timedelta

import pytest
from acts import NOW
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from submitting import TEXT, submit

from gongshi import db
from gongshi.comments import intake, queries, receipts, tallies
from gongshi.comments.intake import KeyUsedForAnotherText, NotOpen, Point, Target
from gongshi.comments.models import Comment, CommentKind
from gongshi.consultations.models import Consultation
from gongshi.ledger import queries as log
from gongshi.migrations.tables import metadata
from making import SERVER_KEY, make_open_list, make_submission
from making_world import World

INSTANT = timedelta(microseconds=1)


# Only while a round is open


@pytest.mark.parametrize(
    ("place", "taken"),
    [
        pytest.param(("opens_at", -INSTANT), False, id="just before it opens"),
        pytest.param(("opens_at", 0 * INSTANT), True, id="the instant it opens"),
        pytest.param(("closes_at", -INSTANT), True, id="just before it closes"),
        pytest.param(("closes_at", 0 * INSTANT), False, id="the instant it closes"),
        pytest.param(("closes_at", INSTANT), False, id="just after it closed"),
    ],
)
def test_a_comment_is_taken_only_while_its_round_is_open(
    world: World, place: tuple[str, timedelta], taken: bool
) -> None:
    at = getattr(world.open_list.round, place[0]) + place[1]

    refused = None
    try:
        submit(world, at=at)
    except NotOpen as error:
        refused = error

    assert (refused is None) is taken
    assert (queries.by_submission_key(world.session, "key-1") is not None) is taken


def test_who_comes_late_is_told_by_how_much(world: World) -> None:
    late = timedelta(minutes=3)

    with pytest.raises(NotOpen) as refused:
        submit(world, at=world.open_list.round.closes_at + late)

    assert refused.value.details["late_by"] == late


def test_a_comment_belongs_to_the_round_in_which_it_came(world: World) -> None:
    submission = submit(world)

    assert submission.round is world.open_list.round
    assert submission.comments[0].round is world.open_list.round


def test_nobody_comments_on_a_draft(world: World) -> None:
    with pytest.raises(NotOpen):
        make_submission(world.session, world.draft, NOW)


# Exactly once per key


def test_a_retry_with_the_same_key_and_body_gets_the_same_receipt_and_is_not_counted_again(world: World) -> None:
    first = submit(world)
    received, size = tallies.of(world.session, world.open_list.consultation).received, log.size(world.session)

    again = submit(world, at=NOW + timedelta(seconds=5))

    assert again is first
    assert tallies.of(world.session, world.open_list.consultation).received == received
    assert log.size(world.session) == size


def test_a_retry_after_the_closing_still_gets_its_receipt(world: World) -> None:
    first = submit(world, at=world.open_list.round.closes_at - INSTANT)

    again = submit(world, at=world.open_list.round.closes_at + timedelta(hours=1))

    assert again.receipt_number == first.receipt_number


@pytest.mark.parametrize(
    "points",
    [
        pytest.param([Point(CommentKind.OPPOSE, TEXT + "。")], id="one character more"),
        pytest.param([Point(CommentKind.SUGGEST, TEXT)], id="another kind"),
        pytest.param([Point(CommentKind.OPPOSE, TEXT, "改为每月")], id="what would resolve it"),
        pytest.param([Point(CommentKind.OPPOSE, TEXT)] * 2, id="said twice"),
    ],
)
def test_the_same_key_with_another_body_is_refused(world: World, points: list[Point]) -> None:
    submit(world)

    with pytest.raises(KeyUsedForAnotherText):
        submit(world, points=points)


def test_the_same_key_with_another_target_is_refused(world: World) -> None:
    submit(world)

    with pytest.raises(KeyUsedForAnotherText):
        submit(world, points=[Point(CommentKind.OPPOSE, TEXT, None, Target(world.open_list.projects[0]))])


def test_the_same_key_on_another_list_is_refused(world: World) -> None:
    submit(world)
    elsewhere = make_open_list(world.session, NOW, number="2026-SL-12", office=world.office)

    with pytest.raises(KeyUsedForAnotherText):
        intake.submit(
            world.session,
            elsewhere.consultation,
            submission_key="key-1",
            points=[Point(CommentKind.OPPOSE, TEXT)],
            server_key=SERVER_KEY,
            at=NOW,
        )


def test_many_at_once_with_one_key_are_one_comment_with_one_receipt(any_engine: Engine) -> None:
    with Session(any_engine) as session, db.writing(session) as at:
        number = make_open_list(session, at).consultation.number
    receipts_shown: list[str] = []

    def send() -> None:
        with Session(any_engine) as session, db.writing(session) as at:
            consultation = session.scalars(select(Consultation).where(Consultation.number == number)).one()
            submission = make_submission(session, consultation, at, key="one-key")
            receipts_shown.append(submission.receipt_number)

    senders = [threading.Thread(target=send) for _ in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    with Session(any_engine) as session:
        assert session.scalar(select(func.count(Comment.id))) == 1
    assert len(receipts_shown) == 8
    assert len(set(receipts_shown)) == 1


# Receipts


def test_the_secret_can_be_shown_again_from_the_key_alone(world: World) -> None:
    submission = submit(world)

    secret = receipts.secret(SERVER_KEY, submission.submission_key)

    assert queries.by_receipt(world.session, submission.receipt_number, secret) is submission


def test_the_secret_is_stored_nowhere_but_as_a_hash(world: World) -> None:
    submission = submit(world)
    secret = receipts.secret(SERVER_KEY, submission.submission_key)

    found = [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        for value in world.session.scalars(select(column))
        if secret in str(value) or secret.replace("-", "") in str(value)
    ]

    assert found == []
    assert submission.secret_sha256 == receipts.fingerprint(secret)


@pytest.mark.parametrize(
    ("number", "secret"),
    [
        pytest.param("right", "wrong", id="a wrong secret"),
        pytest.param("wrong", "right", id="an unknown number"),
        pytest.param("right", "empty", id="no secret"),
    ],
)
def test_a_receipt_opens_only_with_its_own_secret(world: World, number: str, secret: str) -> None:
    submission, other = submit(world), submit(world, key="key-2")
    secrets = {
        "right": receipts.secret(SERVER_KEY, "key-1"),
        "wrong": receipts.secret(SERVER_KEY, other.submission_key),
        "empty": "",
    }
    numbers = {"right": submission.receipt_number, "wrong": "HZ-00000-00000"}

    assert queries.by_receipt(world.session, numbers[number], secrets[secret]) is None


@pytest.mark.parametrize(
    "typed",
    [str.lower, lambda secret: secret.replace("-", " "), lambda secret: secret.replace("0", "O").replace("1", "l")],
    ids=["in small letters", "with blanks", "with look-alike letters"],
)
def test_a_receipt_opens_however_its_secret_is_typed(world: World, typed: object) -> None:
    submission = submit(world)
    secret = receipts.secret(SERVER_KEY, submission.submission_key)

    found = queries.by_receipt(world.session, submission.receipt_number.lower(), typed(secret))  # type: ignore[operator]

    assert found is submission


def test_another_server_key_makes_other_receipts(world: World) -> None:
    assert receipts.secret(SERVER_KEY, "k") != receipts.secret(b"another key of the server, as long", "k")
    assert receipts.secret(SERVER_KEY, "k") != receipts.number(SERVER_KEY, "k")
