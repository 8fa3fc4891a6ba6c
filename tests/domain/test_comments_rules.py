"""Rules 5, 7, 11, 18: a comment is taken exactly once, while its round is open, and counts whatever becomes of it."""

import threading
from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from acts import NOW
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from gongshi import clock, db, ledger
from gongshi.accounts.two_people import Hands
from gongshi.comments import actions, queries, receipts, tallies
from gongshi.comments.actions import (
    AlreadySettled,
    KeyUsedForAnotherText,
    NothingSent,
    NotOpen,
    Point,
    Target,
    TargetUnknown,
)
from gongshi.comments.checks import TextMissing, TextTooLong, TextUnreadable
from gongshi.comments.models import Channel, Comment, CommentKind, CommentState, Submission, WithholdingReason
from gongshi.consultations.models import Consultation
from gongshi.errors import RuleBroken
from gongshi.ledger import queries as log
from gongshi.migrations.tables import metadata
from gongshi.notices import lists
from gongshi.projects import actions as projects
from gongshi.projects import plan_text
from making import PLAN, SERVER_KEY, World, beijing, make_open_list, make_submission

INSTANT = timedelta(microseconds=1)
TEXT = "模型每季度复核一次太少，建议每月复核。"


def submit(
    world: World,
    *,
    key: str = "key-1",
    at: datetime = NOW,
    points: list[Point] | None = None,
    server_key: bytes = SERVER_KEY,
) -> Submission:
    return actions.submit(
        world.session,
        world.open_list.consultation,
        submission_key=key,
        points=[Point(CommentKind.OPPOSE, TEXT)] if points is None else points,
        server_key=server_key,
        at=at,
    )


def enter(
    world: World,
    by: Hands | None = None,
    *,
    at: datetime = NOW,
    key: str = "letter-1",
    received_on: date | None = None,
) -> Submission:
    return actions.enter(
        world.session,
        world.open_list.consultation,
        submission_key=key,
        points=[Point(CommentKind.OPPOSE, TEXT)],
        channel=Channel.LETTER,
        received_on=received_on,
        server_key=SERVER_KEY,
        by=by or Hands(world.office.editor, world.office.analyst),
        at=at,
    )


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
        actions.submit(
            world.session,
            elsewhere.consultation,
            submission_key="key-1",
            points=[Point(CommentKind.OPPOSE, TEXT)],
            server_key=SERVER_KEY,
            at=NOW,
        )


def test_a_letter_that_is_entered_twice_counts_once(world: World) -> None:
    enter(world, key="key-1")

    assert enter(world, key="key-1") is submit(world)
    assert submit(world).channel is Channel.LETTER


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


# What is taken, and what is not


def test_one_submission_holds_several_comments_under_one_receipt(world: World) -> None:
    points = [Point(CommentKind.OPPOSE, "一"), Point(CommentKind.SUPPORT, "二")]

    submission = submit(world, points=points)

    assert [comment.text for comment in submission.comments] == ["一", "二"]
    first, second = submission.comments
    assert second.seq == first.seq + 1
    assert first.number == f"2026-SL-02-{first.seq:04d}"


def test_the_text_is_kept_exactly_as_sent(world: World) -> None:
    text = "  \u200b第一行\r\n第二行\t<script>&amp;\u202e 🧮 e\u0301  "

    submission = submit(world, points=[Point(CommentKind.ASK, text)])
    world.session.flush()
    world.session.expire_all()

    assert submission.comments[0].text == text


def test_the_ledger_commits_to_the_text_without_holding_it(world: World) -> None:
    comment = submit(world, points=[Point(CommentKind.OPPOSE, TEXT, "改为每月")]).comments[0]

    body = log.entry(world.session, comment.ledger_index).body

    assert TEXT not in body
    assert "改为每月" not in body
    assert ledger.commitment(comment.text_salt, TEXT) in body
    assert comment.resolution_salt is not None
    assert ledger.commitment(comment.resolution_salt, "改为每月") in body
    assert comment.text_salt != comment.resolution_salt


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        pytest.param("", TextMissing, id="nothing"),
        pytest.param(" \u3000\n\t", TextMissing, id="blanks only"),
        pytest.param("长" * 10_000, None, id="as long as may be"),
        pytest.param("长" * 10_001, TextTooLong, id="one character too long"),
        pytest.param("a\x00b", TextUnreadable, id="NUL"),
        pytest.param("a\ud800b", TextUnreadable, id="half of a surrogate pair"),
        pytest.param("e" + "\u0301" * 16, None, id="sixteen combining marks"),
        pytest.param("e" + "\u0301" * 17, TextUnreadable, id="seventeen combining marks"),
    ],
)
@pytest.mark.parametrize("field", ["text", "resolution"])
def test_text_that_cannot_be_kept_as_sent_is_refused_whole(
    world: World, field: str, text: str, refusal: type[RuleBroken] | None
) -> None:
    point = Point(CommentKind.OPPOSE, text) if field == "text" else Point(CommentKind.OPPOSE, TEXT, text)
    expected = None if field == "resolution" and refusal is TextMissing else refusal
    size = log.size(world.session)

    refused = None
    try:
        submit(world, points=[point])
    except RuleBroken as broken:
        refused = type(broken)

    assert refused is expected
    assert log.size(world.session) == size + (expected is None)


def test_an_empty_submission_is_refused(world: World) -> None:
    with pytest.raises(NothingSent):
        submit(world, points=[])


def test_when_one_of_several_comments_is_refused_none_is_taken(world: World) -> None:
    size = log.size(world.session)

    with pytest.raises(TextMissing):
        submit(world, points=[Point(CommentKind.OPPOSE, TEXT), Point(CommentKind.OPPOSE, "")])

    assert log.size(world.session) == size
    assert queries.by_submission_key(world.session, "key-1") is None


def _targets(world: World) -> dict[str, Target]:
    project, other = world.open_list.projects
    version = project.versions[0]
    foreign = world.ready.project
    draft = projects.draft_version(
        world.session, project, title="方案", summary="改", text=plan_text.parse(PLAN.replace("5分钟", "2分钟"))
    )
    return {
        "a project of another list": Target(foreign),
        "a version of another project": Target(project, other.versions[0], "p-1"),
        "a version without its project": Target(None, version, "p-1"),
        "a version that is not public yet": Target(project, draft, "p-1"),
        "a paragraph that is not there": Target(project, version, "p-99"),
        "a risk as a paragraph": Target(project, version, "r-1"),
        "a paragraph without a version": Target(project, None, "p-1"),
    }


@pytest.mark.parametrize(
    "what",
    [
        "a project of another list",
        "a version of another project",
        "a version without its project",
        "a version that is not public yet",
        "a paragraph that is not there",
        "a risk as a paragraph",
        "a paragraph without a version",
    ],
)
def test_what_is_commented_on_must_be_public_and_of_this_list(world: World, what: str) -> None:
    target = _targets(world)[what]

    with pytest.raises(TargetUnknown):
        submit(world, points=[Point(CommentKind.OPPOSE, TEXT, None, target)])


# Letters, e-mails and calls


def test_a_letter_is_entered_by_one_and_confirmed_by_another_and_counts(world: World) -> None:
    received = tallies.of(world.session, world.open_list.consultation).received

    submission = enter(world)

    assert submission.channel is Channel.LETTER
    assert submission.entered_approval_id is not None
    assert tallies.of(world.session, world.open_list.consultation).received == received + 1


def test_nothing_is_entered_by_staff_as_if_it_had_come_on_the_site(world: World) -> None:
    with pytest.raises(ValueError, match="submitted"):
        actions.enter(
            world.session,
            world.open_list.consultation,
            submission_key="k",
            points=[Point(CommentKind.SUPPORT, TEXT)],
            channel=Channel.WEB,
            server_key=SERVER_KEY,
            by=Hands(world.office.editor, world.office.analyst),
            at=NOW,
        )


@pytest.mark.parametrize(
    ("came", "taken"),
    [
        pytest.param("2026-04-09", False, id="the day before it opened"),
        pytest.param("2026-04-10", True, id="the first day"),
        pytest.param("2026-05-16", True, id="the last day"),
        pytest.param("2026-05-17", False, id="the day after"),
        pytest.param("2026-07-01", False, id="a day still to come"),
    ],
)
def test_a_letter_that_came_in_time_counts_though_it_is_entered_later(world: World, came: str, taken: bool) -> None:
    round = world.open_list.round
    lists.extend(
        world.session,
        round,
        closes_at=clock.end_of(date(2026, 5, 16)),
        reason="来信较多",
        by=Hands(world.office.editor, world.office.publisher),
        at=NOW,
    )

    entered = None
    with suppress(NotOpen):
        entered = enter(world, at=beijing("2026-06-01"), received_on=date.fromisoformat(came))

    assert (entered is not None) is taken
    if entered is not None:
        assert clock.beijing(entered.received_at).date() == date.fromisoformat(came)
        assert f'"received_on":"{came}"' in log.entry(world.session, entered.comments[0].ledger_index).body


def test_a_letter_without_a_day_counts_as_of_today(world: World) -> None:
    with pytest.raises(NotOpen):
        enter(world, at=world.open_list.round.closes_at)


# What becomes of a comment


def settle(world: World, state: CommentState, comment: Comment) -> None:
    session, by = world.session, Hands(world.office.analyst, world.office.publisher)
    if state is CommentState.PUBLISHED:
        actions.publish(session, comment, by=world.office.analyst, at=NOW)
    elif state is CommentState.WITHHELD:
        actions.withhold(session, comment, reason=WithholdingReason.ABUSE, by=by, at=NOW)
    else:
        actions.withdraw(session, comment, at=NOW)


SETTLED = [state for state in CommentState if state is not CommentState.PENDING]


@pytest.mark.parametrize("first", SETTLED)
@pytest.mark.parametrize("then", SETTLED)
def test_what_is_withheld_or_taken_back_stays_so(world: World, first: CommentState, then: CommentState) -> None:
    allowed = first is CommentState.PUBLISHED and then is not CommentState.PUBLISHED
    settle(world, first, world.pending)

    refused = False
    try:
        settle(world, then, world.pending)
    except AlreadySettled:
        refused = True

    assert refused is not allowed
    assert world.pending.state is (then if allowed else first)


def test_taking_a_comment_back_leaves_a_tombstone_that_counts(world: World) -> None:
    comment, consultation = world.pending, world.open_list.consultation
    number, received = comment.number, tallies.of(world.session, consultation).received

    actions.withdraw(world.session, comment, at=NOW)

    world.session.flush()
    stone = queries.numbered(world.session, number)
    assert (stone.state, stone.state_at) == (CommentState.WITHDRAWN, NOW)
    assert tallies.of(world.session, consultation).received == received
    assert stone not in queries.published(world.session, consultation)


def test_a_number_is_never_given_twice_even_after_a_withdrawal(world: World) -> None:
    taken_back = world.pending.seq
    actions.withdraw(world.session, world.pending, at=NOW)

    following = submit(world).comments[0]

    assert following.seq > taken_back


def test_a_withheld_comment_keeps_its_reason_and_both_names(world: World) -> None:
    settle(world, CommentState.WITHHELD, world.published)

    withholding = world.published.withholding
    assert withholding is not None
    assert withholding.reason is WithholdingReason.ABUSE
    assert withholding.approval.prepared_by is not withholding.approval.approved_by


def test_the_number_of_comments_on_a_paragraph_falls_when_one_is_withheld(world: World) -> None:
    project = world.open_list.projects[1]
    target = Target(project, project.versions[0], "p-2")
    on_paragraph = make_submission(world.session, world.open_list.consultation, NOW, target=target).comments[0]
    on_project = make_submission(world.session, world.open_list.consultation, NOW, target=Target(project)).comments[0]
    for comment in (on_paragraph, on_project):
        settle(world, CommentState.PUBLISHED, comment)
    shown = queries.counts_by_paragraph(world.session, project)

    settle(world, CommentState.WITHHELD, on_paragraph)

    assert shown == {"": 2, "p-2": 1}
    assert queries.counts_by_paragraph(world.session, project) == {"": 1}


@pytest.mark.parametrize("column", ["text", "resolution", "number", "kind", "received_at", "ledger_index"])
def test_a_received_comment_is_not_edited(world: World, column: str) -> None:
    edited = {"kind": CommentKind.ASK, "received_at": NOW + INSTANT, "ledger_index": 0}.get(column, "改")
    setattr(world.pending, column, edited)

    with pytest.raises(DBAPIError, match="append-only"), world.session.begin_nested():
        world.session.flush()


def test_the_database_refuses_a_tally_that_does_not_reconcile(any_session: Session) -> None:
    with db.writing(any_session) as at:
        opened = make_open_list(any_session, at)
        make_submission(any_session, opened.consultation, at)
        tally = tallies.of(any_session, opened.consultation)

        tally.published += 1
        with pytest.raises(IntegrityError, match="reconciles"):
            any_session.flush()
        any_session.rollback()
