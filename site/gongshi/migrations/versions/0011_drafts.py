"""Drafts and their steps."""

import sqlalchemy as sa
from alembic import op

from gongshi.append_only import once, protect
from gongshi.db import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ACTS = (
    "publish", "correct", "extend", "interrupt", "enter", "withhold", "redact", "answer", "revise", "judge", "decide",
    "record-event", "summarise",
)  # fmt: skip
KINDS = (
    "list", "notice", "correction", "extension", "second-round", "interruption", "letter", "withholding", "redaction",
    "answers", "revision", "judgement", "decision", "summary", "event", "scope-change",
)  # fmt: skip
STATES = ("draft", "submitted", "approved", "discarded")
STEPS = ("prepared", "amended", "taken-over", "submitted", "recalled", "given-back", "approved", "discarded")


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", _enum(KINDS, "draftkind"), nullable=False),
        sa.Column("act", _enum(ACTS, "act"), nullable=False),
        sa.Column("bureau_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("state", _enum(STATES, "draftstate"), nullable=False),
        sa.Column("prepared_by_id", sa.Uuid(), nullable=False),
        sa.Column("state_at", UtcDateTime(), nullable=False),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("results", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> prepared_by_id", name=op.f("ck_draft_two_people")
        ),
        sa.CheckConstraint(
            "(state = 'approved') = (approved_by_id IS NOT NULL)", name=op.f("ck_draft_approved_by_somebody")
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["staff_user.id"], name=op.f("fk_draft_approved_by_id_staff_user")),
        sa.ForeignKeyConstraint(["bureau_id"], ["bureau.id"], name=op.f("fk_draft_bureau_id_bureau")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_draft_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(["prepared_by_id"], ["staff_user.id"], name=op.f("fk_draft_prepared_by_id_staff_user")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_draft_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("number", name=op.f("uq_draft_number")),
    )
    op.create_index("ix_draft_listing", "draft", ["state", "number"])
    op.create_index(op.f("ix_draft_consultation_id"), "draft", ["consultation_id"])
    op.create_table(
        "draft_step",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", _enum(STEPS, "stepkind"), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["staff_user.id"], name=op.f("fk_draft_step_by_id_staff_user")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_step_draft_id_draft")),
        sa.PrimaryKeyConstraint("draft_id", "ordinal", name=op.f("pk_draft_step")),
    )
    protect(op.get_bind(), {"draft_step": ()})
    protect(op.get_bind(), {"draft": ()}, when=once("state IN ('approved', 'discarded')"))


def _enum(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32, create_constraint=True)
