"""The door of the workbench, as a browser goes through it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config import Config
from gongshi import clock
from gongshi.accounts import audit, enrolling, signing_in
from gongshi.accounts.audit import AuditKind, Wanted
from gongshi.accounts.models import StaffUser
from gongshi.accounts.sessions import StaffSession
from gongshi.db import writing
from making import Office, make_office
from web.staff import StaffClient, newest_session, signed_in, stranger, token

PASSWORD = "yun-hai yu-gong tie-ma bing-he"  # noqa: S105
SIGN_IN, CODE, HOME, ME = "/workbench/sign-in", "/workbench/sign-in/code", "/workbench/", "/workbench/me/"


@pytest.fixture
def office(session: Session) -> Office:
    with writing(session) as at:
        office = make_office(session, at)
    return office


def run(app: Flask, *words: str) -> Result:
    with app.app_context():
        return app.test_cli_runner().invoke(args=list(words))


def link(session: Session, user: StaffUser) -> str:
    with writing(session) as at:
        return f"/workbench/join/{enrolling.invite(session, user, by=None, at=at)}"


def join(app: Flask, session: Session, user: StaffUser) -> tuple[pyotp.TOTP, list[str]]:
    """Somebody goes all the way from the link to the workbench; their app and their recovery codes."""
    browser, address = stranger(app), link(session, user)
    form = browser.get(address).fields()
    at_factor = browser.post(address, {**form, "password": PASSWORD, "again": PASSWORD})
    page = browser.get(at_factor.headers["Location"])
    telephone = pyotp.TOTP(page.one(".sheet code").get_text().replace(" ", ""))
    codes = browser.post("/workbench/join/factor", {**page.fields(), "code": telephone.now()}, 200)
    browser.get(ME)
    return telephone, codes.texts(".recovery code")


def at_code(app: Flask, user: StaffUser) -> StaffClient:
    browser = stranger(app)
    browser.post(SIGN_IN, {**browser.get(SIGN_IN).fields(), "login": user.login, "password": PASSWORD})
    return browser


def enter(browser: StaffClient, code: str, status: int = 303) -> None:
    browser.post(CODE, {**browser.get(CODE).fields(), "code": code}, status)


def later(telephone: pyotp.TOTP, steps: int = 1) -> str:
    """The code of the next half minute, which is taken already: one cannot wait for it in a test."""
    return telephone.at(clock.now() + timedelta(seconds=30 * steps))


def test_somebody_invited_joins_and_signs_in_again(app: Flask, session: Session, office: Office) -> None:
    telephone, codes = join(app, session, office.editor)

    browser = at_code(app, office.editor)
    browser.get(ME, 303)
    enter(browser, later(telephone))

    assert len(codes) == 10
    assert office.editor.pseudonym in browser.get(ME).words


def test_a_code_is_not_taken_twice(app: Flask, session: Session, office: Office) -> None:
    telephone, _ = join(app, session, office.editor)
    code = later(telephone)
    enter(at_code(app, office.editor), code)

    second = at_code(app, office.editor)
    enter(second, code, 422)
    second.get(ME, 303)


def test_a_recovery_code_is_taken_once(app: Flask, session: Session, office: Office) -> None:
    _, codes = join(app, session, office.editor)

    enter(at_code(app, office.editor), codes[0].upper())

    enter(at_code(app, office.editor), codes[0], 422)


@pytest.mark.parametrize("wrong", ["login", "password"])
def test_a_wrong_name_and_a_wrong_password_get_the_same_page(
    app: Flask, session: Session, office: Office, wrong: str
) -> None:
    join(app, session, office.editor)
    browser = stranger(app)
    given = {"login": office.editor.login, "password": PASSWORD, wrong: "something-else-1"}

    page = browser.post(SIGN_IN, {**browser.get(SIGN_IN).fields(), **given}, 422)

    assert "登录名、口令或验证码不正确" in page.one("#faults").get_text()
    assert page.one("#login")["value"] == given["login"], "what was typed is kept"
    assert not page.one("#password").get("value")


def test_the_password_alone_opens_nothing(app: Flask, session: Session, office: Office) -> None:
    join(app, session, office.editor)
    browser = at_code(app, office.editor)

    for path in (HOME, ME, "/workbench/drafts/"):
        browser.get(path, 303)
    browser.get("/workbench/join/factor", 409)  # No new factor is proposed to somebody who has one.
    browser.post("/workbench/me/sessions/end-others", {}, 401, token=token(browser.get(CODE)))


def test_after_signing_in_one_comes_where_one_wanted_to_go(app: Flask, session: Session, office: Office) -> None:
    telephone, _ = join(app, session, office.editor)
    browser = stranger(app)

    asked = browser.get("/en/workbench/me/?x=1", 303).headers["Location"]
    form = browser.get(asked)
    given = {**form.fields(), "login": office.editor.login, "password": PASSWORD}
    onward = browser.post(form.one("form")["action"], given)
    code = browser.get(onward.headers["Location"])
    arrived = browser.post(code.one("form")["action"], {**code.fields(), "code": later(telephone)})

    assert arrived.headers["Location"] == "/en/workbench/me/?x=1"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/workbench/", "/workbench/\\evil", "/"])
def test_nobody_is_sent_elsewhere_after_signing_in(own_trial_app: Flask, elsewhere: str) -> None:
    browser = stranger(own_trial_app)
    form = browser.get(SIGN_IN, next=elsewhere)

    given = {**form.fields(), "login": "shili-jingban", "password": "gongshi-shi-yong"}
    answer = browser.post(form.one("form")["action"], given)

    assert answer.headers["Location"] == HOME


@pytest.mark.parametrize(
    ("column", "back"), [("seen_at", timedelta(minutes=31)), ("started_at", timedelta(hours=10, seconds=1))]
)
def test_a_session_that_is_idle_or_old_is_over(
    app: Flask, session: Session, office: Office, column: str, back: timedelta
) -> None:
    browser = signed_in(app, office.editor)
    browser.get(ME)

    with writing(session) as at:
        session.execute(update(StaffSession).values({column: at - back}))

    assert browser.get(ME, 303).headers["Location"].startswith(SIGN_IN)
    browser.post("/workbench/sessions", {}, 404)


def test_using_the_workbench_keeps_a_session_alive(app: Flask, session: Session, office: Office) -> None:
    browser = signed_in(app, office.editor)
    with writing(session) as at:
        session.execute(update(StaffSession).values(seen_at=at - timedelta(minutes=29)))

    browser.get(ME)

    session.rollback()
    assert clock.now() - newest_session(session, office.editor).seen_at < timedelta(minutes=1)


def test_a_cookie_from_before_signing_out_opens_nothing(app: Flask, office: Office) -> None:
    browser = signed_in(app, office.editor)
    stolen = browser.cookie

    browser.send("/workbench/sign-out")

    thief = stranger(app)
    thief.cookie = stolen
    thief.get(ME, 303)


def test_a_cookie_of_somebody_switched_off_opens_nothing(app: Flask, session: Session, office: Office) -> None:
    browser = signed_in(app, office.editor)
    with writing(session):
        office.editor.is_active = False

    browser.get(ME, 303)


def test_signing_in_changes_the_token(own_trial_app: Flask) -> None:
    browser = stranger(own_trial_app)
    form = browser.get(SIGN_IN)
    before = browser.cookie

    browser.post(SIGN_IN, {**form.fields(), "login": "shili-jingban", "password": "gongshi-shi-yong"})

    assert browser.cookie != before
    browser.post("/workbench/me/sessions/end-others", {}, 400, token=token(form))


def test_a_link_that_is_over_says_whom_to_ask(app: Flask, session: Session, office: Office) -> None:
    first = link(session, office.editor)
    link(session, office.editor)

    page = stranger(app).get(first, 410)

    assert "管理员" in page.words


def test_a_weak_password_is_refused_at_its_field(app: Flask, session: Session, office: Office) -> None:
    browser, address = stranger(app), link(session, office.editor)
    form = browser.get(address).fields()

    for password, again, field in (("short", "short", "password"), ("password1234", "password1234", "password"),
                                   (PASSWORD, "another", "again")):  # fmt: skip
        page = browser.post(address, {**form, "password": password, "again": again}, 422)
        assert page.one(f"#{field}")["aria-invalid"] == "true"


def test_too_many_attempts_are_told_when_to_try_again(app: Flask, session: Session, office: Office) -> None:
    join(app, session, office.editor)
    browser = stranger(app)
    given = {**browser.get(SIGN_IN).fields(), "login": office.editor.login, "password": "wrong wrong wrong"}
    for _ in range(10):
        browser.post(SIGN_IN, given, 422)

    page = browser.post(SIGN_IN, {**given, "password": PASSWORD}, 429)

    assert int(page.headers["Retry-After"]) > 0
    assert "后再试" in page.one("#faults").get_text()


def test_attempts_from_elsewhere_do_not_lock_the_owner_out(app: Flask, session: Session, office: Office) -> None:
    telephone, _ = join(app, session, office.editor)
    attacker = stranger(app, address="203.0.113.9")
    given = {**attacker.get(SIGN_IN).fields(), "login": office.editor.login, "password": "wrong wrong wrong"}
    for _ in range(9):  # One more was made when the owner set the factor, from a network then unknown.
        attacker.post(SIGN_IN, given, 422)
    attacker.post(SIGN_IN, given, 429)

    enter(at_code(app, office.editor), later(telephone))


def test_what_is_refused_at_the_door_is_in_the_audit(app: Flask, session: Session, office: Office) -> None:
    browser = stranger(app)
    given = {**browser.get(SIGN_IN).fields(), "login": office.editor.login, "password": "wrong wrong wrong"}
    browser.post(SIGN_IN, given, 422)

    session.rollback()
    entries = audit.entries(session, office.bureau.id, Wanted(kind=AuditKind.SIGN_IN_REFUSED))
    assert [entry.subject_id for entry in entries] == [office.editor.id]


def test_a_trial_account_opens_nothing_in_production(own_trial_app: Flask) -> None:
    in_time = signed_in(own_trial_app, "shili-jingban")
    in_time.get(ME)
    own_trial_app.config["SITE"] = replace(own_trial_app.config["SITE"], ENVIRONMENT="production")
    browser = stranger(own_trial_app)

    form = browser.get(SIGN_IN).fields()
    browser.post(SIGN_IN, {**form, "login": "shili-jingban", "password": "gongshi-shi-yong"}, 422)

    in_time.get(ME, 303)


def test_trial_accounts_are_made_once_and_refused_in_production(own_example_app: Flask, tmp_path: Path) -> None:
    first, second = (run(own_example_app, "accounts", "trial") for _ in range(2))

    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert "shili-guanli" in second.output
    own_example_app.config["SITE"] = Config(DATA_DIR=tmp_path, ENVIRONMENT="production")
    assert "refused in production" in run(own_example_app, "accounts", "trial").output


def test_the_first_admin_comes_from_the_command_line(app: Flask, session: Session) -> None:
    whom = ["accounts", "create-admin", "--bureau", "shili", "--login", "guan.li", "--name", "管理甲"]

    unknown = run(app, *whom)
    made = run(app, *whom, "--bureau-name", "示例证监局", "--bureau-name-en", "Example Bureau")
    again = run(app, *whom)

    assert unknown.exit_code == 1
    assert "--bureau-name" in unknown.output
    links = [result.output.split()[-1] for result in (made, again)]
    assert "管理甲" in stranger(app).get(links[1]).words
    stranger(app).get(links[0], 410)
    admin = session.scalars(select(StaffUser)).one()
    assert signing_in.has_factor(session, admin) is False


@pytest.fixture
def own_trial_app(own_example_app: Flask) -> Flask:
    """The worked example, whose staff may sign in."""
    done = run(own_example_app, "accounts", "trial")
    assert done.exit_code == 0, done.output
    return own_example_app
