"""Names and contacts of commenters: sealed when they come, opened on purpose only, deleted when their time is over.

Both are optional and stand beside a comment, never in it (rule 8). The ledger commits to each under a salt that lies
sealed with it.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi import clock, ledger
from gongshi.accounts import audit
from gongshi.accounts.audit import AuditKind
from gongshi.accounts.models import Role, StaffUser
from gongshi.accounts.two_people import check
from gongshi.comments.checks import refuse_unkeepable
from gongshi.comments.models import Comment, CommentState, Submission
from gongshi.comments.personal_models import DetailField, NameConsent, PersonalDetail
from gongshi.errors import RuleBroken
from gongshi.sealing import CannotOpen, KeyRing, Sealed

LONGEST_NAME = 100
LONGEST_CONTACT = 200


@dataclass(frozen=True)
class Person:
    """What somebody told of themselves, all of it optional. `publish_name` is their separate consent to show it."""

    name: str | None = None
    contact: str | None = None
    publish_name: bool = False

    @property
    def told(self) -> dict[DetailField, str]:
        """What is to be kept: blank is nothing."""
        given = {DetailField.NAME: (self.name or "").strip(), DetailField.CONTACT: (self.contact or "").strip()}
        return {field: text for field, text in given.items() if text}

    @property
    def consents(self) -> bool:
        """Consent to show a name needs a name."""
        return self.publish_name and DetailField.NAME in self.told

    @property
    def outline(self) -> list[str]:
        """What was told, without a word of it."""
        return [*(field.value for field in self.told), *(["published"] if self.consents else [])]


def refuse_bad_person(person: Person) -> None:
    """Raises TextTooLong, TextUnreadable."""
    refuse_unkeepable(person.name or "", LONGEST_NAME)
    refuse_unkeepable(person.contact or "", LONGEST_CONTACT)


@dataclass(frozen=True)
class SaltedText:
    """One field with its salt, as it lies under the seal."""

    salt: bytes
    text: str

    @property
    def commitment(self) -> str:
        return ledger.commitment(self.salt, self.text)

    @property
    def plain(self) -> bytes:
        return self.salt + self.text.encode()


def salted(person: Person) -> dict[DetailField, SaltedText]:
    """What a person told, each with a fresh salt, for one comment."""
    return {field: SaltedText(ledger.new_salt(), text) for field, text in person.told.items()}


def keep(
    session: Session,
    comment: Comment,
    told: Mapping[DetailField, SaltedText],
    *,
    ring: KeyRing,
    consents: bool,
    at: datetime,
) -> None:
    """Seal what belongs to a comment that is being taken."""
    for field, one in told.items():
        sealed = ring.seal(one.plain, place(comment, field))
        session.add(
            PersonalDetail(comment=comment, field=field, key_id=sealed.key_id, sealed=sealed.data, created_at=at)
        )
    if consents:
        session.add(NameConsent(comment=comment, given_at=at))


def place(comment: Comment, field: DetailField) -> str:
    """What a sealed field is bound to: moved to another comment or field, it does not open."""
    return f"comment:{comment.number}:{field.value}"


def opened(detail: PersonalDetail, ring: KeyRing) -> SaltedText:
    """One field. Raises CannotOpen."""
    plain = ring.open(Sealed(detail.key_id, detail.sealed), place(detail.comment, detail.field))
    return SaltedText(plain[: ledger.SALT_SIZE], plain[ledger.SALT_SIZE :].decode())


def is_same(session: Session, submission: Submission, person: Person, ring: KeyRing) -> bool:
    """Whether what was told with a submission is what is told now, as far as it is still kept and opens."""
    first = submission.comments[0]
    kept = session.scalars(select(PersonalDetail).where(PersonalDetail.comment_id == first.id))
    return all(_is_same_or_shut(one, person.told.get(one.field), ring) for one in kept)


def _is_same_or_shut(detail: PersonalDetail, told: str | None, ring: KeyRing) -> bool:
    try:
        return opened(detail, ring).text == told
    except CannotOpen:
        return True


class NoConsentToWithdraw(RuleBroken):
    """A consent that was never given, or was withdrawn already, is not withdrawn."""

    code = "no-consent-to-withdraw"


class NothingHeld(RuleBroken):
    """Of this comment neither a name nor a contact is kept (any more)."""

    code = "no-personal-data-held"


def held(session: Session, comment: Comment) -> list[DetailField]:
    """Which fields are kept for a comment; none is opened."""
    query = select(PersonalDetail.field).where(PersonalDetail.comment_id == comment.id)
    kept = set(session.scalars(query))
    return [field for field in DetailField if field in kept]


def consent(session: Session, comment: Comment) -> NameConsent | None:
    """The consent to show the name beside a comment, while it is in force."""
    found = session.get(NameConsent, comment.id)
    return found if found is not None and found.withdrawn_at is None else None


def public_name(session: Session, comment: Comment, ring: KeyRing) -> str | None:
    """The name that the public may read beside a comment: of a published one, under a consent in force, and no other.

    It is what somebody called themselves; nobody checked it.
    """
    if comment.state is not CommentState.PUBLISHED or consent(session, comment) is None:
        return None
    detail = session.get(PersonalDetail, (comment.id, DetailField.NAME))
    return opened(detail, ring).text if detail is not None else None


def read(session: Session, comment: Comment, *, ring: KeyRing, by: StaffUser, at: datetime) -> dict[DetailField, str]:
    """Open name and contact for one analyst of the bureau, and note in the audit who read whose.

    Raises NothingHeld, NotYourRole, NotYourBureau, AccountInactive, CannotOpen.
    """
    check(by, frozenset({Role.ANALYST}), frozenset(one.id for one in comment.consultation.bureaus))
    details = _rows(session, comment)
    if not details:
        raise NothingHeld(comment=comment.number)
    audit.note(session, AuditKind.PERSONAL_DATA_READ, actor=by, details={"comment": comment.number}, at=at)
    return {one.field: opened(one, ring).text for one in details}


def read_own(session: Session, comment: Comment, ring: KeyRing) -> dict[DetailField, str]:
    """What is kept, for the holder of the receipt themselves; what opens no more is left out."""
    told = {}
    for one in _rows(session, comment):
        with suppress(CannotOpen):
            told[one.field] = opened(one, ring).text
    return told


def withdraw_consent(session: Session, comment: Comment, *, at: datetime) -> None:
    """Show the name beside a comment no longer, at its sender's wish. Raises NoConsentToWithdraw."""
    found = consent(session, comment)
    if found is None:
        raise NoConsentToWithdraw(comment=comment.number)
    found.withdrawn_at = at
    tell(session, {"kind": "consent-withdrawn", "comment": comment.number, "at": clock.iso(at)})


def forget(session: Session, comment: Comment, *, at: datetime) -> None:
    """Delete name and contact beside a comment at its sender's wish, salts and all. Raises NothingHeld."""
    fields = held(session, comment)
    if not fields:
        raise NothingHeld(comment=comment.number)
    delete(session, comment, fields)
    given = consent(session, comment)
    if given is not None:
        given.withdrawn_at = at
    names = [field.value for field in fields]
    tell(session, {"kind": "forgotten", "comment": comment.number, "fields": names, "at": clock.iso(at)})


def is_missing(session: Session, record: Mapping[str, Any]) -> bool:
    """Whether a restored database still holds what a record says a sender took back."""
    comment = session.scalar(select(Comment).where(Comment.number == record["comment"]))
    return comment is not None and (consent(session, comment) is not None or bool(_left(session, comment, record)))


def repeat(session: Session, record: Mapping[str, Any], *, at: datetime) -> None:
    """Do again what a sender had done and a restored database does not know."""
    comment = session.scalars(select(Comment).where(Comment.number == record["comment"])).one()
    given = consent(session, comment)
    if given is not None:
        given.withdrawn_at = at
    delete(session, comment, _left(session, comment, record))


def _left(session: Session, comment: Comment, record: Mapping[str, Any]) -> list[DetailField]:
    return [field for field in held(session, comment) if field.value in record.get("fields", [])]


def delete(session: Session, comment: Comment, fields: Collection[DetailField]) -> None:
    """Take sealed fields away; a part of an act. Their salts lie under the same seal, and go with them."""
    for one in _rows(session, comment):
        if one.field in fields:
            session.delete(one)
    session.flush()


def tell(session: Session, record: Mapping[str, Any]) -> None:
    """Have this written outside the database before the transaction commits, for a backup restored later."""
    # A new tuple each time: what a rehearsal adds is forgotten with it.
    session.info["erasures"] = (*session.info.get("erasures", ()), record)


def _rows(session: Session, comment: Comment) -> list[PersonalDetail]:
    query = select(PersonalDetail).where(PersonalDetail.comment_id == comment.id).order_by(PersonalDetail.field.desc())
    return list(session.scalars(query))
