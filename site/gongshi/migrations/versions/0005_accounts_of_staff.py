"""Accounts of staff: secrets, sessions, invitations, audit; and the act `redact`."""

import sqlalchemy as sa
from alembic import op

from gongshi.append_only import protect
from gongshi.db import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ACTS = (
    "publish", "correct", "extend", "interrupt", "enter", "withhold", "redact", "answer", "revise", "judge", "decide",
    "record-event", "summarise",
)  # fmt: skip
STAGES = ("password", "signed-in")
ENDINGS = ("signed-out", "revoked", "replaced", "account-changed")
AUDIT_KINDS = (
    "signed-in", "sign-in-refused", "signed-out", "session-revoked", "password-set", "totp-set",
    "recovery-codes-made", "recovery-used", "invited", "invitation-used", "factor-reset", "roles-changed",
    "switched-off", "switched-on", "refused",
)  # fmt: skip


def upgrade() -> None:
    op.add_column("staff_user", sa.Column("email", sa.Text(), nullable=True))
    op.add_column("staff_user", sa.Column("is_trial", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index(
        "ix_staff_user_email",
        "staff_user",
        ["email"],
        unique=True,
        sqlite_where=sa.text("is_active"),
        postgresql_where=sa.text("is_active"),
    )
    _widen_the_acts()
    _create_credentials()
    _create_sessions()
    _create_audit()
    protect(op.get_bind(), {"staff_audit": ()})


def _widen_the_acts() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # A copy with the wider check; `upgrade` has switched the foreign keys off, and checks them afterwards.
        with op.batch_alter_table("approval", copy_from=_approval(), recreate="always"):
            pass
        protect(op.get_bind(), {"approval": ()})
        return
    op.drop_constraint(op.f("ck_approval_act"), "approval", type_="check")
    acts = ", ".join(f"'{act}'" for act in ACTS)
    op.create_check_constraint(op.f("ck_approval_act"), "approval", sa.text(f"act IN ({acts})"))


def _approval() -> sa.Table:
    return sa.Table(
        "approval",
        sa.MetaData(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("act", _enum(ACTS, op.f("ck_approval_act")), nullable=False),
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


def _create_credentials() -> None:
    op.create_table(
        "credential",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("password_set_at", UtcDateTime(), nullable=False),
        sa.Column("totp_sealed", sa.Text(), nullable=True),
        sa.Column("totp_proposed", sa.Text(), nullable=True),
        sa.Column("totp_set_at", UtcDateTime(), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_credential_user_id_staff_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential")),
        sa.UniqueConstraint("user_id", name=op.f("uq_credential_user_id")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_recovery_code_user_id_staff_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_user_id"), "recovery_code", ["user_id"])
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("issued_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["staff_user.id"], name=op.f("fk_invitation_issued_by_id_staff_user")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_invitation_user_id_staff_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_invitation_token_sha256")),
    )
    op.create_index(op.f("ix_invitation_user_id"), "invitation", ["user_id"])


def _create_sessions() -> None:
    op.create_table(
        "staff_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("stage", _enum(STAGES, "stage"), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ending", _enum(ENDINGS, "ending"), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_staff_session_user_id_staff_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_staff_session_token_sha256")),
    )
    op.create_index(op.f("ix_staff_session_user_id"), "staff_session", ["user_id"])


def _create_audit() -> None:
    op.create_table(
        "staff_audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", _enum(AUDIT_KINDS, "auditkind"), nullable=False),
        sa.Column("bureau_id", sa.Uuid(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["staff_user.id"], name=op.f("fk_staff_audit_actor_id_staff_user")),
        sa.ForeignKeyConstraint(["bureau_id"], ["bureau.id"], name=op.f("fk_staff_audit_bureau_id_bureau")),
        sa.ForeignKeyConstraint(["subject_id"], ["staff_user.id"], name=op.f("fk_staff_audit_subject_id_staff_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_audit")),
    )
    op.create_index("ix_staff_audit_bureau_id", "staff_audit", ["bureau_id", "id"])


def _enum(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def downgrade() -> None:
    raise NotImplementedError("what is on record is not taken back; restore a backup instead")
