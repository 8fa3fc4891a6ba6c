"""Files of notices: kept while other fields are wrong, shown in public with their hash, and only ever saved."""

import io
import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi import db
from gongshi.drafts.models import Draft
from gongshi.notices.models import Notice
from making import OpenList, make_open_list
from web.client import Client, Page
from web.staff import StaffClient, signed_in

NUMBER = "2026-SL-01"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
def opened(session: Session) -> OpenList:
    """A published list in the middle of its round."""
    with db.writing(session) as at:
        return make_open_list(session, at, number=NUMBER)


@pytest.fixture
def editor(app: Flask, opened: OpenList) -> StaffClient:
    return signed_in(app, opened.editor.login)


@pytest.fixture
def publisher(app: Flask, opened: OpenList) -> StaffClient:
    return signed_in(app, opened.publisher.login)


def kept(session: Session) -> Draft:
    """The draft that was made last, as it is now."""
    session.rollback()
    return session.scalars(select(Draft).order_by(Draft.number.desc()).limit(1)).one()


def field_of(page: Page, name: str) -> str:
    found = page.soup.select_one(f"[name={name}]")
    assert found is not None, name
    return str(found.get("value") or found.text).lstrip("\n")


def test_files_of_a_notice_are_kept_shown_with_their_hash_and_only_saved(
    client: Client, session: Session, editor: StaffClient, publisher: StaffClient, opened: OpenList
) -> None:
    filled = {"kind": "consultation", "of": NUMBER, "public": "at-once", "notice_title": "补充公告"}
    upload = {"uploads": (io.BytesIO(PDF), "附表.pdf")}
    page = editor.post("/workbench/notices/new", {**filled, "notice_body": "", **upload, "do": "submit"}, 422)
    ticked = page.soup.select_one("input[name=attached]")
    assert ticked is not None, "the file is kept although the text is missing"

    filled |= {"notice_body": "现补充如下。", "attached": ticked["value"]}
    address = editor.post("/workbench/notices/new", {**filled, "do": "submit"}).headers["Location"]
    draft = re.findall(r"[0-9]+", address)[-1]
    assert publisher.get(f"/workbench/notices/drafts/{draft}/files/1").response.get_data() == PDF
    publisher.post(f"{address}approve", {"shown": publisher.get(address).one("input[name=shown]")["value"]})

    session.rollback()
    notice = session.scalars(select(Notice)).one()
    page = client.get(f"/notices/{notice.slug}/")
    assert notice.attachments[0].sha256 in page.text
    file = client.get(f"/notices/{notice.slug}/files/1")
    assert file.response.get_data() == PDF
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Type"] == "application/pdf"
    assert notice.attachments[0].sha256 in file.headers["ETag"]
    client.get(f"/notices/{notice.slug}/files/2", 404)


def test_a_file_that_is_not_what_it_says_is_refused_at_its_field(editor: StaffClient, opened: OpenList) -> None:
    filled = {"kind": "consultation", "of": "", "public": "at-once", "notice_title": "公告", "notice_body": "正文。"}
    upload = {"uploads": (io.BytesIO(b"<html></html>"), "附表.pdf")}

    page = editor.post("/workbench/notices/new", {**filled, **upload, "do": "submit"}, 422)

    assert page.soup.select_one("#uploads-wrong") is not None
    assert "正文。" in page.text


def test_a_made_up_hash_brings_no_file(session: Session, editor: StaffClient, opened: OpenList) -> None:
    filled = {"kind": "call", "of": "", "public": "at-once", "notice_title": "公告", "notice_body": "正文。"}

    editor.post("/workbench/notices/new", {**filled, "attached": f'["{"ab" * 32}", "x.pdf"]', "do": "save"})

    assert kept(session).contents["notice"]["attachments"] == []


def test_a_text_is_taken_from_a_file(editor: StaffClient, opened: OpenList) -> None:
    filled = {"kind": "call", "of": "", "public": "at-once", "do": "import"}
    upload = {"imported": (io.BytesIO("# 申报通知\n\n现开始申报。\n".encode()), "通知.md")}

    page = editor.post("/workbench/notices/new", {**filled, **upload}, 200)

    assert field_of(page, "notice_title") == "申报通知"
    assert "现开始申报。" in field_of(page, "notice_body")
