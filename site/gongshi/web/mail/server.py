"""The server that takes our mail, by SMTP: how it is reached, and what its answers mean for one mail.

Of an answer only its codes are kept: its words may hold the address.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import Enum
from urllib.parse import parse_qs, unquote, urlsplit

SECONDS = 20.0
SUBMISSION_PORT, TLS_PORT = 587, 465
_ENHANCED = re.compile(rb"\s*[245]\.(\d{1,3})\.(\d{1,3})\b")
# RFC 3463: 5.1.x is about the address, 5.2.x about the mailbox; 5.2.2 is a full one, which may be emptied.
_OF_THE_ADDRESSEE = {b"1", b"2"}
_FULL = (b"2", b"2")
STORAGE_EXCEEDED = 552


class Answer(Enum):
    """What becomes of one mail: the server has it, it may be tried again, or there is no such mailbox."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"


@dataclass(frozen=True)
class Verdict:
    """The answer for one mail and a code for it, such as `rcpt-550`."""

    answer: Answer
    trouble: str = ""


class ServerDown(Exception):
    """The server cannot be reached, does not want us, or broke off. `trouble` is a code; no mail is to blame."""

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble


@dataclass(frozen=True)
class Server:
    """Where mail is handed in, read from SMTP_URL."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    is_tls: bool
    starts_tls: bool
    our_name: str

    @classmethod
    def read(cls, url: str, our_name: str) -> "Server":
        """The server of an SMTP_URL; we call ourselves `our_name`."""
        parts = urlsplit(url)
        is_tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname or "",
            port=parts.port or (TLS_PORT if is_tls else SUBMISSION_PORT),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            is_tls=is_tls,
            starts_tls=parse_qs(parts.query).get("starttls") == ["1"],
            our_name=our_name,
        )

    @contextmanager
    def connected(self) -> Iterator["Connection"]:
        """A connection that is greeted, encrypted and signed in as the settings ask. Raises ServerDown."""
        smtp = self._greeted()
        try:
            yield Connection(smtp)
        finally:
            # The mail is handed over by now: a server that does not say good-bye changes nothing.
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
            smtp.close()

    def _greeted(self) -> smtplib.SMTP:
        smtp: smtplib.SMTP | None = None
        try:
            smtp = self._reached()
            if self.starts_tls:
                smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
            if self.user:
                smtp.login(self.user, self.password)
            return smtp
        except (OSError, smtplib.SMTPException) as error:
            if smtp is not None:
                smtp.close()
            raise ServerDown(_trouble(error)) from error

    def _reached(self) -> smtplib.SMTP:
        # Without a name of our own smtplib asks the DNS for one, which may take half a minute.
        if self.is_tls:
            return smtplib.SMTP_SSL(
                self.host, self.port, self.our_name, timeout=SECONDS, context=ssl.create_default_context()
            )
        return smtplib.SMTP(self.host, self.port, self.our_name, timeout=SECONDS)


class Connection:
    """A connection over which several mails may go, one after the other."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        self._smtp = smtp

    def send(self, message: EmailMessage, *, sender: str, to: str) -> Verdict:
        """Hand one mail in. Raises ServerDown when the connection is of no use any more."""
        try:
            self._smtp.send_message(message, sender, [to])
        except smtplib.SMTPRecipientsRefused as error:
            code, words = error.recipients[to]
            return _verdict("rcpt", code, words)
        except smtplib.SMTPDataError as error:
            return _verdict("data", error.smtp_code, error.smtp_error)
        except smtplib.SMTPNotSupportedError:
            # An address beyond ASCII, and a server that knows none such (RFC 6531).
            return Verdict(Answer.REFUSED, "no-smtputf8")
        except (OSError, smtplib.SMTPException) as error:
            raise ServerDown(_trouble(error)) from error
        return Verdict(Answer.ACCEPTED)


def _verdict(at: str, code: int, words: bytes | str) -> Verdict:
    trouble = f"{at}-{code}"
    if code == 421:
        raise ServerDown(trouble)
    is_final = 500 <= code <= 599 and _is_about_the_addressee(code, words)
    return Verdict(Answer.REFUSED if is_final else Answer.DEFERRED, trouble)


def _is_about_the_addressee(code: int, words: bytes | str) -> bool:
    """Whether a permanent refusal is the mailbox's fault; one of policy or of our own set-up may be put right."""
    said = _ENHANCED.match(words.encode() if isinstance(words, str) else words)
    if said is None:
        return code != STORAGE_EXCEEDED
    return said[1] in _OF_THE_ADDRESSEE and said.groups() != _FULL


def _trouble(error: Exception) -> str:
    if isinstance(error.__context__, TimeoutError):  # smtplib says of one only that the server is gone.
        return "timeout"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"server-{error.smtp_code}"
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (TimeoutError, "timeout"),
        (ssl.SSLCertVerificationError, "certificate"),
        (ssl.SSLError, "tls"),
        (ConnectionRefusedError, "connection-refused"),
        (socket.gaierror, "host-unknown"),
        (smtplib.SMTPServerDisconnected, "disconnected"),
        (smtplib.SMTPNotSupportedError, "not-supported"),
    )
    return next((trouble for kind, trouble in kinds if isinstance(error, kind)), "connection")
