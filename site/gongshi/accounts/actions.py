"""Verbs: establish a bureau, appoint a member of staff; what becomes of accounts later is in `managing`."""

import re
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from gongshi import ledger
from gongshi.accounts import queries
from gongshi.accounts.models import Bureau, Role, StaffRole, StaffUser
from gongshi.accounts.two_people import AdminHoldsNothingElse
from gongshi.errors import RuleBroken

LOGIN = re.compile(r"[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*")
LONGEST_LOGIN = 64


class AccountExists(RuleBroken):
    """One person has one account: a name or an e-mail address in use is not given again."""

    code = "account-exists"


class LoginUnusable(RuleBroken):
    """A name to sign in with is of small letters, digits, and dots or hyphens between them."""

    code = "login-unusable"


class RolesMissing(RuleBroken):
    """An account has at least one role."""

    code = "roles-missing"


def establish(session: Session, *, slug: str, name: str, name_en: str) -> Bureau:
    """Add a bureau that may issue consultations."""
    bureau = Bureau(slug=slug, name=name, name_en=name_en)
    session.add(bureau)
    return bureau


def appoint(
    session: Session,
    bureau: Bureau,
    *,
    login: str,
    pseudonym: str,
    roles: Iterable[Role],
    email: str | None = None,
    by: StaffUser | None = None,
    at: datetime,
) -> StaffUser:
    """Give a person an account with roles.

    Raises LoginUnusable, AccountExists, RolesMissing, AdminHoldsNothingElse.
    """
    if not LOGIN.fullmatch(login) or len(login) > LONGEST_LOGIN:
        raise LoginUnusable(login=login)
    if queries.staff_by_login(session, login) is not None:
        raise AccountExists(found=login)
    if email and queries.active_by_email(session, email) is not None:
        raise AccountExists(found=email)
    held = roles_together(pseudonym, roles)

    code = f"{bureau.slug}-{queries.count_staff(session, bureau) + 1}"
    user = StaffUser(bureau=bureau, login=login, code=code, pseudonym=pseudonym, email=_normal(email))
    user.role_rows = [StaffRole(role=role) for role in sorted(held)]
    session.add(user)
    session.flush()
    record_roles(session, user, by=by, at=at)
    return user


def roles_together(pseudonym: str, roles: Iterable[Role]) -> frozenset[Role]:
    """Roles that one person may hold together. Raises RolesMissing, AdminHoldsNothingElse."""
    held = frozenset(roles)
    if not held:
        raise RolesMissing(person=pseudonym)
    if Role.ADMIN in held and len(held) > 1:
        raise AdminHoldsNothingElse(person=pseudonym)
    return held


def record_roles(session: Session, user: StaffUser, *, by: StaffUser | None, at: datetime) -> None:
    """Enter in the public ledger which roles an account holds, and by whom it was given them."""
    subject: dict[str, object] = {"bureau": user.bureau.slug, "staff": user.code, "roles": sorted(user.roles)}
    if not user.is_active:
        subject["active"] = False
    if by is not None:
        subject["by"] = by.code
    ledger.append(session, ledger.Kind.STAFF_ROLE, subject, at=at)


def _normal(email: str | None) -> str | None:
    return email.strip().lower() if email and email.strip() else None
