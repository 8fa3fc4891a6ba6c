"""Revising a plan: explanations in the making, what applicants returned, what was made out for them."""

import sqlalchemy as sa
from alembic import op

from gongshi.append_only import protect
from gongshi.db import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PROTECTED: dict[str, tuple[str, ...]] = {"returned_version": (), "basis": (), "issue_list_export": ()}


def upgrade() -> None:
    op.create_table(
        "change_explanation",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column(
            "subject",
            sa.Enum("paragraph", "risk", name="subject", native_enum=False, length=32, create_constraint=True),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("objections", sa.JSON(), nullable=False),
        sa.Column("own_initiative", sa.Text(), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["staff_user.id"], name=op.f("fk_change_explanation_edited_by_id_staff_user")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_change_explanation_project_id_project")),
        sa.PrimaryKeyConstraint("project_id", "subject", "key", name=op.f("pk_change_explanation")),
    )
    op.create_table(
        "returned_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("contact_role", sa.Text(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "system",
                "email",
                "post",
                "hand",
                name="returnchannel",
                native_enum=False,
                length=32,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("returned_on", sa.Date(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("file_sha256", sa.Text(), nullable=True),
        sa.Column("file_size", sa.Integer(), nullable=True),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(file IS NULL) = (file_sha256 IS NULL)", name=op.f("ck_returned_version_file_with_hash")),
        sa.CheckConstraint("(file IS NULL) = (file_name IS NULL)", name=op.f("ck_returned_version_file_with_name")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_returned_version_institution_id_institution")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_returned_version_project_id_project")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["staff_user.id"], name=op.f("fk_returned_version_recorded_by_id_staff_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returned_version")),
        sa.UniqueConstraint("project_id", "ordinal", name=op.f("uq_returned_version_project_id_ordinal")),
    )
    op.create_table(
        "basis",
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("returned_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["returned_id"], ["returned_version.id"], name=op.f("fk_basis_returned_id_returned_version")
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_basis_revision_id_revision")),
        sa.PrimaryKeyConstraint("revision_id", "returned_id", name=op.f("pk_basis")),
    )
    op.create_table(
        "issue_list_export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("exported_at", UtcDateTime(), nullable=False),
        sa.Column("exported_by_id", sa.Uuid(), nullable=False),
        sa.Column("objection_count", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["exported_by_id"], ["staff_user.id"], name=op.f("fk_issue_list_export_exported_by_id_staff_user")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_issue_list_export_project_id_project")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["plan_version.id"], name=op.f("fk_issue_list_export_version_id_plan_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_list_export")),
    )
    with op.batch_alter_table("issue_list_export", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issue_list_export_project_id"), ["project_id"], unique=False)
    protect(op.get_bind(), PROTECTED)


def downgrade() -> None:
    raise NotImplementedError("what is on record is not taken back; restore a backup instead")
