"""What the public could read of a comment before its sender replaced it."""

import sqlalchemy as sa
from alembic import op

from gongshi.append_only import Unless, allowing, protect
from gongshi.db import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

PROTECTED = {"earlier_text": ("comment_id", "ordinal", "kind", "published_at", "replaced_at")}
ERASED = Unless(
    "erased",
    ("text", "resolution", "text_salt", "resolution_salt"),
    "((NEW.text = OLD.text AND NEW.text_salt = OLD.text_salt) "
    "OR (length(NEW.text) = 0 AND length(NEW.text_salt) = 0)) "
    "AND ((NEW.resolution IS NOT DISTINCT FROM OLD.resolution "
    "AND NEW.resolution_salt IS NOT DISTINCT FROM OLD.resolution_salt) "
    "OR (NEW.resolution IS NULL AND NEW.resolution_salt IS NULL)) "
    "AND EXISTS (SELECT 1 FROM comment_text_change x WHERE x.comment_id = NEW.comment_id AND x.kind = 'erased')",
)


def upgrade() -> None:
    op.create_table(
        "earlier_text",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", _enum(("oppose", "suggest", "ask", "support"), "commentkind"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.Column("text_salt", sa.LargeBinary(), nullable=False),
        sa.Column("resolution_salt", sa.LargeBinary(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("replaced_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_earlier_text_comment_id_comment")),
        sa.PrimaryKeyConstraint("comment_id", "ordinal", name=op.f("pk_earlier_text")),
    )
    connection = op.get_bind()
    protect(connection, PROTECTED)
    for statement in allowing("earlier_text", connection.dialect.name, ERASED):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError("what is on record is not taken back; restore a backup instead")


def _enum(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32, create_constraint=True)
