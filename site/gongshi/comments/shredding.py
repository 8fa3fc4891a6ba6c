"""What an erasure leaves in the files of the database, and how it goes: old copies of pages, and old log of writes."""

from sqlalchemy import Engine

# What may quote a comment's words, or was computed from them.
TABLES = (
    "comment",
    "submission",
    "redaction",
    "earlier_text",
    "comment_note",
    "comment_family",
    "comment_band",
    "draft",
    "personal_detail",
)

# Readers may hold the log; nobody is to wait for them longer than this many milliseconds.
PATIENCE = 200


def shred(engine: Engine) -> None:
    """Write the database anew without its gaps, and empty its log of writes. Takes room for a second copy meanwhile.

    On SQLite nothing is left afterwards in the file or beside it. On PostgreSQL the tables are rewritten; its own log
    (WAL) and copies of it go when they are recycled.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            raw = connection.connection.cursor()
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            raw.close()
            return
        for table in TABLES:
            connection.exec_driver_sql(f'VACUUM FULL "{table}"')


def fold_log(engine: Engine) -> bool:
    """Bring SQLite's log of writes into the database file and empty it; whether that could be done just now."""
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect() as connection:
        raw = connection.connection.cursor()
        patience = raw.execute("PRAGMA busy_timeout").fetchone()[0]
        raw.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        raw.execute(f"PRAGMA busy_timeout = {patience}")
        raw.close()
    return not busy
