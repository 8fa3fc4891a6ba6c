"""Names and contacts, sealed; texts that are replaced or erased; and that no text changes in any other way."""

import sqlalchemy as sa
from alembic import op

from gongshi.append_only import Unless, allowing, once, protect, unprotect
from gongshi.db import UtcDateTime
from gongshi.migrations.choices import allow

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ACTS = (
    "publish", "correct", "extend", "interrupt", "enter", "withhold", "redact", "erase", "answer", "revise", "judge",
    "decide", "record-event", "summarise",
)  # fmt: skip
DRAFTS = (
    "list", "notice", "correction", "extension", "second-round", "interruption", "letter", "withholding", "redaction",
    "erasure", "answers", "revision", "judgement", "decision", "summary", "event", "scope-change",
)  # fmt: skip
AUDIT = (
    "signed-in", "sign-in-refused", "signed-out", "session-revoked", "password-set", "totp-set", "recovery-codes-made",
    "recovery-used", "invited", "invitation-used", "factor-reset", "roles-changed", "switched-off", "switched-on",
    "personal-data-read", "refused",
)  # fmt: skip
REASONS = ("court-order", "authority-order", "personal-data-request", "unlawful-to-keep")

PROTECTED: dict[str, tuple[str, ...]] = {
    "comment_text_change": (),
    "erasure": (),
    "name_consent": ("comment_id", "given_at"),
    "submission": (
        "id", "consultation_id", "round_id", "submission_key", "receipt_number", "secret_sha256", "channel",
        "received_at", "entered_approval_id",
    ),
    "redaction": ("id", "comment_id", "ordinal", "spans", "reason", "redacted_at", "approval_id"),
    "comment": ("submission_id", "consultation_id", "seq", "number", "received_at", "ledger_index"),
    "comment_note": ("id", "comment_id", "written_at", "written_by_id"),
}  # fmt: skip
DRAFT = (
    "id", "number", "kind", "act", "bureau_id", "consultation_id", "project_id", "title", "edition", "state",
    "prepared_by_id", "state_at", "approved_by_id", "results",
)  # fmt: skip
WAS_ERASED = "EXISTS (SELECT 1 FROM comment_text_change x WHERE x.comment_id = NEW.comment_id AND x.kind = 'erased')"
RULES: dict[str, Unless] = {
    "comment": Unless(
        "text_changes",
        (
            "kind",
            "text",
            "resolution",
            "text_salt",
            "resolution_salt",
            "project_id",
            "version_id",
            "paragraph_key",
            "text_ordinal",
        ),
        "NEW.text_ordinal = OLD.text_ordinal + 1 AND EXISTS (SELECT 1 FROM comment_text_change x "
        "WHERE x.comment_id = NEW.id AND x.ordinal = NEW.text_ordinal AND ("
        "(x.kind = 'replaced' AND length(NEW.text) > 0 AND length(NEW.text_salt) = 32) OR (x.kind = 'erased' "
        "AND NEW.kind = OLD.kind AND NEW.project_id IS NOT DISTINCT FROM OLD.project_id "
        "AND NEW.version_id IS NOT DISTINCT FROM OLD.version_id "
        "AND NEW.paragraph_key IS NOT DISTINCT FROM OLD.paragraph_key "
        "AND ((NEW.text = OLD.text AND NEW.text_salt = OLD.text_salt) "
        "OR (length(NEW.text) = 0 AND length(NEW.text_salt) = 0)) "
        "AND ((NEW.resolution IS NOT DISTINCT FROM OLD.resolution "
        "AND NEW.resolution_salt IS NOT DISTINCT FROM OLD.resolution_salt) "
        "OR (NEW.resolution IS NULL AND NEW.resolution_salt IS NULL)))))",
    ),
    "submission": Unless(
        "body_forgotten",
        ("body_sha256",),
        "length(NEW.body_sha256) = 0 AND EXISTS (SELECT 1 FROM comment_text_change x JOIN comment c "
        "ON c.id = x.comment_id WHERE c.submission_id = NEW.id AND x.kind = 'erased')",
    ),
    "redaction": Unless(
        "erased",
        ("shown_text", "shown_resolution"),
        "(NEW.shown_text = OLD.shown_text OR length(NEW.shown_text) = 0) "
        "AND (NEW.shown_resolution IS NOT DISTINCT FROM OLD.shown_resolution OR NEW.shown_resolution IS NULL) "
        f"AND {WAS_ERASED}",
    ),
    "comment_note": Unless("erased", ("text",), f"length(NEW.text) = 0 AND {WAS_ERASED}"),
    "draft": Unless(
        "contents_erased",
        ("contents",),
        "OLD.state NOT IN ('approved', 'discarded') OR EXISTS (SELECT 1 FROM erasure e JOIN comment c "
        "ON c.id = e.comment_id WHERE replace(CAST(OLD.results AS TEXT), '\"comment:' || c.number || '\"', '') "
        "<> CAST(OLD.results AS TEXT))",
    ),
}


def upgrade() -> None:
    op.add_column("comment", sa.Column("text_ordinal", sa.Integer(), server_default="0", nullable=False))
    op.add_column("comment", sa.Column("erased_at", UtcDateTime(), nullable=True))
    _create_details()
    _create_changes()
    connection = op.get_bind()
    for table, constraint, values in (
        ("approval", "ck_approval_act", ACTS),
        ("draft", "ck_draft_act", ACTS),
        ("draft", "ck_draft_draftkind", DRAFTS),
        ("staff_audit", "ck_staff_audit_auditkind", AUDIT),
    ):
        allow(connection, table, constraint, values)
    for name in ("submission", "redaction", "comment", "comment_note", "draft"):
        unprotect(connection, name)
    protect(connection, PROTECTED)
    protect(connection, {"draft": DRAFT}, when=once("state IN ('approved', 'discarded')"))
    for name, rule in RULES.items():
        for statement in allowing(name, connection.dialect.name, rule):
            connection.exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError("what is on record is not taken back; restore a backup instead")


def _create_details() -> None:
    op.create_table(
        "personal_detail",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("field", _enum(("name", "contact"), "detailfield"), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_personal_detail_comment_id_comment")),
        sa.PrimaryKeyConstraint("comment_id", "field", name=op.f("pk_personal_detail")),
    )
    op.create_index("ix_personal_detail_key_id", "personal_detail", ["key_id"])
    op.create_table(
        "name_consent",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_at >= given_at", name=op.f("ck_name_consent_given_first")
        ),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_name_consent_comment_id_comment")),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_name_consent")),
    )


def _create_changes() -> None:
    op.create_table(
        "comment_text_change",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", _enum(("replaced", "erased"), "textchangekind"), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("ledger_index", sa.Integer(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'erased') = (approval_id IS NOT NULL)", name=op.f("ck_comment_text_change_erased_by_two")
        ),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approval.id"], name=op.f("fk_comment_text_change_approval_id_approval")
        ),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_comment_text_change_comment_id_comment")),
        sa.PrimaryKeyConstraint("comment_id", "ordinal", name=op.f("pk_comment_text_change")),
    )
    op.create_table(
        "erasure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("reason", _enum(REASONS, "erasurereason"), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=False),
        sa.Column("ledger_index", sa.Integer(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["approval_id"], ["approval.id"], name=op.f("fk_erasure_approval_id_approval")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_erasure_comment_id_comment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index(op.f("ix_erasure_comment_id"), "erasure", ["comment_id"])


def _enum(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32, create_constraint=True)
