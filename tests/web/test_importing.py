"""An editor brings a list of projects in: template, preview, decisions; nothing is stored until all is right."""

import io
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from gongshi import clock, db
from gongshi.consultations.models import Consultation
from gongshi.projects import actions, queries
from gongshi.projects.models import Category
from making import make_draft, make_office, make_open_list
from web.client import Page
from web.staff import StaffClient, signed_in

sys.path.append(str(Path(__file__).parents[1] / "domain" / "imports"))
from spreadsheets import good_rows, table, workbook

NUMBER = "2026-SL-09"
DESK = f"/workbench/consultations/{NUMBER}"


@dataclass
class Desk:
    """A list that is not public yet, and the people of its bureau."""

    session: Session
    editor: StaffClient
    publisher: StaffClient
    stranger: StaffClient

    @property
    def consultation(self) -> Consultation:
        self.session.rollback()
        return self.session.query(Consultation).filter_by(number=NUMBER).one()

    def listed(self) -> list[tuple[int, str]]:
        return [(one.number, one.name) for one in queries.of_list(self.session, self.consultation)]

    def upload(self, name: str, data: bytes, status: int = 200) -> Page:
        return self.editor.post(f"{DESK}/import", {"file": (io.BytesIO(data), name)}, status)


@pytest.fixture
def desk(app: Flask, session: Session) -> Desk:
    with db.writing(session) as at:
        office, other = make_office(session, at), make_office(session, at)
        make_draft(session, office, number=NUMBER, project_count=0)
        make_open_list(session, clock.now(), number="2026-SL-01", office=office)
        actions.register(session, name="示例证券", category=Category.SECURITIES)
        actions.register(session, name="示例科技", category=Category.TECHNOLOGY)
        people = [one.id for one in (office.editor, office.publisher, other.editor)]
    return Desk(session, *(signed_in(app, one) for one in people))


def test_a_spreadsheet_of_sixteen_is_stored_in_two_steps(desk: Desk) -> None:
    page = desk.upload("名单.xlsx", workbook(good_rows()))

    assert desk.listed() == []
    assert len(page.all(".sheet-read tbody tr")) == 16

    form = page.fields("form[action$='/import/store']")
    done = desk.editor.send(f"{DESK}/import/store", form)

    assert [number for number, _ in desk.listed()] == list(range(1, 17))
    assert "16" in done.texts(".flash")[0]


def test_a_fault_is_shown_at_its_cell_and_the_summary_leads_there(desk: Desk) -> None:
    rows = good_rows(3)
    page = desk.upload("名单.xlsx", workbook([*rows[:1], (1, "", "示例证券"), *rows[2:]]), 422)

    assert {"#cell-A3", "#cell-B3"} <= set(page.links("#faults"))
    assert "A2" in page.one("#cell-A3").get_text()
    assert not page.all("form[action$='/import/store']")
    assert desk.listed() == []


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        pytest.param("名单.xlsx", b"", "空", id="empty"),
        pytest.param("名单.csv", workbook(good_rows(1)), "csv", id="a workbook called csv"),
        pytest.param("名单.xlsx", workbook([row[:3] for row in good_rows(2_000)]), "500", id="2,000 rows"),
        pytest.param("名单.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "2007", id="an old file"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(desk: Desk, name: str, data: bytes, said: str) -> None:
    page = desk.upload(name, data, 422)

    assert said in page.one("#faults").get_text()


def test_without_a_file_the_form_says_so(desk: Desk) -> None:
    page = desk.editor.post(f"{DESK}/import", {}, 422)

    assert page.links("#faults") == ["#file"]


def test_a_new_institution_wants_a_decision_and_a_slip_of_the_pen_becomes_the_one_that_was_meant(desk: Desk) -> None:
    rows = [(1, "甲", "示例证卷"), (2, "乙", "示例新银行", "银行"), (3, "丙", "示例证券", "", "某新机构")]
    page = desk.upload("名单.csv", table(rows, encoding="gbk"))
    form = page.fields("form[action$='/import/store']")

    assert form["as:示例新银行"] == "new:银行"
    assert (form["as:示例证卷"], form["as:某新机构"]) == ("", "")

    refused = desk.editor.post(f"{DESK}/import/store", form, 422)
    again = refused.fields("form[action$='/import/store']")
    assert len(refused.links("#faults")) == 2
    assert again["as:示例新银行"] == "new:银行"
    assert desk.listed() == []

    desk.editor.post(f"{DESK}/import/store", {**again, "as:示例证卷": "known:示例证券", "as:某新机构": "new:其他"}, 303)
    stored = queries.of_list(desk.session, desk.consultation)
    assert [one.name for project in stored for one in project.institutions] == [
        "示例证券",
        "示例新银行",
        "示例证券",
        "某新机构",
    ]
    made = queries.institution_named(desk.session, "某新机构")
    assert made is not None
    assert made.category is Category.OTHER


@pytest.mark.parametrize("answer", ["known:示例科技", "new:没有这一类", "示例证券"])
def test_only_an_offered_answer_counts(desk: Desk, answer: str) -> None:
    form = desk.upload("名单.xlsx", workbook([(1, "甲", "示例证卷")])).fields("form[action$='/import/store']")

    desk.editor.post(f"{DESK}/import/store", {**form, "as:示例证卷": answer}, 422)

    assert desk.listed() == []


def test_what_was_shown_cannot_be_altered_on_the_way(desk: Desk) -> None:
    form = desk.upload("名单.xlsx", workbook(good_rows(1))).fields("form[action$='/import/store']")
    altered = form["rows"][:-3] + ("aaa" if not form["rows"].endswith("aaa") else "bbb")

    page = desk.editor.send(f"{DESK}/import/store", {"rows": altered})

    assert page.all(".flash.trouble")
    assert desk.listed() == []


def test_storing_once_more_changes_nothing_and_another_file_replaces_rows_by_their_number(desk: Desk) -> None:
    form = desk.upload("名单.xlsx", workbook(good_rows(2))).fields("form[action$='/import/store']")
    desk.editor.post(f"{DESK}/import/store", form, 303)
    desk.editor.post(f"{DESK}/import/store", form, 303)

    page = desk.upload("名单.xlsx", workbook([(2, "改名的项目", "示例证券")]))
    desk.editor.post(f"{DESK}/import/store", page.fields("form[action$='/import/store']"), 303)

    assert len(page.all("#remarks + ul li")) == 2
    assert desk.listed() == [(1, "第1号示例项目"), (2, "改名的项目")]


def test_the_template_is_a_workbook_to_fill_in(desk: Desk) -> None:
    answer = desk.editor.get(f"{DESK}/import/project-list-template.xlsx").response

    assert answer.headers["Content-Disposition"].startswith("attachment")
    book = load_workbook(io.BytesIO(answer.get_data()))
    assert book["项目清单"]["B1"].value == "项目名称"
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]


def test_a_public_list_takes_no_import(desk: Desk) -> None:
    page = desk.editor.post(
        "/workbench/consultations/2026-SL-01/import", {"file": (io.BytesIO(workbook(good_rows(1))), "名单.xlsx")}
    )

    assert re.search("/projects$", page.headers["Location"])


def test_only_editors_of_the_bureau_import(desk: Desk) -> None:
    desk.publisher.get(f"{DESK}/import")
    desk.publisher.post(f"{DESK}/import", {}, 403)
    desk.publisher.post(f"{DESK}/import/store", {}, 403)
    desk.stranger.get(f"{DESK}/import", 404)
    desk.stranger.post(f"{DESK}/import", {}, 404)
