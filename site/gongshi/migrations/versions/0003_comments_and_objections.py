"""Comments, objections and answers."""

import sqlalchemy as sa
from alembic import op

from gongshi.append_only import protect
from gongshi.db import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PROTECTED: dict[str, tuple[str, ...]] = {
    "answer": (),
    "answer_placement": (),
    "comment": (
        "submission_id",
        "consultation_id",
        "seq",
        "number",
        "kind",
        "text",
        "resolution",
        "project_id",
        "version_id",
        "paragraph_key",
        "received_at",
        "ledger_index",
    ),
    "concern": (),
    "disposition": (),
    "objection": ("consultation_id", "ordinal", "number", "title", "text", "worded_at", "is_major"),
    "placement": (),
    "submission": (),
    "withholding": (),
}


def upgrade() -> None:
    op.create_table(
        "answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=False),
        sa.Column("ledger_index", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["approval_id"], ["approval.id"], name=op.f("fk_answer_approval_id_approval")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_answer_consultation_id_consultation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("consultation_id", "ordinal", name=op.f("uq_answer_consultation_id_ordinal")),
        sa.UniqueConstraint("number", name=op.f("uq_answer_number")),
    )
    op.create_table(
        "comment_tally",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.Column("withheld", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "received = published + withheld + withdrawn + pending", name=op.f("ck_comment_tally_reconciles")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_comment_tally_consultation_id_consultation")
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_comment_tally")),
    )
    op.create_table(
        "objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_major", sa.Boolean(), nullable=False),
        sa.Column("worded_at", UtcDateTime(), nullable=False),
        sa.Column("worded_by_id", sa.Uuid(), nullable=False),
        sa.Column("unfounded_at", UtcDateTime(), nullable=True),
        sa.Column("unfounded_reason", sa.Text(), nullable=True),
        sa.Column("unfounded_approval_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(unfounded_at IS NULL) = (unfounded_reason IS NULL)", name=op.f("ck_objection_unfounded_with_reason")
        ),
        sa.CheckConstraint(
            "unfounded_at IS NULL OR unfounded_approval_id IS NOT NULL", name=op.f("ck_objection_unfounded_approved")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_objection_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(
            ["unfounded_approval_id"], ["approval.id"], name=op.f("fk_objection_unfounded_approval_id_approval")
        ),
        sa.ForeignKeyConstraint(["worded_by_id"], ["staff_user.id"], name=op.f("fk_objection_worded_by_id_staff_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("consultation_id", "ordinal", name=op.f("uq_objection_consultation_id_ordinal")),
        sa.UniqueConstraint("number", name=op.f("uq_objection_number")),
    )
    op.create_table(
        "refusal",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("hour", UtcDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_refusal_consultation_id_consultation")
        ),
        sa.PrimaryKeyConstraint("consultation_id", "code", "hour", name=op.f("pk_refusal")),
    )
    op.create_table(
        "concern",
        sa.Column("objection_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("risk_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name=op.f("fk_concern_objection_id_objection")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_concern_project_id_project")),
        sa.PrimaryKeyConstraint("objection_id", "project_id", name=op.f("pk_concern")),
    )
    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_concern_project_id"), ["project_id"], unique=False)

    op.create_table(
        "disposition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("objection_id", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "adopted",
                "partly-adopted",
                "not-adopted",
                "explained",
                "out-of-scope",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=False),
        sa.Column("ledger_index", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(reasons) > 0", name=op.f("ck_disposition_with_reasons")),
        sa.ForeignKeyConstraint(["approval_id"], ["approval.id"], name=op.f("fk_disposition_approval_id_approval")),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name=op.f("fk_disposition_objection_id_objection")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposition")),
        sa.UniqueConstraint("objection_id", name=op.f("uq_disposition_objection_id")),
    )
    op.create_table(
        "paragraph_tally",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("paragraph_key", sa.String(length=64), nullable=False),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_paragraph_tally_project_id_project")),
        sa.PrimaryKeyConstraint("project_id", "paragraph_key", name=op.f("pk_paragraph_tally")),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("submission_key", sa.String(length=64), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("receipt_number", sa.String(length=64), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "web", "letter", "email", "call", name="channel", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("entered_approval_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_submission_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(
            ["entered_approval_id"], ["approval.id"], name=op.f("fk_submission_entered_approval_id_approval")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_submission_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("receipt_number", name=op.f("uq_submission_receipt_number")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_submission_submission_key")),
    )
    op.create_table(
        "comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "oppose",
                "suggest",
                "ask",
                "support",
                name="commentkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.Column("text_salt", sa.LargeBinary(), nullable=False),
        sa.Column("resolution_salt", sa.LargeBinary(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("paragraph_key", sa.Text(), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("ledger_index", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "published",
                "withheld",
                "withdrawn",
                name="commentstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("state_at", UtcDateTime(), nullable=False),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "paragraph_key IS NULL OR version_id IS NOT NULL", name=op.f("ck_comment_paragraph_of_a_version")
        ),
        sa.CheckConstraint(
            "version_id IS NULL OR project_id IS NOT NULL", name=op.f("ck_comment_version_of_a_project")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_comment_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_comment_project_id_project")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["staff_user.id"], name=op.f("fk_comment_published_by_id_staff_user")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_comment_round_id_round")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_comment_submission_id_submission")),
        sa.ForeignKeyConstraint(["version_id"], ["plan_version.id"], name=op.f("fk_comment_version_id_plan_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sa.UniqueConstraint("consultation_id", "seq", name=op.f("uq_comment_consultation_id_seq")),
        sa.UniqueConstraint("number", name=op.f("uq_comment_number")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index("ix_comment_listing", ["consultation_id", "state", "seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_comment_submission_id"), ["submission_id"], unique=False)
        batch_op.create_index("ix_comment_target", ["project_id", "paragraph_key", "state", "seq"], unique=False)

    op.create_table(
        "answer_placement",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_answer_placement_answer_id_answer")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_answer_placement_comment_id_comment")),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_answer_placement")),
    )
    with op.batch_alter_table("answer_placement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_placement_answer_id"), ["answer_id"], unique=False)

    op.create_table(
        "placement",
        sa.Column("objection_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_placement_comment_id_comment")),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name=op.f("fk_placement_objection_id_objection")),
        sa.PrimaryKeyConstraint("objection_id", "comment_id", name=op.f("pk_placement")),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placement_comment_id"), ["comment_id"], unique=False)

    op.create_table(
        "withholding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "unlawful",
                "defamation",
                "personal-data",
                "secret",
                "advertising",
                "abuse",
                name="withholdingreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("withheld_at", UtcDateTime(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["approval_id"], ["approval.id"], name=op.f("fk_withholding_approval_id_approval")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_withholding_comment_id_comment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withholding")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_withholding_comment_id")),
    )
    protect(op.get_bind(), PROTECTED)


def downgrade() -> None:
    raise NotImplementedError("what is on record is not taken back; restore a backup instead")
