"""The log, the outbox and the staff."""

import sqlalchemy as sa
from alembic import op

from gongshi.append_only import protect
from gongshi.db import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PROTECTED: dict[str, tuple[str, ...]] = {"approval": (), "ledger_entry": (), "ledger_node": ()}


def upgrade() -> None:
    op.create_table(
        "bureau",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bureau")),
        sa.UniqueConstraint("name", name=op.f("uq_bureau_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_bureau_slug")),
    )
    op.create_table(
        "last_instant",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_last_instant")),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "consultation.published",
                "consultation.corrected",
                "consultation.suspended",
                "consultation.withdrawn",
                "round.scheduled",
                "round.extended",
                "notice.published",
                "version.published",
                "comment.received",
                "comment.published",
                "comment.withheld",
                "comment.withdrawn",
                "comment.replaced",
                "comment.redacted",
                "comment.erased",
                "comment.disputed",
                "comment.appealed",
                "objection.worded",
                "objection.merged",
                "objection.split",
                "objection.disposed",
                "answer.published",
                "response.recorded",
                "risk.judged",
                "gate.run",
                "admission.decided",
                "summary.published",
                "pilot.event",
                "key.rotated",
                "clock.stepped",
                "staff.role",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint('"index" >= 0', name=op.f("ck_ledger_entry_counts_from_zero")),
        sa.CheckConstraint("length(leaf_hash) = 32", name=op.f("ck_ledger_entry_whole_hash")),
        sa.PrimaryKeyConstraint("index", name=op.f("pk_ledger_entry")),
    )
    op.create_table(
        "ledger_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(hash) = 32", name=op.f("ck_ledger_node_whole_hash")),
        sa.CheckConstraint("level > 0", name=op.f("ck_ledger_node_above_leaves")),
        sa.PrimaryKeyConstraint("level", "index", name=op.f("pk_ledger_node")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_outbox",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_search_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "worker_lease",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_lease")),
    )
    op.create_table(
        "staff_user",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bureau_id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("pseudonym", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["bureau_id"], ["bureau.id"], name=op.f("fk_staff_user_bureau_id_bureau")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_user")),
        sa.UniqueConstraint("code", name=op.f("uq_staff_user_code")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_user_login")),
    )
    op.create_table(
        "approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "publish",
                "correct",
                "extend",
                "interrupt",
                "enter",
                "withhold",
                "answer",
                "revise",
                "judge",
                "decide",
                "record-event",
                "summarise",
                name="act",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("prepared_by_id", sa.Uuid(), nullable=False),
        sa.Column("approved_by_id", sa.Uuid(), nullable=False),
        sa.Column("approved_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("prepared_by_id <> approved_by_id", name=op.f("ck_approval_two_people")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["staff_user.id"], name=op.f("fk_approval_approved_by_id_staff_user")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"], ["staff_user.id"], name=op.f("fk_approval_prepared_by_id_staff_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_table(
        "staff_role",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "editor",
                "publisher",
                "analyst",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_staff_role_user_id_staff_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_role")),
        sa.UniqueConstraint("user_id", "role", name=op.f("uq_staff_role_user_id_role")),
    )
    protect(op.get_bind(), PROTECTED)


def downgrade() -> None:
    raise NotImplementedError("what is on record is not taken back; restore a backup instead")
