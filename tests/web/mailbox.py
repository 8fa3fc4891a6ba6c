"""A real SMTP server on a socket of its own, which keeps what it is given and can be told how to behave."""

import asyncio
import base64
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session as Database

from config import Config
from gongshi.subscriptions.models import Mail, MailState
from gongshi.web.mail.mailer import Mailer
from web.client import Client, Page
from web.commenting_people import Person, receipt

SENDER = "noreply@gongshi.example.cn"
SITE = "https://gongshi.example.cn"
ADDRESS = "shili@example.cn"


class Mailbox:
    """What a server was given, and what it answers: `at_rcpt` and `at_data` in turn, then always 250."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.at_rcpt: list[str] = []
        self.at_data: list[str] = []
        self.seconds = 0.0
        self.is_reading = threading.Event()
        self.port = 0

    @property
    def messages(self) -> list[EmailMessage]:
        found = [message_from_bytes(bytes(envelope.content or b""), policy=default) for envelope in self.envelopes]
        return [one for one in found if isinstance(one, EmailMessage)]

    def wait_for(self, address: str, seconds: float = 20) -> EmailMessage:
        """The first mail to this address, once it has come."""
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            for message in self.messages:
                if message["To"] == address:
                    return message
            time.sleep(0.1)
        raise AssertionError(f"no mail to {address}")

    @property
    def last(self) -> EmailMessage:
        return self.messages[-1]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class _Handler:
    """What aiosmtpd asks; it looks at every attribute, so the mailbox itself is no handler."""

    def __init__(self, box: Mailbox) -> None:
        self._box = box

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name for it.
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self._box.at_rcpt:
            return self._box.at_rcpt.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self._box.is_reading.set()
        await asyncio.sleep(self._box.seconds)
        if self._box.at_data:
            return self._box.at_data.pop(0)
        self._box.envelopes.append(envelope)
        return "250 OK"


@contextmanager
def served(mailbox: Mailbox, **how: Any) -> Iterator[Mailbox]:
    """The server of a mailbox, until the block ends."""
    mailbox.port = mailbox.port or free_port()
    controller = Controller(_Handler(mailbox), hostname="127.0.0.1", port=mailbox.port, **how)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def mail_config(config: Config, url: str) -> Config:
    """The same settings, with mail."""
    given = {name: getattr(config, name) for name in ("DATA_DIR", "SEARCH_INDEX_DIR", "SECRET_KEY")}
    return Config(**given, SMTP_URL=url, MAIL_FROM=SENDER, SITE_URL=SITE)


def turn(app: Flask) -> int:
    """One turn of the mailer."""
    with app.app_context():
        mailer = Mailer(app.config["SITE"])
        done = mailer.turn()
        mailer.end()
        return done


def all_due(database: Database) -> None:
    """Let the time pass for which waiting mail is held back."""
    database.rollback()
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    database.execute(update(Mail).where(Mail.state == MailState.WAITING).values(due_at=long_ago))
    database.commit()


def links(message: EmailMessage) -> list[str]:
    """The paths of the links in a mail, in order."""
    return re.findall(rf"{re.escape(SITE)}(\S+)", text_of(message))


def text_of(message: EmailMessage) -> str:
    return str(message.get_content())


def encoded_text(content: bytes) -> str:
    """The text of a mail, decoded by hand from what went over the wire."""
    head, _, body = content.partition(b"\r\n\r\n")
    assert b"base64" in head
    return base64.b64decode(body).decode()


class Follower:
    """Someone with a receipt who asks for mail."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.number, self.secret = receipt(Person.opens(client, project=1).sends())

    @property
    def opening(self) -> dict[str, str]:
        return {"number": self.number, "secret": self.secret}

    def asks(self, address: str = ADDRESS, status: int = 200, at: str = "/receipts/mail") -> Page:
        return self.client.post(at, {**self.opening, "mail_address": address}, status=status)

    def looks(self) -> Page:
        return self.client.post("/receipts/", self.opening)

    def confirms(self, message: EmailMessage) -> Page:
        return self.client.post(links(message)[0], {"": ""})
