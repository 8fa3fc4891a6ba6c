"""Rules 11, 13 and 18: whatever is done to comments in whatever order, none is lost, none is counted twice."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import pytest
from acts import NOW, Undone, answering, publishing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from gongshi import db
from gongshi.accounts.two_people import Hands
from gongshi.comments import actions as comments
from gongshi.comments import intake, queries, tallies
from gongshi.comments.intake import Point, Target
from gongshi.comments.models import Comment, CommentKind, CommentState, ParagraphTally, WithholdingReason
from gongshi.errors import RuleBroken
from gongshi.ledger import queries as log
from gongshi.objections import actions as objections
from gongshi.objections import queries as placed
from gongshi.objections.models import Objection, Outcome
from gongshi.record import reconciliation, summary
from gongshi.record.summary import SummaryTooEarly
from making import SERVER_KEY, OpenList, make_open_list
from making_world import World


class Desk:
    """A list, and everything that can be done to its comments; every act picks what it acts on by a number."""

    def __init__(self, world: World) -> None:
        self.world, self.session = world, world.session
        self.list: OpenList = make_open_list(self.session, NOW, number="2026-SL-55", office=world.office)
        self.comments: list[Comment] = []
        self.objections: list[Objection] = []

    def submit(self, pick: int) -> None:
        project = self.list.projects[pick % 2]
        targets = [Target(), Target(project), Target(project, project.versions[0], "p-2")]
        points = [Point(CommentKind.SUGGEST, f"意见{pick}", None, target) for target in targets[: pick % 3 + 1]]
        submission = intake.submit(
            self.session,
            self.list.consultation,
            submission_key=f"key-{pick % 40}",
            points=points,
            server_key=SERVER_KEY,
            at=NOW,
        )
        self.comments.extend(one for one in submission.comments if one not in self.comments)

    def publish(self, pick: int) -> None:
        comments.publish(self.session, self._comment(pick), by=self.list.analyst, at=NOW)

    def withhold(self, pick: int) -> None:
        comments.withhold(
            self.session, self._comment(pick), reason=WithholdingReason.ABUSE, by=self.list.answered_by, at=NOW
        )

    def withdraw(self, pick: int) -> None:
        comments.withdraw(self.session, self._comment(pick), at=NOW)

    def word(self, pick: int) -> None:
        objection = objections.word(
            self.session,
            self.list.consultation,
            title="标题",
            text="正文",
            comments=[self._comment(pick), self._comment(pick // 7)],
            projects=self.list.projects[: pick % 2 + 1],
            by=self.list.analyst,
            at=NOW,
        )
        self.objections.append(objection)

    def dispose(self, pick: int) -> None:
        objections.dispose(
            self.session,
            self._objection(pick),
            outcome=list(Outcome)[pick % 5],
            reasons="理由。",
            by=self.list.answered_by,
            at=NOW,
        )

    def set_aside(self, pick: int) -> None:
        objections.withdraw_as_unfounded(
            self.session, self._objection(pick), reason="查无此事。", by=self.list.answered_by, at=NOW
        )

    def answer(self, pick: int) -> None:
        objections.answer(
            self.session,
            self.list.consultation,
            title="答复",
            text="正文",
            comments=[self._comment(pick), self._comment(pick // 7)],
            by=self.list.answered_by,
            at=NOW,
        )

    def _comment(self, pick: int) -> Comment:
        if not self.comments:
            self.submit(pick)
        return self.comments[pick % len(self.comments)]

    def _objection(self, pick: int) -> Objection:
        if not self.objections:
            self.publish(pick)
            self.word(pick)
        return self.objections[pick % len(self.objections)]


ACTS: list[Callable[[Desk, int], None]] = [
    Desk.submit,
    Desk.submit,
    Desk.publish,
    Desk.publish,
    Desk.withhold,
    Desk.withdraw,
    Desk.word,
    Desk.dispose,
    Desk.set_aside,
    Desk.answer,
]


@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 500)), min_size=5, max_size=25))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_after_any_sequence_of_acts_everything_reconciles(
    made_world: World, steps: list[tuple[Callable[[Desk, int], None], int]]
) -> None:
    with suppress(Undone), db.writing(made_world.session):
        desk = Desk(made_world)
        for act, pick in steps:
            with suppress(RuleBroken):
                act(desk, pick)
        _assert_reconciled(desk)
        raise Undone


def _assert_reconciled(desk: Desk) -> None:
    session, consultation = desk.session, desk.list.consultation
    session.flush()
    session.expire_all()
    found = reconciliation.of(session, consultation)
    states = Counter(one.state for one in desk.comments)

    assert found.received == len(desk.comments) == found.published + found.withheld + found.withdrawn + found.pending
    assert {state: getattr(found, state.value) for state in CommentState} == {
        state: states[state] for state in CommentState
    }
    assert found.answered + found.withheld + found.withdrawn + found.pending + len(found.unanswered) == found.received
    assert [one.seq for one in desk.comments] == list(range(1, len(desk.comments) + 1))
    for comment in desk.comments:
        assert not (placed.of_comment(session, comment) and placed.answer_to(session, comment))
    for project in desk.list.projects:
        _assert_paragraphs_reconcile(desk, project.id)
    assert log.recompute(session) == log.root(session)


def _assert_paragraphs_reconcile(desk: Desk, project_id: object) -> None:
    shown = [one for one in desk.comments if one.project_id == project_id and one.state is CommentState.PUBLISHED]
    rows = desk.session.scalars(select(ParagraphTally).where(ParagraphTally.project_id == project_id))
    counted = {row.paragraph_key: row.published for row in rows if row.published}

    keys = Counter(one.paragraph_key for one in shown if one.paragraph_key)
    assert counted == {**({"": len(shown)} if shown else {}), **keys}


def test_a_tally_is_what_the_rows_say(world: World) -> None:
    for consultation in (world.ready.consultation, world.open_list.consultation):
        tally = tallies.of(world.session, consultation)
        for state in CommentState:
            rows = select(func.count(Comment.id)).where(
                Comment.consultation_id == consultation.id, Comment.state == state
            )
            assert getattr(tally, state.value) == world.session.scalar(rows)


def test_a_list_that_nobody_commented_on_reconciles_at_nought(world: World) -> None:
    found = reconciliation.of(world.session, world.draft)

    assert (found.received, found.answered, found.adds_up) == (0, 0, True)


def test_the_comment_that_waits_longest_is_known(world: World) -> None:
    session, consultation = world.session, world.open_list.consultation
    assert queries.oldest_pending(session, consultation) is world.pending

    comments.publish(session, world.pending, by=world.office.analyst, at=NOW)

    assert queries.oldest_pending(session, consultation) is None


@pytest.mark.parametrize("which", ["draft", "archive"])
def test_there_is_nothing_to_sum_up_where_nobody_was_ever_asked(world: World, which: str) -> None:
    with pytest.raises(SummaryTooEarly):
        summary.publish_summary(world.session, getattr(world, which), by=publishing(world), at=NOW)


@pytest.mark.parametrize("late", [CommentState.WITHHELD, CommentState.WITHDRAWN])
def test_a_comment_that_vanishes_after_it_was_answered_is_counted_where_it_ended(
    world: World, late: CommentState
) -> None:
    answered = world.ready.comments[3]
    by: Hands = answering(world)

    if late is CommentState.WITHHELD:
        comments.withhold(world.session, answered, reason=WithholdingReason.PERSONAL_DATA, by=by, at=NOW)
    else:
        comments.withdraw(world.session, answered, at=NOW)

    found = reconciliation.of(world.session, world.ready.consultation)
    assert found.adds_up
    assert (found.received, found.answered) == (6, 3)
