"""Rules 2, 17: what people say of a comment beside an act can be erased, and goes with its text."""

import json
from collections.abc import Callable, Iterator

import pytest
from acts import NOW, VERBS, answering, hands_for
from contesting import appealed, under_a_name
from sqlalchemy import Engine, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from gongshi import db, ledger
from gongshi.comments import erasing
from gongshi.comments.dispute_models import Dispute, DisputedBy
from gongshi.comments.disputing import dispute
from gongshi.comments.erasing import NothingToErase
from gongshi.comments.erasure_models import ErasedField, Erasure, ErasureReason
from gongshi.comments.models import Appeal, Comment
from gongshi.comments.said_models import InOwnWords
from gongshi.ledger.models import LedgerEntry
from gongshi.migrations.tables import metadata
from gongshi.objections.response_models import Response
from making_world import World, make_world

SAID = "应删除的理由：示例甲某住在示例路九号。"
ORDER = "（2026）示例民初1号"


def _appeal(world: World) -> InOwnWords:
    return appealed(world)


def _dispute(world: World) -> InOwnWords:
    return dispute(world.session, under_a_name(world), disputed_by=DisputedBy.ANYBODY, reason=SAID, at=NOW)


def _response(world: World) -> InOwnWords:
    VERBS["respond to an answer"].do(world, hands_for(VERBS["respond to an answer"].act, world))
    return world.session.scalars(select(Response)).one()


KINDS = {Appeal: _appeal, Dispute: _dispute, Response: _response}


@pytest.fixture
def either(any_engine: Engine) -> Iterator[World]:
    """The world on either database."""
    with Session(any_engine) as session, db.writing(session):
        yield make_world(session)


def erase(world: World, comment: Comment, *fields: ErasedField) -> Erasure:
    return erasing.erase(
        world.session,
        comment,
        fields=fields,
        reason=ErasureReason.PERSONAL_DATA_REQUEST,
        order_number=ORDER,
        by=answering(world),
        at=NOW,
    )


def of(session: Session, said: InOwnWords) -> Comment:
    return session.get_one(Comment, said.comment_id)


def test_every_table_of_such_words_is_known() -> None:
    assert set(InOwnWords.__subclasses__()) == set(KINDS)
    assert {table.name for table in metadata.sorted_tables if "reason_salt" in table.columns} == {
        kind.__tablename__ for kind in KINDS
    }


@pytest.mark.parametrize("say", KINDS.values(), ids=lambda say: say.__name__)
def test_they_are_erased_alone(world: World, say: Callable[[World], InOwnWords]) -> None:
    said = say(world)
    comment, index = of(world.session, said), said.ledger_index
    text, body = comment.text, world.session.get_one(LedgerEntry, index).body
    assert ErasedField.REASONS in erasing.erasable(world.session, comment)

    erasure = erase(world, comment, ErasedField.REASONS)

    world.session.expire_all()
    assert (said.reason, said.reason_salt) == ("", b"")
    assert said.is_reason_erased
    assert comment.text == text != ""
    assert world.session.get_one(LedgerEntry, index).body == body
    subject = json.loads(world.session.get_one(LedgerEntry, erasure.ledger_index).body)["subject"]
    assert subject["fields"] == ["reasons"]


@pytest.mark.parametrize("say", KINDS.values(), ids=lambda say: say.__name__)
def test_they_go_with_the_text_that_they_may_quote_and_the_log_says_so(
    world: World, say: Callable[[World], InOwnWords]
) -> None:
    said = say(world)

    erasure = erase(world, of(world.session, said), ErasedField.TEXT)

    assert said.is_reason_erased
    assert erasure.named == [ErasedField.TEXT, ErasedField.REASONS]


def test_no_hand_that_knows_sql_changes_them_otherwise(either: World, subtests: pytest.Subtests) -> None:
    session = either.session
    for kind, say in KINDS.items():
        said = say(either)
        with subtests.test(f"{kind.__tablename__}, not erased"):
            assert _refused(session, update(kind).values(reason="", reason_salt=b""))
            assert _refused(session, update(kind).values(reason="改写"))
        erase(either, of(session, said), ErasedField.REASONS)
        session.refresh(said)
        assert said.is_reason_erased
        with subtests.test(f"{kind.__tablename__}, erased already"):
            assert _refused(session, update(kind).values(reason="改写", reason_salt=b"0" * 32))
            assert _refused(session, update(kind).values(reason=None, reason_salt=None))


def test_the_erasure_of_something_else_frees_nothing(either: World) -> None:
    said = _dispute(either)

    erase(either, of(either.session, said), ErasedField.NAME)

    assert _refused(either.session, update(Dispute).values(reason="", reason_salt=b""))


def test_afterwards_nothing_that_is_stored_tells_what_was_said(world: World) -> None:
    said = _dispute(world)
    assert said.reason_salt is not None
    commitment = ledger.commitment(said.reason_salt, SAID)

    erase(world, of(world.session, said), ErasedField.REASONS)

    stored = [str(tuple(row)) for table in metadata.sorted_tables for row in world.session.execute(select(table))]
    assert any(commitment in row for row in stored)
    assert not any(SAID in row for row in stored)


def test_what_nobody_said_is_not_erased(world: World) -> None:
    comment = under_a_name(world)
    dispute(world.session, comment, disputed_by=DisputedBy.RECEIPT, reason=None, at=NOW)

    with pytest.raises(NothingToErase):
        erase(world, comment, ErasedField.REASONS)
    assert erase(world, comment, ErasedField.TEXT).named == [ErasedField.TEXT]


def test_what_is_said_afterwards_is_kept_until_it_is_erased_as_well(world: World) -> None:
    said = _dispute(world)
    comment = of(world.session, said)
    erase(world, comment, ErasedField.REASONS)

    later = dispute(world.session, comment, disputed_by=DisputedBy.ANYBODY, reason="另一理由。", at=NOW)

    assert [one is later for one in erasing.words_beside(world.session, comment)] == [True]
    erase(world, comment, ErasedField.REASONS)
    assert later.is_reason_erased


def test_a_restored_backup_erases_them_again(world: World) -> None:
    said = _dispute(world)
    session, comment = world.session, of(world.session, said)
    session.flush()
    backup = session.begin_nested()
    erase(world, comment, ErasedField.REASONS)
    record = json.loads(json.dumps(session.info["erasures"][-1]))
    backup.rollback()
    session.expire_all()
    assert said.reason == SAID

    assert erasing.is_missing(session, record)
    erasing.repeat(session, record, at=NOW)

    assert said.is_reason_erased


def _refused(session: Session, statement: object) -> bool:
    session.flush()
    step = session.begin_nested()
    try:
        session.execute(statement)  # type: ignore[call-overload]  # An update, as all of them here.
    except DBAPIError as error:
        return "is append-only" in str(error)
    finally:
        step.rollback()
    return False
