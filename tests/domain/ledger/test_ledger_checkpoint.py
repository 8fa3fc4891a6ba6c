"""A signed head is a promise, and whoever rewrites or rolls back the log behind it is found out."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from ledger_growth import AT, Grow, grown
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from gongshi import clock, db, ledger
from gongshi.ledger import checkpoint, heads, merkle, notes, queries
from gongshi.ledger.checkpoint import Checkpoint, Signer, guard, last_checkpoint, sign_head
from gongshi.ledger.merkle import Frontier, TreeMismatch
from gongshi.ledger.notes import MalformedNote, VerifierKey

NAME = "gongshi.example/ledger"
# The example of c2sp.org/tlog-checkpoint.
EXAMPLE = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "outside"


@pytest.fixture
def signer(folder: Path) -> Signer:
    return Signer.load_or_create(folder, NAME)


@pytest.fixture
def sign(session: Session, signer: Signer, folder: Path) -> Callable[[], notes.Note]:
    return lambda: sign_head(session, signer, folder, at=AT)


def insider(session: Session, *statements: str) -> None:
    """Someone with the database in hand: drops the triggers, does as they please, and tidies up."""
    session.rollback()
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    with engine.begin() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        for statement in [f"DROP TRIGGER {name}" for name in names] + list(statements):
            connection.execute(text(statement))


def rehash(session: Session) -> None:
    """Make every stored hash agree with the bodies again, as a competent insider would."""
    whole = Frontier()
    statements = []
    for index, body in enumerate(list(queries.bodies(session, start=0, stop=queries.size(session)))):
        leaf = merkle.leaf_hash(body.encode())
        statements.append(f"UPDATE ledger_entry SET leaf_hash = x'{leaf.hex()}' WHERE \"index\" = {index}")  # noqa: S608
        statements += [
            f"UPDATE ledger_node SET hash = x'{held.hex()}' WHERE level = {level} AND \"index\" = {place}"  # noqa: S608
            for (level, place), held in whole.add(leaf)
        ]
    insider(session, *statements)


# Keys and formats


def test_the_key_is_made_once_and_read_by_its_owner_alone(folder: Path):
    first = Signer.load_or_create(folder, NAME)
    second = Signer.load_or_create(folder, NAME)

    assert (folder / checkpoint.KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert first.vkey == second.vkey
    assert first.vkey.startswith(f"{NAME}+")


def test_a_log_does_not_change_its_name(folder: Path, signer: Signer):
    with pytest.raises(ValueError, match="not as another"):
        Signer.load_or_create(folder, "another.example")


def test_a_checkpoint_is_read_and_written_as_its_specification_shows():
    read = Checkpoint.parse(EXAMPLE)

    assert (read.origin, read.size, len(read.root)) == ("example.com/behind-the-sofa", 20852163, 32)
    assert read.text == EXAMPLE
    assert Checkpoint.parse(EXAMPLE + "an extension line\n") == read


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(EXAMPLE.replace("20852163", "020852163"), id="a leading zero"),
        pytest.param(EXAMPLE.replace("20852163", "-1"), id="a negative size"),
        pytest.param(EXAMPLE.replace("20852163", "２"), id="a wide digit"),
        pytest.param(EXAMPLE.replace("q2I=", "q2I"), id="base64 cut short"),
        pytest.param(EXAMPLE.replace("CsUYapGG", ""), id="a short root"),
        pytest.param("\n1\n\n", id="empty lines"),
        pytest.param("origin\n1\n", id="no root"),
    ],
)
def test_what_is_not_a_checkpoint_is_refused(damaged: str):
    with pytest.raises(MalformedNote):
        Checkpoint.parse(damaged)


# Signing


def test_a_head_says_size_and_root_and_verifies_with_the_public_key(session, signer, folder, grow: Grow, sign):
    grow(5)

    note = sign()

    published = (folder / "checkpoint").read_text()
    assert published == str(note)
    verified = notes.verify(published, [VerifierKey.parse(signer.vkey)])
    assert Checkpoint.parse(verified.text) == Checkpoint(NAME, 5, queries.root(session)) == last_checkpoint(folder)


def test_a_head_is_signed_alike_on_both_databases(any_session: Session, signer: Signer, folder: Path):
    for count in (3, 4):
        grown(any_session, count)
        sign_head(any_session, signer, folder, at=AT)

    assert last_checkpoint(folder) == Checkpoint(NAME, 7, queries.recompute(any_session))
    assert guard(any_session, folder) is None


def test_nothing_is_signed_twice(folder: Path, grow: Grow, sign):
    grow(2)

    first, second = sign(), sign()

    assert first == second
    assert (folder / "checkpoints.log").read_text().count(NAME) == 2  # The origin and the name of one signature.


def test_the_history_holds_every_head_and_when_it_was_signed(folder: Path, grow: Grow, sign):
    signed = []
    for _ in range(3):
        grow(2)
        signed.append(str(sign()))

    assert (folder / "checkpoints.log").read_text() == "".join(f"\n# {clock.iso(AT)}\n{note}" for note in signed)


def test_an_empty_log_has_a_head_too(session: Session, folder: Path, grow: Grow, sign):
    sign()
    grow(1)
    sign()

    assert last_checkpoint(folder) == Checkpoint(NAME, 1, queries.root(session))


def test_what_is_not_committed_is_not_signed(session: Session, sign):
    with db.writing(session) as at:
        ledger.append(session, ledger.Kind.CLOCK_STEPPED, {"seconds": 3}, at=at)
        with pytest.raises(RuntimeError, match="committed"):
            sign()


def test_a_session_that_looked_earlier_signs_the_log_as_it_is_now(engine: Engine, session: Session, grow: Grow, sign):
    grow(2)
    assert queries.size(session) == 2  # This opens a read, which goes on seeing two entries.
    with Session(engine) as another:
        grown(another, 3)

    assert Checkpoint.parse(sign().text).size == 5


# Insiders


def assert_refused(sign, folder: Path) -> None:
    before = (folder / "checkpoints.log").read_bytes(), (folder / "checkpoint").read_bytes()
    with pytest.raises(TreeMismatch):
        sign()
    assert ((folder / "checkpoints.log").read_bytes(), (folder / "checkpoint").read_bytes()) == before


def test_signing_is_refused_after_a_signed_entry_was_rewritten_with_all_its_hashes(session, folder, grow: Grow, sign):
    grow(6)
    sign()

    insider(session, "UPDATE ledger_entry SET body = replace(body, '0002', '0009')")
    rehash(session)

    assert queries.root(session) == queries.recompute(session)
    assert guard(session, folder) == "different"
    assert_refused(sign, folder)
    grown(session, 3)
    assert_refused(sign, folder)


def test_signing_is_refused_after_a_body_was_rewritten_before_it_was_signed(session, folder, grow: Grow, sign):
    grow(6)
    sign()
    grow(3)

    insider(session, "UPDATE ledger_entry SET body = replace(body, '0001', '0009') WHERE \"index\" = 7")

    assert_refused(sign, folder)


def test_a_signed_body_that_was_rewritten_alone_no_longer_hashes_to_the_root(session: Session, grow: Grow, sign):
    grow(6)
    sign()

    insider(session, "UPDATE ledger_entry SET body = replace(body, '0002', '0009')")

    assert queries.recompute(session) != queries.root(session)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param('DELETE FROM ledger_entry WHERE "index" = 5', id="the last entry deleted"),
        pytest.param('DELETE FROM ledger_entry WHERE "index" = 2', id="an entry deleted"),
        pytest.param('UPDATE ledger_entry SET "index" = 9 WHERE "index" = 2', id="an entry moved"),
    ],
)
def test_a_deleted_or_moved_entry_changes_the_root(session: Session, grow: Grow, sign, statement: str):
    grow(6)
    signed = Checkpoint.parse(sign().text)

    insider(session, statement)

    assert queries.recompute(session) != signed.root


def test_signing_is_refused_when_signed_entries_are_gone(session: Session, folder: Path, grow: Grow, sign):
    grow(6)
    sign()

    insider(session, 'DELETE FROM ledger_entry WHERE "index" = 5')

    assert guard(session, folder) == "smaller"
    assert_refused(sign, folder)


def test_signing_is_refused_when_a_node_is_gone_or_altered(session: Session, folder: Path, grow: Grow, sign):
    grow(6)
    sign()
    grow(1)

    insider(session, "UPDATE ledger_node SET hash = zeroblob(32) WHERE level = 2")
    assert guard(session, folder) == "different"
    assert_refused(sign, folder)

    insider(session, "DELETE FROM ledger_node WHERE level = 2")
    assert guard(session, folder) == "different"
    assert_refused(sign, folder)


def test_nothing_is_appended_to_a_tree_with_a_hole(session: Session, grow: Grow):
    grow(6)
    insider(session, "DELETE FROM ledger_node WHERE level = 2")

    with pytest.raises(TreeMismatch, match="level 2, index 0"):
        grow(1)


def test_signing_is_refused_in_the_folder_of_another_log(session: Session, folder: Path, grow: Grow, sign):
    grow(2)
    sign()
    key = notes.SigningKey.generate("another.example/log")

    assert_refused(lambda: sign_head(session, Signer(key), folder, at=AT), folder)


# Backups and crashes


def copy(source: Engine, target: Path) -> None:
    connection = db.sqlite_module().connect(source.url.database)
    connection.execute("VACUUM INTO ?", (str(target),))
    connection.close()


def test_an_older_copy_put_back_is_smaller_and_when_it_has_grown_different(
    engine: Engine, session: Session, tmp_path: Path, folder: Path, signer: Signer, grow: Grow, sign
):
    grow(5)
    sign()
    copy(engine, tmp_path / "backup.db")
    grow(4)
    sign()

    restored = db.make_engine(f"sqlite:///{shutil.copy(tmp_path / 'backup.db', tmp_path / 'restored.db')}")
    with Session(restored) as session_after:
        assert guard(session_after, folder) == "smaller"
        grown(session_after, 2)
        assert guard(session_after, folder) == "smaller"
        grown(session_after, 9)
        assert guard(session_after, folder) == "different"
        assert_refused(lambda: sign_head(session_after, signer, folder, at=AT), folder)
    restored.dispose()

    assert guard(session, folder) is None


def test_a_copy_made_after_the_last_head_is_accepted(engine, session, tmp_path: Path, folder, grow: Grow, sign):
    grow(5)
    sign()
    grow(1)
    copy(engine, tmp_path / "backup.db")

    restored = db.make_engine(f"sqlite:///{tmp_path / 'backup.db'}")
    with Session(restored) as session_after:
        assert guard(session_after, folder) is None
    restored.dispose()


def test_where_nothing_was_signed_there_is_nothing_to_guard(session: Session, folder: Path, grow: Grow):
    grow(2)

    assert last_checkpoint(folder) is None
    assert guard(session, folder) is None


def test_a_head_that_reached_only_the_history_is_still_a_promise(session: Session, folder: Path, grow: Grow, sign):
    grow(2)
    older = str(sign())
    grow(2)
    sign()

    (folder / "checkpoint").write_text(older)
    assert last_checkpoint(folder).size == 4
    (folder / "checkpoint").unlink()
    assert last_checkpoint(folder).size == 4


def test_a_record_cut_short_by_a_crash_is_passed_over(session: Session, folder: Path, grow: Grow, sign):
    grow(2)
    further = str(sign()).replace("\n2\n", "\n3\n")
    for length in (4, 30, len(further) - 1):
        with (folder / heads.HISTORY).open("a") as history:
            history.write(f"\n# {clock.iso(AT)}\n{further[:length]}")

        assert last_checkpoint(folder).size == 2

    grow(2)
    sign()
    assert last_checkpoint(folder).size == 4


def test_the_last_head_is_found_at_the_end_of_a_long_history(folder: Path, grow: Grow, sign):
    grow(2)
    note = sign()
    (folder / heads.HISTORY).write_text(f"\n# {clock.iso(AT)}\n{note}" * 1000)
    (folder / heads.LATEST).unlink()

    assert last_checkpoint(folder).size == 2


def test_a_damaged_head_is_unreadable_and_nothing_is_signed_over_it(session, folder: Path, grow: Grow, sign):
    grow(2)
    sign()
    (folder / "checkpoint").write_bytes(b"\xff\x00damaged")

    assert guard(session, folder) == "unreadable"
    with pytest.raises(MalformedNote):
        sign()
