"""Working texts of plans."""

import sqlalchemy as sa
from alembic import op

from gongshi.db import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_draft",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("markdown", sa.Text(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "typed",
                "pasted",
                "uploaded",
                "returned",
                name="plansource",
                native_enum=False,
                length=32,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("edited_by_id", sa.Uuid(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["staff_user.id"], name=op.f("fk_plan_draft_edited_by_id_staff_user")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_plan_draft_project_id_project")),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_plan_draft")),
    )
