"""Families by the second method: what hangs together by likeness. All of it is worked out anew, by the worker."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _forget_the_first_method()
    _families()
    with op.batch_alter_table("triage") as batch:
        batch.create_foreign_key(op.f("fk_triage_family_id_comment_family"), "comment_family", ["family_id"], ["id"])
    op.create_index("ix_triage_family_state", "triage", ["family_id", "state", "seq"])
    op.create_index("ix_triage_compared", "triage", ["is_compared", "consultation_id", "seq"])
    op.create_index("ix_triage_representative", "triage", ["consultation_id", "is_representative", "seq"])
    op.execute("UPDATE triage SET is_representative = TRUE WHERE state = 'published'")
    _entries_of_acts()


def _forget_the_first_method() -> None:
    op.drop_table("comment_band")
    op.drop_index("ix_comment_family_size", "comment_family")
    op.drop_table("comment_family")
    op.execute("UPDATE triage SET family_id = NULL")
    with op.batch_alter_table("triage") as batch:
        batch.drop_constraint(op.f("fk_triage_family_id_comment"), type_="foreignkey")
        batch.add_column(sa.Column("is_compared", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("is_representative", sa.Boolean(), nullable=False, server_default=sa.false()))


def _families() -> None:
    op.create_table(
        "comment_family",
        sa.Column("id", sa.Uuid(), nullable=False),
        _list_id(),
        sa.Column("head_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.Column("shown_seq", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_comment_family_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(["head_id"], ["comment.id"], name=op.f("fk_comment_family_head_id_comment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_family")),
    )
    op.create_index("ix_comment_family_size", "comment_family", ["consultation_id", "size", "seq"])
    op.create_table(
        "comment_signature",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        _list_id(),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_comment_signature_comment_id_comment")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_comment_signature_consultation_id_consultation")
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_comment_signature")),
        sa.UniqueConstraint("consultation_id", "seq", name=op.f("uq_comment_signature_consultation_id_seq")),
    )
    op.create_table(
        "comment_bucket",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "seq", name=op.f("pk_comment_bucket")),
        sqlite_with_rowid=False,
    )
    _rebuilding()


def _rebuilding() -> None:
    op.create_table(
        "family_rebuild",
        _list_id(),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_family_rebuild_consultation_id_consultation")
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_family_rebuild")),
    )
    op.create_table(
        "family_forgotten",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        _list_id(),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_family_forgotten_comment_id_comment")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_family_forgotten_consultation_id_consultation")
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_family_forgotten")),
    )
    op.create_index(op.f("ix_family_forgotten_consultation_id"), "family_forgotten", ["consultation_id"])


def _entries_of_acts() -> None:
    """Which entry of the log shows an act, so that the page of what is not shown can link it."""
    op.add_column("comment", sa.Column("state_ledger_index", sa.Integer(), nullable=True))
    op.add_column("redaction", sa.Column("ledger_index", sa.Integer(), nullable=True))
    connection = op.get_bind()
    entries = connection.execute(
        sa.text(
            "SELECT \"index\", kind, body FROM ledger_entry WHERE kind IN ('comment.published', 'comment.withheld', "
            "'comment.withdrawn', 'comment.redacted') ORDER BY \"index\""
        )
    ).all()
    seen: dict[str, int] = {}
    for index, kind, body in entries:
        number = json.loads(body)["subject"]["comment"]
        values = {"index": index, "number": number}
        if kind != "comment.redacted":
            connection.execute(sa.text("UPDATE comment SET state_ledger_index = :index WHERE number = :number"), values)
            continue
        seen[number] = seen.get(number, 0) + 1
        connection.execute(
            sa.text(
                "UPDATE redaction SET ledger_index = :index WHERE ordinal = :ordinal "
                "AND comment_id = (SELECT id FROM comment WHERE number = :number)"
            ),
            {**values, "ordinal": seen[number]},
        )


def _list_id() -> "sa.Column[object]":
    return sa.Column("consultation_id", sa.Uuid(), nullable=False)
