"""How an act of the public is written: under the lock, the ledger's new head signed; or why it could not be now.

Submissions go a way of their own (`taking`); everything else that somebody without an account does goes this one.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from flask import current_app
from flask_babel import gettext
from sqlalchemy.exc import OperationalError

from gongshi.db import writing
from gongshi.errors import Busy
from gongshi.web import ledger_head
from gongshi.web.db import session

log = logging.getLogger(__name__)


class NotNow(Exception):
    """Nothing was written; the same may succeed after so many seconds."""

    def __init__(self, sentence: str, seconds: int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.seconds = seconds


def record(act: Callable[[datetime], object]) -> None:
    """Do something that the ledger tells of, and sign its new head. Raises what it raises, and NotNow."""
    write(act)
    ledger_head.is_signed(current_app, session())


def write(act: Callable[[datetime], object]) -> None:
    """Do something under the write lock. Raises what it raises, and NotNow.

    What the ledger does not tell of waits too while the site can only be read: it would be written into a copy that is
    going to be replaced, and be lost with it.
    """
    try:
        _refuse_read_only()
        with writing(session()) as at:
            act(at)
    except (Busy, OperationalError, OSError) as error:
        # A full disk stops the database, or the journal of erasures that is written before it.
        log.warning("an act of the public could not be written: %s", type(error).__name__)
        session().rollback()
        sentence = gettext("The site is very busy. Nothing was changed; please try again.")
        raise NotNow(sentence, Busy.retry_after) from error


def _refuse_read_only() -> None:
    if ledger_head.reason_not_to_write(current_app, session()) is not None:
        sentence = gettext("The site can only be read at the moment. Nothing was changed.")
        raise NotNow(sentence, ledger_head.READ_ONLY_SECONDS)
