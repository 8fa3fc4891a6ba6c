"""What a discarded draft quotes of an erased text goes with it."""

from alembic import op

from gongshi.append_only import Unless, allowing

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

CONTENTS_ERASED = Unless(
    "contents_erased",
    ("contents",),
    "OLD.state NOT IN ('approved', 'discarded') OR EXISTS (SELECT 1 FROM erasure e JOIN comment c "
    "ON c.id = e.comment_id WHERE replace(CAST(OLD.results AS TEXT), '\"comment:' || c.number || '\"', '') "
    "<> CAST(OLD.results AS TEXT) OR (OLD.state = 'discarded' "
    "AND (OLD.consultation_id IS NULL OR c.consultation_id = OLD.consultation_id)))",
)


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    of_table = "" if dialect == "sqlite" else ' ON "draft"'
    connection.exec_driver_sql(f'DROP TRIGGER "draft_contents_erased"{of_table}')
    for statement in allowing("draft", dialect, CONTENTS_ERASED):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError("what is on record is not taken back; restore a backup instead")
