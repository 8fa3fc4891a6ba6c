"""A receipt works from the first second, and follows its comment to the decision (rule 6)."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

import making
import making_decisions
from gongshi import db
from gongshi.comments import actions as comments
from gongshi.comments import intake
from gongshi.comments.intake import Point, Target
from gongshi.comments.models import Comment, CommentKind, CommentState, WithholdingReason
from gongshi.objections import actions as objections
from gongshi.objections.models import Outcome
from gongshi.record.receipt_status import CommentStatus, Progress, Step, status
from gongshi.revisions.models import ChangeKind, Subject

MINUTE = timedelta(minutes=1)
ALL = list(Step)


def of(session: Session, comment: Comment) -> CommentStatus:
    return next(one for one in status(session, comment.submission).comments if one.number == comment.number)


def progress(found: CommentStatus) -> dict[Step, Progress]:
    return {station.step: station.progress for station in found.stations}


@pytest.fixture
def opened(session: Session) -> making.OpenList:
    with db.writing(session) as at:
        return making.make_open_list(session, at)


@pytest.fixture
def comment(session: Session, opened: making.OpenList) -> Comment:
    """On the second paragraph of the first project, just received."""
    target = Target(opened.projects[0], opened.versions[0], "p-2")
    with db.writing(session) as at:
        return making.make_submission(session, opened.consultation, at, target=target, resolution="每月").comments[0]


@pytest.fixture
def decided(session: Session) -> making_decisions.Ready:
    """A list whose objections are answered and realised; of its projects none is decided."""
    with db.writing(session):
        return making_decisions.ready_project(session)


def test_a_receipt_works_from_the_first_second(session: Session, comment: Comment) -> None:
    found = of(session, comment)

    assert (found.text, found.resolution, found.kind) == (comment.text, "每月", CommentKind.OPPOSE)
    assert (found.project, found.version, found.paragraph_key) == (1, 1, "p-2")
    assert found.ledger_index == comment.ledger_index
    assert [station.step for station in found.stations] == ALL
    assert found.stations[0].at == comment.received_at
    assert progress(found) == {
        Step.RECEIVED: Progress.DONE,
        Step.REVIEW: Progress.NOW,
        Step.PUBLICATION: Progress.AHEAD,
        Step.GROUPING: Progress.AHEAD,
        Step.ANSWER: Progress.AHEAD,
        Step.CHANGES: Progress.AHEAD,
        Step.DECISION: Progress.AHEAD,
    }


def test_one_receipt_opens_every_comment_of_its_submission(session: Session, opened: making.OpenList) -> None:
    points = [Point(CommentKind.ASK, "第一点"), Point(CommentKind.SUPPORT, "第二点")]
    with db.writing(session) as at:
        sent = intake.submit(
            session, opened.consultation, submission_key="k" * 32, points=points, server_key=making.SERVER_KEY, at=at
        )

    found = status(session, sent)

    assert found.number == sent.receipt_number
    assert [one.text for one in found.comments] == ["第一点", "第二点"]


def test_once_published_it_waits_to_be_grouped(session: Session, opened: making.OpenList, comment: Comment) -> None:
    with db.writing(session) as at:
        comments.publish(session, comment, by=opened.analyst, at=at)

    found = of(session, comment)

    assert found.state is CommentState.PUBLISHED
    assert progress(found)[Step.PUBLICATION] is Progress.DONE
    assert progress(found)[Step.GROUPING] is Progress.NOW


def test_withheld_is_the_end_of_the_way_and_says_why(
    session: Session, opened: making.OpenList, comment: Comment
) -> None:
    with db.writing(session) as at:
        comments.withhold(session, comment, reason=WithholdingReason.SECRET, by=opened.answered_by, at=at)

    found = of(session, comment)

    assert found.withholding_reason is WithholdingReason.SECRET
    assert list(progress(found)) == [Step.RECEIVED, Step.REVIEW, Step.PUBLICATION]


def test_grouped_but_not_answered_names_the_objection(
    session: Session, opened: making.OpenList, comment: Comment
) -> None:
    with db.writing(session) as at:
        comments.publish(session, comment, by=opened.analyst, at=at)
        objection = making.make_objection(session, opened, [comment], at)

    found = of(session, comment)

    assert [one.number for one in found.raised] == [objection.number]
    assert found.stations[3].at == objection.worded_at
    assert progress(found)[Step.ANSWER] is Progress.NOW
    assert progress(found)[Step.CHANGES] is Progress.AHEAD


def test_an_adopted_objection_waits_for_its_change(session: Session, opened: making.OpenList, comment: Comment) -> None:
    with db.writing(session) as at:
        comments.publish(session, comment, by=opened.analyst, at=at)
        objection = making.make_objection(session, opened, [comment], at)
        objections.dispose(
            session, objection, outcome=Outcome.ADOPTED, reasons="将修改。", by=opened.answered_by, at=at
        )

    found = of(session, comment)

    assert found.raised[0].awaits_change
    assert progress(found)[Step.ANSWER] is Progress.DONE
    assert progress(found)[Step.CHANGES] is Progress.NOW


def test_of_two_objections_both_have_to_be_answered(
    session: Session, opened: making.OpenList, comment: Comment
) -> None:
    with db.writing(session) as at:
        comments.publish(session, comment, by=opened.analyst, at=at)
        first, _ = (making.make_objection(session, opened, [comment], at) for _ in range(2))
        objections.dispose(session, first, outcome=Outcome.EXPLAINED, reasons="说明。", by=opened.answered_by, at=at)

    assert progress(of(session, comment))[Step.ANSWER] is Progress.NOW


def test_the_lines_that_were_changed_are_named(session: Session, decided: making_decisions.Ready) -> None:
    found = of(session, decided.comments[0])

    assert {(line.subject, line.key, line.kind) for line in found.raised[0].changes} == {
        (Subject.PARAGRAPH, "p-2", ChangeKind.REWORDED),
        (Subject.RISK, "r-1", ChangeKind.REWORDED),
    }
    assert {(line.project, line.before, line.after) for line in found.raised[0].changes} == {(1, 1, 2)}
    assert progress(found)[Step.CHANGES] is Progress.DONE
    assert progress(found)[Step.DECISION] is Progress.NOW


@pytest.mark.parametrize(
    ("comment", "unfounded"),
    [pytest.param(1, False, id="not adopted"), pytest.param(2, True, id="set aside as unfounded")],
)
def test_what_changed_nothing_goes_straight_to_the_decision(
    session: Session, decided: making_decisions.Ready, comment: int, unfounded: bool
) -> None:
    found = of(session, decided.comments[comment])

    assert Step.CHANGES not in progress(found)
    assert found.raised[0].is_unfounded is unfounded
    assert found.raised[0].reasons
    assert progress(found)[Step.DECISION] is Progress.NOW


def test_support_is_answered_and_changes_nothing(session: Session, decided: making_decisions.Ready) -> None:
    found = of(session, decided.comments[3])

    assert found.answer is not None
    assert found.answer.title == "对支持意见的答复"
    assert list(progress(found)) == [step for step in ALL if step is not Step.CHANGES]


def test_the_decision_is_the_last_station(session: Session, decided: making_decisions.Ready) -> None:
    with db.writing(session):
        making_decisions.confirm_gate(session, decided.open_list, decided.project, making_decisions.DECIDED)
        admission = making_decisions.decide(session, decided.open_list, decided.project, making_decisions.DECIDED)

    found = of(session, decided.comments[0])

    assert found.decisions[0].outcome is admission.outcome
    assert found.stations[-1].at == admission.decided_at
    assert set(progress(found).values()) == {Progress.DONE}
