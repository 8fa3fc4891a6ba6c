"""What is taken away from the pages and what the site sends: files and mails, well-formed whatever stands in them.

Files are found by the links of the pages that were opened, so that a new one is here without a line.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import compat32
from urllib.parse import urlsplit
from uuid import UUID
from xml.etree import ElementTree

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from config import Config
from gongshi.projects.models import Project
from gongshi.subscriptions.addresses import AddressUnusable
from gongshi.subscriptions.models import Mail, MailKind
from gongshi.subscriptions.news import Fact, News
from gongshi.web import csv_files
from gongshi.web.mail import letters
from gongshi.web.mail.letters import Letter
from journeys.desks import Bureau
from journeys.furnished import session_of
from journeys.kinds import KINDS as PUBLIC
from journeys.landmarks import Receipt
from web.staff import form_token, signed_in

MALFORMED = "files that cannot be had, or that other people's programs would stumble over or run"
NOT_PLAIN = "mails that are more than plain text under our own headers"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# As many addresses of each kind of file.
OF_EACH = 3
# What spreadsheet programs take for the beginning of a formula, after blanks too.
FORMULAS = tuple("=+-@＝＋－＠")
# Nobody has a longer address.
LONGEST = 254
KEY = b"a key of mails under test" * 2


@dataclass(frozen=True)
class Taken:
    """A file or a mail, and what is wrong with it, if anything is."""

    what: str
    wrong: str


def files(app: Flask, bureau: Bureau, login: str, links: Iterable[str]) -> Iterator[Taken]:
    """The files to which pages link, got as the reader who saw the links."""
    client = signed_in(app, login).raw if login else app.test_client()
    for address in _files(app, bureau, links):
        yield _taken(client.get(address), address)
    if login:
        yield from _made_out(app, client, login)


def of_receipts(app: Flask, receipts: Iterable[tuple[Receipt, str]]) -> Iterator[Taken]:
    """What the holder of a receipt can have: the page, the receipt as one file, and the proof of one comment."""
    client = app.test_client()
    for place, (receipt, comment) in enumerate(receipts):
        opening = {"number": receipt.number, "secret": receipt.secret, "comment": comment}
        for address in ("/receipts/", "/receipts/file", "/receipts/proof"):
            answer = client.post(address, data=opening, headers={"X-Forwarded-For": f"203.1.{place}.1"})
            yield _taken(answer, f"{address} {receipt.number}")


def cells(texts: Iterable[str]) -> Iterator[Taken]:
    """Every text as a cell of the one place that writes CSV."""
    for text in texts:
        if not _has_half_characters(text):
            yield Taken(text[:80], wrong_with("text/csv", "".join(csv_files.written([[text, 1]])).encode()))


def mails(app: Flask, texts: Iterable[str]) -> Iterator[Taken]:
    """Mails of what waits in the outbox, and of the same with a text put into each of its parts."""
    config: Config = app.config["SITE"]
    with app.app_context(), session_of(app) as session:
        waiting = [Letter.of(mail, "shili@example.cn") for mail in session.scalars(select(Mail))]
    plain = [*waiting, *(_letter(kind) for kind in MailKind)]
    with app.app_context():
        known = {kind: _headers(_letter(kind), config) for kind in MailKind}
        for letter in (*plain, *(one for text in texts for one in _with(text[:LONGEST]))):
            try:
                found = _headers(letter, config)
            except (ValueError, AddressUnusable):
                # No letter, and so nothing that is sent.
                continue
            said = "" if found == known[letter.kind] else f"reads {found}"
            yield Taken(f"{letter.receipt[:80]!r} to {letter.to[:80]!r}", said)


def wrong_with(media_type: str, data: bytes) -> str:
    """Why a file is not what it says, or would run where it is opened; empty for one in order."""
    try:
        return next((check(data) for kind, check in CHECKS.items() if kind in media_type), "")
    except (ValueError, csv.Error, ElementTree.ParseError, zipfile.BadZipFile) as error:
        return f"cannot be read: {error}"


def _files(app: Flask, bureau: Bureau, links: Iterable[str]) -> Iterator[str]:
    """Of the links, some of each kind that leads to no page we know."""
    pages = {one.endpoint for one in PUBLIC} | {one.endpoint for one in bureau.places}
    found: dict[str, list[str]] = {}
    for link in sorted(links):
        parts = urlsplit(link)
        try:
            endpoint, _ = app.url_map.bind("127.0.0.1").match(parts.path, method="GET")
        except HTTPException:
            continue
        name = endpoint.partition(".")[2]
        if endpoint != "static" and name not in pages:
            found.setdefault(endpoint, []).append(parts.path + (f"?{parts.query}" if parts.query else ""))
    for addresses in found.values():
        yield from addresses[:OF_EACH]


def _made_out(app: Flask, client: FlaskClient, login: str) -> Iterator[Taken]:
    """The list of issues, which is asked for by a button; only an editor or an analyst has it."""
    with session_of(app) as session:
        projects = [(one.consultation.number, one.number) for one in session.scalars(select(Project))]
    for number, project in projects[-OF_EACH:]:
        address = f"/workbench/consultations/{number}/projects/{project}/returned/issues"
        answer = client.post(address, data={"csrf_token": form_token(app)})
        if answer.status_code not in {303, 403, 404}:
            yield _taken(answer, f"{login} {address}")


def _taken(answer: TestResponse, what: str) -> Taken:
    media_type = answer.content_type or ""
    said = wrong_with(media_type, answer.get_data())
    if answer.status_code >= 500 or answer.status_code == 404:
        said = f"answers {answer.status_code}"
    elif "text/html" not in media_type and answer.headers.get("X-Content-Type-Options") != "nosniff":
        said = said or "may be taken for something else"
    return Taken(what, said)


def _csv(data: bytes) -> str:
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    if len({len(row) for row in rows}) > 1:
        return "has rows of different lengths"
    armed = [
        cell for row in rows for cell in row if cell.strip().startswith(FORMULAS) or cell[:1] in {"\t", "\r", "\n"}
    ]
    return f"has a cell that would be run: {armed[0][:40]!r}" if armed else ""


def _json(data: bytes) -> str:
    json.loads(data)
    return ""


def _xml(data: bytes) -> str:
    ElementTree.fromstring(data)  # noqa: S314  Our own file.
    return ""


def _office(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                _xml(parts.read(name))
    return ""


def _text(data: bytes) -> str:
    return "holds a NUL" if "\x00" in data.decode() else ""


CHECKS: dict[str, Callable[[bytes], str]] = {
    "text/csv": _csv,
    "application/json": _json,
    "openxmlformats": _office,
    "xml": _xml,
    "text/plain": _text,
}


def _letter(kind: MailKind) -> Letter:
    fact = str(Fact("2026-SL-01-0001", News.CHANGED, "3", "2"))
    return Letter(
        UUID(int=1), kind, UUID(int=2), "HZ-AAAAA-BBBBB", (fact,), False, datetime.now(UTC), "shili@example.cn"
    )


def _with(text: str) -> Iterator[Letter]:
    yield replace(_letter(MailKind.CONFIRM), to=text)
    yield replace(_letter(MailKind.CONFIRM), receipt=text)
    yield replace(_letter(MailKind.NEWS), news=(str(Fact(text, News.CHANGED, text, text)),))


def _headers(letter: Letter, config: Config) -> list[str]:
    return shape(letters.written(letter, config=config, key=KEY).as_bytes())


def shape(mail: bytes) -> list[str]:
    """The names of the headers of a mail, and what kinds of parts it has, as another program reads it."""
    read = message_from_bytes(mail, policy=compat32)
    return [*read.keys(), *(part.get_content_type() for part in read.walk())]


def _has_half_characters(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
