"""The loop that notices what changed, puts it into mails, and brings them to the server. Any number may run; one works.

Nothing that talks to a network happens under the write lock. It may be killed at any moment: what was not recorded as
sent is sent again. That can be a second time only for the one mail that the server had taken and we had not yet noted.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from config import Config
from gongshi import clock
from gongshi.db import writing
from gongshi.errors import Busy
from gongshi.sealing import CannotOpen, KeyRing
from gongshi.search import lease
from gongshi.subscriptions import noticing, queries, reading, sending
from gongshi.subscriptions.addresses import AddressUnusable
from gongshi.subscriptions.models import Mail
from gongshi.web.db import db
from gongshi.web.keys import mail_key, personal_ring
from gongshi.web.mail import letters
from gongshi.web.mail.letters import Letter
from gongshi.web.mail.server import Answer, Server, ServerDown, Verdict

log = logging.getLogger(__name__)

LEASE = "mail"
RENEW_AFTER = 5.0
POLL = 2.0
TIDY_AFTER = 600.0
ENTRIES, LOOKS, MAILS, ROWS = 1000, 50, 20, 500
# Well within the time for which mails are taken out, the longest single answer included.
SEND_FOR = 90.0
GOODBYE_SECONDS = 3.0


@dataclass(frozen=True)
class Ready:
    """A mail taken out and written, and where it goes."""

    id: UUID
    to: str
    message: EmailMessage


class Mailer:
    """One worker and what it remembers from turn to turn. Its methods want an application context."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._sessions: sessionmaker[Session] = sessionmaker(db.engine)
        self._holder = f"{socket.gethostname()}/{os.getpid()}/{uuid4().hex[:8]}"
        self._held_until = float("-inf")
        self._tidied_at = float("-inf")
        self._server = server(config)

    def turn(self) -> int:
        """If the lease is to be had, do a portion of everything; returns how much was done."""
        if not self._holds():
            return 0
        self._tidy()
        if self._server is None:
            return 0
        return self.notice() + self.tell() + self.send()

    def end(self) -> None:
        """Give up the lease. If that fails, it runs out."""
        with suppress(Busy, SQLAlchemyError), self._sessions() as session:
            lease.release(session, LEASE, self._holder)

    def notice(self) -> int:
        """Read on in the ledger."""
        with self._sessions() as session:
            if not noticing.waits(session):
                return 0
            with writing(session):
                return noticing.look_through(session, ENTRIES)

    def tell(self) -> int:
        """Compare what became of some submissions with what their subscribers know, and queue the difference."""
        with self._sessions() as session:
            looked = queries.to_look_at(session, LOOKS)
            found = [(one.id, reading.known(session, one.submission)) for one in looked]
            # Read without the write lock. What changes from now on is in the ledger behind the cursor.
            for id, known in found:
                with writing(session) as at:
                    subscription = queries.get(session, id)
                    if subscription is not None:
                        noticing.tell(session, subscription, facts=known.facts, is_last=known.is_all, at=at)
        return len(found)

    def send(self) -> int:
        """Send some of what is due; returns how many were tried."""
        ready = self._take()
        if not ready or self._server is None:
            return 0
        untried = {one.id for one in ready}
        give_up = time.monotonic() + SEND_FOR
        try:
            with self._server.connected() as connection:
                for one in ready:
                    if time.monotonic() > give_up:
                        break
                    verdict = connection.send(one.message, sender=self._config.MAIL_FROM, to=one.to)
                    untried.discard(one.id)
                    self._note(one.id, verdict)
        except ServerDown as error:
            log.warning("mail: the server takes none (%s), trying again", error.trouble)
            self._postpone(untried, error.trouble)
            return 0
        self._put_back(untried)
        return len(ready) - len(untried)

    def _take(self) -> list[Ready]:
        with self._sessions() as session:
            if not queries.has_due(session, clock.now()):
                return []
            with writing(session) as at:
                taken = [mail.id for mail in sending.take(session, MAILS, at=at)]
            ring, key = personal_ring(self._config), mail_key(self._config)
            written = [self._written(queries.mail(session, id), ring, key) for id in taken]
        return [one for one in written if one is not None]

    def _written(self, mail: Mail | None, ring: KeyRing, key: bytes) -> Ready | None:
        if mail is None:
            return None
        try:
            to = queries.address(mail.subscription, ring)
        except CannotOpen:
            self._note(mail.id, Verdict(Answer.REFUSED, "key-gone"))
            return None
        if to is None:  # Stopped a moment ago.
            return None
        try:
            message = letters.written(Letter.of(mail, to), config=self._config, key=key)
        except (ValueError, AddressUnusable):
            # A line end in a header, or a fact that means nothing. One damaged row must not hold up all mail.
            self._note(mail.id, Verdict(Answer.DEFERRED, "unwritable"))
            return None
        return Ready(mail.id, to, message)

    def _note(self, id: UUID, verdict: Verdict) -> None:
        if verdict.answer is not Answer.ACCEPTED:
            log.warning("mail: %s was not taken (%s)", id, verdict.trouble)
        with self._sessions() as session, writing(session) as at:
            mail = queries.mail(session, id)
            if mail is None:
                return
            if verdict.answer is Answer.ACCEPTED:
                sending.accepted(session, mail, at=at)
            elif verdict.answer is Answer.REFUSED:
                sending.refused(session, mail, trouble=verdict.trouble, at=at)
            else:
                sending.deferred(mail, trouble=verdict.trouble, at=at)

    def _postpone(self, ids: set[UUID], trouble: str) -> None:
        with self._sessions() as session, writing(session) as at:
            for mail in queries.mails(session, ids):
                sending.postponed(mail, trouble=trouble, at=at)

    def _put_back(self, ids: set[UUID]) -> None:
        if not ids:
            return
        with self._sessions() as session, writing(session) as at:
            for mail in queries.mails(session, ids):
                sending.put_back(mail, at=at)

    def _tidy(self) -> None:
        if time.monotonic() < self._tidied_at + TIDY_AFTER:
            return
        with self._sessions() as session, writing(session) as at:
            done = sending.tidy(session, ROWS, kept=timedelta(days=self._config.PERSONAL_DATA_DAYS), at=at)
        if done < ROWS:
            self._tidied_at = time.monotonic()

    def _holds(self) -> bool:
        if time.monotonic() < self._held_until:
            return True
        with self._sessions() as session:
            held = lease.hold(session, LEASE, self._holder)
        self._held_until = time.monotonic() + RENEW_AFTER if held else float("-inf")
        return held


def run(app: Flask, config: Config, stop: threading.Event, poll: float = POLL) -> None:
    """Work until `stop` is set. A failing database, disk or server is waited for."""
    with app.app_context():
        mailer = Mailer(config)
        while not stop.is_set():
            try:
                done = mailer.turn()
            except (Busy, SQLAlchemyError, OSError):
                log.warning("mail: could not work, trying again", exc_info=True)
                done = 0
            if not done:
                stop.wait(poll)
        mailer.end()


@contextmanager
def beside(app: Flask, config: Config, stop: threading.Event) -> Iterator[None]:
    """Run the mailer in a thread while the block runs. A fault of it sets `stop`: whoever starts us starts us again."""
    thread = threading.Thread(target=_run, args=(app, config, stop), name="mailer", daemon=True)
    thread.start()
    yield
    # A server that keeps us waiting is not waited for: what was not noted as sent is sent again.
    thread.join(GOODBYE_SECONDS)


def _run(app: Flask, config: Config, stop: threading.Event) -> None:
    try:
        run(app, config, stop)
    except Exception:
        log.exception("the mailer ended")
        stop.set()


def server(config: Config) -> Server | None:
    """The server that takes our mail; None where none is set up, and then no mail is offered."""
    if not config.SMTP_URL:
        return None
    return Server.read(config.SMTP_URL, urlsplit(config.SITE_URL).hostname or "localhost")
