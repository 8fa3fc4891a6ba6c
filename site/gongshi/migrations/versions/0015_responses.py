"""What is said to answers, appeals of withholdings and their decisions, disputes of names."""

import sqlalchemy as sa
from alembic import op

from gongshi.append_only import Unless, allowing, protect
from gongshi.db import UtcDateTime
from gongshi.migrations.choices import allow

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ACTS = (
    "publish", "correct", "extend", "interrupt", "enter", "withhold", "appeal", "redact", "erase", "answer", "revise",
    "judge", "decide", "record-event", "summarise",
)  # fmt: skip
DRAFTS = (
    "list", "notice", "correction", "extension", "second-round", "interruption", "letter", "withholding", "appeal",
    "redaction", "erasure", "answers", "revision", "judgement", "decision", "summary", "event", "scope-change",
)  # fmt: skip
PROTECTED: dict[str, tuple[str, ...]] = {
    "response": ("id", "comment_id", "objection_id", "answer_id", "is_satisfied", "recorded_at", "ledger_index"),
    "appeal": ("id", "withholding_id", "comment_id", "ordinal", "appealed_at", "ledger_index"),
    "dispute": ("id", "comment_id", "ordinal", "disputed_by", "disputed_at", "ledger_index"),
    "unsatisfied_response": (),
    "appeal_decision": (),
}
REASON_ERASED = Unless(
    "erased",
    ("reason", "reason_salt"),
    "((NEW.reason IS NOT DISTINCT FROM OLD.reason AND NEW.reason_salt IS NOT DISTINCT FROM OLD.reason_salt) "
    "OR (OLD.reason IS NOT NULL AND length(NEW.reason) = 0 AND length(NEW.reason_salt) = 0)) "
    "AND EXISTS (SELECT 1 FROM erasure e WHERE e.comment_id = NEW.comment_id "
    "AND replace(CAST(e.fields AS TEXT), '\"reasons\"', '') <> CAST(e.fields AS TEXT))",
)
WITHHELD_FOR = ("unlawful", "defamation", "personal-data", "secret", "advertising", "abuse")


def upgrade() -> None:
    connection = op.get_bind()
    allow(connection, "approval", "ck_approval_act", ACTS)
    allow(connection, "draft", "ck_draft_act", ACTS)
    allow(connection, "draft", "ck_draft_draftkind", DRAFTS)
    _create_responses()
    _create_appeals()
    _create_disputes()
    protect(connection, PROTECTED)
    for name in ("response", "appeal", "dispute"):
        for statement in allowing(name, connection.dialect.name, REASON_ERASED):
            connection.exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError("what is on record is not taken back; restore a backup instead")


def _create_responses() -> None:
    op.create_table(
        "response",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("objection_id", sa.Uuid(), nullable=True),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.Column("is_satisfied", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reason_salt", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("ledger_index", sa.Integer(), nullable=False),
        sa.CheckConstraint("(objection_id IS NULL) <> (answer_id IS NULL)", name=op.f("ck_response_to_one_answer")),
        sa.CheckConstraint("(reason IS NULL) = (reason_salt IS NULL)", name=op.f("ck_response_reason_salted")),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_response_answer_id_answer")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_response_comment_id_comment")),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name=op.f("fk_response_objection_id_objection")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
    )
    op.create_index("ix_response_objection", "response", ["objection_id", "comment_id", "ledger_index"])
    op.create_index("ix_response_answer", "response", ["answer_id", "comment_id", "ledger_index"])
    op.create_index("ix_response_comment", "response", ["comment_id", "ledger_index"])
    op.create_table(
        "unsatisfied_response",
        sa.Column("admission_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["admission_id"], ["admission.id"], name=op.f("fk_unsatisfied_response_admission_id_admission")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_unsatisfied_response_response_id_response")
        ),
        sa.PrimaryKeyConstraint("admission_id", "response_id", name=op.f("pk_unsatisfied_response")),
    )


def _create_appeals() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("withholding_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reason_salt", sa.LargeBinary(), nullable=True),
        sa.Column("appealed_at", UtcDateTime(), nullable=False),
        sa.Column("ledger_index", sa.Integer(), nullable=False),
        sa.CheckConstraint("(reason IS NULL) = (reason_salt IS NULL)", name=op.f("ck_appeal_reason_salted")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_appeal_comment_id_comment")),
        sa.ForeignKeyConstraint(
            ["withholding_id"], ["withholding.id"], name=op.f("fk_appeal_withholding_id_withholding")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("withholding_id", "ordinal", name=op.f("uq_appeal_withholding_id_ordinal")),
    )
    op.create_index(op.f("ix_appeal_comment_id"), "appeal", ["comment_id"])
    op.create_table(
        "appeal_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", _enum(("published", "kept"), "appealoutcome"), nullable=False),
        sa.Column("withheld_for", _enum(WITHHELD_FOR, "withholdingreason"), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=False),
        sa.Column("ledger_index", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'kept') = (withheld_for IS NOT NULL)", name=op.f("ck_appeal_decision_kept_for_a_reason")
        ),
        sa.CheckConstraint("length(reasons) > 0", name=op.f("ck_appeal_decision_with_reasons")),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_decision_appeal_id_appeal")),
        sa.ForeignKeyConstraint(["approval_id"], ["approval.id"], name=op.f("fk_appeal_decision_approval_id_approval")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_decision")),
        sa.UniqueConstraint("appeal_id", name=op.f("uq_appeal_decision_appeal_id")),
    )


def _create_disputes() -> None:
    op.create_table(
        "dispute",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("disputed_by", _enum(("receipt", "anybody"), "disputedby"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reason_salt", sa.LargeBinary(), nullable=True),
        sa.Column("disputed_at", UtcDateTime(), nullable=False),
        sa.Column("ledger_index", sa.Integer(), nullable=False),
        sa.CheckConstraint("(reason IS NULL) = (reason_salt IS NULL)", name=op.f("ck_dispute_reason_salted")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_dispute_comment_id_comment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("comment_id", "ordinal", name=op.f("uq_dispute_comment_id_ordinal")),
    )


def _enum(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32, create_constraint=True)
