"""Rule 1, at the database: what is published is neither changed nor deleted, whoever holds the connection."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from acts import NOW, VERBS, hands_for
from acts_erasing import told_and_erased
from acts_second_thoughts import replaced_after_it_was_read
from contesting import contested
from returned_texts import return_a_text
from sqlalchemy import ColumnElement, Connection, Engine, Executable, Row, Table, delete, select, text, true, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from test_announcing_rules import TEXT, answering, decided
from test_drafts_rules import approved

from gongshi import db
from gongshi.admissions.actions import announce
from gongshi.comments import desk, network_rules
from gongshi.comments.network_models import RuleKind
from gongshi.migrations.tables import metadata
from gongshi.sealing import KeyRing
from making_world import make_world

WHOLE: frozenset[str] = frozenset()
# The tables of record; where only some columns never change, those.
PROTECTED: dict[str, frozenset[str]] = {
    "admission": WHOLE,
    "announcement": WHOLE,
    "answer": WHOLE,
    "answer_placement": WHOLE,
    **dict.fromkeys(("appeal", "appeal_decision", "dispute", "response", "unsatisfied_response"), WHOLE),
    "approval": WHOLE,
    "basis": WHOLE,
    "cause": WHOLE,
    "change": WHOLE,
    "comment": frozenset(
        {
            "submission_id",
            "consultation_id",
            "seq",
            "number",
            "kind",
            "text",
            "resolution",
            "text_salt",
            "resolution_salt",
            "text_ordinal",
            "project_id",
            "version_id",
            "paragraph_key",
            "received_at",
            "ledger_index",
        }
    ),
    "comment_note": frozenset({"id", "comment_id", "text", "written_at", "written_by_id"}),
    "comment_text_change": WHOLE,
    "correction": WHOLE,
    "corrected_institution": WHOLE,
    **dict.fromkeys(("consultation", "consultation_bureau", "project", "partner"), WHOLE),
    "concern": frozenset({"objection_id", "project_id"}),
    "disposition": WHOLE,
    **dict.fromkeys(("draft", "draft_step"), WHOLE),
    "earlier_text": WHOLE,
    "erasure": WHOLE,
    "gate_run": WHOLE,
    "interruption": WHOLE,
    "issue_list_export": WHOLE,
    "ledger_entry": WHOLE,
    "ledger_node": WHOLE,
    "lifecycle_event": WHOLE,
    "name_consent": frozenset({"comment_id", "given_at"}),
    "notice": WHOLE,
    "notice_attachment": WHOLE,
    "objection": frozenset(
        ["consultation_id", "ordinal", "number", "title", "text", "worded_at", "worded_by_id", "split_from_id"]
    ),
    "paragraph": WHOLE,
    "placement": WHOLE,
    "plan_version": frozenset(["project_id", "number", "title", "summary", "sha256"]),
    "redaction": frozenset(
        {
            "id",
            "comment_id",
            "ordinal",
            "spans",
            "reason",
            "redacted_at",
            "approval_id",
            "shown_text",
            "shown_resolution",
        }
    ),
    "returned_version": WHOLE,
    "revision": WHOLE,
    "risk": WHOLE,
    "risk_judgement": WHOLE,
    "round": frozenset(["consultation_id", "ordinal", "opens_at", "short_period_reason", "scheduled_at", "project_id"]),
    "round_extension": WHOLE,
    "network_rule": frozenset(["bureau_id", "kind", "network", "reason", "from_at", "until_at", "made_by_id"]),
    "staff_audit": WHOLE,
    "submission": frozenset(
        {
            "id",
            "consultation_id",
            "round_id",
            "submission_key",
            "body_sha256",
            "receipt_number",
            "secret_sha256",
            "channel",
            "received_at",
            "entered_approval_id",
        }
    ),
    "withholding": WHOLE,
}

DONE_BESIDES = (
    "correct values of a list",
    "extend a round",
    "withhold a comment",
    "suspend a list",
    "record a life-cycle event",
)
SWEEPING = {
    "sqlite": 'INSERT OR REPLACE INTO "{0}" SELECT * FROM "{0}"',
    "postgresql": 'TRUNCATE "{0}" CASCADE',
}


@pytest.fixture
def connection(any_engine: Engine, tmp_path: Path) -> Iterator[Connection]:
    """The world on either database, and a hand that knows SQL."""
    with Session(any_engine) as session, db.writing(session):
        world = make_world(session)
        contested(world)
        replaced_after_it_was_read(world)
        told_and_erased(world, KeyRing.load_or_create(tmp_path / "personal"))
        for name in (*DONE_BESIDES, "redact a comment"):
            VERBS[name].do(world, hands_for(VERBS[name].act, world))
        announce(session, decided(world), TEXT, by=answering(world), at=NOW)
        approved(world)
        desk.note(session, world.published, text="请复核。", by=world.office.analyst, at=NOW)
        return_a_text(world)
        rule = {"network": "203.0.113.7", "reason": "公共图书馆的共用出口。", "until": NOW + timedelta(days=7)}
        network_rules.lay_down(session, RuleKind.ALLOW, **rule, by=world.office.publisher, at=NOW)
    with any_engine.connect() as connection:
        yield connection
        connection.rollback()


def test_no_row_of_record_is_changed_deleted_or_swept_away(connection: Connection, subtests: pytest.Subtests) -> None:
    for name, columns in PROTECTED.items():
        held = metadata.tables[name]
        row = _a_row(connection, held)
        for changed in columns or held.columns.keys():
            with subtests.test(f"{name}.{changed} is changed"):
                assert _refused(connection, _only(row, update(held)).values({changed: row._mapping[changed]}))
        with subtests.test(f"{name} is deleted"):
            assert _refused(connection, _only(row, delete(held)))
        with subtests.test(f"{name} is replaced or swept away"):
            assert _refused(connection, text(SWEEPING[connection.dialect.name].format(name)))


def test_what_may_still_be_filled_in_is_not_refused(connection: Connection) -> None:
    comment = metadata.tables["comment"]

    changed = connection.execute(update(comment).values(state_at=comment.c.received_at))

    assert changed.rowcount > 0


def test_a_closing_is_never_moved_forward_by_hand(connection: Connection) -> None:
    held = metadata.tables["round"]
    row = _a_row(connection, held)._mapping

    earlier = update(held).where(held.c.id == row["id"]).values(closes_at=row["closes_at"] - timedelta(days=1))

    assert _refused(connection, earlier)
    assert connection.execute(earlier.values(closes_at=row["closes_at"] + timedelta(days=1))).rowcount == 1


def test_a_list_that_nobody_published_yet_can_still_be_put_right(connection: Connection) -> None:
    consultation, project = metadata.tables["consultation"], metadata.tables["project"]
    draft = connection.execute(select(consultation.c.id).where(consultation.c.published_at.is_(None))).scalars().first()

    rows = update(project).where(project.c.consultation_id == draft).values(name="改过的名称")
    titles = update(consultation).where(consultation.c.id == draft).values(title="改过的标题")

    assert connection.execute(rows).rowcount == 2
    assert connection.execute(titles).rowcount == 1


def test_every_protected_table_is_tried() -> None:
    protected = {found.name for found in metadata.sorted_tables if found.dispatch.after_create}

    assert protected == set(PROTECTED)


def _a_row(connection: Connection, held: Table) -> Row[tuple[object, ...]]:
    row = connection.execute(select(held).where(_is_published(held)).limit(1)).first()
    assert row is not None, f"the world holds no {held.name}"
    return row


def _is_published(held: Table) -> ColumnElement[bool]:
    """Rows of a list are protected from its publication on."""
    consultation, project = metadata.tables["consultation"], metadata.tables["project"]
    published = select(consultation.c.id).where(consultation.c.published_at.is_not(None))
    conditions: dict[str, ColumnElement[bool]] = {
        "consultation": consultation.c.id.in_(published),
        "consultation_bureau": metadata.tables["consultation_bureau"].c.consultation_id.in_(published),
        "draft": metadata.tables["draft"].c.state == "approved",
        "submission": metadata.tables["submission"].c.body_sha256 != "",  # Where its text was erased, it is empty.
        "project": project.c.consultation_id.in_(published),
        "partner": metadata.tables["partner"].c.project_id.in_(
            select(project.c.id).where(project.c.consultation_id.in_(published))
        ),
    }
    return conditions.get(held.name, true())


def _only(row: Row[tuple[object, ...]], statement: Any) -> Any:
    return statement.where(*(key == row._mapping[key.name] for key in statement.table.primary_key))


def _refused(connection: Connection, statement: Executable) -> bool:
    """Whether the database refuses, in words of ours; whatever happens is undone."""
    step = connection.begin_nested()
    try:
        connection.execute(statement)
    except DBAPIError as error:
        return "is append-only" in str(error)
    finally:
        step.rollback()
    return False
