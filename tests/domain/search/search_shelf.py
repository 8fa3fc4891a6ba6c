"""A table of things that can be found, standing in for the concepts of the site; and a worker that can be killed.

python search_shelf.py DATABASE_URL INDEX_FOLDER      runs a worker until it is killed
"""

import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from search_corpus import make_document
from sqlalchemy import Boolean, Column, Engine, MetaData, Table, Text, delete, insert, select
from sqlalchemy.orm import Session

from gongshi import db, search
from gongshi.search import Document, lease, worker
from gongshi.search.whoosh_engine import WhooshBackend

# A metadata of its own: the site's tables are not to know it.
METADATA = MetaData()
SHELF = Table(
    "shelf",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("is_public", Boolean, nullable=False),
)
SHORT_LEASE = timedelta(seconds=0.5)


class Shelf:
    """The source of everything on the shelf that is public."""

    def document(self, session: Session, id: str) -> Document | None:
        row = session.execute(select(SHELF).where(SHELF.c.id == id, SHELF.c.is_public)).one_or_none()
        return make_document(row.id, kind="thing", body=row.body) if row else None

    def documents(self, session: Session) -> Iterator[Document]:
        for row in session.execute(select(SHELF).where(SHELF.c.is_public).order_by(SHELF.c.id)):
            yield make_document(row.id, kind="thing", body=row.body)


SOURCES = {"thing": Shelf()}


def put(session: Session, *, is_public: bool = True, **bodies: str) -> None:
    """Write things on the shelf, replacing what was there, and tell search."""
    for id, body in bodies.items():
        session.execute(delete(SHELF).where(SHELF.c.id == id))
        session.execute(insert(SHELF).values(id=id, body=body, is_public=is_public))
        search.enqueue(session, "thing", id)


def put_now(engine: Engine, *, is_public: bool = True, **bodies: str) -> None:
    with Session(engine) as session, db.writing(session):
        put(session, is_public=is_public, **bodies)


if __name__ == "__main__":
    lease.LASTS = SHORT_LEASE
    worker.RENEW_AFTER = 0.1
    worker.run(db.make_engine(sys.argv[1]), WhooshBackend(Path(sys.argv[2])), SOURCES, threading.Event(), poll=0.01)
