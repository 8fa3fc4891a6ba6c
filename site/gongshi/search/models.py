"""What is still to be indexed, and who does it."""

from datetime import datetime

from sqlalchemy import BigInteger, Integer
from sqlalchemy.orm import Mapped, mapped_column

from gongshi.db import Base, Code


class OutboxRow(Base):
    """Something changed and has to be read again by search, not before an instant if one is set.

    Written with the change, in its transaction.
    """

    __tablename__ = "search_outbox"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  # SQLAlchemy's way to say it.

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True
    )
    kind: Mapped[Code]
    id: Mapped[Code]
    not_before: Mapped[datetime | None]


class WorkerLease(Base):
    """Which process does a job that only one may do, and until when unless it says so again."""

    __tablename__ = "worker_lease"

    name: Mapped[Code] = mapped_column(primary_key=True)
    holder: Mapped[str]
    until: Mapped[datetime]
