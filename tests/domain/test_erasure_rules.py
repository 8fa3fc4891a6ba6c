"""Rules 1, 2, 17, 18: an erasure destroys bytes and salts, by two people; the count stays, and every proof holds."""

import json
from datetime import date
from pathlib import Path

import pytest
from acts import NOW, answering, publishing
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi import db, ledger
from gongshi.accounts.two_people import Hands, NotYourRole, SamePerson
from gongshi.comments import actions, desk, erasing, intake, personal, queries, receipts, shredding, tallies
from gongshi.comments.erasing import NothingToErase, OrderNumberMissing
from gongshi.comments.erasure_models import ErasedField, Erasure, ErasureReason
from gongshi.comments.intake import Person, Point, Target
from gongshi.comments.models import Channel, Comment, CommentKind, CommentState, WithholdingReason
from gongshi.comments.queues import HeldByADraft
from gongshi.comments.redacting import redact
from gongshi.comments.searchable import Comments
from gongshi.comments.triage_models import CommentNote
from gongshi.drafts import actions as drafts
from gongshi.drafts.contents import Contents
from gongshi.drafts.erasing import Erased
from gongshi.drafts.models import Draft, DraftKind
from gongshi.drafts.moderation import Letter
from gongshi.ledger import merkle
from gongshi.ledger import queries as log
from gongshi.ledger.models import LedgerEntry
from gongshi.migrations.tables import metadata
from gongshi.sealing import KeyRing
from making import SERVER_KEY
from making_world import World, make_world

# Told apart from everything else in a file of bytes.
TEXT = "应删除的话：示例甲某住在示例路九号。"
WISH = "应删除的愿望：请去示例路九号。"
ORDER = "（2026）示例民初1号"
# All that its sender told; of what is said of it later see test_erased_reasons.py.
EVERYTHING = frozenset(ErasedField) - {ErasedField.REASONS}


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing.load_or_create(tmp_path / "personal")


def received(world: World, ring: KeyRing, *, key: str = "key-e") -> Comment:
    return intake.submit(
        world.session,
        world.open_list.consultation,
        submission_key=key,
        points=[Point(CommentKind.OPPOSE, TEXT, WISH, Target())],
        server_key=SERVER_KEY,
        at=NOW,
        person=Person("示例甲某", "010-0000-1234", publish_name=True),
        ring=ring,
    ).comments[0]


def erase(
    world: World,
    comment: Comment,
    *fields: ErasedField,
    by: Hands | None = None,
    order_number: str = ORDER,
) -> Erasure:
    return erasing.erase(
        world.session,
        comment,
        fields=fields or EVERYTHING,
        reason=ErasureReason.PERSONAL_DATA_REQUEST,
        order_number=order_number,
        by=by or answering(world),
        at=NOW,
    )


def test_bytes_and_salts_of_everything_named_are_gone(world: World, ring: KeyRing) -> None:
    comment = received(world, ring)

    erase(world, comment)

    world.session.expire_all()
    assert (comment.text, comment.text_salt) == ("", b"")
    assert (comment.resolution, comment.resolution_salt) == (None, None)
    assert personal.held(world.session, comment) == []
    assert comment.submission.body_sha256 == ""
    assert comment.is_text_erased


@pytest.mark.parametrize("field", sorted(EVERYTHING))
def test_one_field_goes_alone(world: World, ring: KeyRing, field: ErasedField) -> None:
    comment = received(world, ring)

    erase(world, comment, field)

    assert erasing.erasable(world.session, comment) == EVERYTHING - {field}


def test_what_quotes_the_text_goes_with_it(world: World, ring: KeyRing) -> None:
    comment = received(world, ring)
    redact(
        world.session, comment, text=[(0, 3)], reason=WithholdingReason.PERSONAL_DATA, by=answering(world), at=NOW
    )  # fmt: skip
    desk.note(world.session, comment, text=f"他说“{TEXT[3:12]}”。", by=world.office.analyst, at=NOW)

    erase(world, comment)

    note = world.session.scalars(select(CommentNote).where(CommentNote.comment_id == comment.id)).one()
    assert note.text == ""
    assert comment.redaction is not None
    assert (comment.redaction.shown_text, comment.redaction.shown_resolution) == ("", None)
    assert comment.shown_text == ""
    assert [piece.is_erased for piece in comment.shown_pieces] == [True]


@pytest.mark.parametrize("state", ["pending", "published", "withheld", "withdrawn"])
def test_it_keeps_its_number_its_state_and_every_count(world: World, ring: KeyRing, state: str) -> None:
    comment = received(world, ring)
    steps = {
        "pending": lambda: None,
        "published": lambda: actions.publish(world.session, comment, by=world.office.analyst, at=NOW),
        "withheld": lambda: actions.withhold(
            world.session, comment, reason=WithholdingReason.ABUSE, by=answering(world), at=NOW
        ),
        "withdrawn": lambda: actions.withdraw(world.session, comment, at=NOW),
    }
    steps[state]()
    world.session.flush()
    tally = tallies.of(world.session, world.open_list.consultation)
    counts = (tally.received, tally.published, tally.withheld, tally.withdrawn, tally.pending)
    number = comment.number

    erase(world, comment)

    world.session.refresh(tally)
    assert counts == (tally.received, tally.published, tally.withheld, tally.withdrawn, tally.pending)
    assert (comment.number, comment.state) == (number, CommentState(state))


def test_the_log_says_what_was_erased_why_and_by_whom(world: World, ring: KeyRing) -> None:
    comment = received(world, ring)

    erasure = erase(world, comment, ErasedField.CONTACT, ErasedField.TEXT)

    entry = world.session.get_one(LedgerEntry, erasure.ledger_index)
    assert json.loads(entry.body)["subject"] == {
        "comment": comment.number,
        "reason": "personal-data-request",
        "by": answering(world).prepared_by and [world.office.analyst.code, world.office.publisher.code],
        "fields": ["text", "contact"],
    }
    assert ORDER not in entry.body


def test_every_proof_holds_as_before_also_of_what_was_erased(world: World, ring: KeyRing) -> None:
    comment = received(world, ring)
    before, old_root = log.size(world.session), log.root(world.session)
    bodies = list(log.bodies(world.session, start=0, stop=before))

    erase(world, comment)

    size, root = log.size(world.session), log.root(world.session)
    assert list(log.bodies(world.session, start=0, stop=before)) == bodies
    assert log.recompute(world.session) == root
    assert merkle.consistency_holds(
        before, size, log.consistency_proof(world.session, before, size), old_root=old_root, new_root=root
    )
    for index, body in enumerate(log.bodies(world.session, start=0, stop=size)):
        proof = log.inclusion_proof(world.session, index)
        assert merkle.inclusion_holds(merkle.leaf_hash(body.encode()), index, size, proof, root)


def test_afterwards_nothing_that_is_stored_tells_a_right_guess_from_a_wrong_one(world: World, ring: KeyRing) -> None:
    comment = received(world, ring)
    commitment = ledger.commitment(comment.text_salt, TEXT)

    erase(world, comment)

    stored = [str(tuple(row)) for table in metadata.sorted_tables for row in world.session.execute(select(table))]
    assert any(commitment in row for row in stored)
    assert not any(ledger.digest(TEXT) in row for row in stored)
    assert not any(TEXT in row or WISH in row for row in stored)


@pytest.mark.parametrize("who", ["the same person", "wrong roles"])
def test_it_takes_two_people_with_their_roles(world: World, ring: KeyRing, who: str) -> None:
    comment = received(world, ring)
    hands, refusal = {
        "the same person": (Hands(world.office.analyst, world.office.analyst), SamePerson),
        "wrong roles": (publishing(world), NotYourRole),
    }[who]

    with pytest.raises(refusal):
        erase(world, comment, by=hands)

    assert comment.text == TEXT


def test_it_names_the_file_that_ordered_it(world: World, ring: KeyRing) -> None:
    comment = received(world, ring)

    for missing in ("", "  ", "号" * 201):
        with pytest.raises(OrderNumberMissing):
            erase(world, comment, order_number=missing)


def test_what_is_not_there_is_not_erased(world: World, ring: KeyRing) -> None:
    comment = received(world, ring)
    erase(world, comment, ErasedField.NAME)

    with pytest.raises(NothingToErase):
        erase(world, comment, ErasedField.NAME)
    with pytest.raises(NothingToErase):
        erase(world, world.pending, ErasedField.RESOLUTION)


def test_search_forgets_a_text_that_was_erased(world: World, ring: KeyRing) -> None:
    comment = received(world, ring)
    actions.publish(world.session, comment, by=world.office.analyst, at=NOW)
    assert Comments().document(world.session, str(comment.id)) is not None

    erase(world, comment, ErasedField.TEXT, ErasedField.RESOLUTION)

    assert Comments().document(world.session, str(comment.id)) is None


def test_the_receipt_still_opens_and_a_retry_still_finds_it(world: World, ring: KeyRing) -> None:
    comment = received(world, ring)

    erase(world, comment)

    secret = receipts.secret(SERVER_KEY, "key-e")
    assert queries.by_receipt(world.session, comment.submission.receipt_number, secret) is comment.submission
    assert received(world, ring) is comment


# Through a draft, as the bureau does it.


def prepared(world: World, contents: Contents) -> Draft:
    consultation = world.open_list.consultation
    return drafts.prepare(
        world.session, contents, title="删除", consultation=consultation, by=world.office.analyst, at=NOW
    )


def approved(world: World, draft: Draft) -> None:
    drafts.submit(world.session, draft, by=world.office.analyst, at=NOW)
    shown = drafts.digest(world.session, draft, at=NOW)
    drafts.approve(world.session, draft, shown=shown, by=world.office.publisher, at=NOW)


def test_a_draft_erases_when_it_is_approved_and_not_when_it_is_rehearsed(world: World, ring: KeyRing) -> None:
    comment = received(world, ring)
    draft = prepared(world, Erased(comment.number, [ErasedField.TEXT], ErasureReason.COURT_ORDER, ORDER))
    world.session.info.pop("erasures", None)

    drafts.submit(world.session, draft, by=world.office.analyst, at=NOW)
    assert comment.text == TEXT
    assert "erasures" not in world.session.info
    drafts.recall(world.session, draft, by=world.office.analyst, at=NOW)
    approved(world, draft)

    assert comment.text == ""
    assert [one["comment"] for one in world.session.info.pop("erasures")] == [comment.number]


def test_a_comment_in_another_draft_waits_for_that(world: World, ring: KeyRing) -> None:
    comment = received(world, ring)
    contents = Erased(comment.number, [ErasedField.TEXT], ErasureReason.COURT_ORDER, ORDER)
    prepared(world, contents)

    with pytest.raises(HeldByADraft):
        prepared(world, contents)


def test_the_letter_that_a_comment_was_entered_by_is_emptied_too(world: World) -> None:
    receipt = receipts.of(SERVER_KEY, "letter-9")
    letter = Letter(
        channel=Channel.LETTER, received_on=date(2026, 4, 16), says=CommentKind.OPPOSE, text=TEXT, resolution=WISH,
        project=None, version=None, paragraph_key=None, submission_key="letter-9", receipt_number=receipt.number,
        secret_sha256=receipt.secret_sha256,
    )  # fmt: skip
    draft = prepared(world, letter)
    approved(world, draft)
    number = draft.results[0].removeprefix("comment:")

    approved(
        world,
        prepared(
            world,
            Erased(number, [ErasedField.TEXT, ErasedField.RESOLUTION], ErasureReason.UNLAWFUL_TO_KEEP, ORDER),
        ),
    )

    held = world.session.scalars(select(Draft).where(Draft.kind == DraftKind.LETTER, Draft.id == draft.id)).one()
    assert (held.contents["text"], held.contents["resolution"]) == ("", None)
    assert held.contents["receipt_number"] == receipt.number


# In the files, and in a backup that is restored.


def test_the_bytes_are_in_no_file_of_the_database(tmp_path: Path, ring: KeyRing) -> None:
    engine = db.make_engine(f"sqlite:///{tmp_path / 'shred.db'}")
    metadata.create_all(engine)
    with Session(engine) as session:
        with db.writing(session):
            world = make_world(session)
            comment = received(world, ring)
        with db.writing(session):
            actions.publish(session, comment, by=world.office.analyst, at=NOW)
            redact(
                session, comment, text=[(0, 3)], reason=WithholdingReason.PERSONAL_DATA, by=answering(world), at=NOW
            )  # fmt: skip
        assert TEXT.encode() in _files(tmp_path)

        with db.writing(session):
            erase(world, comment)
    assert shredding.fold_log(engine)

    assert TEXT[4:].encode() not in _files(tmp_path)
    assert WISH.encode() not in _files(tmp_path)
    shredding.shred(engine)
    assert TEXT[4:].encode() not in _files(tmp_path)
    engine.dispose()


def _files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("shred.db*"))


def test_what_a_restored_backup_does_not_know_is_done_again_once(world: World, ring: KeyRing) -> None:
    comment = received(world, ring)
    session = world.session
    session.flush()
    backup = session.begin_nested()
    erased = str(erase(world, comment).id)
    record = json.loads(json.dumps(session.info["erasures"][-1]))
    backup.rollback()
    session.expire_all()
    assert comment.text == TEXT

    assert erasing.is_missing(session, record)
    again = erasing.repeat(session, record, at=NOW)

    assert again is not None
    assert str(again.id) == erased
    assert comment.text == ""
    assert again.approval.codes == [world.office.analyst.code, world.office.publisher.code]
    assert not erasing.is_missing(session, record)
    assert erasing.repeat(session, record, at=NOW) is None


def test_a_comment_that_the_backup_never_held_needs_nothing(world: World) -> None:
    record = {"id": "00000000-0000-4000-8000-000000000001", "comment": "2026-SL-99-0001", "fields": ["text"]}

    assert erasing.repeat(world.session, record, at=NOW) is None


def test_a_forgotten_name_is_forgotten_again_and_a_withdrawn_consent_stays_withdrawn(
    world: World, ring: KeyRing
) -> None:
    comment = received(world, ring)
    session = world.session
    session.flush()
    backup = session.begin_nested()
    personal.forget(session, comment, at=NOW)
    record = session.info["erasures"][-1]
    backup.rollback()
    session.expire_all()

    assert personal.is_missing(session, record)
    personal.repeat(session, record, at=NOW)

    assert personal.held(session, comment) == []
    assert personal.consent(session, comment) is None
    assert not personal.is_missing(session, record)
