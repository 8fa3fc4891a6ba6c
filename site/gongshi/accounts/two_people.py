"""Rule 2: whoever prepares an act is not the one who approves it. The table act × preparer × approver."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.accounts.models import Act, Approval, Role, StaffUser
from gongshi.errors import RuleBroken


class SamePerson(RuleBroken):
    """Whoever prepares an act does not approve it."""

    code = "same-person"


class NotYourRole(RuleBroken):
    """This act is not for someone with these roles."""

    code = "not-your-role"


class NotYourBureau(RuleBroken):
    """Staff act only on the consultations of their own bureau."""

    code = "not-your-bureau"


class AccountInactive(RuleBroken):
    """An account that was switched off acts no more."""

    code = "account-inactive"


class AdminHoldsNothingElse(RuleBroken):
    """An admin has no power over records and no other role."""

    code = "admin-holds-nothing-else"


@dataclass(frozen=True)
class Hands:
    """The two people of one act."""

    prepared_by: StaffUser
    approved_by: StaffUser


ACTS: dict[Act, tuple[frozenset[Role], frozenset[Role]]] = {
    Act.PUBLISH: (frozenset({Role.EDITOR}), frozenset({Role.PUBLISHER})),
    Act.CORRECT: (frozenset({Role.EDITOR}), frozenset({Role.PUBLISHER})),
    Act.EXTEND: (frozenset({Role.EDITOR}), frozenset({Role.PUBLISHER})),
    Act.INTERRUPT: (frozenset({Role.EDITOR}), frozenset({Role.PUBLISHER})),
    Act.ENTER: (frozenset({Role.EDITOR, Role.ANALYST}), frozenset({Role.EDITOR, Role.ANALYST, Role.PUBLISHER})),
    Act.WITHHOLD: (frozenset({Role.ANALYST}), frozenset({Role.PUBLISHER})),
    Act.APPEAL: (frozenset({Role.ANALYST}), frozenset({Role.PUBLISHER})),
    Act.REDACT: (frozenset({Role.ANALYST}), frozenset({Role.PUBLISHER})),
    Act.ERASE: (frozenset({Role.ANALYST}), frozenset({Role.PUBLISHER})),
    Act.ANSWER: (frozenset({Role.ANALYST}), frozenset({Role.PUBLISHER})),
    Act.REVISE: (frozenset({Role.EDITOR}), frozenset({Role.PUBLISHER})),
    Act.JUDGE: (frozenset({Role.ANALYST}), frozenset({Role.ANALYST, Role.PUBLISHER})),
    Act.DECIDE: (frozenset({Role.ANALYST}), frozenset({Role.PUBLISHER})),
    Act.RECORD_EVENT: (frozenset({Role.EDITOR}), frozenset({Role.PUBLISHER})),
    Act.SUMMARISE: (frozenset({Role.EDITOR}), frozenset({Role.PUBLISHER})),
}


def approve(session: Session, act: Act, hands: Hands, *, bureaus: Iterable[UUID], at: datetime) -> Approval:
    """Record that two people stand behind an act on what these bureaus issue.

    Raises SamePerson, NotYourRole, NotYourBureau, AccountInactive, AdminHoldsNothingElse.
    """
    if hands.prepared_by.id == hands.approved_by.id:
        raise SamePerson(act=act.value)
    may_prepare, may_approve = ACTS[act]
    own = frozenset(bureaus)
    check(hands.prepared_by, may_prepare, own)
    check(hands.approved_by, may_approve, own)

    approval = Approval(act=act, prepared_by=hands.prepared_by, approved_by=hands.approved_by, approved_at=at)
    session.add(approval)
    return approval


def recorded(session: Session, act: Act, codes: Sequence[str], *, at: datetime) -> Approval:
    """Enter once more what two people approved and a restored database has lost; they are named by their codes.

    Their roles were asked when they approved. Raises SamePerson, and NoResultFound when one of them is unknown.
    """
    prepared, approved = (session.scalars(select(StaffUser).where(StaffUser.code == code)).one() for code in codes)
    if prepared.id == approved.id:
        raise SamePerson(act=act.value)
    approval = Approval(act=act, prepared_by=prepared, approved_by=approved, approved_at=at)
    session.add(approval)
    return approval


def check(person: StaffUser, allowed: frozenset[Role], bureaus: frozenset[UUID]) -> None:
    """Refuse someone who is switched off, of another bureau, or without one of the allowed roles."""
    if not person.is_active:
        raise AccountInactive(person=person.pseudonym)
    if Role.ADMIN in person.roles and len(person.roles) > 1:
        raise AdminHoldsNothingElse(person=person.pseudonym)
    if not person.roles & allowed:
        raise NotYourRole(person=person.pseudonym)
    if person.bureau_id not in bureaus:
        raise NotYourBureau(person=person.pseudonym)
