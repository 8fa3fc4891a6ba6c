"""Administering accounts, one's own account, and the audit, through the pages."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gongshi.accounts import audit, enrolling, passwords
from gongshi.accounts.audit import AuditKind, StaffAudit, Wanted
from gongshi.accounts.models import Role, StaffUser
from gongshi.accounts.sessions import StaffSession
from gongshi.db import writing
from making import Office, make_office
from web.client import Client
from web.staff import StaffClient, signed_in, stranger

ACCOUNTS, AUDIT, ME = "/workbench/accounts/", "/workbench/audit/", "/workbench/me/"
PASSWORD = "yun-hai yu-gong tie-ma bing-he"  # noqa: S105
SOMEBODY = {"login": "li.si", "pseudonym": "李四", "email": "li@example.cn", "roles": "editor"}


@pytest.fixture
def office(session: Session) -> Office:
    with writing(session) as at:
        office = make_office(session, at)
    return office


@pytest.fixture
def admin(app: Flask, office: Office) -> StaffClient:
    return signed_in(app, office.admin)


def entered(session: Session, office: Office, kind: AuditKind) -> list[StaffAudit]:
    session.rollback()
    return list(audit.entries(session, office.bureau.id, Wanted(kind=kind)))


def test_an_admin_invites_somebody_who_then_can_join(app: Flask, session: Session, admin: StaffClient) -> None:
    form = admin.get(f"{ACCOUNTS}invite").fields("form.sheet")

    page = admin.post(f"{ACCOUNTS}invite", {**form, **SOMEBODY}, 200)

    link = page.one(".slip code").get_text()
    session.rollback()
    assert "李四" in stranger(app).get(link.partition("localhost")[2]).words
    assert session.scalars(select(StaffUser).where(StaffUser.login == "li.si")).one().roles == {Role.EDITOR}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"login": "李四"}, "login"),
        ({"login": ""}, "login"),
        ({"pseudonym": ""}, "pseudonym"),
        ({"email": "nowhere"}, "email"),
        ({"roles": ["admin", "editor"]}, "roles"),
        ({"roles": []}, "roles"),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said_at_its_field(
    admin: StaffClient, given: dict[str, object], field: str
) -> None:
    page = admin.post(f"{ACCOUNTS}invite", {**SOMEBODY, **given}, 422)

    assert f"#{field}" in page.links("#faults")
    assert page.all(f"#{field}-wrong")
    assert page.one("#pseudonym")["value"] == given.get("pseudonym", "李四"), "what was typed is kept"


def test_a_name_in_use_is_not_given_again(session: Session, office: Office, admin: StaffClient) -> None:
    page = admin.post(f"{ACCOUNTS}invite", {**SOMEBODY, "login": office.editor.login}, 422)

    assert page.all("#login-wrong")


def test_roles_are_changed_and_the_person_is_signed_out(
    app: Flask, session: Session, office: Office, admin: StaffClient
) -> None:
    editor = signed_in(app, office.editor)

    admin.send(f"{ACCOUNTS}{office.editor.code}/roles", {"roles": ["editor", "publisher"]})

    editor.get(ME, 303)
    session.rollback()
    assert office.editor.roles == {Role.EDITOR, Role.PUBLISHER}
    assert len(entered(session, office, AuditKind.ROLES_CHANGED)) == 1


def test_an_account_is_switched_off_and_on(app: Flask, session: Session, office: Office, admin: StaffClient) -> None:
    editor, page = signed_in(app, office.editor), f"{ACCOUNTS}{office.editor.code}"

    assert admin.send(f"{page}/off").all(".tag.gone")

    editor.get(ME, 303)
    assert not admin.send(f"{page}/on").all(".tag.gone")
    editor.get(ME, 303)


@pytest.mark.parametrize("act", ["off", "on", "link", "roles"])
def test_an_admin_gets_nowhere_with_the_own_account(
    session: Session, office: Office, admin: StaffClient, act: str
) -> None:
    status = 422 if act == "roles" else 409
    admin.post(f"{ACCOUNTS}{office.admin.code}/{act}", {"roles": "editor"}, status)

    assert [entry.details["page"] for entry in entered(session, office, AuditKind.REFUSED)]
    session.rollback()
    assert (office.admin.is_active, office.admin.roles) == (True, {Role.ADMIN})


def test_accounts_of_another_bureau_are_not_there(session: Session, admin: StaffClient) -> None:
    with writing(session) as at:
        code = make_office(session, at).editor.code

    admin.get(f"{ACCOUNTS}{code}/", 404)
    admin.post(f"{ACCOUNTS}{code}/off", {}, 404)


def test_an_admin_whose_proof_is_old_is_asked_for_it_again(
    session: Session, office: Office, admin: StaffClient
) -> None:
    admin.get(ACCOUNTS)
    with writing(session) as at:
        session.execute(update(StaffSession).values(confirmed_at=at - timedelta(minutes=50)))

    asked = admin.get(ACCOUNTS, 303).headers["Location"]
    admin.post(f"{ACCOUNTS}{office.editor.code}/off", {})

    assert asked == "/workbench/me/confirm?next=/workbench/accounts/"
    assert "尚未作任何更改" in admin.get(asked).words
    session.rollback()
    assert office.editor.is_active


def test_a_code_proves_it_again(session: Session, office: Office, admin: StaffClient) -> None:
    with writing(session) as at:
        enrolling.invite(session, office.admin, by=None, at=at)
        chosen = passwords.choose(PASSWORD, login=office.admin.login)
        enrolling.set_password(session, office.admin, chosen, at=at, but=_session_of(session, office.admin))
        codes = enrolling.make_recovery_codes(session, office.admin, at=at)
        session.execute(update(StaffSession).values(confirmed_at=None))
    confirm = admin.get(ACCOUNTS, 303).headers["Location"]

    admin.post(confirm, {"code": "000000"}, 422)
    admin.get(ACCOUNTS, 303)
    # Without a second factor set, a recovery code proves nothing either.
    admin.post(confirm, {"code": codes[0]}, 422)


def test_a_password_is_changed_and_other_browsers_are_signed_out(app: Flask, session: Session, office: Office) -> None:
    with writing(session) as at:
        enrolling.set_password(session, office.editor, passwords.choose(PASSWORD, login="x"), at=at)
    here, other = signed_in(app, office.editor), signed_in(app, office.editor)
    new = "qing-shan yi-jiu zai"

    here.post(f"{ME}password", {"present": "wrong wrong wrong", "password": new, "again": new}, 422)
    here.send(f"{ME}password", {"present": PASSWORD, "password": new, "again": new})

    here.get(ME)
    other.get(ME, 303)


def test_somebody_ends_their_other_sessions_one_by_one_or_all(app: Flask, session: Session, office: Office) -> None:
    here, second, third = (signed_in(app, office.editor) for _ in range(3))
    buttons = here.get(ME).all("td form")

    here.send(str(buttons[0]["action"]))

    assert sorted(_status(one) for one in (second, third)) == [200, 303]
    here.send(f"{ME}sessions/end-others")
    assert [_status(one) for one in (here, second, third)] == [200, 303, 303]


def test_a_session_of_somebody_else_is_not_ended(app: Flask, session: Session, office: Office) -> None:
    signed_in(app, office.analyst)
    theirs = _session_of(session, office.analyst)
    session.rollback()

    signed_in(app, office.editor).post(f"{ME}sessions/{theirs}/end", {}, 404)


def test_the_audit_shows_and_filters_and_can_be_taken_away(
    app: Flask, session: Session, office: Office, admin: StaffClient
) -> None:
    admin.send(f"{ACCOUNTS}{office.editor.code}/off")
    signed_in(app, office.analyst).post(f"{ACCOUNTS}{office.publisher.code}/off", {}, 403)

    everything = admin.get(AUDIT)
    refused = admin.get(AUDIT, kind="refused", person=office.analyst.code)
    nothing = admin.get(AUDIT, until="2020-01-01")
    table = admin.get(f"{AUDIT}audit.csv", kind="refused")

    assert len(everything.all("main tbody tr")) == 2
    assert "accounts.switch_off" in refused.one("main tbody").get_text()
    assert not nothing.all("main table")
    assert table.text.count("\n") == 2
    assert office.analyst.code in table.text


def test_a_long_audit_has_pages(app: Flask, session: Session, office: Office, admin: StaffClient) -> None:
    with writing(session) as at:
        for _ in range(60):
            audit.note(session, AuditKind.REFUSED, actor=office.editor, details={"code": "409"}, at=at)

    first = admin.get(AUDIT)
    second = admin.get(str(first.one("a[rel=next]")["href"]))

    assert (len(first.all("main tbody tr")), len(second.all("main tbody tr"))) == (50, 10)


def test_public_pages_neither_set_nor_read_the_cookie(app: Flask, office: Office) -> None:
    clerk = signed_in(app, office.editor)
    anybody = Client(app)

    for path in ("/", "/en/", "/notices/", "/receipts/", "/healthz"):
        with_cookie, without = clerk.raw.get(path), anybody.get(path)
        assert "Set-Cookie" not in with_cookie.headers
        assert "Cookie" not in with_cookie.headers.get("Vary", "")
        assert with_cookie.get_data(as_text=True) == without.text
        with_cookie.close()


def test_the_cookie_is_strict_and_over_https_bound_to_the_host(app: Flask) -> None:
    plain = stranger(app).raw.get("/workbench/sign-in").headers["Set-Cookie"]
    secure = stranger(app).raw.get("/workbench/sign-in", base_url="https://localhost").headers["Set-Cookie"]

    assert plain.startswith("gongshi_staff=")
    assert secure.startswith("__Host-gongshi_staff=")
    for cookie in (plain, secure):
        assert {"HttpOnly", "Path=/", "SameSite=Strict"} <= {part.strip() for part in cookie.split(";")}
    assert "Secure" in secure
    assert "Domain" not in secure


@pytest.mark.parametrize("language", ["", "/en"])
def test_who_may_not_is_told_who_may(app: Flask, office: Office, language: str) -> None:
    page = signed_in(app, office.editor).get(f"{language}{ACCOUNTS}", 403)

    assert office.admin.pseudonym in page.words


def _status(client: StaffClient) -> int:
    answer = client.raw.get(ME)
    answer.close()
    return answer.status_code


def _session_of(session: Session, user: StaffUser) -> object:
    return session.scalars(select(StaffSession.id).where(StaffSession.user_id == user.id)).first()
