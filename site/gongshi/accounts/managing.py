"""Verbs of an admin: invite, change roles, switch off and on, make a new link; of the own bureau, never of oneself."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from gongshi.accounts import actions, audit, enrolling, queries, sessions, signing_in
from gongshi.accounts.audit import AuditKind
from gongshi.accounts.models import Role, StaffRole, StaffUser
from gongshi.accounts.sessions import Ending, StaffSession
from gongshi.accounts.two_people import check
from gongshi.errors import RuleBroken

ADMINS = frozenset({Role.ADMIN})


class OwnAccount(RuleBroken):
    """Nobody changes their own roles, switches themselves off, or resets their own second factor."""

    code = "own-account"


class LastAdmin(RuleBroken):
    """A bureau keeps at least one active admin, or nobody could invite anybody any more."""

    code = "last-admin"


def invite(
    session: Session,
    *,
    login: str,
    pseudonym: str,
    roles: Iterable[Role],
    email: str | None,
    by: StaffUser,
    at: datetime,
) -> tuple[StaffUser, str]:
    """Give a person an account at the admin's bureau; returns it and the token of the one-time link.

    Raises NotYourRole, AccountInactive, LoginUnusable, AccountExists, RolesMissing, AdminHoldsNothingElse.
    """
    check(by, ADMINS, frozenset({by.bureau_id}))
    user = actions.appoint(session, by.bureau, login=login, pseudonym=pseudonym, roles=roles, email=email, by=by, at=at)
    return user, enrolling.invite(session, user, by=by, at=at)


def invite_again(session: Session, user: StaffUser, *, by: StaffUser, at: datetime) -> str:
    """A new link for somebody who has not joined yet, or whose second factor is lost; the old factor holds no more.

    Raises NotYourRole, NotYourBureau, AccountInactive, OwnAccount.
    """
    _refuse_others_and_oneself(user, by)
    if not user.is_active:
        raise enrolling.InvitationOver

    return enrolling.start_anew(session, user, by=by, at=at)


def change_roles(session: Session, user: StaffUser, roles: Iterable[Role], *, by: StaffUser, at: datetime) -> None:
    """Give a person other roles, which ends their sessions.

    Raises NotYourRole, NotYourBureau, AccountInactive, OwnAccount, LastAdmin, RolesMissing, AdminHoldsNothingElse.
    """
    held = actions.roles_together(user.pseudonym, roles)
    if Role.ADMIN not in held:
        _refuse_the_last_admin(session, user)
    _refuse_others_and_oneself(user, by)
    if held == user.roles:
        return

    before = user.roles
    for row in [row for row in user.role_rows if row.role not in held]:
        user.role_rows.remove(row)
        session.delete(row)
    user.role_rows += [StaffRole(role=role) for role in sorted(held - before)]
    sessions.end_all(session, user, Ending.ACCOUNT_CHANGED, at)
    actions.record_roles(session, user, by=by, at=at)
    details = {"before": " ".join(sorted(before)), "after": " ".join(sorted(held))}
    audit.note(session, AuditKind.ROLES_CHANGED, actor=by, subject=user, details=details, at=at)


def switch_off(session: Session, user: StaffUser, *, by: StaffUser, at: datetime) -> None:
    """Let an account act no more; its sessions and links end, what it did stays.

    Raises NotYourRole, NotYourBureau, AccountInactive, OwnAccount, LastAdmin.
    """
    _refuse_the_last_admin(session, user)
    _refuse_others_and_oneself(user, by)
    if not user.is_active:
        return

    user.is_active = False
    enrolling.withdraw(session, user, at)
    sessions.end_all(session, user, Ending.ACCOUNT_CHANGED, at)
    actions.record_roles(session, user, by=by, at=at)
    audit.note(session, AuditKind.SWITCHED_OFF, actor=by, subject=user, at=at)


def switch_on(session: Session, user: StaffUser, *, by: StaffUser, at: datetime) -> None:
    """Let an account act again, with the roles it had.

    Raises NotYourRole, NotYourBureau, AccountInactive (of the admin), OwnAccount, AccountExists.
    """
    _refuse_others_and_oneself(user, by)
    if user.is_active:
        return
    if user.email and queries.active_by_email(session, user.email) is not None:
        raise actions.AccountExists(found=user.email)

    user.is_active = True
    actions.record_roles(session, user, by=by, at=at)
    audit.note(session, AuditKind.SWITCHED_ON, actor=by, subject=user, at=at)


def revoke(session: Session, found: StaffSession, *, by: StaffUser, at: datetime) -> None:
    """End a session of somebody else at the bureau. Raises NotYourRole, NotYourBureau, AccountInactive."""
    check(by, ADMINS, frozenset({found.user.bureau_id}))
    signing_in.revoke(session, found, by=by, at=at)


def _refuse_others_and_oneself(user: StaffUser, by: StaffUser) -> None:
    check(by, ADMINS, frozenset({user.bureau_id}))
    if user.id == by.id:
        raise OwnAccount(person=user.pseudonym)


def _refuse_the_last_admin(session: Session, user: StaffUser) -> None:
    if user.is_active and Role.ADMIN in user.roles and queries.count_active_admins(session, user.bureau_id) == 1:
        raise LastAdmin(person=user.pseudonym)
