"""Rules 7, 11, 18: what becomes of a comment, and that it counts whatever becomes of it."""

from datetime import timedelta

import pytest
from acts import NOW
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from submitting import submit

from gongshi import db
from gongshi.accounts.two_people import Hands
from gongshi.comments import actions, queries, tallies
from gongshi.comments.actions import AlreadySettled
from gongshi.comments.intake import Target
from gongshi.comments.models import Comment, CommentKind, CommentState, WithholdingReason
from making import make_open_list, make_submission
from making_world import World

INSTANT = timedelta(microseconds=1)


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
    shown = queries.Wanted(state=CommentState.PUBLISHED)
    assert stone not in queries.listing(world.session, consultation, shown, limit=1_000)


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
