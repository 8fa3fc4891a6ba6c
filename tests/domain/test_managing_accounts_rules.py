"""What an admin may do to accounts: of the own bureau, never to oneself, never to nobody's harm."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gongshi import ledger
from gongshi.accounts import actions, audit, enrolling, managing, sessions, signing_in
from gongshi.accounts.actions import AccountExists, LoginUnusable, RolesMissing
from gongshi.accounts.audit import AuditKind, Wanted
from gongshi.accounts.managing import LastAdmin, OwnAccount
from gongshi.accounts.models import Role, StaffUser
from gongshi.accounts.sessions import Lifetime
from gongshi.accounts.signing_in import Means
from gongshi.accounts.two_people import AccountInactive, AdminHoldsNothingElse, NotYourBureau, NotYourRole
from gongshi.db import writing
from gongshi.ledger.models import LedgerEntry
from making import Office, beijing, make_office

NOW = beijing("2026-05-01", "09:00")
HERE = signing_in.Browser("192.0.2.1", "tests")


@pytest.fixture
def office(session: Session) -> Iterator[Office]:
    with writing(session):
        yield make_office(session, NOW)


def invited(session: Session, office: Office, **changed: object) -> StaffUser:
    given = {"login": "li.si", "pseudonym": "李四（化名）", "roles": [Role.EDITOR], "email": None, "by": office.admin}
    return managing.invite(session, **{**given, **changed}, at=NOW)[0]  # type: ignore[arg-type]


def roles_on_record(session: Session, user: StaffUser) -> list[dict[str, object]]:
    session.flush()
    rows = session.scalars(select(LedgerEntry).where(LedgerEntry.kind == ledger.Kind.STAFF_ROLE))
    return [entry.subject for entry in rows.all() if entry.subject["staff"] == user.code]


ACTS: dict[str, Callable[[Session, StaffUser, StaffUser], object]] = {
    "change roles": lambda session, user, by: managing.change_roles(session, user, [Role.ANALYST], by=by, at=NOW),
    "switch off": lambda session, user, by: managing.switch_off(session, user, by=by, at=NOW),
    "switch on": lambda session, user, by: managing.switch_on(session, user, by=by, at=NOW),
    "make a new link": lambda session, user, by: managing.invite_again(session, user, by=by, at=NOW),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_only_an_admin_changes_accounts(session: Session, office: Office, act: Callable[..., object]) -> None:
    for by in (office.editor, office.publisher, office.analyst_too):
        with pytest.raises(NotYourRole):
            act(session, office.analyst, by)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_an_admin_changes_only_accounts_of_the_own_bureau(
    session: Session, office: Office, act: Callable[..., object]
) -> None:
    with pytest.raises(NotYourBureau):
        act(session, office.analyst, make_office(session, NOW).admin)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_an_admin_who_was_switched_off_changes_nothing(
    session: Session, office: Office, act: Callable[..., object]
) -> None:
    office.admin.is_active = False

    with pytest.raises(AccountInactive):
        act(session, office.analyst, office.admin)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_nobody_changes_their_own_account(session: Session, office: Office, act: Callable[..., object]) -> None:
    invited(session, office, login="second-admin", roles=[Role.ADMIN])

    with pytest.raises(OwnAccount):
        act(session, office.admin, office.admin)


@pytest.mark.parametrize("act", ["change roles", "switch off"])
def test_the_last_admin_stays(session: Session, office: Office, act: str) -> None:
    with pytest.raises(LastAdmin):
        ACTS[act](session, office.admin, office.admin)


def test_one_admin_of_two_can_be_switched_off_by_the_other(session: Session, office: Office) -> None:
    second = invited(session, office, login="second-admin", roles=[Role.ADMIN])

    managing.switch_off(session, office.admin, by=second, at=NOW)

    assert not office.admin.is_active
    with pytest.raises(LastAdmin):
        managing.change_roles(session, second, [Role.EDITOR], by=second, at=NOW)


@pytest.mark.parametrize(
    ("roles", "refusal"),
    [
        pytest.param([], RolesMissing, id="none"),
        pytest.param([Role.ADMIN, Role.EDITOR], AdminHoldsNothingElse, id="admin and another"),
    ],
)
def test_roles_that_cannot_be_held_are_refused(
    session: Session, office: Office, roles: list[Role], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        managing.change_roles(session, office.analyst, roles, by=office.admin, at=NOW)
    with pytest.raises(refusal):
        invited(session, office, roles=roles)


def test_changed_roles_are_in_the_ledger_with_who_changed_them(session: Session, office: Office) -> None:
    managing.change_roles(session, office.analyst, [Role.EDITOR, Role.PUBLISHER], by=office.admin, at=NOW)

    assert office.analyst.roles == {Role.EDITOR, Role.PUBLISHER}
    session.expire(office.analyst)
    assert office.analyst.roles == {Role.EDITOR, Role.PUBLISHER}
    assert roles_on_record(session, office.analyst)[-1] == {
        "bureau": office.bureau.slug,
        "staff": office.analyst.code,
        "roles": ["editor", "publisher"],
        "by": office.admin.code,
    }


def test_the_same_roles_again_change_nothing(session: Session, office: Office) -> None:
    before = len(roles_on_record(session, office.analyst))

    managing.change_roles(session, office.analyst, [Role.ANALYST], by=office.admin, at=NOW)

    assert len(roles_on_record(session, office.analyst)) == before


@pytest.mark.parametrize("act", ["change roles", "switch off", "make a new link"])
def test_a_changed_account_is_signed_out_everywhere(session: Session, office: Office, act: str) -> None:
    token = signing_in.sign_in(session, office.editor, HERE, means=Means.TOTP, at=NOW)

    ACTS[act](session, office.editor, office.admin)
    session.expire_all()

    assert sessions.holding(session, token, lifetime=Lifetime(), at=NOW) is None


def test_switched_off_and_on_are_in_the_ledger_and_the_audit(session: Session, office: Office) -> None:
    managing.switch_off(session, office.editor, by=office.admin, at=NOW)
    managing.switch_on(session, office.editor, by=office.admin, at=NOW)
    session.flush()

    off, on = roles_on_record(session, office.editor)[-2:]
    assert (off.get("active"), on.get("active")) == (False, None)
    entries = audit.entries(session, office.bureau.id, Wanted(person=office.editor.id))
    assert [(entry.kind, entry.actor) for entry in entries] == [
        (AuditKind.SWITCHED_ON, office.admin),
        (AuditKind.SWITCHED_OFF, office.admin),
    ]


def test_a_link_of_somebody_who_was_switched_off_opens_nothing(session: Session, office: Office) -> None:
    user, token = managing.invite(
        session, login="li.si", pseudonym="李四", roles=[Role.EDITOR], email=None, by=office.admin, at=NOW
    )

    managing.switch_off(session, user, by=office.admin, at=NOW)
    managing.switch_on(session, user, by=office.admin, at=NOW)

    with pytest.raises(enrolling.InvitationOver):
        enrolling.with_token(session, token, at=NOW)


def test_a_new_link_makes_the_old_one_worthless(session: Session, office: Office) -> None:
    user, first = managing.invite(
        session, login="li.si", pseudonym="李四", roles=[Role.EDITOR], email=None, by=office.admin, at=NOW
    )

    second = managing.invite_again(session, user, by=office.admin, at=NOW)

    assert enrolling.with_token(session, second, at=NOW).user is user
    with pytest.raises(enrolling.InvitationOver):
        enrolling.with_token(session, first, at=NOW)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param({"login": "li.si"}, {"login": "li.si"}, id="the same name"),
        pytest.param({"email": "li@example.cn"}, {"login": "li.si.2", "email": " LI@example.cn"}, id="the same e-mail"),
    ],
)
def test_one_person_has_one_account(
    session: Session, office: Office, first: dict[str, str], second: dict[str, str]
) -> None:
    invited(session, office, **first)

    with pytest.raises(AccountExists):
        invited(session, office, **second)


def test_one_person_has_one_active_account_over_all_bureaus(session: Session, office: Office) -> None:
    elsewhere = make_office(session, NOW)
    before = invited(session, office, email="li@example.cn")
    managing.switch_off(session, before, by=office.admin, at=NOW)

    invited(session, elsewhere, login="li.si.2", email="li@example.cn", by=elsewhere.admin)

    with pytest.raises(AccountExists):
        managing.switch_on(session, before, by=office.admin, at=NOW)


def test_the_database_itself_refuses_a_second_active_account_with_one_address(any_session: Session) -> None:
    with writing(any_session):
        office = make_office(any_session, NOW)
        office.editor.email = office.analyst.email = "li@example.cn"

        with pytest.raises(IntegrityError):
            any_session.flush()
        any_session.rollback()


@pytest.mark.parametrize("login", ["", "Li", "li si", "李四", "li.", ".li", "li..si", "1li", "l" * 65, "li\n"])
def test_a_name_that_cannot_be_typed_plainly_is_refused(session: Session, office: Office, login: str) -> None:
    with pytest.raises(LoginUnusable):
        invited(session, office, login=login)


def test_an_invitation_stands_in_the_ledger_with_who_gave_the_roles(session: Session, office: Office) -> None:
    user = invited(session, office)

    assert roles_on_record(session, user) == [
        {"bureau": office.bureau.slug, "staff": user.code, "roles": ["editor"], "by": office.admin.code}
    ]


def test_the_audit_is_never_changed(any_session: Session) -> None:
    with writing(any_session):
        office = make_office(any_session, NOW)
        audit.note(any_session, AuditKind.REFUSED, actor=office.editor, details={"code": "409"}, at=NOW)
        any_session.flush()
    for statement in ("UPDATE staff_audit SET kind = 'signed-in'", "DELETE FROM staff_audit"):
        with pytest.raises(Exception, match="append-only"):
            any_session.execute(text(statement))
        any_session.rollback()


def test_admins_read_the_audit_of_their_own_bureau(session: Session, office: Office) -> None:
    elsewhere = make_office(session, NOW)
    audit.note(session, AuditKind.REFUSED, actor=elsewhere.editor, at=NOW)
    session.flush()

    assert [one.kind for one in audit.entries(session, elsewhere.bureau.id, Wanted())] == [AuditKind.REFUSED]
    assert audit.entries(session, office.bureau.id, Wanted()) == []


def test_an_appointment_asks_the_same_of_everybody(session: Session, office: Office) -> None:
    with pytest.raises(AccountExists):
        actions.appoint(
            session, office.bureau, login=office.editor.login, pseudonym="又一人", roles=[Role.EDITOR], at=NOW
        )
