"""Signing the head of the ledger after what was committed, and the guard that stops a site put back to an older copy.

The guard is asked once by each process, at its first request: while the database holds less than was signed, or
something else, nothing may be written, because a second history would be signed. Reading goes on.
"""

import logging
import threading
from pathlib import Path

from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from config import Config
from gongshi import clock
from gongshi.ledger import checkpoint
from gongshi.ledger.checkpoint import Signer
from gongshi.ledger.merkle import TreeMismatch
from gongshi.ledger.models import LedgerEntry
from gongshi.ledger.notes import MalformedNote, Note

log = logging.getLogger(__name__)

# While the site can only be read an operator has to look; asking again sooner than this helps nobody.
READ_ONLY_SECONDS = 600


class LedgerHead:
    """The signer and the guard of one application."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._signer: Signer | None = None
        self._looked = False
        self._reason: str | None = None
        self._one_at_a_time = threading.Lock()

    @property
    def signer(self) -> Signer:
        """The ledger's own key, made at the first use. Raises ValueError when it signs under another name."""
        if self._signer is None:
            keys = self._config.DATA_DIR / "keys"
            keys.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._signer = Signer.load_or_create(keys, self._config.LEDGER_ORIGIN)
        return self._signer

    def sign(self, session: Session) -> Note:
        """Sign the head over everything committed. A tree that contradicts what was signed makes us read-only."""
        try:
            return checkpoint.sign_head(session, self.signer, folder(self._config), at=clock.now())
        except (TreeMismatch, MalformedNote) as error:
            self._alarm("unreadable" if isinstance(error, MalformedNote) else "different")
            raise

    def reason_not_to_write(self, session: Session) -> str | None:
        """`smaller`, `different` or `unreadable` (see `checkpoint.guard`), or None. Looks once in a process's life."""
        with self._one_at_a_time:
            if not self._looked:
                # In a session of its own: this one may have begun to read before others wrote and signed.
                with Session(session.get_bind()) as fresh:
                    found = _guarded(fresh, folder(self._config))
                self._looked = True
                if found is not None:
                    self._alarm(found)
        return self._reason

    def _alarm(self, reason: str) -> None:
        self._reason = reason
        log.critical("the ledger in the database is not the one that was signed (%s): the site is read-only", reason)


def init_app(app: Flask, config: Config) -> None:
    """Give the application its signer and its guard."""
    app.extensions["gongshi.ledger_head"] = LedgerHead(config)


def folder(config: Config) -> Path:
    """Where signed heads are kept, outside the database."""
    return config.DATA_DIR / "ledger"


def signer(app: Flask) -> Signer:
    """The ledger's own key."""
    return _of(app).signer


def sign(app: Flask, session: Session) -> Note:
    """Sign everything that is committed; every edge that writes calls it after its commit.

    Raises TreeMismatch and MalformedNote (see `checkpoint.sign_head`), ValueError for a key of another name, OSError.
    """
    return _of(app).sign(session)


def is_signed(app: Flask, session: Session) -> bool:
    """Sign everything that is committed, for somebody whose act is safe on disk whether or not this succeeds."""
    try:
        sign(app, session)
    except (TreeMismatch, MalformedNote, ValueError, OSError, OperationalError):
        log.exception("the head of the ledger could not be signed")
        session.rollback()
        return False
    return True


def reason_not_to_write(app: Flask, session: Session) -> str | None:
    """Why the site is read-only, as a code, or None when it is not."""
    return _of(app).reason_not_to_write(session)


def _of(app: Flask) -> LedgerHead:
    head = app.extensions["gongshi.ledger_head"]
    assert isinstance(head, LedgerHead)
    return head


def _guarded(session: Session, heads: Path) -> str | None:
    try:
        return checkpoint.guard(session, heads)
    except (OperationalError, ProgrammingError):
        session.rollback()
        if inspect(session.connection()).has_table(LedgerEntry.__tablename__):
            raise  # A full disk, a database that went away: this says nothing about the log, and is asked again.
        # The log's tables are not there, but a head that was signed is.
        return "smaller"
