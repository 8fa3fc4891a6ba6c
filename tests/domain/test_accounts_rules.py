"""Rule 2: two people stand behind every publication, of the right roles, of the right bureau; nobody gets round it."""

from collections.abc import Callable

import pytest
from acts import NOW, VERBS, Verb, hands_for
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gongshi.accounts import actions as accounts
from gongshi.accounts.models import Act, Approval, Role, StaffRole, StaffUser
from gongshi.accounts.two_people import (
    AccountInactive,
    AdminHoldsNothingElse,
    Hands,
    NotYourBureau,
    NotYourRole,
    SamePerson,
    approve,
)
from gongshi.comments import actions as comments
from gongshi.db import writing
from gongshi.errors import RuleBroken
from gongshi.objections import actions as objections
from making import Office, make_office
from making_world import World

E, A, P, ADMIN = Role.EDITOR, Role.ANALYST, Role.PUBLISHER, Role.ADMIN

# Who may prepare, and who may then approve. Written out on purpose: this is the table that was agreed on.
AGREED: dict[Act, set[tuple[Role, Role]]] = {
    Act.PUBLISH: {(E, P)},
    Act.CORRECT: {(E, P)},
    Act.EXTEND: {(E, P)},
    Act.INTERRUPT: {(E, P)},
    Act.ENTER: {(E, E), (E, A), (E, P), (A, E), (A, A), (A, P)},
    Act.WITHHOLD: {(A, P)},
    Act.APPEAL: {(A, P)},
    Act.REDACT: {(A, P)},
    Act.ERASE: {(A, P)},
    Act.ANSWER: {(A, P)},
    Act.REVISE: {(E, P)},
    Act.JUDGE: {(A, A), (A, P)},
    Act.DECIDE: {(A, P)},
    Act.RECORD_EVENT: {(E, P)},
    Act.SUMMARISE: {(E, P)},
}
PAIRS = [(prepares, approves) for prepares in Role for approves in Role]
TWO_PEOPLE = [pytest.param(verb, id=name) for name, verb in VERBS.items() if verb.act]


def person(session: Session, office: Office, *roles: Role) -> StaffUser:
    """Somebody new, so that two people of one role are two people."""
    count = len(session.scalars(select(StaffUser)).all())
    return accounts.appoint(session, office.bureau, login=f"new-{count}", pseudonym=f"新人{count}", roles=roles, at=NOW)


def refusal(act: Callable[[], object]) -> type[RuleBroken] | None:
    """How an act was refused, or None; what it did is undone."""
    try:
        act()
    except RuleBroken as broken:
        return type(broken)
    return None


def test_every_act_is_in_the_agreed_table() -> None:
    assert set(AGREED) == set(Act)


def test_every_act_that_needs_two_people_is_tried() -> None:
    assert {verb.act for verb in VERBS.values()} - {None} == set(Act)


@pytest.mark.parametrize("act", list(Act))
def test_an_act_is_for_exactly_the_agreed_pairs_of_roles(world: World, act: Act) -> None:
    office, session = world.office, world.session
    pairs = {
        (prepares, approves): Hands(person(session, office, prepares), person(session, office, approves))
        for prepares, approves in PAIRS
    }

    refused = {
        roles: refusal(lambda hands=hands: approve(session, act, hands, bureaus=[office.bureau.id], at=NOW))
        for roles, hands in pairs.items()
    }

    assert refused == {roles: None if roles in AGREED[act] else NotYourRole for roles in PAIRS}


@pytest.mark.parametrize("verb", TWO_PEOPLE)
def test_every_verb_asks_for_the_roles_of_its_own_act(world: World, verb: Verb) -> None:
    assert verb.act is not None
    verb.ready(world)
    refused = {}
    for prepares, approves in PAIRS:
        hands = Hands(world.office.by_role[prepares], person(world.session, world.office, approves))
        step = world.session.begin_nested()
        refused[prepares, approves] = refusal(lambda hands=hands: verb.do(world, hands))
        step.rollback()

    assert refused == {roles: None if roles in AGREED[verb.act] else NotYourRole for roles in PAIRS}


@pytest.mark.parametrize("verb", TWO_PEOPLE)
def test_one_person_cannot_do_it_alone_whatever_roles_they_hold(world: World, verb: Verb) -> None:
    everything = person(world.session, world.office, Role.EDITOR, Role.ANALYST, Role.PUBLISHER)
    verb.ready(world)

    with pytest.raises(SamePerson):
        verb.do(world, Hands(everything, everything))


@pytest.mark.parametrize("place", ["prepares", "approves"])
@pytest.mark.parametrize("verb", TWO_PEOPLE)
def test_staff_of_another_bureau_can_neither_prepare_nor_approve(world: World, verb: Verb, place: str) -> None:
    ours, theirs = hands_for(verb.act, world), world.stranger.by_role
    strangers = Hands(*(theirs[next(iter(one.roles))] for one in (ours.prepared_by, ours.approved_by)))
    verb.ready(world)

    with pytest.raises(NotYourBureau):
        verb.do(
            world,
            Hands(strangers.prepared_by, ours.approved_by)
            if place == "prepares"
            else Hands(ours.prepared_by, strangers.approved_by),
        )


@pytest.mark.parametrize("place", ["prepares", "approves"])
@pytest.mark.parametrize("verb", TWO_PEOPLE)
def test_an_account_that_is_switched_off_can_neither_prepare_nor_approve(world: World, verb: Verb, place: str) -> None:
    hands = hands_for(verb.act, world)
    gone = hands.prepared_by if place == "prepares" else hands.approved_by
    verb.ready(world)
    gone.is_active = False

    with pytest.raises(AccountInactive):
        verb.do(world, hands)


@pytest.mark.parametrize("verb", TWO_PEOPLE)
def test_an_administrator_who_was_slipped_a_second_role_still_can_do_nothing(world: World, verb: Verb) -> None:
    hands = hands_for(verb.act, world)
    verb.ready(world)
    hands.approved_by.role_rows.append(StaffRole(role=Role.ADMIN))

    with pytest.raises(AdminHoldsNothingElse):
        verb.do(world, hands)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_an_administrator_is_given_no_other_role(world: World, role: Role) -> None:
    with pytest.raises(AdminHoldsNothingElse):
        person(world.session, world.office, Role.ADMIN, role)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ANALYST])
def test_a_comment_is_published_by_an_analyst_and_by_nobody_else(world: World, role: Role) -> None:
    with pytest.raises(NotYourRole):
        comments.publish(world.session, world.pending, by=world.office.by_role[role], at=NOW)


def test_a_comment_is_not_published_by_an_analyst_of_another_bureau(world: World) -> None:
    with pytest.raises(NotYourBureau):
        comments.publish(world.session, world.pending, by=world.stranger.analyst, at=NOW)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ANALYST])
def test_an_objection_is_worded_by_an_analyst_and_by_nobody_else(world: World, role: Role) -> None:
    with pytest.raises(NotYourRole):
        objections.word(
            world.session,
            world.open_list.consultation,
            title="标题",
            text="正文",
            comments=[world.published],
            projects=world.open_list.projects,
            by=world.office.by_role[role],
            at=NOW,
        )


def test_either_bureau_of_a_joint_list_may_act_on_it_together_with_the_other(world: World) -> None:
    both = [world.office.bureau.id, world.stranger.bureau.id]
    hands = Hands(world.office.editor, world.stranger.publisher)

    approval = approve(world.session, Act.PUBLISH, hands, bureaus=both, at=NOW)

    assert (approval.prepared_by, approval.approved_by) == (world.office.editor, world.stranger.publisher)


def test_the_approval_names_both_people_the_act_and_the_moment(world: World) -> None:
    hands = Hands(world.office.editor, world.office.publisher)

    approval = approve(world.session, Act.EXTEND, hands, bureaus=[world.office.bureau.id], at=NOW)

    assert (approval.act, approval.prepared_by, approval.approved_by, approval.approved_at) == (
        Act.EXTEND,
        world.office.editor,
        world.office.publisher,
        NOW,
    )


def test_the_database_itself_refuses_one_person_for_both(any_session: Session) -> None:
    with writing(any_session):
        office = make_office(any_session, NOW)
        twice = office.editor.id
        any_session.add(Approval(act=Act.PUBLISH, prepared_by_id=twice, approved_by_id=twice, approved_at=NOW))

        with pytest.raises(IntegrityError, match="two_people"):
            any_session.flush()
        any_session.rollback()
