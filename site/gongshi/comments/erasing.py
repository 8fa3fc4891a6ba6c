"""The verb of erasing: bytes and salts of a comment destroyed for law's sake (rules 2, 17, 18; rule 1's exception)."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gongshi import clock, ledger, search
from gongshi.accounts import two_people
from gongshi.accounts.models import Act, Approval
from gongshi.accounts.two_people import Hands
from gongshi.comments import families, personal, text_changes
from gongshi.comments.earlier_models import EarlierText
from gongshi.comments.erasure_models import ErasedField, Erasure, ErasureReason
from gongshi.comments.models import Comment
from gongshi.comments.personal_models import DetailField
from gongshi.comments.said_models import InOwnWords
from gongshi.comments.text_models import TextChange, TextChangeKind
from gongshi.comments.triage_models import CommentNote
from gongshi.errors import RuleBroken
from gongshi.ledger.models import LedgerEntry

LONGEST_ORDER_NUMBER = 200
# What a row of a text holds once a field of it is erased.
GONE: Mapping[ErasedField, Mapping[str, object]] = {
    ErasedField.TEXT: {"text": "", "text_salt": b""},
    ErasedField.RESOLUTION: {"resolution": None, "resolution_salt": None},
}


class NothingToErase(RuleBroken):
    """What is erased is there: it was given, and was not erased or deleted before."""

    code = "nothing-to-erase"


class OrderNumberMissing(RuleBroken):
    """An erasure names the file under which it was ordered or asked for, so that it can be accounted for."""

    code = "order-number-missing"


@dataclass(frozen=True)
class Record:
    """All that is told of an erasure outside the database, so that a restored backup can be told again."""

    id: str
    comment: str
    fields: list[str]
    reason: str
    order_number: str
    at: str
    by: list[str]

    def as_json(self) -> dict[str, Any]:
        return {"kind": "erased", **asdict(self)}


def erase(
    session: Session,
    comment: Comment,
    *,
    fields: Collection[ErasedField],
    reason: ErasureReason,
    order_number: str,
    by: Hands,
    at: datetime,
) -> Erasure:
    """Destroy some of what a comment holds. It keeps its number, its state and its place in every count.

    Raises NothingToErase, OrderNumberMissing, and what `approve` raises.
    """
    order_number = order_number.strip()
    if not order_number or len(order_number) > LONGEST_ORDER_NUMBER:
        raise OrderNumberMissing(limit=LONGEST_ORDER_NUMBER)
    if not fields or not set(fields) <= erasable(session, comment):
        raise NothingToErase(comment=comment.number)
    bureaus = [one.id for one in comment.consultation.bureaus]
    approval = two_people.approve(session, Act.ERASE, by, bureaus=bureaus, at=at)
    return _carried_out(session, comment, frozenset(fields), reason, order_number, approval, at)


def is_missing(session: Session, record: Mapping[str, Any]) -> bool:
    """Whether a restored database still holds something of what a record says was erased."""
    return bool(_left(session, record)[1])


def repeat(session: Session, record: Mapping[str, Any], *, at: datetime) -> Erasure | None:
    """Carry out again what two people approved and a restored database does not know; None when nothing is left to do.

    Raises NoResultFound when it lacks the people.
    """
    comment, fields = _left(session, record)
    if comment is None or not fields:
        return None
    approval = two_people.recorded(session, Act.ERASE, record["by"], at=at)
    reason = ErasureReason(record["reason"])
    return _carried_out(session, comment, fields, reason, record["order_number"], approval, at, id=UUID(record["id"]))


def _left(session: Session, record: Mapping[str, Any]) -> tuple[Comment | None, frozenset[ErasedField]]:
    comment = session.scalar(select(Comment).where(Comment.number == record["comment"]))
    if comment is None or session.get(Erasure, UUID(record["id"])) is not None:
        return None, frozenset()
    return comment, frozenset(map(ErasedField, record["fields"])) & erasable(session, comment)


def erasable(session: Session, comment: Comment) -> frozenset[ErasedField]:
    """What a comment still holds."""
    held = {ErasedField(field.value) for field in personal.held(session, comment)}
    if comment.text_salt or _earlier(session, comment):
        held.add(ErasedField.TEXT)
    if comment.resolution is not None or any(one.resolution is not None for one in _earlier(session, comment)):
        held.add(ErasedField.RESOLUTION)
    if words_beside(session, comment):
        held.add(ErasedField.REASONS)
    return frozenset(held)


def words_beside(session: Session, comment: Comment) -> list[InOwnWords]:
    """What people said of a comment in appeals, disputes and responses, as far as it is kept, in its order."""
    found = [
        one
        for table in InOwnWords.__subclasses__()
        for one in session.scalars(select(table).where(table.comment_id == comment.id, table.reason != ""))
    ]
    return sorted(found, key=lambda one: one.ledger_index)


def words(session: Session, comment: Comment, fields: Collection[ErasedField]) -> list[str]:
    """Everything that an erasure of these fields destroys and that others may have quoted."""
    texts: list[Comment | EarlierText] = [comment, *_earlier(session, comment)]
    found = [one.text for one in texts] if ErasedField.TEXT in fields else []
    if ErasedField.RESOLUTION in fields:
        found += [one.resolution for one in texts if one.resolution]
    if {ErasedField.TEXT, ErasedField.RESOLUTION, ErasedField.REASONS} & set(fields):
        found += [one.reason for one in words_beside(session, comment) if one.reason]
    return found


def of(session: Session, comment: Comment) -> list[Erasure]:
    """The erasures of a comment, in their order."""
    query = select(Erasure).where(Erasure.comment_id == comment.id).order_by(Erasure.ledger_index)
    return list(session.scalars(query))


def commitments(session: Session, comment: Comment) -> dict[str, str]:
    """What the log holds of each field, erased or not: of what was replaced, the hash of what took its place."""
    latest = (
        select(func.max(TextChange.ledger_index))
        .where(TextChange.comment_id == comment.id, TextChange.kind == TextChangeKind.REPLACED)
        .scalar_subquery()
    )
    made_of = select(LedgerEntry).where(LedgerEntry.index.in_([comment.ledger_index, latest]))
    found: dict[str, str] = {}
    for entry in session.scalars(made_of.order_by(LedgerEntry.index)):
        found |= json.loads(entry.body)["subject"]["c"]
    return found


def _carried_out(
    session: Session,
    comment: Comment,
    fields: frozenset[ErasedField],
    reason: ErasureReason,
    order_number: str,
    approval: Approval,
    at: datetime,
    *,
    id: UUID | None = None,
) -> Erasure:
    if fields & GONE.keys():
        fields |= {ErasedField.REASONS} & erasable(session, comment)
    named = [field.value for field in ErasedField if field in fields]
    subject = {"comment": comment.number, "reason": reason.value, "by": approval.codes, "fields": named}
    entry = ledger.append(session, ledger.Kind.COMMENT_ERASED, subject, at=at)
    erasure = Erasure(
        **({"id": id} if id else {}),
        comment=comment,
        fields=named,
        reason=reason,
        order_number=order_number,
        erased_at=at,
        ledger_index=entry.index,
        approval=approval,
    )
    session.add(erasure)
    session.flush()
    if fields & GONE.keys():
        _destroy_words(session, comment, fields, approval, entry.index, at)
    if ErasedField.REASONS in fields:
        for one in words_beside(session, comment):
            one.reason, one.reason_salt = "", b""
    personal.delete(session, comment, [one for one in DetailField if ErasedField(one.value) in fields])
    told = Record(
        str(erasure.id), comment.number, named, reason.value, order_number, clock.iso(at), list(approval.codes)
    )
    personal.tell(session, told.as_json())
    return erasure


def _destroy_words(
    session: Session,
    comment: Comment,
    fields: frozenset[ErasedField],
    approval: Approval,
    ledger_index: int,
    at: datetime,
) -> None:
    """The text with its salt, and everything in the database that quotes it or was computed from it."""
    new = {name: value for field in fields for name, value in GONE.get(field, {}).items()}
    text_changes.change(
        session,
        comment,
        TextChangeKind.ERASED,
        {"erased_at": at, **new},
        ledger_index=ledger_index,
        approval=approval,
        at=at,
    )
    comment.submission.body_sha256 = ""
    for redaction in comment.redactions:
        redaction.shown_text = "" if ErasedField.TEXT in fields else redaction.shown_text
        redaction.shown_resolution = None if ErasedField.RESOLUTION in fields else redaction.shown_resolution
    for earlier in _earlier(session, comment):
        for name, value in new.items():
            setattr(earlier, name, value)
    # Notes may quote it, and nobody can tell by rule which do.
    for note in session.scalars(select(CommentNote).where(CommentNote.comment_id == comment.id)):
        note.text = ""
    if ErasedField.TEXT in fields:
        families.forget(session, comment)
    search.enqueue(session, "comment", str(comment.id))


def _earlier(session: Session, comment: Comment) -> list[EarlierText]:
    held = select(EarlierText).where(EarlierText.comment_id == comment.id)
    return [one for one in session.scalars(held) if one.text_salt]
