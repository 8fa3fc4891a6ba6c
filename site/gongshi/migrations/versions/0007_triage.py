"""Notes, flags, redactions, similarity, and where each comment stands on the desk."""

import sqlalchemy as sa
from alembic import op

from gongshi.append_only import protect
from gongshi.db import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PROTECTED: dict[str, tuple[str, ...]] = {"redaction": (), "comment_note": ()}
KINDS = ("oppose", "suggest", "ask", "support")
CHANNELS = ("web", "letter", "email", "call")
STATES = ("pending", "published", "withheld", "withdrawn")
QUEUES = ("look", "place", "answer", "waiting", "done")
FLAGS = ("personal-data", "sensitive", "second-look", "urgent")
REASONS = ("unlawful", "defamation", "personal-data", "secret", "advertising", "abuse")
# Everything that was received before there was a desk is put on it.
FILL = """
    INSERT INTO triage (comment_id, consultation_id, seq, kind, channel, project_id, paragraph_key, received_at, state,
                        queue, is_placed, is_for_answer, is_flagged)
    SELECT found.id, found.consultation_id, found.seq, found.kind, found.channel, found.project_id,
           found.paragraph_key, found.received_at, found.state,
           CASE WHEN found.state IN ('withheld', 'withdrawn') THEN 'done'
                WHEN found.state = 'pending' THEN 'look'
                WHEN found.is_placed THEN 'done' ELSE 'place' END,
           found.is_placed, FALSE, FALSE
    FROM (SELECT comment.*, submission.channel,
                 EXISTS (SELECT 1 FROM placement WHERE placement.comment_id = comment.id)
                 OR EXISTS (SELECT 1 FROM answer_placement WHERE answer_placement.comment_id = comment.id) AS is_placed
          FROM comment JOIN submission ON submission.id = comment.submission_id) AS found
"""


def upgrade() -> None:
    op.add_column("comment", sa.Column("redacted_at", UtcDateTime(), nullable=True))
    _redaction()
    _triage()
    _flags_and_notes()
    _families()
    op.execute(FILL)
    protect(op.get_bind(), PROTECTED)


def _redaction() -> None:
    op.create_table(
        "redaction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("shown_text", sa.Text(), nullable=False),
        sa.Column("shown_resolution", sa.Text(), nullable=True),
        sa.Column("reason", _enum(REASONS, "withholdingreason"), nullable=False),
        sa.Column("redacted_at", UtcDateTime(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["approval_id"], ["approval.id"], name=op.f("fk_redaction_approval_id_approval")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_redaction_comment_id_comment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redaction")),
        sa.UniqueConstraint("comment_id", "ordinal", name=op.f("uq_redaction_comment_id_ordinal")),
    )


def _triage() -> None:
    op.create_table(
        "triage",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", _enum(KINDS, "commentkind"), nullable=False),
        sa.Column("channel", _enum(CHANNELS, "channel"), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("paragraph_key", sa.Text(), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("state", _enum(STATES, "commentstate"), nullable=False),
        sa.Column("queue", _enum(QUEUES, "queue"), nullable=False),
        sa.Column("is_placed", sa.Boolean(), nullable=False),
        sa.Column("is_for_answer", sa.Boolean(), nullable=False),
        sa.Column("is_flagged", sa.Boolean(), nullable=False),
        sa.Column("held_by", sa.Uuid(), nullable=True),
        sa.Column("family_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_triage_comment_id_comment")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_triage_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["comment.id"], name=op.f("fk_triage_family_id_comment")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_triage_project_id_project")),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_triage")),
        sa.UniqueConstraint("consultation_id", "seq", name=op.f("uq_triage_consultation_id_seq")),
    )
    op.create_index("ix_triage_queue", "triage", ["consultation_id", "queue", "seq"])
    op.create_index("ix_triage_flagged", "triage", ["consultation_id", "is_flagged", "seq"])
    op.create_index("ix_triage_family", "triage", ["family_id", "consultation_id", "seq"])


def _flags_and_notes() -> None:
    op.create_table(
        "comment_flag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("reason", _enum(FLAGS, "flagreason"), nullable=False),
        sa.Column("flagged_at", UtcDateTime(), nullable=False),
        sa.Column("flagged_by_id", sa.Uuid(), nullable=False),
        sa.Column("cleared_at", UtcDateTime(), nullable=True),
        sa.Column("cleared_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cleared_by_id"], ["staff_user.id"], name=op.f("fk_comment_flag_cleared_by_id_staff_user")
        ),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_comment_flag_comment_id_comment")),
        sa.ForeignKeyConstraint(
            ["flagged_by_id"], ["staff_user.id"], name=op.f("fk_comment_flag_flagged_by_id_staff_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_flag")),
    )
    op.create_index(op.f("ix_comment_flag_comment_id"), "comment_flag", ["comment_id"])
    op.create_table(
        "comment_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_comment_note_comment_id_comment")),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["staff_user.id"], name=op.f("fk_comment_note_written_by_id_staff_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_note")),
    )
    op.create_index(op.f("ix_comment_note_comment_id"), "comment_note", ["comment_id"])
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["staff_user.id"], name=op.f("fk_saved_filter_owner_id_staff_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint("owner_id", "name", name=op.f("uq_saved_filter_owner_id_name")),
    )


def _families() -> None:
    op.create_table(
        "comment_family",
        sa.Column("head_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_comment_family_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(["head_id"], ["comment.id"], name=op.f("fk_comment_family_head_id_comment")),
        sa.PrimaryKeyConstraint("head_id", name=op.f("pk_comment_family")),
    )
    op.create_index("ix_comment_family_size", "comment_family", ["consultation_id", "size"])
    op.create_table(
        "comment_band",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_comment_band_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(
            ["head_id"], ["comment_family.head_id"], name=op.f("fk_comment_band_head_id_comment_family")
        ),
        sa.PrimaryKeyConstraint("consultation_id", "band", "hash", "seq", name=op.f("pk_comment_band")),
    )


def _enum(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
