"""What people type reaches no log, whatever they type and wherever, whether it is taken or goes wrong (rule 8)."""

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from config import Config
from web.client import Client
from web.commenting_people import Person, open_list, receipt

CANARIES = {
    "text": "第一行\r\n伪造的一行 status=200",
    "ansi": "\x1b[31m红字\x1b[0m canary-ansi",
    "card": "11010519491231002X",
    "phone": "13800138000",
    "mail": "canary@example.cn",
}
ALL = " ".join(CANARIES.values())
# What stands for each of them in a file, however it is written there.
TRACES = (
    "伪造的一行",
    "\\u4f2a\\u9020",
    "canary-ansi",
    "\x1b",
    "\\x1b",
    "\\u001b",
    "11010519491231002",
    "13800138000",
    "canary@",
)
TAMPERED = 'CREATE TRIGGER broken BEFORE INSERT ON comment BEGIN SELECT RAISE(ABORT, "it is broken"); END'


@pytest.fixture
def errors(config: Config) -> Iterator[Path]:
    """A file of everything that is logged by any part of the program."""
    path = config.DATA_DIR / "logs" / "errors.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, encoding="utf-8")
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield path
    root.setLevel(before)
    root.removeHandler(handler)
    handler.close()


def logged(config: Config) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in (config.DATA_DIR / "logs").iterdir())


def public_posts(app: Flask) -> list[str]:
    """Every public address that takes a POST, its parts filled in."""
    filled = {"number": "2026-SL-01", "project": "1", "comment": "2026-SL-01-0001", "token": CANARIES["phone"]}
    return [
        app.url_map.bind("localhost").build(rule.endpoint, {name: filled.get(name, "1") for name in rule.arguments})
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and rule.endpoint.startswith(("public.", "en."))
    ]


def test_what_is_posted_anywhere_reaches_no_log(
    app: Flask, client: Client, config: Config, session: Session, errors: Path
) -> None:
    open_list(session)
    number, secret = receipt(Person.opens(client, project=1).sends(text=CANARIES["text"] + CANARIES["card"]))
    addresses = public_posts(app)
    assert len(addresses) >= 6
    names = (
        "text",
        "resolution",
        "name",
        "contact",
        "mail_address",
        "reason",
        "comment",
        "kind",
        "submission_key",
        "proof",
    )

    answers = set()
    for address in addresses:
        typed = {**dict.fromkeys(names, ALL), "number": number, "secret": secret}
        answers.add(app.test_client().post(address, data=typed, headers={"User-Agent": ALL[-17:]}).status_code)
        app.test_client().post(f"{address}?q={CANARIES['phone']}", data={"number": ALL, "secret": ALL})

    text = logged(config)
    assert len(answers) > 1
    assert text.count("\n") >= 2 * len(addresses)
    assert [trace for trace in TRACES if trace in text] == []
    assert secret not in text
    assert number not in text


def test_a_fault_of_the_database_quotes_nobody(client: Client, config: Config, session: Session, errors: Path) -> None:
    open_list(session)
    person = Person.opens(client, project=1)
    # What is refused at the door would not come as far as the database.
    readable = "".join(character for character in ALL if character.isprintable())
    _break(config)

    client.post(
        person.address,
        {**person.fields, "kind": "oppose", "text": readable, "name": readable[:100], "contact": readable[:200]},
        status=500,
    )

    text = logged(config)
    assert "it is broken" in text, "the fault itself is logged"
    assert [trace for trace in TRACES if trace in text] == []
    assert person.key not in text


def _break(config: Config) -> None:
    with sqlite3.connect(config.DATA_DIR / "gongshi.db") as connection:
        connection.execute(TAMPERED)
    connection.close()
