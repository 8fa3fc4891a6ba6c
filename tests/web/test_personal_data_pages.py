"""Names, contacts and erasures on the pages: who sees what, and that nothing of it lies where it does not belong."""

import json
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from config import Config
from gongshi import clock, db
from gongshi.accounts.audit import AuditKind, StaffAudit
from gongshi.comments import actions, personal
from gongshi.comments.dispute_models import DisputedBy
from gongshi.comments.disputing import dispute
from gongshi.comments.erasure_models import Erasure
from gongshi.comments.models import Comment
from gongshi.comments.personal_models import PersonalDetail
from gongshi.drafts.models import Draft
from gongshi.ledger.models import LedgerEntry
from gongshi.sealing import KeyRing
from gongshi.web.db import db as site
from gongshi.web.keeping import Retention
from gongshi.web.keys import personal_folder, personal_ring
from making import OpenList
from web.client import Client, Page
from web.commenting_people import Person, open_list, receipt
from web.staff import StaffClient, signed_in

# Words that occur nowhere else.
NAME, CONTACT, TEXT = "金丝雀姓名", "jinsique-19900000000", "金丝雀正文：请公布模型复核的结果。"
SAID = "金丝雀理由：这不是我写的。"
COMMENT = "2026-SL-01-0001"
DESK = f"/workbench/consultations/2026-SL-01/triage/?comment={COMMENT}"
ERASURE = f"/workbench/consultations/2026-SL-01/erasure?comment={COMMENT}"
ORDER = "（2026）示例民初1号"


@pytest.fixture
def opened(session: Session) -> OpenList:
    return open_list(session)


@pytest.fixture
def sent(client: Client, opened: OpenList) -> Page:
    """Somebody has sent a comment with name and contact, and agreed that the name is shown."""
    assert opened
    return Person.opens(client).sends(text=TEXT, name=NAME, contact=CONTACT, publish_name="yes")


@pytest.fixture
def analyst(app: Flask, opened: OpenList) -> StaffClient:
    return signed_in(app, opened.analyst)


def run(app: Flask, *command: str) -> Result:
    with app.app_context():
        return app.test_cli_runner().invoke(args=command)


def publish(session: Session, opened: OpenList) -> None:
    session.rollback()
    with db.writing(session) as at:
        actions.publish(session, the_comment(session), by=opened.analyst, at=at)


def the_comment(session: Session) -> Comment:
    return session.scalars(select(Comment)).one()


def by_receipt(client: Client, sent: Page, act: str = "", status: int = 200) -> Page:
    number, secret = receipt(sent)
    filled = {"number": number, "secret": secret, "comment": COMMENT}
    return client.post(f"/receipts/{act}", filled, status=status)


def erased(app: Flask, analyst: StaffClient, opened: OpenList, session: Session, *fields: str) -> None:
    """What two people do on the workbench."""
    analyst.send(ERASURE, {"fields": list(fields), "reason": "court-order", "order_number": ORDER, "do": "submit"})
    session.rollback()
    draft = session.scalars(select(Draft)).one()
    publisher = signed_in(app, opened.publisher)
    review = publisher.get(f"/workbench/drafts/{draft.number}/")
    publisher.send(f"/workbench/drafts/{draft.number}/approve", {"shown": review.one("input[name=shown]")["value"]})


def test_a_canary_is_found_only_where_it_was_meant_to_be(
    client: Client,
    app: Flask,
    config: Config,
    opened: OpenList,
    session: Session,
    analyst: StaffClient,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    Person.opens(client).sends(text=TEXT, name=NAME, contact=CONTACT)
    publish(session, opened)
    run(app, "search", "drain")

    pages = [
        client.get(address).text
        for address in (
            f"/comments/{COMMENT}/", "/consultations/2026-SL-01/comments/", "/consultations/2026-SL-01/", "/ledger/",
            "/search?q=金丝雀", "/",
        )
    ]  # fmt: skip
    pages += [analyst.get(address).text for address in (DESK, "/workbench/", "/workbench/drafts/")]
    pages += [str(session.scalars(select(LedgerEntry.body)).all()), caplog.text]
    files = [path.read_bytes() for path in _files(config)]

    for canary in (NAME, CONTACT):
        assert not [page[:80] for page in pages if canary in page]
        assert not [data[:16] for data in files if canary.encode() in data]
    # The control: the text is public, and so it is found.
    assert any(TEXT in page for page in pages)
    assert any(TEXT.encode() in data for data in files)


def _files(config: Config) -> list[Path]:
    folders = (config.DATA_DIR, config.SEARCH_INDEX_DIR)
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def test_a_name_is_shown_as_claimed_once_the_comment_is_published(
    client: Client, sent: Page, session: Session, opened: OpenList
) -> None:
    assert NAME not in client.get(f"/comments/{COMMENT}/").text

    publish(session, opened)

    page = client.get(f"/comments/{COMMENT}/")
    assert NAME in page.words
    assert "自称" in page.words
    assert "as claimed by the sender" in client.get(f"/en/comments/{COMMENT}/").words
    assert CONTACT not in page.text
    assert NAME not in client.get("/consultations/2026-SL-01/comments/").text


def test_the_holder_of_the_receipt_sees_what_is_kept_and_hides_the_name(
    client: Client, sent: Page, session: Session, opened: OpenList
) -> None:
    publish(session, opened)
    page = by_receipt(client, sent)
    assert NAME in page.one(f"#personal-{COMMENT}").get_text()
    assert CONTACT in page.one(f"#personal-{COMMENT}").get_text()

    page = by_receipt(client, sent, "hide-name")

    assert page.one(".said").get_text()
    assert NAME not in client.get(f"/comments/{COMMENT}/").text
    assert NAME in page.one(f"#personal-{COMMENT}").get_text()
    by_receipt(client, sent, "hide-name", status=409)


def test_the_holder_of_the_receipt_deletes_name_and_contact_at_once(
    client: Client, sent: Page, session: Session, config: Config
) -> None:
    page = by_receipt(client, sent, "forget")

    assert NAME not in page.text
    assert CONTACT not in page.text
    session.rollback()
    assert session.scalar(select(func.count()).select_from(PersonalDetail)) == 0
    assert the_comment(session).text == TEXT
    told = [json.loads(line) for line in (config.DATA_DIR / "erased.jsonl").read_text().splitlines()]
    assert [(one["kind"], one["comment"], one["fields"]) for one in told] == [
        ("forgotten", COMMENT, ["name", "contact"])
    ]
    by_receipt(client, sent, "forget", status=409)


def test_without_the_secret_nobody_does_either(client: Client, sent: Page, session: Session) -> None:
    number, _ = receipt(sent)

    for act in ("hide-name", "forget"):
        client.post(f"/receipts/{act}", {"number": number, "secret": "0" * 26, "comment": COMMENT}, status=404)

    session.rollback()
    assert personal.consent(session, the_comment(session)) is not None
    assert session.scalar(select(func.count()).select_from(PersonalDetail)) == 2


def test_an_analyst_reads_name_and_contact_on_purpose_and_that_is_noted(
    analyst: StaffClient, sent: Page, session: Session, opened: OpenList
) -> None:
    desk = analyst.get(DESK)
    assert NAME not in desk.text
    assert "显示姓名和联系方式" in desk.words

    page = analyst.post(f"/workbench/comments/{COMMENT}/person", {}, 200)

    assert NAME in page.words
    assert CONTACT in page.words
    assert page.headers["Cache-Control"] == "no-store"
    session.rollback()
    noted = session.scalars(select(StaffAudit).where(StaffAudit.kind == AuditKind.PERSONAL_DATA_READ)).one()
    assert (noted.actor_id, noted.details) == (opened.analyst.id, {"comment": COMMENT})


@pytest.mark.parametrize("who", ["editor", "publisher"])
def test_nobody_else_of_the_bureau_reads_them(
    app: Flask, sent: Page, session: Session, opened: OpenList, who: str
) -> None:
    other = signed_in(app, getattr(opened, who))

    page = other.post(f"/workbench/comments/{COMMENT}/person", {}, 403)

    assert NAME not in page.text
    session.rollback()
    assert not session.scalars(select(StaffAudit).where(StaffAudit.kind == AuditKind.PERSONAL_DATA_READ)).all()


def test_where_nothing_was_told_there_is_no_button_and_the_address_says_so(
    client: Client, analyst: StaffClient, opened: OpenList
) -> None:
    Person.opens(client).sends(text=TEXT)

    assert "显示姓名和联系方式" not in analyst.get(DESK).words
    analyst.post(f"/workbench/comments/{COMMENT}/person", {}, 409)


def test_an_erasure_by_two_people_leaves_a_tombstone_with_reason_and_hash(
    app: Flask, client: Client, sent: Page, analyst: StaffClient, opened: OpenList, session: Session, config: Config
) -> None:
    publish(session, opened)
    committed = json.loads(session.get_one(LedgerEntry, the_comment(session).ledger_index).body)["subject"]["c"]

    erased(app, analyst, opened, session, "text", "name", "contact")

    page = client.get(f"/comments/{COMMENT}/")
    for words in ("已删除", "法院", committed["text"], committed["name"]):
        assert words in page.words
    assert ORDER not in page.text
    for address in (f"/comments/{COMMENT}/", f"/en/comments/{COMMENT}/", "/consultations/2026-SL-01/comments/"):
        assert not [one for one in (TEXT, NAME) if one in client.get(address).text]
    assert TEXT not in analyst.get(DESK).text
    assert committed["text"] in by_receipt(client, sent).text
    told = json.loads((config.DATA_DIR / "erased.jsonl").read_text())
    assert (told["comment"], told["fields"], told["order_number"]) == (COMMENT, ["text", "name", "contact"], ORDER)


def test_who_erases_a_text_reads_the_reasons_that_go_with_it(
    app: Flask, sent: Page, analyst: StaffClient, opened: OpenList, session: Session
) -> None:
    assert sent
    publish(session, opened)
    session.rollback()
    with db.writing(session) as at:
        dispute(session, the_comment(session), disputed_by=DisputedBy.ANYBODY, reason=SAID, at=at)
    contested = "/workbench/consultations/2026-SL-01/contested/"
    assert SAID in analyst.get(ERASURE).words
    assert SAID in analyst.get(contested).words

    erased(app, analyst, opened, session, "text")

    assert SAID not in analyst.get(contested).text
    assert "说明已删除" in analyst.get(contested).words
    draft = session.scalars(select(Draft)).one()
    assert SAID not in analyst.get(f"/workbench/drafts/{draft.number}/").text
    session.rollback()
    assert session.scalars(select(Erasure)).one().fields == ["text", "reasons"]


def test_what_is_missing_in_an_erasure_is_said_and_what_was_typed_stays(analyst: StaffClient, sent: Page) -> None:
    page = analyst.post(ERASURE, {"fields": ["text"], "reason": "court-order", "do": "submit"}, 422)

    assert page.one("#order_number-wrong").get_text()
    assert page.one("input[name=fields][value=text]").has_attr("checked")
    page = analyst.post(ERASURE, {"order_number": ORDER, "do": "submit"}, 422)
    assert page.one("#order_number")["value"] == ORDER
    assert page.all("#fields-wrong")
    assert page.all("#reason-wrong")


def test_after_an_erasure_the_bytes_are_in_no_file(
    app: Flask, client: Client, sent: Page, analyst: StaffClient, opened: OpenList, session: Session, config: Config
) -> None:
    publish(session, opened)
    run(app, "search", "drain")
    assert any(TEXT.encode() in path.read_bytes() for path in _files(config))

    erased(app, analyst, opened, session, "text")
    session.rollback()
    shredded = run(app, "comments", "shred")

    assert shredded.exit_code == 0, shredded.output
    assert not [path.name for path in _files(config) if TEXT.encode() in path.read_bytes()]


def test_a_restored_backup_erases_again_before_it_is_served(
    app: Flask, client: Client, sent: Page, analyst: StaffClient, opened: OpenList, session: Session,
    config: Config, engine: Engine, tmp_path: Path,
) -> None:  # fmt: skip
    publish(session, opened)
    session.rollback()
    backup = tmp_path / "backup.db"
    with engine.connect() as connection:
        connection.connection.execute(f"VACUUM INTO '{backup}'")
    erased(app, analyst, opened, session, "text", "contact")
    by_receipt(client, sent, "hide-name")
    session.close()
    engine.dispose()
    _restore(app, config, backup)
    assert "brought back 2" in run(app, "doctor").output
    assert TEXT in client.get(f"/comments/{COMMENT}/").text

    again = run(app, "comments", "re-erase")

    assert again.exit_code == 0, again.output
    assert "2 erasures" in again.output
    page = client.get(f"/comments/{COMMENT}/", v=2)
    assert not [one for one in (TEXT, NAME) if one in page.text]
    assert "what was erased is erased" in run(app, "doctor").output
    assert "0 erasures" in run(app, "comments", "re-erase").output
    assert len((config.DATA_DIR / "erased.jsonl").read_text().splitlines()) == 2


def _restore(app: Flask, config: Config, backup: Path) -> None:
    with app.app_context():
        site.session.remove()
        site.engine.dispose()
    database = config.DATA_DIR / "gongshi.db"
    for ending in ("-wal", "-shm"):
        Path(f"{database}{ending}").unlink(missing_ok=True)
    database.write_bytes(backup.read_bytes())


def test_keys_are_listed_rotated_and_looked_after(
    app: Flask, config: Config, client: Client, sent: Page, session: Session
) -> None:
    before = KeyRing(personal_folder(config)).ids()
    assert f"{before[0]}  2 fields" in run(app, "keys", "list").output

    rotated = run(app, "keys", "rotate-personal")

    assert rotated.exit_code == 0, rotated.output
    after = KeyRing(personal_folder(config)).ids()
    assert len(after) == 1
    assert after != before
    session.rollback()
    told = personal.read_own(session, the_comment(session), personal_ring(config))
    assert list(told.values()) == [NAME, CONTACT]
    assert "every name and contact has its key" in run(app, "doctor").output


def test_a_rotation_that_was_stopped_goes_on_where_it_stood(
    app: Flask, config: Config, client: Client, sent: Page
) -> None:
    fresh = personal_ring(config).add()
    assert "was not finished" in run(app, "doctor").output

    run(app, "keys", "rotate-personal")

    assert KeyRing(personal_folder(config)).ids() == [fresh]


def test_a_lost_key_is_named_by_the_doctor_and_the_pages_still_open(
    app: Flask, config: Config, client: Client, sent: Page, session: Session, opened: OpenList, analyst: StaffClient
) -> None:
    publish(session, opened)
    lost = KeyRing(personal_folder(config)).ids()[0]
    (personal_folder(config) / f"{lost}.key").unlink()

    assert lost in run(app, "doctor").output
    assert TEXT in client.get(f"/comments/{COMMENT}/").text
    by_receipt(client, sent)
    analyst.post(f"/workbench/comments/{COMMENT}/person", {}, 500)


def test_the_chore_deletes_what_was_kept_long_enough(
    app: Flask, client: Client, sent: Page, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    chore = Retention()
    with app.app_context():
        assert not chore.waits(session)
        session.rollback()
        later = clock.now() + timedelta(days=31 + 366)
        monkeypatch.setattr(clock, "now", lambda: later)
        chore = Retention()
        assert chore.waits(session)
        with db.writing(session):
            assert chore.do(session) == 2
        assert not chore.waits(session)
    assert session.scalar(select(func.count()).select_from(PersonalDetail)) == 0
