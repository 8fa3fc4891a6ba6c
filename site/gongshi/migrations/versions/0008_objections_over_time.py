"""Objections placed under later, marked major, merged and split; texts that are worked on before they are approved."""

import sqlalchemy as sa
from alembic import op

from gongshi import filled_once
from gongshi.append_only import protect, unprotect
from gongshi.db import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# What is filled in once is no longer among the columns that never change.
PROTECTED = {
    "objection": (
        "consultation_id",
        "ordinal",
        "number",
        "title",
        "text",
        "worded_at",
        "worded_by_id",
        "split_from_id",
    ),
    "concern": ("objection_id", "project_id"),
}
FILLED_ONCE = {
    "objection": (
        "is_major",
        "unfounded_at",
        "unfounded_reason",
        "unfounded_approval_id",
        "retired_at",
        "retired_by_id",
        "merged_into_id",
    ),
    "concern": ("risk_key",),
}
OUTCOMES = ("adopted", "partly-adopted", "not-adopted", "explained", "out-of-scope")


def upgrade() -> None:
    _placements()
    _objections()
    _texts_worked_on()


def _placements() -> None:
    op.add_column("placement", sa.Column("placed_at", UtcDateTime(), nullable=True))
    _add_reference("placement", "placed_by_id", "staff_user")


def _objections() -> None:
    for name in PROTECTED:
        unprotect(op.get_bind(), name)
    op.add_column("objection", sa.Column("retired_at", UtcDateTime(), nullable=True))
    _add_reference("objection", "retired_by_id", "staff_user")
    for name in ("merged_into_id", "split_from_id"):
        _add_reference("objection", name, "objection")
        op.create_index(op.f(f"ix_objection_{name}"), "objection", [name])
    protect(op.get_bind(), PROTECTED)
    filled_once.protect(op.get_bind(), FILLED_ONCE)


def _texts_worked_on() -> None:
    op.create_table(
        "disposition_draft",
        sa.Column("objection_id", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(*OUTCOMES, name="outcome", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("is_unfounded", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        *_worked_on("disposition_draft"),
        sa.CheckConstraint("outcome IS NULL OR NOT is_unfounded", name=op.f("ck_disposition_draft_one_outcome")),
        sa.CheckConstraint(
            "NOT is_ready OR (length(reasons) > 0 AND (outcome IS NOT NULL OR is_unfounded))",
            name=op.f("ck_disposition_draft_ready_when_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["objection_id"], ["objection.id"], name=op.f("fk_disposition_draft_objection_id_objection")
        ),
        sa.PrimaryKeyConstraint("objection_id", name=op.f("pk_disposition_draft")),
    )
    op.create_table(
        "answer_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("comments", sa.JSON(), nullable=False),
        *_worked_on("answer_draft"),
        sa.CheckConstraint(
            "NOT is_ready OR (length(title) > 0 AND length(text) > 0)", name=op.f("ck_answer_draft_ready_when_whole")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_answer_draft_consultation_id_consultation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_draft")),
    )
    op.create_index(op.f("ix_answer_draft_consultation_id"), "answer_draft", ["consultation_id"])
    op.create_table(
        "answer_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bureau_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["bureau_id"], ["bureau.id"], name=op.f("fk_answer_template_bureau_id_bureau")),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["staff_user.id"], name=op.f("fk_answer_template_edited_by_id_staff_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_template")),
        sa.UniqueConstraint("bureau_id", "title", name=op.f("uq_answer_template_bureau_id_title")),
    )


def _worked_on(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("is_ready", sa.Boolean(), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["edited_by_id"], ["staff_user.id"], name=op.f(f"fk_{table}_edited_by_id_staff_user")),
    ]


def _add_reference(table: str, column: str, to: str) -> None:
    """A further column that names a row, without copying the table: its triggers stay."""
    name = op.f(f"fk_{table}_{column}_{to}")
    op.add_column(
        table, sa.Column(column, sa.Uuid(), sa.ForeignKey(f"{to}.id", name=name), nullable=True), inline_references=True
    )


def downgrade() -> None:
    raise NotImplementedError("what is on record is not taken back; restore a backup instead")
