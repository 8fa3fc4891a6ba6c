"""Loading content as `flask content load` does: one transaction, everything or nothing."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from gongshi import db
from gongshi.loading import archive, example
from gongshi.migrations.tables import metadata
from making import SERVER_KEY, beijing

BUNDLED = Path(__file__).resolve().parents[3] / "content"
# A Tuesday without holidays near it.
TODAY = beijing("2026-12-01", "10:00")


def load(engine: Engine, folder: Path, *, at: datetime = TODAY) -> list[str]:
    """Load both parts as of a moment; returns what was new."""
    with Session(engine) as session:
        session.info["source"] = "content"
        with db.writing(session):
            done = archive.load(session, folder / "archive", at=at)
            return done + example.load(session, folder / "example", server_key=SERVER_KEY, at=at)


def rows(engine: Engine) -> dict[str, int]:
    """How many rows every table has."""
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }
