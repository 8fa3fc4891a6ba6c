"""Revisions, gate runs, admissions and pilots."""

import sqlalchemy as sa
from alembic import op

from gongshi.append_only import protect
from gongshi.db import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PROTECTED: dict[str, tuple[str, ...]] = {
    "admission": (),
    "cause": (),
    "change": (),
    "gate_run": (),
    "lifecycle_event": (),
    "revision": (),
    "risk_judgement": (),
}


def upgrade() -> None:
    op.create_table(
        "gate_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("ran_at", UtcDateTime(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=False),
        sa.Column("ledger_index", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["approval_id"], ["approval.id"], name=op.f("fk_gate_run_approval_id_approval")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_gate_run_project_id_project")),
        sa.ForeignKeyConstraint(["version_id"], ["plan_version.id"], name=op.f("fk_gate_run_version_id_plan_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_run")),
        sa.UniqueConstraint("id", "passed", "project_id", name=op.f("uq_gate_run_id_passed_project_id")),
    )
    with op.batch_alter_table("gate_run", schema=None) as batch_op:
        batch_op.create_index("ix_gate_run_project", ["project_id", "ran_at"], unique=False)

    op.create_table(
        "lifecycle_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "monitoring",
                "inspection",
                "conclusion",
                "improvement",
                "rectification",
                "suspension",
                "stop",
                "exit",
                "conversion",
                name="eventkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("paragraph_key", sa.Text(), nullable=True),
        sa.Column("risk_key", sa.Text(), nullable=True),
        sa.Column("fulfils", sa.Boolean(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=False),
        sa.Column("ledger_index", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(paragraph_key IS NULL) <> (risk_key IS NULL)", name=op.f("ck_lifecycle_event_one_commitment")
        ),
        sa.ForeignKeyConstraint(["approval_id"], ["approval.id"], name=op.f("fk_lifecycle_event_approval_id_approval")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_lifecycle_event_project_id_project")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["plan_version.id"], name=op.f("fk_lifecycle_event_version_id_plan_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lifecycle_event")),
    )
    with op.batch_alter_table("lifecycle_event", schema=None) as batch_op:
        batch_op.create_index("ix_lifecycle_event_project", ["project_id", "published_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_lifecycle_event_published_at"), ["published_at"], unique=False)

    op.create_table(
        "revision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("from_version_id", sa.Uuid(), nullable=False),
        sa.Column("to_version_id", sa.Uuid(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_version_id"], ["plan_version.id"], name=op.f("fk_revision_from_version_id_plan_version")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_revision_project_id_project")),
        sa.ForeignKeyConstraint(
            ["to_version_id"], ["plan_version.id"], name=op.f("fk_revision_to_version_id_plan_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("from_version_id", name=op.f("uq_revision_from_version_id")),
        sa.UniqueConstraint("to_version_id", name=op.f("uq_revision_to_version_id")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_project_id"), ["project_id"], unique=False)

    op.create_table(
        "risk_judgement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("risk_key", sa.String(length=64), nullable=False),
        sa.Column("risk_sha256", sa.String(length=64), nullable=False),
        sa.Column("is_sufficient", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("judged_at", UtcDateTime(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_risk_judgement_with_reason")),
        sa.ForeignKeyConstraint(["approval_id"], ["approval.id"], name=op.f("fk_risk_judgement_approval_id_approval")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_risk_judgement_project_id_project")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["plan_version.id"], name=op.f("fk_risk_judgement_version_id_plan_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_judgement")),
    )
    with op.batch_alter_table("risk_judgement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_risk_judgement_project_id"), ["project_id"], unique=False)

    op.create_table(
        "admission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "admitted",
                "refused",
                "deferred",
                "withdrawn",
                name="admissionoutcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("gate_run_id", sa.Uuid(), nullable=True),
        sa.Column("gate_passed", sa.Boolean(), nullable=True),
        sa.Column("approval_id", sa.Uuid(), nullable=False),
        sa.Column("ledger_index", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome <> 'admitted' OR (gate_run_id IS NOT NULL AND gate_passed IS TRUE)",
            name=op.f("ck_admission_only_by_the_gate"),
        ),
        sa.ForeignKeyConstraint(["approval_id"], ["approval.id"], name=op.f("fk_admission_approval_id_approval")),
        sa.ForeignKeyConstraint(
            ["gate_run_id", "gate_passed", "project_id"],
            ["gate_run.id", "gate_run.passed", "gate_run.project_id"],
            name=op.f("fk_admission_gate_run_id_gate_passed_project_id_gate_run"),
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_admission_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission")),
    )
    with op.batch_alter_table("admission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_admission_decided_at"), ["decided_at"], unique=False)
        batch_op.create_index("ix_admission_project", ["project_id", "decided_at"], unique=False)

    op.create_table(
        "change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column(
            "subject",
            sa.Enum("paragraph", "risk", name="subject", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "added",
                "removed",
                "reworded",
                "moved",
                name="changekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("own_initiative", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_change_revision_id_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sa.UniqueConstraint("revision_id", "subject", "key", name=op.f("uq_change_revision_id_subject_key")),
    )
    op.create_table(
        "cause",
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("objection_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name=op.f("fk_cause_change_id_change")),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name=op.f("fk_cause_objection_id_objection")),
        sa.PrimaryKeyConstraint("change_id", "objection_id", name=op.f("pk_cause")),
    )
    with op.batch_alter_table("cause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cause_objection_id"), ["objection_id"], unique=False)
    protect(op.get_bind(), PROTECTED)


def downgrade() -> None:
    raise NotImplementedError("what is on record is not taken back; restore a backup instead")
