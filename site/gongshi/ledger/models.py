"""The log as it is stored: entries, and the hashes of the complete subtrees above them."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from gongshi.append_only import append_only
from gongshi.db import Base, enumerated
from gongshi.ledger.kinds import Kind
from gongshi.ledger.merkle import HASH_SIZE


class LedgerEntry(Base):
    """One public act. `index` counts from 0 without a gap; `body` is the canonical JSON that the leaf hash is over.

    `recorded_at` is when it was written. Only an entry that tells of an earlier act (`acted_at` in its body) differs.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint('"index" >= 0', name="counts_from_zero"),
        CheckConstraint(f"length(leaf_hash) = {HASH_SIZE}", name="whole_hash"),
    )

    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[Kind] = mapped_column(enumerated(Kind))
    recorded_at: Mapped[datetime]
    body: Mapped[str]
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary)

    @property
    def subject(self) -> dict[str, Any]:
        """What was done, as the act that appended the entry gave it."""
        subject: dict[str, Any] = json.loads(self.body)["subject"]
        return subject


class LedgerNode(Base):
    """The hash of a complete subtree above the leaves: `index` counts along its level, the leaves being level 0."""

    __tablename__ = "ledger_node"
    __table_args__ = (
        CheckConstraint("level > 0", name="above_leaves"),
        CheckConstraint(f"length(hash) = {HASH_SIZE}", name="whole_hash"),
        {"sqlite_with_rowid": False},
    )

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


append_only(LedgerEntry.__table__)
append_only(LedgerNode.__table__)
