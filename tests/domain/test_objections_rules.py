"""Rule 11: every comment ends in exactly one state, and every objection is answered once, with public reasons."""

import pytest
from acts import NOW
from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError, IntegrityError

from gongshi.accounts.two_people import Hands
from gongshi.comments import actions as comments
from gongshi.comments.models import Comment, CommentKind, CommentState, WithholdingReason
from gongshi.errors import RuleBroken
from gongshi.ledger import queries as log
from gongshi.objections import actions, checks, queries
from gongshi.objections.models import Answer, AnswerPlacement, Disposition, Objection, Outcome, Placement
from gongshi.projects.models import Project
from making import make_comment, make_submission
from making_world import World


def answering(world: World) -> Hands:
    return Hands(world.office.analyst, world.office.publisher)


def word(
    world: World,
    raised_by: list[Comment],
    *,
    projects: list[Project] | None = None,
    risks: dict[int, str] | None = None,
    is_major: bool = False,
) -> Objection:
    return actions.word(
        world.session,
        world.open_list.consultation,
        title="标题",
        text="正文",
        comments=raised_by,
        projects=world.open_list.projects[:1] if projects is None else projects,
        is_major=is_major,
        risks=risks,
        by=world.office.analyst,
        at=NOW,
    )


def answer(world: World, answered: list[Comment], *, text: str = "答复如下。") -> Answer:
    return actions.answer(
        world.session,
        world.open_list.consultation,
        title="答复",
        text=text,
        comments=answered,
        by=answering(world),
        at=NOW,
    )


def dispose(world: World, objection: Objection, *, reasons: str = "理由如下。") -> Disposition:
    return actions.dispose(
        world.session, objection, outcome=Outcome.EXPLAINED, reasons=reasons, by=answering(world), at=NOW
    )


def ends(world: World, comment: Comment) -> list[str]:
    """Every state in which a comment ended: there must never be two."""
    world.session.flush()
    raised = queries.of_comment(world.session, comment)
    return [
        *(["objections"] if raised else []),
        *(["answer"] if queries.answer_to(world.session, comment) else []),
    ]


# Placing comments


def test_a_comment_may_raise_several_objections(world: World) -> None:
    word(world, [world.published])

    word(world, [world.published])

    assert ends(world, world.published) == ["objections"]


def test_a_comment_under_an_objection_is_not_answered_apart(world: World) -> None:
    word(world, [world.published])

    with pytest.raises(checks.PlacedTwice) as refused:
        answer(world, [world.published])

    assert refused.value.details == {"comments": [world.published.number]}
    assert ends(world, world.published) == ["objections"]


def test_an_answered_comment_raises_no_objection(world: World) -> None:
    answer(world, [world.published])

    with pytest.raises(checks.PlacedTwice):
        word(world, [world.published])

    assert ends(world, world.published) == ["answer"]


def test_a_comment_is_answered_once(world: World) -> None:
    answer(world, [world.published])

    with pytest.raises(checks.PlacedTwice):
        answer(world, [world.published])


def test_a_comment_named_twice_in_one_breath_is_placed_once(world: World) -> None:
    objection = word(world, [world.published, world.published])
    other = make_comment(world.session, world.open_list, NOW, kind=CommentKind.SUPPORT)
    answered = answer(world, [other, other])

    assert objection.comments == [world.published]
    assert answered.comments == [other]


def test_a_project_named_twice_counts_once(world: World) -> None:
    project = world.open_list.projects[0]

    assert word(world, [world.published], projects=[project, project]).projects == [project]


def test_the_database_refuses_a_second_answer_to_one_comment(world: World) -> None:
    answer(world, [world.published])
    other = answer(world, [make_comment(world.session, world.open_list, NOW)])

    second = insert(AnswerPlacement).values(answer_id=other.id, comment_id=world.published.id)
    with pytest.raises(IntegrityError), world.session.begin_nested():
        world.session.execute(second)


def test_one_refused_comment_keeps_all_of_them_out(world: World) -> None:
    other = make_comment(world.session, world.open_list, NOW)
    answer(world, [world.published])

    with pytest.raises(checks.PlacedTwice):
        answer(world, [other, world.published])

    assert ends(world, other) == []


@pytest.mark.parametrize("state", [one for one in CommentState if one is not CommentState.PUBLISHED])
@pytest.mark.parametrize("place", [word, answer])
def test_only_what_the_public_can_read_is_placed(world: World, state: CommentState, place: object) -> None:
    comment = make_submission(world.session, world.open_list.consultation, NOW).comments[0]
    if state is CommentState.WITHHELD:
        comments.withhold(world.session, comment, reason=WithholdingReason.ABUSE, by=answering(world), at=NOW)
    if state is CommentState.WITHDRAWN:
        comments.withdraw(world.session, comment, at=NOW)

    with pytest.raises(checks.NotPublished):
        place(world, [comment])  # type: ignore[operator]


@pytest.mark.parametrize("place", [word, answer])
def test_nothing_is_placed_without_comments_or_with_those_of_another_list(world: World, place: object) -> None:
    with pytest.raises(checks.NoComments):
        place(world, [])  # type: ignore[operator]
    with pytest.raises(checks.NotOfThisList):
        place(world, [world.published, world.ready.comments[0]])  # type: ignore[operator]


# What an objection says


def test_an_objection_concerns_at_least_one_project_of_its_own_list(world: World) -> None:
    with pytest.raises(checks.NoProjects):
        word(world, [world.published], projects=[])
    with pytest.raises(checks.NotOfThisList):
        word(world, [world.published], projects=[world.ready.project])


@pytest.mark.parametrize(
    "risks",
    [
        pytest.param({}, id="none"),
        pytest.param({1: "r-1"}, id="of one project only"),
        pytest.param({1: "r-1", 2: "r-99"}, id="that is in no register"),
        pytest.param({1: "r-1", 2: "p-1"}, id="that is a paragraph"),
    ],
)
def test_a_major_objection_names_a_risk_of_every_project_it_concerns(world: World, risks: dict[int, str]) -> None:
    with pytest.raises(checks.RiskNotNamed) as refused:
        word(world, [world.published], projects=world.open_list.projects, risks=risks, is_major=True)

    assert refused.value.details["project"] == (2 if risks else 1)


def test_objections_are_numbered_in_the_order_in_which_they_were_worded(world: World) -> None:
    following = word(world, [world.published])

    assert (world.objection.number, following.number) == ("2026-SL-02-O01", "2026-SL-02-O02")


def test_the_log_knows_which_comments_raised_an_objection(world: World) -> None:
    word(world, [world.published], risks={1: "r-1"}, is_major=True)

    body = log.entry(world.session, log.size(world.session) - 1).body

    assert world.published.number in body
    assert '"risks":{"1":"r-1"}' in body
    assert "正文" not in body


@pytest.mark.parametrize("column", ["title", "text", "number"])
def test_an_objection_is_not_reworded(world: World, column: str) -> None:
    setattr(world.objection, column, "改")

    with pytest.raises(DBAPIError, match="append-only"), world.session.begin_nested():
        world.session.flush()


def test_a_comment_is_not_taken_out_from_under_its_objection(world: World) -> None:
    placement = world.session.get_one(Placement, (world.objection.id, world.raising.id))

    world.session.delete(placement)
    with pytest.raises(DBAPIError, match="append-only"), world.session.begin_nested():
        world.session.flush()


# Disposing


def test_an_objection_is_answered_once(world: World) -> None:
    dispose(world, world.objection)

    with pytest.raises(checks.AlreadyAnswered):
        dispose(world, world.objection)


def test_what_is_disposed_of_is_not_set_aside_and_the_other_way_round(world: World) -> None:
    another = word(world, [world.published])
    dispose(world, world.objection)
    actions.withdraw_as_unfounded(world.session, another, reason="查无此事。", by=answering(world), at=NOW)

    with pytest.raises(checks.AlreadyAnswered):
        actions.withdraw_as_unfounded(world.session, world.objection, reason="理由", by=answering(world), at=NOW)
    with pytest.raises(checks.AlreadyAnswered):
        dispose(world, another)


@pytest.mark.parametrize("reasons", ["", " ", "\u3000\n"], ids=["nothing", "a blank", "wide blanks"])
def test_nothing_is_answered_without_reasons(world: World, reasons: str) -> None:
    tries = [
        lambda: dispose(world, world.objection, reasons=reasons),
        lambda: actions.withdraw_as_unfounded(
            world.session, world.objection, reason=reasons, by=answering(world), at=NOW
        ),
        lambda: answer(world, [world.published], text=reasons),
    ]

    for attempt in tries:
        with pytest.raises(checks.ReasonsMissing):
            attempt()


def test_the_database_refuses_an_objection_set_aside_by_nobody_or_without_reason(world: World) -> None:
    world.objection.unfounded_at = NOW
    with pytest.raises(IntegrityError, match="unfounded"), world.session.begin_nested():
        world.session.flush()


def test_a_disposition_is_not_changed(world: World) -> None:
    disposition = dispose(world, world.objection)
    disposition.outcome = Outcome.ADOPTED

    with pytest.raises(DBAPIError, match="append-only"), world.session.begin_nested():
        world.session.flush()


# What is still open


def test_a_comment_is_unanswered_until_all_of_its_objections_are_settled(world: World) -> None:
    session, consultation = world.session, world.open_list.consultation
    second = word(world, [world.raising])
    told = [queries.unanswered(session, consultation)]

    dispose(world, world.objection)
    told.append(queries.unanswered(session, consultation))
    dispose(world, second)
    told.append(queries.unanswered(session, consultation))

    waiting = [world.raising.number in one for one in told]
    assert waiting == [True, True, False]


def test_a_comment_that_is_withheld_or_taken_back_waits_for_nothing(world: World) -> None:
    before = queries.unplaced(world.session, world.open_list.projects[0])

    comments.withdraw(world.session, world.pending, at=NOW)
    comments.withhold(world.session, world.published, reason=WithholdingReason.ABUSE, by=answering(world), at=NOW)

    assert before == sorted([world.pending.number, world.published.number])
    assert queries.unplaced(world.session, world.open_list.projects[0]) == []


def test_every_refusal_of_this_concept_has_a_code_of_its_own() -> None:
    codes = [
        found.code
        for found in vars(checks).values()
        if isinstance(found, type) and issubclass(found, RuleBroken) and found is not RuleBroken
    ]

    assert len(codes) == len(set(codes))
