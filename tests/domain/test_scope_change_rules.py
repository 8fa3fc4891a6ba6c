"""A change of scope after admission: said in public, commented on in a round of its own, and decided anew."""

from datetime import date, timedelta

import pytest
from acts import NOW, publishing
from gates import OWN, conditions

from gongshi.admissions import actions as admissions
from gongshi.admissions import queries
from gongshi.admissions.gate import ConditionCode
from gongshi.admissions.models import AdmissionOutcome
from gongshi.comments.intake import Target
from gongshi.consultations.models import Round
from gongshi.notices.models import Notice, NoticeKind
from gongshi.notices.openness import standing
from gongshi.pilots import actions
from gongshi.pilots.models import EventKind, LifecycleEvent
from gongshi.projects.models import Project
from gongshi.record import receipt_status, timeline
from gongshi.record.receipt_status import Progress
from gongshi.record.timeline import Step
from gongshi.revisions.models import Subject
from making import make_revision, make_submission
from making_decisions import DECIDED, READY_PLAN, confirm_gate, decide
from making_world import World

MONTH = timedelta(days=30)
AFTER = NOW + MONTH


def reopen(world: World, project: Project | None = None, **changed: object) -> tuple[Notice, Round]:
    told = {
        "title": "关于试点内容变更的公告",
        "text": "拟将服务对象由专业投资者扩大到普通投资者。",
        "opens_at": NOW,
        "closes_at": AFTER,
        "by": publishing(world),
        "at": NOW,
        **changed,
    }
    return actions.reopen(world.session, project or world.admitted, **told)  # type: ignore[arg-type]


def record(world: World, day: date) -> LifecycleEvent:
    return actions.record(
        world.session,
        world.admitted,
        kind=EventKind.MONITORING,
        happened_on=day,
        title="运行监测",
        text="运行平稳。",
        paragraph_key="p-4",
        fulfils=True,
        by=publishing(world),
        at=AFTER,
    )


def decided_again(world: World) -> None:
    """The scope changes: commented on, revised, decided when the round is over."""
    reopen(world)
    make_revision(
        world.session,
        world.ready.open_list,
        world.admitted,
        READY_PLAN.replace("5分钟", "2分钟"),
        AFTER,
        explanations={(Subject.PARAGRAPH, "p-4"): OWN},
    )
    confirm_gate(world.session, world.ready.open_list, world.admitted, AFTER)
    decide(world.session, world.ready.open_list, world.admitted, AFTER)


def test_it_is_said_by_a_notice_and_opens_that_project_alone(world: World) -> None:
    consultation = world.ready.consultation

    notice, opened = reopen(world)

    assert (notice.kind, notice.project) == (NoticeKind.LIFE_CYCLE, world.admitted)
    assert opened.project_id == world.admitted.id
    assert standing(world.session, consultation, world.admitted, at=NOW).is_open
    assert not standing(world.session, consultation, world.ready.project, at=NOW).is_open
    make_submission(world.session, consultation, NOW, target=Target(world.admitted))


def test_the_gate_looks_at_the_whole_again_and_that_of_another_project_does_not_move(world: World) -> None:
    before = conditions(world, NOW)

    reopen(world)
    make_submission(world.session, world.ready.consultation, NOW, target=Target(world.admitted))

    ours = conditions(world, NOW, world.admitted)
    assert not ours[ConditionCode.ROUND_OVER].is_met
    assert not ours[ConditionCode.COMMENTS_PLACED].is_met
    assert conditions(world, NOW) == before


def test_without_a_round_after_it_a_decision_stays_the_only_one(world: World) -> None:
    confirm_gate(world.session, world.ready.open_list, world.admitted, NOW)

    with pytest.raises(admissions.AlreadyDecided):
        decide(world.session, world.ready.open_list, world.admitted, NOW)


def test_a_round_of_another_project_does_not_let_a_decision_be_taken_again(world: World) -> None:
    reopen(world)
    project = world.ready.project
    confirm_gate(world.session, world.ready.open_list, project, NOW)
    decide(world.session, world.ready.open_list, project, NOW)

    with pytest.raises(admissions.AlreadyDecided):
        decide(world.session, world.ready.open_list, project, AFTER)


def test_nothing_is_admitted_while_the_round_runs(world: World) -> None:
    reopen(world)
    confirm_gate(world.session, world.ready.open_list, world.admitted, NOW)

    with pytest.raises(admissions.GateNotPassed):
        decide(world.session, world.ready.open_list, world.admitted, NOW)


def test_after_the_round_it_is_decided_again_the_latest_counts_and_the_earlier_stays(world: World) -> None:
    first = queries.admission(world.session, world.admitted)

    decided_again(world)

    decisions = queries.decisions_of(world.session, world.admitted)
    assert decisions[0] is first
    assert queries.admission(world.session, world.admitted) is decisions[1]
    assert [one.gate_run.version.number for one in decisions if one.gate_run] == [1, 2]


def test_once_it_is_decided_again_it_takes_another_round_to_decide_a_third_time(world: World) -> None:
    decided_again(world)

    with pytest.raises(admissions.AlreadyDecided):
        decide(world.session, world.ready.open_list, world.admitted, AFTER + MONTH)


def test_an_event_names_the_commitment_of_the_version_that_was_admitted_on_its_day(world: World) -> None:
    decided_again(world)

    before = record(world, (AFTER - timedelta(days=2)).date())
    since = record(world, AFTER.date())

    assert (before.version.number, since.version.number) == (1, 2)


def test_when_the_changed_scope_is_refused_the_exit_of_the_pilot_is_still_recorded(world: World) -> None:
    reopen(world)
    confirm_gate(world.session, world.ready.open_list, world.admitted, AFTER)
    decide(world.session, world.ready.open_list, world.admitted, AFTER, AdmissionOutcome.REFUSED)

    assert record(world, AFTER.date()).version.number == 1


def test_a_project_that_was_never_admitted_is_not_reopened(world: World) -> None:
    with pytest.raises(actions.NotAdmitted):
        reopen(world, world.ready.project)


def test_a_round_that_is_running_or_to_come_runs_its_course_first(world: World) -> None:
    reopen(world, opens_at=NOW + MONTH, closes_at=NOW + 2 * MONTH)

    with pytest.raises(actions.AlreadyReopened):
        reopen(world)


@pytest.mark.parametrize("changed", [{"title": " "}, {"text": "\n"}], ids=["no title", "no text"])
def test_what_is_going_to_change_is_said(world: World, changed: dict[str, object]) -> None:
    with pytest.raises(actions.ScopeUnsaid):
        reopen(world, **changed)


def test_what_has_not_happened_yet_is_not_recorded(world: World) -> None:
    with pytest.raises(actions.NotHappenedYet):
        record(world, AFTER.date() + timedelta(days=2))


def test_nothing_is_recorded_of_a_day_before_the_admission(world: World) -> None:
    with pytest.raises(actions.NotAdmitted):
        record(world, DECIDED.date() - timedelta(days=1))


def test_a_comment_of_the_new_round_waits_for_the_decision_after_it_and_an_old_one_does_not(world: World) -> None:
    reopen(world)
    new = make_submission(world.session, world.ready.consultation, NOW, target=Target(world.admitted)).comments[0]

    (told,) = receipt_status.status(world.session, new.submission).comments

    assert told.decisions[0].outcome is None
    assert told.stations[-1].progress is not Progress.DONE


def test_a_round_of_one_project_stands_on_its_own_timeline_alone(world: World) -> None:
    reopen(world)

    def openings(project: Project) -> int:
        return [one.step for one in timeline.of_project(world.session, project, at=NOW)].count(Step.OPENED)

    assert (openings(world.admitted), openings(world.ready.project)) == (2, 1)
