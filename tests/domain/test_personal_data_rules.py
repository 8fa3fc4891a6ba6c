"""Rule 8: names and contacts are optional, sealed, shown with consent only, read on purpose only, and go on request."""

import json
from pathlib import Path

import pytest
from acts import NOW
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gongshi import ledger
from gongshi.accounts.audit import AuditKind, StaffAudit
from gongshi.accounts.two_people import NotYourBureau, NotYourRole
from gongshi.comments import actions, intake, personal, resealing
from gongshi.comments.checks import TextTooLong, TextUnreadable
from gongshi.comments.intake import KeyUsedForAnotherText, Person, Point
from gongshi.comments.models import Comment, CommentKind, Submission
from gongshi.comments.personal import NoConsentToWithdraw, NothingHeld
from gongshi.comments.personal_models import DetailField, NameConsent, PersonalDetail
from gongshi.ledger.models import LedgerEntry
from gongshi.sealing import CannotOpen, KeyRing
from making import SERVER_KEY
from making_world import World

NAME, CONTACT = "示例投资者甲", "010-0000-1234"
SOMEBODY = Person(NAME, CONTACT, publish_name=True)
POINTS = [Point(CommentKind.ASK, "第一点。"), Point(CommentKind.OPPOSE, "第二点。")]


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing.load_or_create(tmp_path / "personal")


def send(world: World, ring: KeyRing, person: Person | None = SOMEBODY, *, key: str = "key-p") -> Submission:
    return intake.submit(
        world.session,
        world.open_list.consultation,
        submission_key=key,
        points=POINTS,
        server_key=SERVER_KEY,
        at=NOW,
        person=person,
        ring=ring,
    )


def retried(world: World, ring: KeyRing, person: Person | None) -> Submission | None:
    consultation = world.open_list.consultation
    return intake.repeated(world.session, consultation, submission_key="key-p", points=POINTS, person=person, ring=ring)


def published(world: World, ring: KeyRing, person: Person = SOMEBODY) -> Comment:
    comment = send(world, ring, person).comments[0]
    actions.publish(world.session, comment, by=world.office.analyst, at=NOW)
    return comment


def details(session: Session, comment: Comment) -> list[PersonalDetail]:
    return list(session.scalars(select(PersonalDetail).where(PersonalDetail.comment_id == comment.id)))


def test_every_comment_of_a_sending_has_its_own_sealed_name_and_contact(world: World, ring: KeyRing) -> None:
    comments = send(world, ring).comments

    for comment in comments:
        assert personal.read_own(world.session, comment, ring) == {
            DetailField.NAME: NAME,
            DetailField.CONTACT: CONTACT,
        }
        for detail in details(world.session, comment):
            assert NAME.encode() not in detail.sealed
            assert CONTACT.encode() not in detail.sealed
    salts = {personal.opened(one, ring).salt for comment in comments for one in details(world.session, comment)}
    assert len(salts) == 4


def test_the_log_commits_to_them_and_names_neither(world: World, ring: KeyRing) -> None:
    comment = send(world, ring).comments[0]

    body = world.session.get_one(LedgerEntry, comment.ledger_index).body
    held = {one.field: personal.opened(one, ring) for one in details(world.session, comment)}

    committed = json.loads(body)["subject"]["c"]
    assert committed["name"] == ledger.commitment(held[DetailField.NAME].salt, NAME)
    assert committed["contact"] == ledger.commitment(held[DetailField.CONTACT].salt, CONTACT)
    assert NAME not in body
    assert CONTACT not in body


@pytest.mark.parametrize("person", [None, Person(), Person(" ", "\n", publish_name=True)])
def test_whoever_tells_nothing_leaves_nothing(world: World, ring: KeyRing, person: Person | None) -> None:
    comment = send(world, ring, person).comments[0]

    body = json.loads(world.session.get_one(LedgerEntry, comment.ledger_index).body)
    assert set(body["subject"]["c"]) == {"text"}
    assert details(world.session, comment) == []
    assert world.session.get(NameConsent, comment.id) is None


def test_a_row_moved_to_another_comment_or_field_does_not_open(world: World, ring: KeyRing) -> None:
    first, second = send(world, ring, Person(NAME, None)).comments
    mine = details(world.session, first)[0]

    for moved in ({"sealed": details(world.session, second)[0].sealed}, {"field": DetailField.CONTACT}):
        step = world.session.begin_nested()
        world.session.execute(update(PersonalDetail).where(PersonalDetail.comment_id == first.id).values(moved))
        world.session.expire(mine)
        with pytest.raises(CannotOpen):
            personal.opened(details(world.session, first)[0], ring)
        step.rollback()
        world.session.expire_all()


def test_a_retry_with_the_same_person_is_the_same_and_with_another_is_refused(world: World, ring: KeyRing) -> None:
    sent = send(world, ring)

    assert retried(world, ring, SOMEBODY) is sent
    for other in (
        None,
        Person(),
        Person(NAME, CONTACT),
        Person(NAME, "010-0000-9999", True),
        Person("乙", CONTACT, True),
    ):
        with pytest.raises(KeyUsedForAnotherText):
            retried(world, ring, other)


def test_a_retry_after_the_name_was_deleted_still_finds_its_receipt(world: World, ring: KeyRing) -> None:
    sent = send(world, ring)

    for comment in sent.comments:
        personal.forget(world.session, comment, at=NOW)

    assert retried(world, ring, SOMEBODY) is sent


def test_a_retry_whose_person_opens_no_more_is_decided_by_its_key(world: World, ring: KeyRing, tmp_path: Path) -> None:
    submission = send(world, ring)
    another = KeyRing.load_or_create(tmp_path / "without-the-key")

    assert retried(world, another, SOMEBODY) is submission


def test_what_is_stored_to_know_a_retry_by_does_not_depend_on_the_words_of_a_person(
    world: World, ring: KeyRing
) -> None:
    """Or whoever holds the database could try out all telephone numbers."""
    first = send(world, ring, Person(NAME, CONTACT), key="key-1")
    second = send(world, ring, Person("示例投资者乙", "010-0000-9999"), key="key-2")

    assert first.body_sha256 == second.body_sha256


@pytest.mark.parametrize(
    ("person", "refusal"),
    [
        (Person("名" * 101), TextTooLong),
        (Person(None, "1" * 201), TextTooLong),
        (Person("a\x00b"), TextUnreadable),
        (Person(None, "\ud800"), TextUnreadable),
    ],
)
def test_what_cannot_be_kept_is_refused(world: World, ring: KeyRing, person: Person, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        send(world, ring, person)


def test_without_keys_nothing_personal_is_taken(world: World) -> None:
    with pytest.raises(ValueError, match="sealed or not at all"):
        intake.submit(
            world.session, world.open_list.consultation, submission_key="k", points=POINTS, server_key=SERVER_KEY,
            at=NOW, person=SOMEBODY,
        )  # fmt: skip


def test_a_name_is_public_only_with_consent_and_beside_a_published_comment(world: World, ring: KeyRing) -> None:
    pending = send(world, ring).comments[0]
    assert personal.public_name(world.session, pending, ring) is None

    actions.publish(world.session, pending, by=world.office.analyst, at=NOW)
    assert personal.public_name(world.session, pending, ring) == NAME

    actions.withdraw(world.session, pending, at=NOW)
    assert personal.public_name(world.session, pending, ring) is None


def test_a_name_without_consent_is_never_public(world: World, ring: KeyRing) -> None:
    comment = published(world, ring, Person(NAME, CONTACT))

    assert personal.public_name(world.session, comment, ring) is None


def test_consent_is_kept_with_its_instant_and_can_be_withdrawn_once(world: World, ring: KeyRing) -> None:
    comment = published(world, ring)
    assert world.session.get_one(NameConsent, comment.id).given_at == NOW

    personal.withdraw_consent(world.session, comment, at=NOW)

    assert personal.public_name(world.session, comment, ring) is None
    assert personal.read_own(world.session, comment, ring)[DetailField.NAME] == NAME
    assert world.session.get_one(NameConsent, comment.id).withdrawn_at == NOW
    with pytest.raises(NoConsentToWithdraw):
        personal.withdraw_consent(world.session, comment, at=NOW)


def test_name_and_contact_go_at_their_owners_wish_and_the_comment_stays(world: World, ring: KeyRing) -> None:
    comment = published(world, ring)

    personal.forget(world.session, comment, at=NOW)

    assert personal.held(world.session, comment) == []
    assert personal.public_name(world.session, comment, ring) is None
    assert comment.text == POINTS[0].text
    with pytest.raises(NothingHeld):
        personal.forget(world.session, comment, at=NOW)


def test_an_analyst_of_the_bureau_reads_them_and_the_audit_says_so_without_them(world: World, ring: KeyRing) -> None:
    comment = send(world, ring).comments[0]

    told = personal.read(world.session, comment, ring=ring, by=world.office.analyst, at=NOW)

    assert told == {DetailField.NAME: NAME, DetailField.CONTACT: CONTACT}
    noted = select(StaffAudit).where(StaffAudit.kind == AuditKind.PERSONAL_DATA_READ)
    entry = world.session.scalars(noted).one()
    assert (entry.actor, entry.details) == (world.office.analyst, {"comment": comment.number})


def test_nobody_else_reads_them(world: World, ring: KeyRing) -> None:
    comment = send(world, ring).comments[0]
    office, stranger = world.office, world.stranger

    for person in (office.editor, office.publisher, office.admin):
        with pytest.raises(NotYourRole):
            personal.read(world.session, comment, ring=ring, by=person, at=NOW)
    with pytest.raises(NotYourBureau):
        personal.read(world.session, comment, ring=ring, by=stranger.analyst, at=NOW)


def test_keys_are_rotated_in_portions_and_the_old_one_goes_last(world: World, ring: KeyRing) -> None:
    comments = [comment for n in range(3) for comment in send(world, ring, key=f"key-{n}").comments]
    old, fresh = ring.primary, ring.add()

    assert resealing.reseal_next(world.session, ring, limit=5) == 5
    assert resealing.retire(world.session, ring) == []
    assert set(resealing.uses(world.session)) == {old, fresh}

    assert resealing.reseal_next(world.session, ring) == 7
    assert resealing.reseal_next(world.session, ring) == 0
    assert resealing.retire(world.session, ring) == [old]

    assert ring.ids() == [fresh]
    for comment in comments:
        assert personal.read_own(world.session, comment, ring)[DetailField.NAME] == NAME


def test_a_comment_that_comes_during_a_rotation_is_sealed_under_the_new_key(
    world: World, ring: KeyRing, tmp_path: Path
) -> None:
    worker = KeyRing.load_or_create(tmp_path / "personal")
    send(world, worker)
    fresh = ring.add()
    while resealing.reseal_next(world.session, ring):
        pass

    late = send(world, worker, key="key-late").comments[0]

    assert {one.key_id for one in details(world.session, late)} == {fresh}
    resealing.retire(world.session, ring)
    assert personal.read_own(world.session, late, worker)[DetailField.CONTACT] == CONTACT


def test_what_does_not_open_stops_the_rotation_and_every_key_stays(world: World, ring: KeyRing) -> None:
    comment = send(world, ring).comments[0]
    old = ring.primary
    world.session.execute(
        update(PersonalDetail)
        .where(PersonalDetail.comment_id == comment.id, PersonalDetail.field == DetailField.NAME)
        .values(sealed=b"changed by hand, long enough to be one")
    )
    world.session.expire_all()
    ring.add()

    with pytest.raises(CannotOpen):
        resealing.reseal_next(world.session, ring)

    assert resealing.retire(world.session, ring) == []
    assert old in ring.ids()


def test_keys_that_are_gone_are_named(world: World, ring: KeyRing, tmp_path: Path) -> None:
    send(world, ring)

    assert resealing.missing(world.session, ring) == []
    assert resealing.missing(world.session, KeyRing(tmp_path / "lost")) == [ring.primary]
