"""How our mails read: plain text, Chinese and then English, with a number and links, and nobody's words in them.

No picture, no tracking, no secret: whoever reads along learns the number of a receipt, which opens nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app
from flask_babel import force_locale, gettext

from config import Config
from gongshi.admissions.models import AdmissionOutcome
from gongshi.clock import beijing
from gongshi.comments.models import AppealOutcome
from gongshi.objections.models import Outcome
from gongshi.subscriptions import addresses, links
from gongshi.subscriptions.actions import CONFIRM_WITHIN
from gongshi.subscriptions.models import Mail, MailKind
from gongshi.subscriptions.news import Fact, News
from gongshi.web import wording
from gongshi.web.languages import CHINESE, ENGLISH

AUDIENCES = {CHINESE: "public", ENGLISH: "en"}
RULE = "-" * 40
UNSUBSCRIBE = "List-Unsubscribe"
HOWS: dict[News, Callable[[str], str]] = {
    News.DISPOSED: lambda how: wording.label(Outcome(how)),
    News.DECIDED: lambda how: wording.label(AdmissionOutcome(how)),
    News.APPEAL_DECIDED: lambda how: wording.label(AppealOutcome(how)),
}


class _Policy(EmailPolicy):
    """As mail goes over the wire, the link to stop it on one line: folded, it would be encoded and lead nowhere."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name == UNSUBSCRIBE:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


POLICY = _Policy(linesep="\r\n")


@dataclass(frozen=True)
class Letter:
    """What a mail is made of, read from the database before anybody talks to a server."""

    id: UUID
    kind: MailKind
    subscription: UUID
    receipt: str
    news: tuple[str, ...]
    is_last: bool
    queued_at: datetime
    to: str

    @classmethod
    def of(cls, mail: Mail, to: str) -> "Letter":
        return cls(
            id=mail.id,
            kind=mail.kind,
            subscription=mail.subscription_id,
            receipt=mail.subscription.submission.receipt_number,
            news=tuple(mail.news),
            is_last=mail.is_last,
            queued_at=mail.queued_at,
            to=to,
        )


def written(letter: Letter, *, config: Config, key: bytes) -> EmailMessage:
    """The mail itself; the same letter makes the same mail at every try. Raises AddressUnusable, ValueError."""
    pages = Addresses(config.SITE_URL, key, letter.subscription)
    bodies, subjects = [], []
    for locale in (CHINESE, ENGLISH):
        with force_locale(locale):
            subject, paragraphs = TEXTS[letter.kind](letter, pages, locale)
            subjects.append(subject)
            bodies.append("\n\n".join(paragraphs))
    message = EmailMessage(policy=POLICY)
    message["From"] = config.MAIL_FROM
    # What is no plain address would not only go astray: Python's own reader of addresses breaks down over some.
    message["To"] = addresses.plain(letter.to)
    message["Subject"] = f"{subjects[0]} / {subjects[1]} ({letter.receipt})"
    message["Date"] = format_datetime(beijing(letter.queued_at))
    message["Message-ID"] = f"<{letter.id.hex}@{urlsplit(config.SITE_URL).hostname}>"
    message[UNSUBSCRIBE] = f"<{pages.stop(CHINESE)}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # Answering machines keep silent (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    # Base64 passes servers that know seven bits only.
    message.set_content(f"\n\n{RULE}\n\n".join(bodies) + "\n", charset="utf-8", cte="base64")
    return message


@dataclass(frozen=True)
class Addresses:
    """The links of one subscriber's mails."""

    site: str
    key: bytes
    subscription: UUID

    def confirm(self, locale: str) -> str:
        return self._of(locale, "mail.confirm", token=links.confirm_token(self.key, self.subscription))

    def stop(self, locale: str) -> str:
        return self._of(locale, "mail.stop", token=links.stop_token(self.key, self.subscription))

    def look_up(self, locale: str) -> str:
        return self._of(locale, "receipts.look_up")

    def _of(self, locale: str, endpoint: str, **values: str) -> str:
        # A worker has no request whose host could be asked: the site's address is a setting.
        return self.site + current_app.url_map.bind("").build(f"{AUDIENCES[locale]}.{endpoint}", values)


def _please_confirm(letter: Letter, pages: Addresses, locale: str) -> tuple[str, Sequence[str]]:
    hours = int(CONFIRM_WITHIN.total_seconds() // 3600)
    return gettext("Please confirm your mail address"), (
        gettext("Somebody with the receipt %(receipt)s asked to be told at this address what becomes of the comment.",
                receipt=letter.receipt),
        gettext("If it was you, open this page within %(hours)s hours and press the button:", hours=hours)
        + f"\n{pages.confirm(locale)}",
        gettext("If it was not you, do nothing: nothing more will be sent, and the address will be deleted."),
        _footer(),
    )  # fmt: skip


def _news(letter: Letter, pages: Addresses, locale: str) -> tuple[str, Sequence[str]]:
    told = "\n".join(f"- {line}" for line in sentences(letter.news))
    last = gettext("This was the last step. No more mail will be sent; the site has deleted this address.")
    stop = gettext("To stop these mails, open this page and press the button:") + f"\n{pages.stop(locale)}"
    return gettext("News of your comment"), (
        gettext("What you submitted with the receipt %(receipt)s has moved on:", receipt=letter.receipt)
        + f"\n\n{told}",
        gettext("To see all of it, look the receipt up by its number and its secret:") + f"\n{pages.look_up(locale)}",
        last if letter.is_last else stop,
        _footer(),
    )


def sentences(news: Iterable[str]) -> list[str]:
    """Facts as lines of a mail, in the language that is spoken."""
    return [_sentence(Fact.read(one)) for one in news]


def _sentence(fact: Fact) -> str:
    how = HOWS[fact.what](fact.how) if fact.what in HOWS else fact.how
    return wording.label(fact.what) % {"comment": fact.comment, "of": fact.of, "how": how}


def _footer() -> str:
    said = gettext("This mail was sent by a machine; answers to it are not read. We never ask for your secret by mail.")
    return str(said)


TEXTS: dict[MailKind, Callable[[Letter, Addresses, str], tuple[str, Sequence[str]]]] = {
    MailKind.CONFIRM: _please_confirm,
    MailKind.NEWS: _news,
}
