"""The work on a plan's next version: ids stay, every change is explained before it is public, by two people."""

from datetime import timedelta

import pytest
from acts import NOW
from revising_texts import without_ids
from sqlalchemy.exc import DBAPIError

from gongshi.accounts.models import StaffUser
from gongshi.accounts.two_people import NotYourBureau, NotYourRole, SamePerson
from gongshi.drafts import actions as drafts
from gongshi.drafts.models import Draft, DraftState
from gongshi.drafts.revising import NextVersion, RevisionOvertaken, SummaryMissing
from gongshi.objections import actions as objections
from gongshi.objections.models import Outcome
from gongshi.projects import plan_text
from gongshi.projects.actions import EditedMeanwhile
from gongshi.projects.models import Project
from gongshi.projects.plan_text import PlanUnreadable
from gongshi.revisions import queries, working
from gongshi.revisions.actions import CauseOfAnotherProject, ChangeUnexplained, ChangeUnknown, NothingChanged
from gongshi.revisions.models import ChangeKind, Subject
from gongshi.revisions.returned import ReturnedUnknown
from gongshi.revisions.working import NotThatParagraph, Why, Working
from making import PLAN, make_objection
from making_world import World

TEXT = PLAN.replace("5分钟", "2分钟").replace("设置人工复核 |  |", "设置人工复核 | 先行赔付 |")
PARAGRAPH, RISK = (Subject.PARAGRAPH, "p-5"), (Subject.RISK, "r-1")
OWN = Why(own_initiative="与现行系统名称保持一致。")
LATER = NOW + timedelta(hours=1)


def project_of(world: World) -> Project:
    return world.open_list.projects[0]


def keep(world: World, markdown: str = TEXT, *, edition: int = 0, by: StaffUser | None = None) -> Working:
    return working.keep(
        world.session, project_of(world), markdown, by=by or world.office.editor, edition=edition, at=NOW
    )


def explain(world: World, given: dict[tuple[Subject, str], Why], *, shown: str | None = None) -> None:
    state = working.of(world.session, project_of(world))
    working.explain(
        world.session, project_of(world), given, shown=shown or state.digest, by=world.office.editor, at=NOW
    )


def prepare(world: World, *, summary: str = "根据意见修改。", rests_on: tuple[int, ...] = ()) -> Draft:
    contents = NextVersion.of(
        working.of(world.session, project_of(world)), title="方案", summary=summary, rests_on=rests_on
    )
    project = project_of(world)
    return drafts.prepare(
        world.session,
        contents,
        title="方案修改",
        consultation=project.consultation,
        project=project,
        by=world.office.editor,
        at=NOW,
    )


def test_until_somebody_writes_the_working_text_is_the_public_one(world: World) -> None:
    state = working.of(world.session, project_of(world))

    assert (state.has_text, state.edition, state.differences) == (False, 0, ())
    assert state.text == plan_text.parse(PLAN)


def test_a_text_without_ids_is_kept_under_the_ids_of_the_public_one(world: World) -> None:
    state = keep(world, without_ids(TEXT))

    assert [(one.subject, one.key, one.kind) for one in state.differences] == [
        (*PARAGRAPH, ChangeKind.REWORDED),
        (*RISK, ChangeKind.REWORDED),
    ]
    assert state.draft is not None
    assert plan_text.parse(state.draft.markdown) == plan_text.parse(TEXT)


def test_a_text_that_brings_no_register_keeps_the_last_one(world: World) -> None:
    keep(world)

    state = keep(world, TEXT[: TEXT.index("## 风险点登记")].replace("60个月", "36个月"), edition=1)

    assert state.text.risks == plan_text.parse(TEXT).risks


def test_two_who_write_at_once_do_not_overwrite_each_other(world: World) -> None:
    keep(world)

    with pytest.raises(EditedMeanwhile):
        keep(world, PLAN, edition=0)


def test_what_cannot_be_read_is_refused_with_its_line_and_nothing_is_kept(world: World) -> None:
    with pytest.raises(PlanUnreadable) as refused:
        keep(world, TEXT.replace("重大", "严重"))

    assert refused.value.line == TEXT.splitlines().index(next(one for one in TEXT.splitlines() if "r-1" in one)) + 1
    assert not working.of(world.session, project_of(world)).has_text


@pytest.mark.parametrize("role", ["analyst", "publisher", "admin"])
def test_only_an_editor_writes_a_plan(world: World, role: str) -> None:
    with pytest.raises(NotYourRole):
        keep(world, by=getattr(world.office, role))
    with pytest.raises(NotYourBureau):
        keep(world, by=world.stranger.editor)


def test_the_clerk_corrects_the_alignment_and_takes_it_back(world: World) -> None:
    keep(world)
    project, by = project_of(world), world.office.editor

    apart = working.treat_as_new(world.session, project, "p-5", by=by, edition=1, at=NOW)
    again = working.treat_as_earlier(world.session, project, "p-6", earlier="p-5", by=by, edition=2, at=NOW)

    assert [(one.key, one.kind) for one in apart.differences if one.subject is Subject.PARAGRAPH] == [
        ("p-5", ChangeKind.REMOVED),
        ("p-6", ChangeKind.ADDED),
    ]
    assert again.text == plan_text.parse(TEXT)


@pytest.mark.parametrize(("key", "earlier"), [("p-5", "p-4"), ("p-99", "p-5"), ("p-5", "r-1")])
def test_a_paragraph_is_not_made_one_that_it_cannot_be(world: World, key: str, earlier: str) -> None:
    keep(world)

    with pytest.raises(NotThatParagraph):
        working.treat_as_earlier(
            world.session, project_of(world), key, earlier=earlier, by=world.office.editor, edition=1, at=NOW
        )


def test_starting_over_brings_the_public_text_back(world: World) -> None:
    keep(world)

    state = working.start_over(world.session, project_of(world), by=world.office.editor, edition=1, at=NOW)

    assert state.differences == ()


def test_explanations_are_kept_as_they_come_and_counted(world: World) -> None:
    keep(world)
    explain(world, {PARAGRAPH: Why((world.objection.number,)), RISK: Why()})

    state = working.of(world.session, project_of(world))

    assert [one.key for one in state.unexplained] == ["r-1"]
    assert state.explanations[PARAGRAPH].objections == (world.objection.number,)


def test_an_explanation_may_be_taken_back(world: World) -> None:
    keep(world)
    explain(world, {PARAGRAPH: OWN})
    explain(world, {PARAGRAPH: Why()})

    assert len(working.of(world.session, project_of(world)).unexplained) == 2


def test_two_who_explain_at_once_notice_each_other(world: World) -> None:
    keep(world)
    seen = working.of(world.session, project_of(world)).digest
    explain(world, {PARAGRAPH: OWN})

    with pytest.raises(EditedMeanwhile):
        explain(world, {RISK: OWN}, shown=seen)


def test_what_did_not_change_needs_no_explanation(world: World) -> None:
    keep(world)

    with pytest.raises(ChangeUnknown):
        explain(world, {(Subject.PARAGRAPH, "p-1"): OWN})


def test_an_objection_to_another_project_explains_nothing_here(world: World) -> None:
    keep(world)
    other = make_objection(world.session, world.open_list, [world.published], NOW, project=world.open_list.projects[1])

    for number in (other.number, "2026-SL-99-O01"):
        with pytest.raises(CauseOfAnotherProject):
            explain(world, {PARAGRAPH: Why((number,))})


def test_an_adopted_objection_is_owed_a_change_until_a_version_with_one_is_public(world: World) -> None:
    assert working.owed(world.session, project_of(world)) == []
    objections.dispose(
        world.session,
        world.objection,
        outcome=Outcome.ADOPTED,
        reasons="采纳。",
        by=world.open_list.answered_by,
        at=NOW,
    )
    assert working.owed(world.session, project_of(world)) == [world.objection]

    _publish(world)

    assert working.owed(world.session, project_of(world)) == []


def _publish(world: World) -> Draft:
    keep(world)
    explain(world, {PARAGRAPH: Why((world.objection.number,)), RISK: OWN})
    draft = prepare(world)
    drafts.submit(world.session, draft, by=world.office.editor, at=NOW)
    shown = drafts.digest(world.session, draft, at=LATER)
    drafts.approve(world.session, draft, shown=shown, by=world.office.publisher, at=LATER)
    return draft


def test_a_version_becomes_public_at_approval_with_its_text_and_its_causes(world: World) -> None:
    draft = _publish(world)

    version = project_of(world).current_version
    assert version is not None
    assert (version.number, version.published_at, version.summary) == (2, LATER, "根据意见修改。")
    assert plan_text.of(version) == plan_text.parse(TEXT)
    assert [change.key for change in queries.caused_by(world.session, world.objection)] == ["p-5"]
    assert draft.results == ["version:2026-SL-02/1/2"]


def test_submitting_writes_no_version_down(world: World) -> None:
    keep(world)
    explain(world, {PARAGRAPH: OWN, RISK: OWN})

    draft = prepare(world)
    drafts.submit(world.session, draft, by=world.office.editor, at=NOW)

    assert draft.state is DraftState.SUBMITTED
    assert [one.number for one in project_of(world).versions] == [1]


def test_after_publication_the_work_begins_anew_from_the_public_text(world: World) -> None:
    _publish(world)

    state = working.of(world.session, project_of(world))

    assert (state.has_text, state.before.number, state.differences) == (False, 2, ())
    assert state.explanations == {}


def test_an_unexplained_change_is_not_even_submitted(world: World) -> None:
    keep(world)
    explain(world, {PARAGRAPH: OWN})

    with pytest.raises(ChangeUnexplained) as refused:
        drafts.submit(world.session, prepare(world), by=world.office.editor, at=NOW)

    assert refused.value.details == {"keys": ["r-1"]}


def test_a_version_without_a_change_or_without_a_summary_is_not_submitted(world: World) -> None:
    with pytest.raises(NothingChanged):
        drafts.submit(world.session, prepare(world), by=world.office.editor, at=NOW)
    with pytest.raises(SummaryMissing):
        drafts.submit(world.session, prepare(world, summary=" "), by=world.office.editor, at=NOW)


def test_nobody_approves_their_own_version(world: World) -> None:
    keep(world)
    explain(world, {PARAGRAPH: OWN, RISK: OWN})
    draft = prepare(world)
    drafts.submit(world.session, draft, by=world.office.editor, at=NOW)
    shown = drafts.digest(world.session, draft, at=NOW)

    with pytest.raises((SamePerson, NotYourRole)):
        drafts.approve(world.session, draft, shown=shown, by=world.office.editor, at=NOW)
    draft.approved_by, draft.state = world.office.editor, DraftState.APPROVED
    with pytest.raises(DBAPIError), world.session.begin_nested():
        world.session.flush()


def test_a_version_written_from_one_that_was_replaced_meanwhile_is_refused(world: World) -> None:
    keep(world)
    explain(world, {PARAGRAPH: OWN, RISK: OWN})
    second = prepare(world)
    _publish_as_is(world)

    with pytest.raises(RevisionOvertaken):
        drafts.submit(world.session, second, by=world.office.editor, at=LATER)


def _publish_as_is(world: World) -> None:
    draft = prepare(world)
    drafts.submit(world.session, draft, by=world.office.editor, at=NOW)
    drafts.approve(
        world.session,
        draft,
        shown=drafts.digest(world.session, draft, at=NOW),
        by=world.office.publisher,
        at=NOW,
    )


def test_a_version_rests_only_on_texts_that_were_returned(world: World) -> None:
    keep(world)
    explain(world, {PARAGRAPH: OWN, RISK: OWN})

    with pytest.raises(ReturnedUnknown):
        drafts.submit(world.session, prepare(world, rests_on=(7,)), by=world.office.editor, at=NOW)
