"""Drafts of judgements, decisions, summaries, events and scope changes: two people, and exactly what was shown."""

from datetime import date, timedelta
from typing import Any

import pytest
from acts import NOW
from gates import OWN, conditions

from gongshi.accounts.models import StaffUser
from gongshi.accounts.two_people import SamePerson
from gongshi.admissions import queries as admissions
from gongshi.admissions.actions import (
    BlankLeft,
    GateMoved,
    GateNotPassed,
    JudgementWithoutReason,
    NothingToCover,
    RiskUnknown,
)
from gongshi.admissions.gate import ConditionCode
from gongshi.admissions.models import AdmissionOutcome
from gongshi.admissions.responding import respond
from gongshi.comments.intake import Target
from gongshi.drafts import actions as drafts
from gongshi.drafts.contents import Contents
from gongshi.drafts.deciding import (
    Decided,
    Decision,
    Event,
    Judgement,
    NothingToJudge,
    ScopeChange,
    Summary,
    Verdict,
    gate_digest,
)
from gongshi.drafts.models import Draft
from gongshi.notices.models import NoticeKind
from gongshi.notices.queries import summary_of
from gongshi.objections import actions as objections
from gongshi.objections.models import Outcome
from gongshi.pilots import queries as pilots
from gongshi.pilots.models import EventKind
from gongshi.projects.models import Project
from gongshi.record.summary import SummaryDoesNotAddUp
from gongshi.revisions.models import Subject
from making import make_comment, make_objection, make_revision, make_submission
from making_decisions import READY_PLAN_REVISED
from making_world import World

MONTH = timedelta(days=30)


def prepared(world: World, contents: Contents, by: StaffUser, project: Project | None = None) -> Draft:
    return drafts.prepare(
        world.session,
        contents,
        title="拟稿",
        consultation=world.ready.consultation,
        project=project,
        by=by,
        at=NOW,
    )


def submitted(world: World, contents: Contents, by: StaffUser, project: Project | None = None) -> Draft:
    draft = prepared(world, contents, by, project)
    drafts.submit(world.session, draft, by=by, at=NOW)
    return draft


def approved(world: World, draft: Draft, by: StaffUser) -> list[str]:
    drafts.approve(world.session, draft, shown=drafts.digest(world.session, draft, at=NOW), by=by, at=NOW)
    return draft.results


def decision(world: World, *decided: tuple[Project, AdmissionOutcome], body: str = "现将决定公告如下。") -> Decision:
    return Decision(
        tuple(
            Decided(project.number, outcome, "条件均已满足。", gate_digest(world.session, project, NOW))
            for project, outcome in decided
        ),
        "关于纳入的公告",
        body,
    )


ADMITTED = AdmissionOutcome.ADMITTED
VERDICT = Verdict("r-4", is_sufficient=True, reason="先行赔付足以补偿。")


@pytest.mark.parametrize(
    "contents",
    [
        Judgement(2, (VERDICT, Verdict("r-5", is_sufficient=False, reason="不足。"))),
        Decision((Decided(1, ADMITTED, "理由。", "0" * 64),), "标题", "正文"),
        Summary(),
        Event(EventKind.EXIT, date(2026, 4, 17), "退出", "如期退出。", None, "r-1", fulfils=True),
        ScopeChange("变更", "扩大。", NOW, NOW + MONTH, None),
        ScopeChange("变更", "扩大。", None, NOW + MONTH, "时间紧"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_what_a_draft_holds_comes_back_as_it_was(contents: Contents) -> None:
    assert type(contents).from_json(contents.as_json()) == contents


# Judgements


def test_risks_are_judged_by_an_analyst_and_confirmed_by_a_second_person(world: World) -> None:
    project = world.ready.project
    draft = submitted(world, Judgement(2, (VERDICT,)), world.office.analyst, project)

    with pytest.raises(SamePerson):
        approved(world, draft, world.office.analyst)
    results = approved(world, draft, world.office.analyst_too)

    assert results == ["gate:2026-SL-01/1"]
    assert project.current_version is not None
    judged = admissions.latest_judgement(world.session, project.current_version, "r-4")
    assert judged is not None
    assert (judged.approval.prepared_by, judged.approval.approved_by) == (
        world.office.analyst,
        world.office.analyst_too,
    )


@pytest.mark.parametrize(
    ("contents", "refusal"),
    [
        pytest.param(Judgement(2, ()), NothingToJudge, id="no risk"),
        pytest.param(Judgement(1, (VERDICT,)), RiskUnknown, id="a version that is read no more"),
        pytest.param(Judgement(9, (VERDICT,)), RiskUnknown, id="a version that is not there"),
        pytest.param(Judgement(2, (Verdict("r-4", True, " "),)), JudgementWithoutReason, id="no reason"),
        pytest.param(Judgement(2, (Verdict("r-3", True, "够。"),)), NothingToCover, id="no compensation to judge"),
    ],
)
def test_what_cannot_be_judged_is_refused_when_it_is_submitted(world: World, contents: Judgement, refusal: Any) -> None:
    with pytest.raises(refusal):
        submitted(world, contents, world.office.analyst, world.ready.project)

    assert len(admissions.judgements(world.session, world.ready.project)) == 2


# Decisions


def test_a_decision_its_gate_run_and_its_notice_become_public_together(world: World) -> None:
    project = world.ready.project
    draft = submitted(world, decision(world, (project, ADMITTED)), world.office.analyst)
    assert admissions.decisions_of(world.session, project) == [], "the rehearsal leaves nothing behind"

    results = approved(world, draft, world.office.publisher)

    (made,) = admissions.decisions_of(world.session, project)
    notice = admissions.notices_of(world.session, project)[made.id]
    assert made.gate_run is not None
    assert made.gate_run.passed
    assert (notice.kind, notice.published_at, made.decided_at) == (NoticeKind.ADMISSION, NOW, NOW)
    assert results == [f"notice:{notice.slug}", "decision:2026-SL-01/1"]


def test_several_projects_are_decided_with_one_notice(world: World) -> None:
    quiet = world.ready.quiet_project
    both = decision(world, (world.ready.project, ADMITTED), (quiet, AdmissionOutcome.WITHDRAWN))

    results = approved(world, submitted(world, both, world.office.analyst), world.office.publisher)

    assert [one.partition(":")[0] for one in results] == ["notice", "decision", "decision"]
    assert admissions.notices_of(world.session, quiet).keys()
    assert admissions.runs(world.session, quiet) == [], "an applicant withdraws without a check"


def test_a_notice_with_a_blank_is_not_submitted(world: World) -> None:
    with pytest.raises(BlankLeft):
        submitted(
            world,
            decision(world, (world.ready.project, ADMITTED), body="依据［填写依据的文件名称和条款］。"),
            world.office.analyst,
        )


def test_when_one_of_several_cannot_be_admitted_none_is(world: World) -> None:
    quiet = world.ready.quiet_project
    _adopt_something(world, quiet)

    with pytest.raises(GateNotPassed):
        submitted(world, decision(world, (world.ready.project, ADMITTED), (quiet, ADMITTED)), world.office.analyst)

    assert admissions.decisions_of(world.session, world.ready.project) == []


def test_a_gate_that_moved_since_it_was_prepared_stops_the_submission(world: World) -> None:
    draft = prepared(world, decision(world, (world.ready.project, ADMITTED)), world.office.analyst)
    _change_the_plan(world)

    with pytest.raises(GateMoved):
        drafts.submit(world.session, draft, by=world.office.analyst, at=NOW)


def test_a_gate_that_moved_since_the_approver_looked_stops_the_approval(world: World) -> None:
    draft = submitted(world, decision(world, (world.ready.project, ADMITTED)), world.office.analyst)
    shown = drafts.digest(world.session, draft, at=NOW)
    _change_the_plan(world)

    with pytest.raises(drafts.DraftMoved):
        drafts.approve(world.session, draft, shown=shown, by=world.office.publisher, at=NOW)
    with pytest.raises(GateMoved):
        approved(world, draft, world.office.publisher)


def test_a_gate_that_moved_stops_a_withdrawal_too(world: World) -> None:
    withdrawn = decision(world, (world.ready.project, AdmissionOutcome.WITHDRAWN))
    draft = submitted(world, withdrawn, world.office.analyst)
    _change_the_plan(world)

    with pytest.raises(GateMoved):
        approved(world, draft, world.office.publisher)


def _change_the_plan(world: World) -> None:
    make_revision(
        world.session,
        world.ready.open_list,
        world.ready.project,
        READY_PLAN_REVISED.replace("5分钟", "2分钟"),
        NOW,
        explanations={(Subject.PARAGRAPH, "p-4"): OWN},
    )


def _adopt_something(world: World, project: Project) -> None:
    raised = make_objection(world.session, world.ready.open_list, world.ready.comments[:1], NOW, project=project)
    objections.dispose(
        world.session, raised, outcome=Outcome.ADOPTED, reasons="采纳。", by=world.ready.open_list.answered_by, at=NOW
    )


# The summary


def test_the_summary_is_generated_at_its_approval(world: World) -> None:
    draft = submitted(world, Summary(), world.office.editor)
    assert summary_of(world.session, world.ready.consultation) is None

    approved(world, draft, world.office.publisher)

    found = summary_of(world.session, world.ready.consultation)
    assert found is not None
    assert world.ready.adopted.number in found.body


def test_a_summary_that_reads_otherwise_than_shown_is_not_approved(world: World) -> None:
    draft = submitted(world, Summary(), world.office.editor)
    shown = drafts.digest(world.session, draft, at=NOW)
    _change_the_plan(world)
    _adopt_something(world, world.ready.project)

    with pytest.raises(drafts.DraftMoved):
        drafts.approve(world.session, draft, shown=shown, by=world.office.publisher, at=NOW)


def test_what_senders_say_of_the_answers_meanwhile_is_counted_and_holds_no_approval_up(world: World) -> None:
    draft = submitted(world, Summary(), world.office.editor)
    shown = drafts.digest(world.session, draft, at=NOW)
    comment, answered = world.ready.comments[1], world.ready.not_adopted.number
    respond(world.session, comment, answered, is_satisfied=False, reason=None, at=NOW)

    drafts.approve(world.session, draft, shown=shown, by=world.office.publisher, at=NOW)

    found = summary_of(world.session, world.ready.consultation)
    assert found is not None
    assert "不满意1条" in found.body


def test_a_summary_that_does_not_add_up_is_not_even_submitted(world: World) -> None:
    opened = world.open_list
    draft = drafts.prepare(
        world.session,
        Summary(),
        title="拟稿",
        consultation=opened.consultation,
        by=world.office.editor,
        at=NOW,
    )
    make_comment(world.session, opened, NOW)

    with pytest.raises(SummaryDoesNotAddUp):
        drafts.submit(world.session, draft, by=world.office.editor, at=opened.round.closes_at)


# After admission


def test_an_event_is_recorded_with_its_commitment(world: World) -> None:
    event = Event(EventKind.MONITORING, date(2026, 4, 17), "首月运行", "平稳。", None, "r-1", fulfils=True)

    approved(world, submitted(world, event, world.office.editor, world.admitted), world.office.publisher)

    assert [one.risk_key for one in pilots.of_project(world.session, world.admitted)] == ["r-1"]


@pytest.mark.parametrize("opens_at", [None, NOW + MONTH], ids=["at once", "from an instant"])
def test_a_scope_change_opens_its_round_at_its_approval_or_when_it_says(world: World, opens_at: Any) -> None:
    change = ScopeChange("变更", "扩大范围。", opens_at, NOW + 3 * MONTH, None)

    results = approved(world, submitted(world, change, world.office.editor, world.admitted), world.office.publisher)

    opened = world.ready.consultation.rounds[-1]
    assert (opened.project_id, opened.opens_at) == (world.admitted.id, opens_at or NOW)
    assert [one.partition(":")[0] for one in results] == ["notice", "project"]
    assert not conditions(world, NOW, world.admitted)[ConditionCode.ROUND_OVER].is_met
    if opens_at is None:
        make_submission(world.session, world.ready.consultation, NOW, target=Target(world.admitted))
