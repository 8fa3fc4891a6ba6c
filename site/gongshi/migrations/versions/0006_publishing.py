"""Publication from a set instant, rounds of one project, corrections, attachments; published rows protected."""

import sqlalchemy as sa
from alembic import op

from gongshi.append_only import growing, once, protect, unprotect
from gongshi.db import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PUBLISHED = "SELECT 1 FROM consultation WHERE consultation.published_at IS NOT NULL AND consultation.id ="
ROUND = ("consultation_id", "ordinal", "opens_at", "short_period_reason", "scheduled_at", "project_id")


def upgrade() -> None:
    op.add_column("search_outbox", sa.Column("not_before", UtcDateTime(), nullable=True))
    _rounds_of_one_project()
    _attachments()
    _corrections()
    _protect()


def _rounds_of_one_project() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # SQLite adds a foreign key only together with its column, which Alembic does not say; nothing is copied.
        op.execute(
            "ALTER TABLE round ADD COLUMN project_id CHAR(32) "
            "CONSTRAINT fk_round_project_id_project REFERENCES project (id)"
        )
        return
    op.add_column("round", sa.Column("project_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_round_project_id_project"), "round", "project", ["project_id"], ["id"])


def _attachments() -> None:
    op.create_table(
        "notice_attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pdf",
                "docx",
                "xlsx",
                "png",
                "jpg",
                "md",
                "csv",
                name="filekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_notice_attachment_not_empty")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_attachment_notice_id_notice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_attachment")),
        sa.UniqueConstraint("notice_id", "ordinal", name=op.f("uq_notice_attachment_notice_id_ordinal")),
    )
    op.create_index(op.f("ix_notice_attachment_sha256"), "notice_attachment", ["sha256"])


def _corrections() -> None:
    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column(
            "field",
            sa.Enum(
                "title",
                "title-en",
                "summary",
                "name",
                "lead",
                "joint",
                "technologies",
                "scenarios",
                name="correctedfield",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("was", sa.JSON(), nullable=False),
        sa.Column("becomes", sa.JSON(), nullable=False),
        sa.Column("corrected_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_correction_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_correction_notice_id_notice")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_correction_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("notice_id", "ordinal", name=op.f("uq_correction_notice_id_ordinal")),
    )
    op.create_index(op.f("ix_correction_consultation_id"), "correction", ["consultation_id"])
    op.create_index(op.f("ix_correction_project_id"), "correction", ["project_id"])
    op.create_table(
        "corrected_institution",
        sa.Column("correction_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["correction.id"], name=op.f("fk_corrected_institution_correction_id_correction")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_corrected_institution_institution_id_institution")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_corrected_institution_project_id_project")
        ),
        sa.PrimaryKeyConstraint("correction_id", "ordinal", name=op.f("pk_corrected_institution")),
    )
    op.create_index(op.f("ix_corrected_institution_institution_id"), "corrected_institution", ["institution_id"])
    op.create_index(op.f("ix_corrected_institution_project_id"), "corrected_institution", ["project_id"])


def _protect() -> None:
    bind = op.get_bind()
    unprotect(bind, "round")
    protect(bind, {"round": ROUND, "notice_attachment": (), "correction": (), "corrected_institution": ()})
    for statement in growing(sa.Table("round", sa.MetaData()), bind.dialect.name, "closes_at"):
        bind.exec_driver_sql(statement)
    protect(bind, {"consultation": ()}, when=once("published_at IS NOT NULL"))
    protect(
        bind,
        {"consultation_bureau": ()},
        when=once(
            "EXISTS (SELECT 1 FROM consultation WHERE consultation.id = consultation_id AND published_at IS NOT NULL)"
        ),
    )
    protect(bind, {"project": ()}, when=once(f"EXISTS ({PUBLISHED} consultation_id)"))
    its_list = "SELECT consultation_id FROM project WHERE project.id = project_id"
    protect(bind, {"partner": ()}, when=once(f"EXISTS ({PUBLISHED} ({its_list}))"))


def downgrade() -> None:
    raise NotImplementedError("what is on record is not taken back; restore a backup instead")
