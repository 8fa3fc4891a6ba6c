"""Mail about what became of a submission: subscriptions, the outbox, and how far the ledger was looked through."""

import sqlalchemy as sa
from alembic import op

from gongshi.db import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

STATES = ("asked", "confirmed", "stopped", "expired", "unreachable", "completed")
KINDS = ("confirm", "news")
MAIL_STATES = ("waiting", "sent", "failed", "dropped")


def upgrade() -> None:
    _subscription()
    _outbox()
    op.create_table(
        "mail_allowance",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("counted_at", UtcDateTime(), nullable=False),
        sa.Column("unconfirmed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_mail_allowance")),
    )
    op.create_table(
        "mail_cursor",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("next_index", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_cursor")),
    )
    op.create_table(
        "mail_look",
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_mail_look_subscription_id_subscription")
        ),
        sa.PrimaryKeyConstraint("subscription_id", name=op.f("pk_mail_look")),
    )


def _subscription() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("state", _enum(STATES, "subscriptionstate"), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("key_id", sa.String(length=64), nullable=True),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=True),
        sa.Column("allowance", sa.String(length=64), nullable=True),
        sa.Column("confirm_sha256", sa.String(length=64), nullable=False),
        sa.Column("stop_sha256", sa.String(length=64), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(sealed_address IS NULL) = (ended_at IS NOT NULL)", name=op.f("ck_subscription_address_until_the_end")
        ),
        sa.CheckConstraint(
            "(sealed_address IS NULL) = (key_id IS NULL)", name=op.f("ck_subscription_sealed_under_a_key")
        ),
        sa.CheckConstraint(
            "(state IN ('asked', 'confirmed')) = (ended_at IS NULL)", name=op.f("ck_subscription_live_until_the_end")
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR confirmed_at IS NOT NULL", name=op.f("ck_subscription_confirmed_once")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_subscription_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("confirm_sha256", name=op.f("uq_subscription_confirm_sha256")),
        sa.UniqueConstraint("stop_sha256", name=op.f("uq_subscription_stop_sha256")),
    )
    op.create_index("ix_subscription_submission", "subscription", ["submission_id", "state"])
    op.create_index("ix_subscription_asked", "subscription", ["state", "asked_at"])
    op.create_index("ix_subscription_key_id", "subscription", ["key_id"])


def _outbox() -> None:
    op.create_table(
        "mail_outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _enum(KINDS, "mailkind"), nullable=False),
        sa.Column("state", _enum(MAIL_STATES, "mailstate"), nullable=False),
        sa.Column("news", sa.JSON(), nullable=False),
        sa.Column("is_last", sa.Boolean(), nullable=False),
        sa.Column("queued_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(length=64), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_mail_outbox_subscription_id_subscription")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_outbox")),
    )
    op.create_index(op.f("ix_mail_outbox_subscription_id"), "mail_outbox", ["subscription_id"])
    op.create_index("ix_mail_outbox_due", "mail_outbox", ["state", "due_at"])


def _enum(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
