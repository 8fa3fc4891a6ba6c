"""What applicants return is recorded for good, without names; what is made out for them holds only what is public."""

import hashlib
import io
from datetime import timedelta

import pytest
from acts import NOW
from docx import Document
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gongshi import clock
from gongshi.accounts.two_people import NotYourBureau, NotYourRole
from gongshi.admissions import versions
from gongshi.admissions.models import AdmissionOutcome
from gongshi.admissions.versions import DecidedNeedsRound, ProjectIsOver
from gongshi.comments import actions as comments
from gongshi.comments.intake import Target
from gongshi.imports.refusals import FileRefused
from gongshi.notices import lists
from gongshi.notices.models import InterruptionKind
from gongshi.objections import actions as objections
from gongshi.projects.models import Project
from gongshi.record import summary
from gongshi.revisions import issue_list, returned
from gongshi.revisions.issue_list import NoIssues
from gongshi.revisions.models import ReturnChannel, ReturnedVersion
from gongshi.revisions.returned import ContactRoleMissing, NotAnApplicant, NotReturnedYet, Upload
from making import make_submission
from making_decisions import confirm_gate, decide
from making_world import World

TODAY = clock.beijing(NOW).date()
FILE = Upload("修改稿.md", "## 技术应用\n\n修改后的一段。".encode())


def project_of(world: World) -> Project:
    return world.open_list.projects[0]


def record(world: World, **given: object) -> ReturnedVersion:
    project = project_of(world)
    usual = {
        "institution": project.lead,
        "contact_role": "合规负责人",
        "channel": ReturnChannel.EMAIL,
        "returned_on": TODAY,
        "file": FILE,
        "by": world.office.editor,
    }
    return returned.record(world.session, project, at=NOW, **{**usual, **given})  # type: ignore[arg-type]


def test_a_returned_text_is_kept_as_it_came_with_its_hash(world: World) -> None:
    first, second = record(world), record(world, file=None, channel=ReturnChannel.POST)

    kept = returned.with_file(world.session, project_of(world), 1)
    assert (kept.file, kept.file_name, kept.file_size) == (FILE.data, FILE.name, len(FILE.data))
    assert kept.file_sha256 == hashlib.sha256(FILE.data).hexdigest()
    assert [one.ordinal for one in (first, second)] == [1, 2]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE returned_version SET contact_role = '他人'",
        "UPDATE returned_version SET file = NULL, file_name = NULL, file_sha256 = NULL",
        "DELETE FROM returned_version",
        "UPDATE issue_list_export SET objection_count = 9",
        "DELETE FROM issue_list_export",
    ],
)
def test_neither_what_was_returned_nor_what_was_made_out_is_edited_or_deleted(world: World, statement: str) -> None:
    record(world)
    issue_list.export(world.session, project_of(world), by=world.office.editor, at=NOW)

    with pytest.raises(DBAPIError, match="append-only"), world.session.begin_nested():
        world.session.execute(text(statement))


def test_only_an_institution_of_the_project_returns_its_text(world: World) -> None:
    with pytest.raises(NotAnApplicant):
        record(world, institution=world.ready.project.lead)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        pytest.param({"contact_role": " "}, ContactRoleMissing, id="nobody"),
        pytest.param({"returned_on": TODAY + timedelta(days=1)}, NotReturnedYet, id="tomorrow"),
        pytest.param({"file": Upload("plan.docx", b"%PDF-1.7")}, FileRefused, id="a file under a wrong name"),
        pytest.param({"file": Upload("plan.exe", b"MZ")}, FileRefused, id="a program"),
    ],
)
def test_what_cannot_be_recorded_says_why(world: World, given: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        record(world, **given)


def test_only_an_editor_of_the_bureau_records_it(world: World) -> None:
    with pytest.raises(NotYourRole):
        record(world, by=world.office.analyst)
    with pytest.raises(NotYourBureau):
        record(world, by=world.stranger.editor)


def words_of(file: bytes) -> str:
    docx = Document(io.BytesIO(file))
    cells = [cell.text for table in docx.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in docx.paragraphs), *cells])


def raise_one(world: World, *, resolution: str | None, paragraph: str | None = None) -> None:
    project = project_of(world)
    sent = make_submission(
        world.session,
        project.consultation,
        NOW,
        resolution=resolution,
        target=Target(project, project.current_version if paragraph else None, paragraph),
    )
    comments.publish(world.session, sent.comments[0], by=world.office.analyst, at=NOW)
    objections.word(
        world.session,
        project.consultation,
        title="接管时限\x00过长",
        text="5分钟内损失已经发生。",
        comments=sent.comments,
        projects=[project],
        by=world.office.analyst,
        at=NOW,
    )


def test_the_list_of_issues_names_objection_paragraph_and_wish_and_leaves_room_for_a_reply(world: World) -> None:
    raise_one(world, resolution="改为1分钟内接管。", paragraph="p-5")

    made, file = issue_list.export(world.session, project_of(world), by=world.office.analyst, at=NOW)

    told = words_of(file)
    for said in (
        "接管时限过长",
        "改为1分钟内接管。",
        "出现异常时，人工坐席在5分钟内接管。",
        "p-5",
        world.objection.title,
    ):
        assert said in told
    assert told.count("修改情况或不修改的理由") == 2 == made.objection_count
    assert made.sha256 == hashlib.sha256(file).hexdigest()
    assert issue_list.of_project(world.session, project_of(world)) == [made]


def test_the_list_of_issues_has_no_fields_links_or_macros(world: World) -> None:
    raise_one(world, resolution='=HYPERLINK("http://example.invalid")')

    _, file = issue_list.export(world.session, project_of(world), by=world.office.editor, at=NOW)

    document = Document(io.BytesIO(file))
    xml = document.element.xml
    assert "HYPERLINK" in xml
    assert not [tag for tag in ("w:fldSimple", "w:instrText", "<w:hyperlink") if tag in xml]


def test_a_list_of_issues_is_made_out_once_there_are_some(world: World) -> None:
    with pytest.raises(NoIssues):
        issue_list.export(world.session, world.open_list.projects[1], by=world.office.editor, at=NOW)
    with pytest.raises(NotYourRole):
        issue_list.export(world.session, project_of(world), by=world.office.publisher, at=NOW)


def test_outcomes_are_called_the_same_as_in_the_summary_of_opinions() -> None:
    assert issue_list.OUTCOMES == summary.OUTCOMES


def test_after_an_admission_the_plan_changes_only_in_a_further_round(world: World) -> None:
    with pytest.raises(DecidedNeedsRound):
        versions.refuse_if_closed(world.session, world.admitted, at=NOW)

    lists.second_round(
        world.session,
        world.ready.consultation,
        opens_at=NOW,
        closes_at=NOW + timedelta(days=30),
        by=world.open_list.published_by,
        at=NOW,
    )

    versions.refuse_if_closed(world.session, world.admitted, at=NOW)


@pytest.mark.parametrize(
    ("outcome", "refusal"),
    [(AdmissionOutcome.REFUSED, DecidedNeedsRound), (AdmissionOutcome.WITHDRAWN, ProjectIsOver)],
)
def test_a_refused_or_withdrawn_project_takes_no_version(
    world: World, outcome: AdmissionOutcome, refusal: type[Exception]
) -> None:
    confirm_gate(world.session, world.ready.open_list, world.ready.project, NOW)
    decide(world.session, world.ready.open_list, world.ready.project, NOW, outcome)

    with pytest.raises(refusal):
        versions.refuse_if_closed(world.session, world.ready.project, at=NOW)


def test_a_deferred_project_is_revised_further(world: World) -> None:
    confirm_gate(world.session, world.ready.open_list, world.ready.project, NOW)
    decide(world.session, world.ready.open_list, world.ready.project, NOW, AdmissionOutcome.DEFERRED)

    versions.refuse_if_closed(world.session, world.ready.project, at=NOW)


def test_a_project_that_a_notice_withdrew_takes_no_version(world: World) -> None:
    lists.interrupt(
        world.session,
        world.open_list.consultation,
        project=project_of(world),
        kind=InterruptionKind.WITHDRAWN,
        slug="chehui",
        title="关于撤回的公告",
        reason="申报单位撤回申报。",
        by=world.open_list.published_by,
        at=NOW,
    )

    with pytest.raises(ProjectIsOver):
        versions.refuse_if_closed(world.session, project_of(world), at=NOW)
    versions.refuse_if_closed(world.session, world.open_list.projects[1], at=NOW)
