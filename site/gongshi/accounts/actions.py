"""Verbs: establish a bureau, appoint a member of staff."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from gongshi import ledger
from gongshi.accounts import queries
from gongshi.accounts.models import Bureau, Role, StaffRole, StaffUser
from gongshi.accounts.two_people import AdminHoldsNothingElse


def establish(session: Session, *, slug: str, name: str, name_en: str) -> Bureau:
    """Add a bureau that may issue consultations."""
    bureau = Bureau(slug=slug, name=name, name_en=name_en)
    session.add(bureau)
    return bureau


def appoint(
    session: Session, bureau: Bureau, *, login: str, pseudonym: str, roles: Iterable[Role], at: datetime
) -> StaffUser:
    """Give a person an account with roles. Raises AdminHoldsNothingElse."""
    held = frozenset(roles)
    if Role.ADMIN in held and len(held) > 1:
        raise AdminHoldsNothingElse(person=pseudonym)

    code = f"{bureau.slug}-{queries.count_staff(session, bureau) + 1}"
    user = StaffUser(bureau=bureau, login=login, code=code, pseudonym=pseudonym)
    user.role_rows = [StaffRole(role=role) for role in sorted(held)]
    session.add(user)
    session.flush()
    ledger.append(
        session, ledger.Kind.STAFF_ROLE, {"bureau": bureau.slug, "staff": user.code, "roles": sorted(held)}, at=at
    )
    return user
