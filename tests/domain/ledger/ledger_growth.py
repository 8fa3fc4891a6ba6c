"""A log that grows on request."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from gongshi import db, ledger
from gongshi.ledger.checkpoint import Signer, sign_head
from gongshi.ledger.models import LedgerEntry

AT = datetime(2026, 11, 20, 8, 30, 0, 123456, UTC)

Grow = Callable[[int], list[LedgerEntry]]


def grown(session: Session, count: int) -> list[LedgerEntry]:
    """Append so many entries, in one transaction."""
    with db.writing(session) as at:
        return [
            ledger.append(session, ledger.Kind.COMMENT_WITHDRAWN, {"comment": f"2026-SL-01-{n:04d}"}, at=at)
            for n in range(count)
        ]


def append_and_sign(url: str, folder: Path, count: int) -> None:
    """What one of several processes does: append entry by entry, each in its own transaction, and sign now and then."""
    engine = db.make_engine(url)
    signer = Signer.load_or_create(folder, "gongshi.example/ledger")
    with Session(engine) as session:
        for n in range(count):
            with db.writing(session) as at:
                ledger.append(session, ledger.Kind.CLOCK_STEPPED, {"seconds": n}, at=at)
            if n % 10 == 9:
                sign_head(session, signer, folder, at=at)
    engine.dispose()
