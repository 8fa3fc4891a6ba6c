"""The audit after a flood finds what it says it looks for: each fault is planted in a database and found."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from config import Config
from floods.audit import DIFFERENT, LOST, NOT_FOUND, TWICE, Memory, audit
from floods.people import Answer, Letter
from floods.servers import NUMBER, prepare
from gongshi import clock, db
from gongshi.comments import intake, receipts
from gongshi.comments.intake import Point, Target
from gongshi.comments.models import CommentKind
from gongshi.consultations import queries as consultations

KEY = b"the receipts' key of the tests!!"
SENT = [Letter(f"a key that is long enough {n}", f"第{n}条意见") for n in range(5)]
PAGE = '<code id="receipt-number">{}</code><code id="receipt-secret">{}</code>'


@pytest.fixture(scope="module")
def flooded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Config, Memory]:
    """A site that five people have written to, and what they remember."""
    config, memory = prepare(tmp_path_factory.mktemp("flooded")), Memory()
    engine = db.make_engine(config.database_url)
    with Session(engine) as session:
        consultation = consultations.public(session, NUMBER, clock.now())
        for letter in SENT:
            with db.writing(session) as at:
                point = Point(CommentKind.OPPOSE, letter.text, None, Target())
                made = intake.submit(
                    session, consultation, submission_key=letter.key, points=[point], server_key=KEY, at=at
                )
            secret = receipts.secret(KEY, letter.key)
            memory.keep([Answer(letter, 201, PAGE.format(made.receipt_number, secret))])
    engine.dispose()
    return config, memory


@pytest.fixture
def spoiled(flooded: tuple[Config, Memory], tmp_path: Path) -> Iterator[tuple[Config, Memory, sqlite3.Connection]]:
    """A copy of it without the triggers that would keep anybody from spoiling it."""
    config, memory = flooded
    shutil.copytree(config.DATA_DIR, tmp_path / "var")
    copy = Config(DATA_DIR=tmp_path / "var", SEARCH_INDEX_DIR=tmp_path / "index", SECRET_KEY=config.SECRET_KEY)
    connection = sqlite3.connect(copy.DATA_DIR / "gongshi.db")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    yield copy, memory, connection
    connection.close()


def test_a_site_in_order_is_found_in_order(flooded: tuple[Config, Memory]) -> None:
    faults, entries = audit(*flooded, sent=len(SENT))

    assert not any(faults.values()), faults
    assert entries > len(SENT)


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        ("DELETE FROM comment WHERE seq = 3", LOST),
        ("UPDATE comment SET text = (SELECT text FROM comment WHERE seq = 1) WHERE seq = 2", TWICE),
        ("UPDATE submission SET secret_sha256 = 'another' WHERE rowid = 1", NOT_FOUND),
        ("UPDATE comment SET seq = 9 WHERE seq = 5", "gaps in the running numbers"),
        ("UPDATE comment SET ledger_index = 0 WHERE seq = 4", "comments without their ledger entry"),
        ('DELETE FROM ledger_entry WHERE "index" = 2', "gaps in the ledger"),
        ("UPDATE ledger_entry SET body = replace(body, '2026', '2025') WHERE \"index\" = 3",
         "ledger root not that of its entries"),
        ("UPDATE comment SET text = text || '！' WHERE seq = 2", "comments nobody sent"),
    ],
)  # fmt: skip
def test_each_fault_that_is_planted_is_found(
    spoiled: tuple[Config, Memory, sqlite3.Connection], planted: str, fault: str
) -> None:
    config, memory, connection = spoiled
    assert connection.execute(planted).rowcount == 1
    connection.commit()

    assert audit(config, memory, sent=len(SENT))[0][fault] > 0


def test_a_second_receipt_for_one_letter_is_found(flooded: tuple[Config, Memory]) -> None:
    config, memory = flooded
    shown = {letter: set(pairs) for letter, pairs in memory.shown.items()}
    shown[SENT[0]] |= shown[SENT[1]]

    assert audit(config, Memory(shown), sent=len(SENT))[0][DIFFERENT] == 1


def test_whoever_never_got_an_answer_is_missed(flooded: tuple[Config, Memory]) -> None:
    assert audit(*flooded, sent=len(SENT) + 1)[0]["people without a receipt in the end"] == 1
