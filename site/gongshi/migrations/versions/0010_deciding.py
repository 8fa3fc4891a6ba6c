"""Decisions over time, reminders."""

from datetime import timedelta
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from gongshi.append_only import protect
from gongshi.db import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Days from the closing of a round, as they were when this step was written.
OFFSETS = {
    "closes-in-7": -7,
    "closes-in-3": -3,
    "closes-in-1": -1,
    "comments-left": 0,
    "summary-15": 15,
    "summary-30": 30,
}


def upgrade() -> None:
    op.create_table(
        "announcement",
        sa.Column("admission_id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["admission_id"], ["admission.id"], name=op.f("fk_announcement_admission_id_admission")
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_announcement_notice_id_notice")),
        sa.PrimaryKeyConstraint("admission_id", name=op.f("pk_announcement")),
    )
    op.create_index(op.f("ix_announcement_notice_id"), "announcement", ["notice_id"], unique=False)
    protect(op.get_bind(), {"announcement": ()})
    _create_reminders()


def downgrade() -> None:
    raise NotImplementedError("what is on record is not taken back; restore a backup instead")


def _create_reminders() -> None:
    reminder = op.create_table(
        "reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*OFFSETS, name="reminderkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("dismissed_at", UtcDateTime(), nullable=True),
        sa.Column("dismissed_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(dismissed_at IS NULL) = (dismissed_by_id IS NULL)", name=op.f("ck_reminder_dismissed_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["dismissed_by_id"], ["staff_user.id"], name=op.f("fk_reminder_dismissed_by_id_staff_user")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_reminder_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("round_id", "kind", name=op.f("uq_reminder_round_id_kind")),
    )
    op.create_index(op.f("ix_reminder_due_at"), "reminder", ["due_at"], unique=False)

    rounds = sa.table("round", sa.column("id", sa.Uuid()), sa.column("closes_at", UtcDateTime()))
    rows = [
        {"id": uuid4(), "round_id": id, "kind": kind, "due_at": closes_at + timedelta(days=days)}
        for id, closes_at in op.get_bind().execute(sa.select(rounds.c.id, rounds.c.closes_at))
        for kind, days in OFFSETS.items()
    ]
    if rows:
        op.bulk_insert(reminder, rows)
