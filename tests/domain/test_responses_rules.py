"""Rule 15: the holder of a receipt says whether the answer satisfies, and every decision lists who it did not."""

from datetime import datetime

import pytest
from gates import disposed
from sqlalchemy import select

from gongshi import ledger
from gongshi.admissions import queries as admissions
from gongshi.admissions import responding
from gongshi.admissions.models import AdmissionOutcome
from gongshi.admissions.responding import DecidedMeanwhile, NotAnsweredSo, SaidAlready
from gongshi.comments import actions as comments
from gongshi.comments.checks import TextTooLong
from gongshi.comments.models import Comment, CommentKind
from gongshi.ledger.models import LedgerEntry
from gongshi.objections import actions as objections
from gongshi.objections import responses
from gongshi.objections.models import Outcome
from gongshi.objections.response_models import Response
from gongshi.objections.responses import Counts
from gongshi.projects.models import Project
from making import make_comment
from making_decisions import DECIDED, confirm_gate, decide, gate_shown
from making_world import World

WHY = "答复没有说明为什么现有安排已足够。"


def respond(
    world: World, comment: Comment, answered: str, satisfied: bool, why: str | None = None, at: datetime = DECIDED
) -> Response:
    return responding.respond(world.session, comment, answered, is_satisfied=satisfied, reason=why, at=at)


def not_adopted(world: World) -> tuple[Comment, str]:
    """A comment, and the number of the objection under which it was answered: not adopted."""
    return world.ready.comments[1], world.ready.not_adopted.number


def decided(
    world: World, project: Project, outcome: AdmissionOutcome = AdmissionOutcome.ADMITTED, at: datetime = DECIDED
) -> list[Response]:
    confirm_gate(world.session, world.ready.open_list, project, at)
    admission = decide(world.session, world.ready.open_list, project, at, outcome)
    return admissions.unsatisfied_at(world.session, project).get(admission.id, [])


def test_a_response_is_entered_with_a_salted_hash_of_its_reason(world: World) -> None:
    comment, number = not_adopted(world)

    made = respond(world, comment, number, False, WHY)

    entry = world.session.scalar(select(LedgerEntry).order_by(LedgerEntry.index.desc()).limit(1))
    assert entry is not None
    assert made.reason_salt is not None
    assert entry.index == made.ledger_index
    assert ledger.commitment(made.reason_salt, WHY) in entry.body
    assert f'"objection":"{number}"' in entry.body
    assert '"satisfied":false' in entry.body
    assert WHY not in entry.body


def test_an_answer_to_questions_is_responded_to_by_its_own_number(world: World) -> None:
    praising = world.ready.comments[3]
    given = responses.given_to(world.session, praising)

    made = respond(world, praising, given[0].number, True)

    assert [one.number for one in given] == ["2026-SL-01-A01"]
    assert (made.answer, made.objection) == (given[0].answer, None)
    assert made.answered == "2026-SL-01-A01"


def test_each_answer_is_responded_to_by_itself(world: World) -> None:
    comment = world.ready.comments[0]
    second = disposed(world, Outcome.EXPLAINED)
    first = world.ready.adopted.number

    respond(world, comment, first, True)
    respond(world, comment, second, False)

    said = {
        one.number: one.response and one.response.is_satisfied for one in responses.given_to(world.session, comment)
    }
    assert said == {first: True, second: False}


def test_what_was_set_aside_as_unfounded_was_answered_too(world: World) -> None:
    comment, objection = world.ready.comments[2], world.ready.unfounded

    respond(world, comment, objection.number, False, WHY)

    assert responses.counts(world.session, objection) == Counts(satisfied=0, unsatisfied=1)


def test_the_latest_response_counts_and_the_earlier_ones_stay(world: World) -> None:
    comment, number = not_adopted(world)

    for satisfied in (False, True, False):
        respond(world, comment, number, satisfied, WHY)

    kept = world.session.scalars(select(Response).where(Response.comment_id == comment.id)).all()
    assert len(kept) == 3
    assert responses.counts(world.session, world.ready.not_adopted) == Counts(satisfied=0, unsatisfied=1)


def test_the_same_again_says_nothing_new(world: World) -> None:
    comment, number = not_adopted(world)
    respond(world, comment, number, False, WHY)

    with pytest.raises(SaidAlready):
        respond(world, comment, number, False, WHY)

    assert respond(world, comment, number, False, WHY + "请说明。").reason == WHY + "请说明。"


def test_before_there_is_an_answer_there_is_nothing_to_respond_to(world: World) -> None:
    with pytest.raises(NotAnsweredSo):
        respond(world, world.raising, world.objection.number, False)


def test_nobody_responds_to_the_answer_that_others_got(world: World) -> None:
    with pytest.raises(NotAnsweredSo):
        respond(world, world.ready.comments[0], world.ready.not_adopted.number, False)


def test_who_took_a_comment_back_is_not_asked_any_more(world: World) -> None:
    comment, number = not_adopted(world)
    comments.withdraw(world.session, comment, at=DECIDED)

    with pytest.raises(NotAnsweredSo):
        respond(world, comment, number, False)


def test_what_is_said_has_at_most_2000_characters(world: World) -> None:
    comment, number = not_adopted(world)

    with pytest.raises(TextTooLong):
        respond(world, comment, number, False, "字" * 2_001)


@pytest.mark.parametrize("outcome", [AdmissionOutcome.ADMITTED, AdmissionOutcome.REFUSED])
def test_after_the_decision_it_is_too_late(world: World, outcome: AdmissionOutcome) -> None:
    comment, number = not_adopted(world)
    decided(world, world.ready.project, outcome)

    with pytest.raises(DecidedMeanwhile):
        respond(world, comment, number, False)


def test_a_deferral_leaves_the_question_open(world: World) -> None:
    comment, number = not_adopted(world)
    decided(world, world.ready.project, AdmissionOutcome.DEFERRED)

    assert respond(world, comment, number, False).is_satisfied is False


def on_the_whole_list(world: World) -> tuple[Comment, str]:
    """A comment on the list of the ready project, answered."""
    opened = world.ready.open_list
    asked = make_comment(world.session, opened, opened.round.opens_at, kind=CommentKind.ASK)
    answer = objections.answer(
        world.session,
        opened.consultation,
        title="关于评语的答复",
        text="评语摘要随名单公布。",
        comments=[asked],
        by=opened.answered_by,
        at=opened.round.closes_at,
    )
    return asked, answer.number


def test_a_response_about_the_whole_list_is_possible_until_its_last_decision(world: World) -> None:
    comment, number = on_the_whole_list(world)
    decided(world, world.ready.project)
    respond(world, comment, number, False)

    # The third project of that list is decided already in this world.
    decided(world, world.ready.quiet_project)

    with pytest.raises(DecidedMeanwhile):
        respond(world, comment, number, True)


def test_a_decision_lists_every_response_that_stands_unsatisfied_then(world: World) -> None:
    comment, number = not_adopted(world)
    unsatisfied = respond(world, comment, number, False, WHY)
    respond(world, world.ready.comments[0], world.ready.adopted.number, False)
    respond(world, world.ready.comments[0], world.ready.adopted.number, True)
    about_all = respond(world, *on_the_whole_list(world), False)

    assert responses.unsatisfied(world.session, world.ready.project) == [unsatisfied, about_all]
    assert decided(world, world.ready.project) == [unsatisfied, about_all]
    assert decided(world, world.ready.quiet_project, AdmissionOutcome.REFUSED) == [about_all]


def test_what_a_decision_lists_stays_when_somebody_says_otherwise_later(world: World) -> None:
    comment, number = not_adopted(world)
    unsatisfied = respond(world, comment, number, False)
    listed = decided(world, world.ready.project, AdmissionOutcome.DEFERRED)

    respond(world, comment, number, True)

    assert listed == [unsatisfied]
    assert list(admissions.unsatisfied_at(world.session, world.ready.project).values()) == [[unsatisfied]]
    assert responses.unsatisfied(world.session, world.ready.project) == []


def test_a_response_does_not_move_the_gate_that_an_approver_reads(world: World) -> None:
    """Else whoever holds a receipt could keep a decision from being approved by changing their mind again and again."""
    shown = gate_shown(world.session, world.ready.project, DECIDED)

    respond(world, *not_adopted(world), False)

    assert gate_shown(world.session, world.ready.project, DECIDED) == shown


def test_the_desk_reads_the_responses_of_a_list_newest_first(world: World) -> None:
    comment, number = not_adopted(world)
    first = respond(world, comment, number, False)
    second = respond(world, world.ready.comments[0], world.ready.adopted.number, True)

    listed = responses.of_list(world.session, world.ready.consultation, limit=9)

    assert listed == [second, first]
    assert responses.of_list(world.session, world.ready.consultation, before=second.ledger_index, limit=9) == [first]
    assert responses.count_unsatisfied(world.session, world.ready.consultation) == 1
