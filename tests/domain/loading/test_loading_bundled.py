"""The content that the site is delivered with: loads whole, has what was promised, and stays true on any day."""

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
from loads import BUNDLED, TODAY, load, rows
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from gongshi.accounts.models import Approval
from gongshi.admissions import queries as admissions
from gongshi.admissions.models import Admission, AdmissionOutcome, GateRun, RiskJudgement
from gongshi.admissions.waiting import decision_from
from gongshi.clock import BEIJING
from gongshi.comments.models import Comment, CommentKind, CommentState
from gongshi.consultations import queries as consultations
from gongshi.consultations.models import Consultation, Nature, RoundState
from gongshi.ledger import queries as log
from gongshi.loading.files import read_toml, tables
from gongshi.notices import queries as notices
from gongshi.notices.models import Notice
from gongshi.objections.models import Disposition, Objection, Outcome
from gongshi.pilots.models import LifecycleEvent
from gongshi.projects import queries as projects
from gongshi.projects.models import Institution, PlanVersion, Project
from gongshi.record import reconciliation

DECIDED = BUNDLED / "example" / "decided"


def _decided(record: Session) -> Consultation:
    return next(one for one in consultations.published(record, TODAY) if notices.summary_of(record, one))


def _archive(record: Session) -> Consultation:
    return consultations.public(record, "2021-BJ-01", TODAY)


def _count(record: Session, model: type) -> int:
    return record.scalar(select(func.count()).select_from(model)) or 0


def test_it_loads_whole_and_a_second_time_not_at_all(bundled: Engine) -> None:
    before = rows(bundled)

    assert load(bundled, BUNDLED) == []
    assert rows(bundled) == before


def test_the_log_of_it_recomputes(record: Session) -> None:
    assert log.recompute(record) == log.root(record)


# The archive


def test_the_archive_has_sixteen_projects_of_which_one_is_known_by_name(record: Session) -> None:
    listed = projects.of_list(record, _archive(record))

    assert [project.number for project in listed] == list(range(1, 17))
    assert [project.name for project in listed if project.name] == ["证券行业数字人民币应用场景创新试点"]
    assert [one.name for one in listed[0].institutions] == ["银河证券", "工商银行"]
    assert all(project.unknown_source for project in listed[1:])
    assert all(project.lead is None for project in listed[1:])


def test_the_archive_names_fifteen_lead_institutions_and_its_sources(record: Session) -> None:
    archive = _archive(record)

    assert len(set(archive.lead_institutions)) == 15
    assert {"银河证券", "中金公司", "北京股权交易中心", "中诚信国际信用评级"} <= set(archive.lead_institutions)
    assert archive.sources
    assert record.scalars(select(Notice).where(Notice.nature == Nature.ARCHIVE, Notice.source.is_(None))).all() == []


def test_the_archive_has_no_round_no_plan_no_comment_and_no_decision(record: Session) -> None:
    archive = _archive(record)
    ids = [project.id for project in projects.of_list(record, archive)]

    assert archive.rounds == []
    assert record.scalars(select(PlanVersion).where(PlanVersion.project_id.in_(ids))).all() == []
    assert record.scalars(select(Comment).where(Comment.consultation_id == archive.id)).all() == []
    assert record.scalars(select(Admission).where(Admission.project_id.in_(ids))).all() == []


@pytest.mark.parametrize(
    ("slug_begins", "on"),
    [
        ("2021-11-08", date(2021, 11, 8)),
        ("2021-11-19", date(2021, 11, 19)),
        ("2021-12-30", date(2021, 12, 30)),
        ("2022-09-16", date(2022, 9, 16)),
        ("2023-05-19", date(2023, 5, 19)),
    ],
)
def test_the_archive_tells_what_happened_on_its_day(record: Session, slug_begins: str, on: date) -> None:
    found = record.scalars(select(Notice).where(Notice.slug.startswith(slug_begins))).all()

    assert found
    assert {one.published_at.astimezone(BEIJING).date() for one in found} == {on}


# The worked example


def test_one_example_is_open_and_one_is_decided(record: Session) -> None:
    examples = [one for one in consultations.published(record, TODAY) if one.is_example]

    states = {one.last_round.state(TODAY) for one in examples if one.last_round}
    assert len(examples) == 2
    assert states == {RoundState.OPEN, RoundState.CLOSED}


def test_every_list_of_the_example_has_sixteen_projects_with_plans_and_registers(record: Session) -> None:
    for consultation in (one for one in consultations.published(record, TODAY) if one.is_example):
        listed = projects.of_list(record, consultation)
        assert len(listed) == 16
        assert all(project.current_version and project.current_version.risks for project in listed)


def test_the_example_uses_none_but_invented_institutions(record: Session) -> None:
    for institution in record.scalars(select(Institution).where(Institution.is_example)):
        assert "示例" in institution.name
    for project in record.scalars(select(Project).join(Project.consultation)):
        if project.consultation.is_example:
            assert all(one.is_example for one in project.institutions)


def test_there_are_enough_comments_of_every_kind_and_some_of_every_end(record: Session) -> None:
    decided = _decided(record)
    heard = record.scalars(select(Comment).where(Comment.consultation_id == decided.id)).all()

    assert len(heard) >= 120
    assert set(Counter(one.kind for one in heard)) == set(CommentKind)
    assert {CommentState.PUBLISHED, CommentState.WITHHELD, CommentState.WITHDRAWN} <= {one.state for one in heard}
    assert all(one.withholding for one in heard if one.state is CommentState.WITHHELD)


def test_there_are_enough_objections_with_every_outcome_and_one_that_was_unfounded(record: Session) -> None:
    worded = record.scalars(select(Objection)).all()

    assert len(worded) >= 25
    assert set(record.scalars(select(Disposition.outcome))) == set(Outcome)
    assert any(one.unfounded_at for one in worded)
    assert any(one.is_major for one in worded)


def test_one_project_went_through_three_versions(record: Session) -> None:
    longest = record.scalar(select(func.max(PlanVersion.number)).where(PlanVersion.published_at.is_not(None)))

    assert longest == 3


def test_every_outcome_of_an_admission_occurs_and_gates_that_passed_and_failed(record: Session) -> None:
    assert set(record.scalars(select(Admission.outcome))) == set(AdmissionOutcome)
    assert set(record.scalars(select(GateRun.passed))) == {True, False}
    assert set(record.scalars(select(RiskJudgement.is_sufficient))) == {True, False}


def test_every_project_of_the_decided_list_was_decided(record: Session) -> None:
    decided = _decided(record)

    assert set(admissions.outcomes(record, decided)) == set(range(1, 17))


def test_every_admission_rests_on_a_gate_that_passed_and_every_event_on_an_admission(record: Session) -> None:
    for admission in record.scalars(select(Admission).where(Admission.outcome == AdmissionOutcome.ADMITTED)):
        assert admission.gate_run is not None
        assert admission.gate_run.passed
        assert admission.gate_run.project_id == admission.project_id
    for event in record.scalars(select(LifecycleEvent)):
        decision = admissions.admission(record, event.project)
        assert decision is not None
        assert decision.outcome is AdmissionOutcome.ADMITTED
    assert _count(record, LifecycleEvent) > 0


def test_the_decided_list_adds_up_and_has_its_summary(record: Session) -> None:
    found = reconciliation.of(record, _decided(record))

    assert found.adds_up
    assert found.pending == 0


def test_two_different_people_stand_behind_every_act_of_it(record: Session) -> None:
    approvals = record.scalars(select(Approval)).all()

    assert approvals
    assert all(one.prepared_by_id != one.approved_by_id for one in approvals)


# On any day


def _last_answers() -> int:
    """The latest day on which anything is answered, disposed of or set aside."""
    days = []
    for path in (*DECIDED.glob("objections*.toml"), *DECIDED.glob("answers*.toml")):
        for name in ("objection", "answer"):
            for entry in tables(read_toml(path), name):
                ends = [entry.table("disposition"), entry.table("unfounded")] if name == "objection" else [entry]
                days += [end.offset("day") for end in ends if end is not None]
    return max(days)


def _first_passes() -> int:
    gates = [entry for path in DECIDED.glob("decisions*.toml") for entry in tables(read_toml(path), "gate")]
    return min(entry.offset("day") for entry in gates if entry.text("expect") == "passed")


def test_the_gates_come_out_as_told_whatever_day_it_is_loaded() -> None:
    """The days of the example are relative, holidays are not: between answer and gate three working days must fit."""
    answered, checked = _last_answers(), _first_passes()

    for count in range(3 * 365):
        zero = date(2025, 1, 1) + timedelta(days=count)
        last = datetime.combine(zero + timedelta(days=answered), time(16), BEIJING)
        gate = datetime.combine(zero + timedelta(days=checked), time(11), BEIJING)

        assert decision_from(last) <= gate, f"loaded on {zero}"
