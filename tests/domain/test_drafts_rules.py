"""Rule 2 over time: a draft is prepared by one person, approved by another, and what was shown is what is done."""

from dataclasses import replace

import pytest
from acts import NOW
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from gongshi.accounts.models import Approval, Role
from gongshi.accounts.two_people import ACTS, NotYourBureau, NotYourRole, SamePerson
from gongshi.admissions import queries as admissions
from gongshi.admissions.actions import JudgementWithoutReason
from gongshi.admissions.models import RiskJudgement
from gongshi.drafts import actions, queries
from gongshi.drafts.deciding import Judgement, Verdict
from gongshi.drafts.models import Draft, DraftKind, DraftState, StepKind
from gongshi.drafts.registry import CONTENTS, contents_of
from gongshi.ledger import queries as ledger
from making_world import World

VERDICT = Verdict("r-2", True, "加密存储与先行赔付并用，足以覆盖。")


def judgement(world: World, *, verdict: Verdict = VERDICT) -> Judgement:
    version = world.open_list.projects[0].current_version
    assert version is not None
    return Judgement(version=version.number, verdicts=(verdict,))


def prepared(world: World, *, verdict: Verdict = VERDICT) -> Draft:
    return actions.prepare(
        world.session,
        judgement(world, verdict=verdict),
        title="第1号项目风险判断",
        consultation=world.open_list.consultation,
        project=world.open_list.projects[0],
        by=world.office.analyst,
        at=NOW,
    )


def submitted(world: World) -> Draft:
    draft = prepared(world)
    actions.submit(world.session, draft, by=world.office.analyst, at=NOW)
    return draft


def approved(world: World) -> Draft:
    draft = submitted(world)
    actions.approve(world.session, draft, shown=shown(world, draft), by=world.office.analyst_too, at=NOW)
    return draft


def shown(world: World, draft: Draft) -> str:
    return actions.digest(world.session, draft, at=NOW)


def judged(world: World) -> list[RiskJudgement]:
    return admissions.judgements(world.session, world.open_list.projects[0])


def test_every_kind_of_draft_has_its_contents() -> None:
    assert set(CONTENTS) == set(DraftKind)
    assert all(one.act in ACTS for one in CONTENTS.values())


def test_an_approved_draft_is_on_record_with_both_people(world: World) -> None:
    before = len(judged(world))

    draft = approved(world)

    assert len(judged(world)) == before + 1
    assert judged(world)[-1].approval.codes == [world.office.analyst.code, world.office.analyst_too.code]
    assert draft.state is DraftState.APPROVED
    assert [step.kind for step in draft.steps] == [StepKind.PREPARED, StepKind.SUBMITTED, StepKind.APPROVED]


def test_what_a_draft_holds_comes_back_as_it_was(world: World) -> None:
    draft = prepared(world)
    world.session.flush()
    world.session.expire(draft)

    assert contents_of(draft) == judgement(world)


def test_nobody_approves_their_own_draft(world: World) -> None:
    draft = submitted(world)

    with pytest.raises(SamePerson):
        actions.approve(world.session, draft, shown=shown(world, draft), by=world.office.analyst, at=NOW)

    assert not judged(world)


def test_whoever_wrote_a_part_does_not_approve_the_whole(world: World) -> None:
    draft = prepared(world)
    actions.take_over(world.session, draft, by=world.office.analyst_too, at=NOW)
    actions.submit(world.session, draft, by=world.office.analyst_too, at=NOW)

    with pytest.raises(SamePerson):
        actions.approve(world.session, draft, shown=shown(world, draft), by=world.office.analyst, at=NOW)
    assert world.office.analyst not in actions.approvers(world.session, draft)


def test_the_database_itself_refuses_self_approval(world: World) -> None:
    draft = submitted(world)

    with pytest.raises(IntegrityError), world.session.begin_nested():
        world.session.execute(
            update(Draft).where(Draft.id == draft.id).values(state="approved", approved_by_id=draft.prepared_by_id)
        )
    with pytest.raises(IntegrityError), world.session.begin_nested():
        world.session.execute(update(Draft).where(Draft.id == draft.id).values(state="approved"))
    one = world.office.analyst
    world.session.add(Approval(act=draft.act, prepared_by=one, approved_by=one, approved_at=NOW))
    with pytest.raises(IntegrityError), world.session.begin_nested():
        world.session.flush()


def test_submitting_refuses_what_the_act_would_refuse(world: World) -> None:
    draft = prepared(world, verdict=replace(VERDICT, reason=" "))

    with pytest.raises(JudgementWithoutReason):
        actions.submit(world.session, draft, by=world.office.analyst, at=NOW)

    assert draft.state is DraftState.DRAFT


def test_rehearsing_leaves_nothing_behind(world: World) -> None:
    size = ledger.size(world.session)
    before = len(judged(world))

    draft = submitted(world)

    assert draft.state is DraftState.SUBMITTED
    assert ledger.size(world.session) == size
    assert len(judged(world)) == before


def test_what_changed_since_it_was_shown_is_not_approved(world: World) -> None:
    draft = submitted(world)
    seen = shown(world, draft)
    actions.recall(world.session, draft, by=world.office.analyst, at=NOW)
    other = judgement(world, verdict=replace(VERDICT, is_sufficient=False))
    actions.amend(
        world.session, draft, other, title=draft.title, edition=draft.edition, by=world.office.analyst, at=NOW
    )
    actions.submit(world.session, draft, by=world.office.analyst, at=NOW)

    with pytest.raises(actions.DraftMoved):
        actions.approve(world.session, draft, shown=seen, by=world.office.analyst_too, at=NOW)


def test_two_windows_do_not_overwrite_each_other(world: World) -> None:
    draft = prepared(world)
    had = draft.edition
    actions.amend(world.session, draft, judgement(world), title="甲", edition=had, by=world.office.analyst, at=NOW)

    with pytest.raises(actions.DraftEditedMeanwhile):
        actions.amend(world.session, draft, judgement(world), title="乙", edition=had, by=world.office.analyst, at=NOW)
    assert draft.title == "甲"


def test_a_submitted_draft_is_not_changed_under_the_approver(world: World) -> None:
    draft = submitted(world)

    with pytest.raises(actions.DraftIsSubmitted):
        actions.amend(
            world.session, draft, judgement(world), title="乙", edition=draft.edition, by=world.office.analyst, at=NOW
        )
    with pytest.raises(actions.DraftIsSubmitted):
        actions.discard(world.session, draft, by=world.office.analyst, at=NOW)


def test_a_draft_is_written_by_whoever_has_it_in_hand(world: World) -> None:
    draft = prepared(world)

    with pytest.raises(actions.DraftOfSomebodyElse):
        actions.amend(
            world.session, draft, judgement(world), title="乙", edition=1, by=world.office.analyst_too, at=NOW
        )
    with pytest.raises(actions.DraftOfSomebodyElse):
        actions.submit(world.session, draft, by=world.office.analyst_too, at=NOW)


def test_giving_back_says_what_is_to_be_changed(world: World) -> None:
    draft = submitted(world)

    with pytest.raises(actions.NoteMissing):
        actions.give_back(world.session, draft, note=" ", by=world.office.analyst_too, at=NOW)
    actions.give_back(world.session, draft, note="理由请写具体。", by=world.office.analyst_too, at=NOW)

    assert draft.state is DraftState.DRAFT
    assert draft.last_note == "理由请写具体。"


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMIN])
def test_other_roles_neither_prepare_nor_approve(world: World, role: Role) -> None:
    draft = submitted(world)

    with pytest.raises(NotYourRole):
        actions.approve(world.session, draft, shown=shown(world, draft), by=world.office.by_role[role], at=NOW)


def test_another_bureau_has_no_hand_in_it(world: World) -> None:
    draft = submitted(world)

    with pytest.raises(NotYourBureau):
        actions.approve(world.session, draft, shown=shown(world, draft), by=world.stranger.analyst, at=NOW)
    assert draft not in queries.waiting_for(world.session, world.stranger.analyst)


def test_what_was_approved_stays_as_it_was(world: World) -> None:
    draft = approved(world)

    for verb in (actions.discard, actions.take_over, actions.recall):
        with pytest.raises(actions.DraftIsSettled):
            verb(world.session, draft, by=world.office.analyst, at=NOW)
    for statement in ("UPDATE draft SET title = '乙'", "DELETE FROM draft", "DELETE FROM draft_step"):
        with pytest.raises(DBAPIError), world.session.begin_nested():
            world.session.execute(text(statement))


def test_nobody_is_asked_for_an_approval_that_nobody_may_give(world: World) -> None:
    world.office.analyst_too.is_active = world.office.publisher.is_active = False
    draft = prepared(world)

    with pytest.raises(actions.NobodyToApprove):
        actions.submit(world.session, draft, by=world.office.analyst, at=NOW)


def test_the_list_of_what_waits_for_somebody(world: World) -> None:
    draft = submitted(world)

    assert draft in queries.waiting_for(world.session, world.office.analyst_too)
    assert draft not in queries.waiting_for(world.session, world.office.analyst)
    assert draft not in queries.waiting_for(world.session, world.office.editor)
    assert queries.count_waiting_for(world.session, world.office.analyst_too) >= 1
    assert draft in queries.waiting(world.session, world.office.bureau.id)
    assert draft in queries.open_of(world.session, world.open_list.consultation, kind=DraftKind.JUDGEMENT)
