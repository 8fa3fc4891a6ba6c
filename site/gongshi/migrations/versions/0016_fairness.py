"""Proofs of work: which submissions brought one, which challenges are used up; networks under rules of their own."""

import sqlalchemy as sa
from alembic import op

from gongshi import filled_once
from gongshi.append_only import protect, unprotect
from gongshi.db import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SUBMISSION = (
    "id", "consultation_id", "round_id", "submission_key", "receipt_number", "secret_sha256", "channel", "received_at",
    "entered_approval_id", "proof", "difficulty",
)  # fmt: skip
PROOF_CHECK = "proof IN ('none', 'solved')"
AUDIT_KINDS = (
    "signed-in", "sign-in-refused", "signed-out", "session-revoked", "password-set", "totp-set",
    "recovery-codes-made", "recovery-used", "invited", "invitation-used", "factor-reset", "roles-changed",
    "switched-off", "switched-on", "network-ruled", "network-rule-ended",
    "personal-data-read", "refused",
)  # fmt: skip
RULE = ("bureau_id", "kind", "network", "reason", "from_at", "until_at", "made_by_id")


def upgrade() -> None:
    _mark_submissions()
    unprotect(op.get_bind(), "submission")
    protect(op.get_bind(), {"submission": SUBMISSION})
    _remember_challenges()
    _rule_networks()
    _widen_the_audit()


def _mark_submissions() -> None:
    op.add_column("submission", sa.Column("difficulty", sa.Integer(), nullable=True))
    name = op.f("ck_submission_proof")
    if op.get_bind().dialect.name == "sqlite":
        # SQLite adds a check only together with its column, which Alembic does not say; nothing is copied.
        op.execute(f"ALTER TABLE submission ADD COLUMN proof VARCHAR(32) CONSTRAINT {name} CHECK ({PROOF_CHECK})")
        return
    op.add_column("submission", sa.Column("proof", sa.String(length=32), nullable=True))
    op.create_check_constraint(name, "submission", sa.text(PROOF_CHECK))


def _remember_challenges() -> None:
    op.create_table(
        "spent_challenge",
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("nonce", name=op.f("pk_spent_challenge")),
    )
    op.create_index(op.f("ix_spent_challenge_expires_at"), "spent_challenge", ["expires_at"])


def _rule_networks() -> None:
    op.create_table(
        "network_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bureau_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _enum(("allow", "block"), "rulekind"), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_at", UtcDateTime(), nullable=False),
        sa.Column("until_at", UtcDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("from_at < until_at", name=op.f("ck_network_rule_from_before_until")),
        sa.ForeignKeyConstraint(["bureau_id"], ["bureau.id"], name=op.f("fk_network_rule_bureau_id_bureau")),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["staff_user.id"], name=op.f("fk_network_rule_ended_by_id_staff_user")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["staff_user.id"], name=op.f("fk_network_rule_made_by_id_staff_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_rule")),
    )
    op.create_index("ix_network_rule_bureau_id", "network_rule", ["bureau_id", "until_at"])
    protect(op.get_bind(), {"network_rule": RULE})
    filled_once.protect(op.get_bind(), {"network_rule": ("ended_at", "ended_by_id")})


def _widen_the_audit() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # A copy with the wider check; `upgrade` has switched the foreign keys off, and checks them afterwards.
        with op.batch_alter_table("staff_audit", copy_from=_audit(), recreate="always"):
            pass
        protect(op.get_bind(), {"staff_audit": ()})
        return
    op.drop_constraint(op.f("ck_staff_audit_auditkind"), "staff_audit", type_="check")
    kinds = ", ".join(f"'{kind}'" for kind in AUDIT_KINDS)
    op.create_check_constraint(op.f("ck_staff_audit_auditkind"), "staff_audit", sa.text(f"kind IN ({kinds})"))


def _audit() -> sa.Table:
    return sa.Table(
        "staff_audit",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", _enum(AUDIT_KINDS, op.f("ck_staff_audit_auditkind")), nullable=False),
        sa.Column("bureau_id", sa.Uuid(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["staff_user.id"], name=op.f("fk_staff_audit_actor_id_staff_user")),
        sa.ForeignKeyConstraint(["bureau_id"], ["bureau.id"], name=op.f("fk_staff_audit_bureau_id_bureau")),
        sa.ForeignKeyConstraint(["subject_id"], ["staff_user.id"], name=op.f("fk_staff_audit_subject_id_staff_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_audit")),
        sa.Index("ix_staff_audit_bureau_id", "bureau_id", "id"),
    )


def _enum(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def downgrade() -> None:
    raise NotImplementedError("what is on record is not taken back; restore a backup instead")
