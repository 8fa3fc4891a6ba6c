"""Rule 7: within ten minutes, and not after the closing, the sender may take a comment back or replace it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from gongshi import db, ledger
from gongshi.accounts.two_people import Hands
from gongshi.comments import actions, intake, proving, queries, queues, second_thoughts, tallies
from gongshi.comments.actions import AlreadySettled
from gongshi.comments.checks import TextMissing, TextTooLong, TextUnreadable
from gongshi.comments.earlier_models import EarlierText
from gongshi.comments.intake import Point, Target
from gongshi.comments.models import Comment, CommentKind, CommentState, WithholdingReason
from gongshi.comments.redacting import redact
from gongshi.comments.second_thoughts import (
    AlreadyGrouped,
    BeingHandled,
    ClosedForChange,
    PartCovered,
    TooLateToChange,
    replace,
    take_back,
)
from gongshi.comments.triage_models import Queue, Triage
from gongshi.consultations.models import Round
from gongshi.errors import RuleBroken
from gongshi.ledger import Kind
from gongshi.ledger import queries as log
from gongshi.search.models import OutboxRow
from making import SERVER_KEY, OpenList, beijing, make_objection, make_open_list, make_submission

INSTANT = timedelta(microseconds=1)
TEN_MINUTES = timedelta(minutes=10)
NEW = "建议每月复核一次，并公布结果。"


@dataclass
class Case:
    """A list with one comment that was just received, inside a transaction that is undone."""

    session: Session
    made: OpenList
    comment: Comment

    @property
    def received(self) -> datetime:
        return self.comment.received_at

    def replace(self, *, at: datetime | None = None, text: str = NEW, kind: CommentKind = CommentKind.SUGGEST) -> bool:
        return replace(
            self.session, self.comment, kind=kind, text=text, resolution="写明每月。", at=at or self.received + INSTANT
        )

    def publish(self) -> None:
        actions.publish(self.session, self.comment, by=self.made.analyst, at=self.received + INSTANT)

    def kinds(self) -> list[str]:
        """What the ledger holds of this comment, in order."""
        return [
            entry.kind
            for entry in reversed(log.entries(self.session, limit=1000))
            if self.comment.number in entry.body and entry.kind.startswith("comment.")
        ]


@pytest.fixture
def case(any_engine: Engine) -> Iterator[Case]:
    with Session(any_engine) as session, db.writing(session) as at:
        made = make_open_list(session, at)
        target = Target(made.projects[0], made.versions[0], "p-2")
        submission = make_submission(session, made.consultation, at, target=target)
        session.flush()
        yield Case(session, made, submission.comments[0])
        session.flush()


# When


@pytest.mark.parametrize(
    ("after", "allowed"), [(TEN_MINUTES - INSTANT, True), (TEN_MINUTES, False), (TEN_MINUTES + INSTANT, False)]
)
@pytest.mark.parametrize("act", ["take back", "replace"])
def test_the_tenth_minute_ends_it_to_the_microsecond(case: Case, act: str, after: timedelta, allowed: bool) -> None:
    at = case.received + after

    assert _is_done(case, act, at, TooLateToChange) is allowed


@pytest.mark.parametrize(("before", "allowed"), [(INSTANT, True), (timedelta(0), False), (-INSTANT, False)])
@pytest.mark.parametrize("act", ["take back", "replace"])
def test_the_closing_ends_it_even_within_ten_minutes(
    any_engine: Engine, act: str, before: timedelta, allowed: bool
) -> None:
    with Session(any_engine) as session, db.writing(session) as at:
        closes_at = at + timedelta(minutes=3)
        made = make_open_list(session, at, closes_at=closes_at)
        comment = make_submission(session, made.consultation, at).comments[0]

        assert _is_done(Case(session, made, comment), act, closes_at - before, ClosedForChange) is allowed


def test_after_the_time_is_over_it_can_still_be_withdrawn(case: Case) -> None:
    late = case.received + timedelta(days=3)
    choices = second_thoughts.choices(case.session, case.comment, at=late)
    actions.withdraw(case.session, case.comment, at=late)

    assert (choices.can_withdraw, choices.can_take_back, choices.can_replace) == (True, False, False)
    assert choices.until == case.received + TEN_MINUTES
    assert not case.comment.was_taken_back


def _is_done(case: Case, act: str, at: datetime, refusal: type[RuleBroken]) -> bool:
    before = len(case.kinds())
    try:
        take_back(case.session, case.comment, at=at) if act == "take back" else case.replace(at=at)
    except refusal:
        assert len(case.kinds()) == before
        return False
    assert len(case.kinds()) == before + 1
    return True


# Taking back


def test_what_was_taken_back_counts_as_withdrawn(case: Case) -> None:
    take_back(case.session, case.comment, at=case.received + INSTANT)

    tally = tallies.of(case.session, case.made.consultation)
    case.session.refresh(tally)
    assert (case.comment.state, case.comment.was_taken_back) == (CommentState.WITHDRAWN, True)
    assert (tally.received, tally.withdrawn, tally.pending) == (1, 1, 0)
    assert case.kinds() == [Kind.COMMENT_RECEIVED, Kind.COMMENT_WITHDRAWN]
    assert queues.of(case.session, case.comment).queue is Queue.DONE


@pytest.mark.parametrize("how", ["withdrawn", "withheld"])
@pytest.mark.parametrize("act", ["take back", "replace"])
def test_what_is_settled_stays_as_it_is(case: Case, how: str, act: str) -> None:
    at = case.received + INSTANT
    if how == "withdrawn":
        actions.withdraw(case.session, case.comment, at=at)
    else:
        actions.withhold(case.session, case.comment, reason=WithholdingReason.ABUSE, by=case.made.answered_by, at=at)

    assert not _is_done(case, act, at, AlreadySettled)


# Replacing


def test_a_replacement_keeps_number_place_and_time_and_takes_the_new_words(case: Case) -> None:
    number, received, target = case.comment.number, case.received, case.comment.paragraph_key

    assert case.replace()

    case.session.flush()
    case.session.expire(case.comment)
    kept = queries.numbered(case.session, number)
    assert (kept.text, kept.kind, kept.resolution) == (NEW, CommentKind.SUGGEST, "写明每月。")
    assert (kept.received_at, kept.paragraph_key, kept.state) == (received, target, CommentState.PENDING)
    assert queues.of(case.session, kept).kind is CommentKind.SUGGEST
    assert tallies.of(case.session, case.made.consultation).received == 1


def test_the_ledger_says_that_it_was_replaced_and_commits_to_the_new_words(case: Case) -> None:
    case.replace()

    entry = log.entries(case.session, limit=1)[0]
    assert entry.kind == Kind.COMMENT_REPLACED
    assert NEW not in entry.body
    assert ledger.commitment(case.comment.text_salt, NEW) in entry.body
    assert '"kind":"suggest"' in entry.body
    assert '"target":"project:1/version:1/paragraph:p-2"' in entry.body


def test_what_nobody_could_read_is_destroyed_with_its_salt(case: Case) -> None:
    text, salt = case.comment.text, case.comment.text_salt

    case.replace()

    case.session.flush()
    rows = case.session.execute(select(Comment.text, Comment.text_salt)).all()
    assert all(text != held and salt != held_salt for held, held_salt in rows)
    assert case.session.scalars(select(EarlierText)).all() == []
    first, last = _provable(case)
    assert first.openings == ()
    assert {one.field: one.text for one in last.openings} == {"text": NEW, "resolution": "写明每月。"}


def test_what_was_published_stays_as_an_earlier_text_and_the_new_words_are_looked_at_anew(case: Case) -> None:
    text, kind = case.comment.text, case.comment.kind
    case.publish()
    published_at = case.comment.state_at

    case.replace(at=case.received + 2 * INSTANT)

    case.session.flush()
    earlier = queries.earlier_texts(case.session, case.comment)
    assert [(one.text, one.kind, one.published_at) for one in earlier] == [(text, kind, published_at)]
    assert (case.comment.state, case.comment.published_by) == (CommentState.PENDING, None)
    assert queues.of(case.session, case.comment).queue is Queue.LOOK
    tally = tallies.of(case.session, case.made.consultation)
    case.session.refresh(tally)
    assert (tally.pending, tally.published) == (1, 0)
    assert queries.counts_by_paragraph(case.session, case.made.projects[0]) == {}
    assert {one.field: one.text for one in _provable(case)[0].openings} == {"text": text}


def test_a_replacement_is_published_like_any_comment(case: Case) -> None:
    case.publish()
    case.replace(at=case.received + 2 * INSTANT)

    actions.publish(case.session, case.comment, by=case.made.analyst, at=case.received + 3 * INSTANT)

    assert case.kinds()[-2:] == [Kind.COMMENT_REPLACED, Kind.COMMENT_PUBLISHED]
    assert ledger.digest(NEW) in log.entries(case.session, limit=1)[0].body


def test_the_same_words_once_more_change_nothing(case: Case) -> None:
    assert case.replace()
    held = case.kinds()

    assert not case.replace(at=case.received + TEN_MINUTES)

    assert case.kinds() == held


def test_it_may_be_replaced_again_and_the_receipt_speaks_of_the_last_words(case: Case) -> None:
    case.replace()
    case.replace(text="第三稿。", at=case.received + 2 * INSTANT)

    first, last = _provable(case)
    assert len(queries.replacements(case.session, case.comment)) == 2
    assert (first.index, first.openings) == (case.comment.ledger_index, ())
    assert {one.field: one.text for one in last.openings}["text"] == "第三稿。"


def test_a_retry_of_the_first_sending_still_finds_its_submission(case: Case) -> None:
    submission, text = case.comment.submission, case.comment.text
    target = Target(case.made.projects[0], case.made.versions[0], "p-2")
    case.replace()

    again = intake.submit(
        case.session,
        case.made.consultation,
        submission_key=submission.submission_key,
        points=[Point(CommentKind.OPPOSE, text, None, target)],
        server_key=SERVER_KEY,
        at=case.received + TEN_MINUTES,
    )

    assert again is submission
    assert case.comment.text == NEW


def test_the_desk_and_the_search_learn_of_it(case: Case) -> None:
    case.session.flush()
    case.session.execute(delete(OutboxRow))

    case.replace()

    case.session.flush()
    assert str(case.comment.id) in case.session.scalars(select(OutboxRow.id)).all()
    assert case.session.scalar(select(Triage.family_id).where(Triage.comment_id == case.comment.id)) is None


@pytest.mark.parametrize(
    ("text", "refusal"),
    [("  ", TextMissing), ("长" * 10_001, TextTooLong), ("a\x00b", TextUnreadable), ("\ud800", TextUnreadable)],
)
def test_the_new_words_are_refused_like_those_of_any_comment(case: Case, text: str, refusal: type[RuleBroken]) -> None:
    with pytest.raises(refusal):
        case.replace(text=text)

    assert case.kinds() == [Kind.COMMENT_RECEIVED]


def test_a_comment_that_a_draft_speaks_of_is_not_replaced_but_can_be_taken_back(case: Case) -> None:
    queues.hold(case.session, [case.comment], draft=case.made.consultation.id)

    with pytest.raises(BeingHandled):
        case.replace()
    take_back(case.session, case.comment, at=case.received + INSTANT)

    assert case.comment.was_taken_back


def test_a_comment_under_an_objection_is_not_replaced_and_withdrawing_it_leaves_the_objection(case: Case) -> None:
    case.publish()
    objection = make_objection(case.session, case.made, [case.comment], case.received + INSTANT)
    queues.placed(case.session, [case.comment])

    with pytest.raises(AlreadyGrouped):
        case.replace(at=case.received + 2 * INSTANT)
    take_back(case.session, case.comment, at=case.received + 2 * INSTANT)

    assert case.comment in objection.comments


def test_a_comment_that_is_partly_covered_is_not_replaced(case: Case) -> None:
    by: Hands = case.made.answered_by
    reason = WithholdingReason.PERSONAL_DATA
    redact(case.session, case.comment, text=[(0, 2)], reason=reason, by=by, at=case.received + INSTANT)

    with pytest.raises(PartCovered):
        case.replace(at=case.received + 2 * INSTANT)


# What the database itself refuses


def test_an_earlier_text_is_neither_changed_nor_deleted(case: Case) -> None:
    case.publish()
    case.replace(at=case.received + 2 * INSTANT)
    case.session.flush()

    for statement in (update(EarlierText).values(text="改"), update(EarlierText).values(text=""), delete(EarlierText)):
        with pytest.raises(DBAPIError, match="append-only"), case.session.begin_nested():
            case.session.execute(statement)


def _provable(case: Case) -> tuple[proving.Provable, proving.Provable]:
    indexes = proving.indexes_of(case.session, case.comment)
    first, last = proving.provable(case.session, case.comment, indexes=indexes, ring=None)
    return first, last


def test_the_time_is_counted_from_the_instant_in_the_record() -> None:
    closing = beijing("2026-05-01")
    comment = Comment(received_at=beijing("2026-04-17", "12:00"), state=CommentState.PENDING)
    comment.round = Round(closes_at=closing)

    assert comment.changeable_until == beijing("2026-04-17", "12:10")
    comment.received_at = closing - timedelta(minutes=3)
    assert comment.changeable_until == closing
