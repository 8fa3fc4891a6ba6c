"""The door: password, code, session. Whatever is wrong, the answer is one; a code opens once; a session ends."""

import statistics
import time
from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.accounts import audit, codes, enrolling, passwords, sessions, signing_in
from gongshi.accounts.audit import AuditKind, Wanted
from gongshi.accounts.enrolling import HOLDS_FOR, InvitationOver
from gongshi.accounts.models import StaffUser
from gongshi.accounts.passwords import PasswordObvious, PasswordTooShort
from gongshi.accounts.sessions import HALFWAY, Ending, Lifetime, StaffSession, Stage
from gongshi.accounts.signing_in import Browser, Means, NotRecognised
from gongshi.db import writing
from gongshi.migrations.tables import metadata
from making import Office, beijing, make_office

NOW = beijing("2026-05-01", "09:00")
INSTANT = timedelta(microseconds=1)
KEY = b"the key of the second factors!!!"
PASSWORD = "云海 玉弓 铁马 冰河 twelve"  # noqa: S105
HERE = Browser("192.0.2.1", "Firefox/140.0")
LIFE = Lifetime()


@pytest.fixture
def office(session: Session) -> Iterator[Office]:
    with writing(session):
        yield make_office(session, NOW)


def join(session: Session, user: StaffUser, *, at=NOW - timedelta(days=1)) -> tuple[pyotp.TOTP, list[str]]:
    """Bring somebody through the whole invitation; their authenticator app, and their recovery codes."""
    enrolling.invite(session, user, by=None, at=at)
    enrolling.set_password(session, user, passwords.choose(PASSWORD, login=user.login), at=at)
    enrolling.propose_factor(session, user, key=KEY)
    app = pyotp.TOTP(enrolling.proposed_secret(session, user, key=KEY))
    return app, enrolling.set_factor(session, user, app.at(at), key=KEY, at=at)


def begun(session: Session, user: StaffUser, at=NOW) -> StaffSession:
    token = signing_in.begin(session, user, HERE, at=at)
    half = sessions.holding(session, token, lifetime=LIFE, at=at)
    assert half is not None
    return half


def kinds(session: Session, office: Office) -> list[AuditKind]:
    session.flush()
    return [entry.kind for entry in audit.entries(session, office.bureau.id, Wanted())]


def test_the_right_name_and_password_find_the_person(session: Session, office: Office) -> None:
    join(session, office.editor)

    assert signing_in.holder(session, office.editor.login, PASSWORD) is office.editor


def test_a_password_typed_in_full_width_letters_is_the_same(session: Session, office: Office) -> None:
    join(session, office.editor)

    full_width = PASSWORD.replace("twelve", "ｔｗｅｌｖｅ")

    assert signing_in.holder(session, office.editor.login, full_width) is office.editor


@pytest.mark.parametrize("wrong", ["password", "name", "switched off", "never joined"])
def test_whatever_is_wrong_the_answer_is_the_same(session: Session, office: Office, wrong: str) -> None:
    join(session, office.editor)
    login = {"name": "nobody-here", "never joined": office.analyst.login}.get(wrong, office.editor.login)
    office.editor.is_active = wrong != "switched off"

    with pytest.raises(NotRecognised) as refused:
        signing_in.holder(session, login, "not the password" if wrong == "password" else PASSWORD)

    assert refused.value.details == {}


def test_a_name_that_nobody_has_takes_as_long_as_a_wrong_password(session: Session, office: Office) -> None:
    join(session, office.editor)
    passwords.is_right(None, "warm")

    def seconds(login: str) -> float:
        started = time.perf_counter()
        with pytest.raises(NotRecognised):
            signing_in.holder(session, login, "not the password")
        return time.perf_counter() - started

    # Alternating, so that whatever else the machine does burdens both alike.
    pairs = [(seconds(office.editor.login), seconds("nobody-here")) for _ in range(9)]
    known, unknown = (statistics.median(column) for column in zip(*pairs, strict=True))

    assert unknown > known / 2, "no dummy is verified"
    assert known > unknown / 2


def test_a_code_signs_in_and_the_session_is_another(session: Session, office: Office) -> None:
    app, _ = join(session, office.editor)
    half = begun(session, office.editor)

    token = signing_in.complete(session, half, app.at(NOW), key=KEY, at=NOW)

    whole = sessions.holding(session, token, lifetime=LIFE, at=NOW)
    assert whole is not None
    assert (whole.stage, whole.user, whole.network) == (Stage.SIGNED_IN, office.editor, HERE.network)
    assert half.ending is Ending.REPLACED
    assert AuditKind.SIGNED_IN in kinds(session, office)


@pytest.mark.parametrize(
    ("shift", "taken"),
    [
        pytest.param(-60, False, id="two steps early"),
        pytest.param(-30, True, id="the step before"),
        pytest.param(0, True, id="now"),
        pytest.param(30, True, id="the step after"),
        pytest.param(60, False, id="two steps late"),
    ],
)
def test_a_code_holds_for_its_half_minute_and_its_neighbours(
    session: Session, office: Office, shift: int, taken: bool
) -> None:
    app, _ = join(session, office.editor)
    code = app.at(NOW + timedelta(seconds=shift))

    try:
        means = signing_in.spend(session, office.editor, code, key=KEY, at=NOW)
    except NotRecognised:
        means = None

    assert (means is Means.TOTP) is taken


def test_a_code_opens_once(session: Session, office: Office) -> None:
    app, _ = join(session, office.editor)
    signing_in.spend(session, office.editor, app.at(NOW), key=KEY, at=NOW)

    for code in (app.at(NOW), app.at(NOW - timedelta(seconds=30))):
        with pytest.raises(NotRecognised):
            signing_in.spend(session, office.editor, code, key=KEY, at=NOW)


def test_the_code_that_proved_the_factor_does_not_open_as_well(session: Session, office: Office) -> None:
    app, _ = join(session, office.editor, at=NOW)

    with pytest.raises(NotRecognised):
        signing_in.spend(session, office.editor, app.at(NOW), key=KEY, at=NOW)


def test_a_recovery_code_opens_once_however_it_is_typed(session: Session, office: Office) -> None:
    _, recovery = join(session, office.editor)

    assert signing_in.spend(session, office.editor, f" {recovery[3].upper()} ", key=KEY, at=NOW) is Means.RECOVERY
    with pytest.raises(NotRecognised):
        signing_in.spend(session, office.editor, recovery[3], key=KEY, at=NOW)
    assert signing_in.recovery_codes_left(session, office.editor) == 9
    assert AuditKind.RECOVERY_USED in kinds(session, office)


def test_a_recovery_code_of_somebody_else_opens_nothing(session: Session, office: Office) -> None:
    join(session, office.editor)
    _, theirs = join(session, office.analyst)

    with pytest.raises(NotRecognised):
        signing_in.spend(session, office.editor, theirs[0], key=KEY, at=NOW)


def test_new_recovery_codes_replace_the_old_ones(session: Session, office: Office) -> None:
    _, old = join(session, office.editor)

    fresh = enrolling.make_recovery_codes(session, office.editor, at=NOW)

    assert len(set(fresh)) == codes.RECOVERY_CODES
    with pytest.raises(NotRecognised):
        signing_in.spend(session, office.editor, old[0], key=KEY, at=NOW)


def test_no_secret_is_kept_as_it_is(session: Session, office: Office) -> None:
    app, recovery = join(session, office.editor)
    token = signing_in.begin(session, office.editor, HERE, at=NOW)
    session.flush()

    tables = ("credential", "recovery_code", "invitation", "staff_session", "staff_audit")
    kept = " ".join(str(session.connection().execute(select(metadata.tables[one])).all()) for one in tables)

    assert "argon2id" in kept
    for secret in (PASSWORD, app.secret, token, *recovery):
        assert secret not in kept


@pytest.mark.parametrize(
    ("moment", "holds"),
    [
        pytest.param(LIFE.idle - INSTANT, True, id="used within half an hour"),
        pytest.param(LIFE.idle, False, id="idle for half an hour"),
    ],
)
def test_a_session_ends_when_it_is_idle(session: Session, office: Office, moment: timedelta, holds: bool) -> None:
    token = signing_in.sign_in(session, office.editor, HERE, means=Means.TOTP, at=NOW)

    assert (sessions.holding(session, token, lifetime=LIFE, at=NOW + moment) is not None) is holds


def test_a_session_ends_after_ten_hours_however_busy(session: Session, office: Office) -> None:
    token = signing_in.sign_in(session, office.editor, HERE, means=Means.TOTP, at=NOW)
    found = sessions.holding(session, token, lifetime=LIFE, at=NOW)
    assert found is not None
    sessions.touch(found, NOW + LIFE.absolute - timedelta(minutes=1))

    assert sessions.holding(session, token, lifetime=LIFE, at=NOW + LIFE.absolute - INSTANT) is found
    assert sessions.holding(session, token, lifetime=LIFE, at=NOW + LIFE.absolute) is None


def test_the_time_to_enter_a_code_is_short(session: Session, office: Office) -> None:
    token = signing_in.begin(session, office.editor, HERE, at=NOW)

    assert sessions.holding(session, token, lifetime=LIFE, at=NOW + HALFWAY - INSTANT) is not None
    assert sessions.holding(session, token, lifetime=LIFE, at=NOW + HALFWAY) is None


@pytest.mark.parametrize("how", ["signed out", "revoked", "switched off", "new password"])
def test_a_session_that_was_ended_opens_nothing(session: Session, office: Office, how: str) -> None:
    token = signing_in.sign_in(session, office.editor, HERE, means=Means.TOTP, at=NOW)
    found = sessions.holding(session, token, lifetime=LIFE, at=NOW)
    assert found is not None

    if how == "signed out":
        signing_in.sign_out(session, found, at=NOW)
    elif how == "revoked":
        signing_in.revoke(session, found, by=office.editor, at=NOW)
    elif how == "switched off":
        office.editor.is_active = False
    else:
        enrolling.set_password(session, office.editor, passwords.choose(PASSWORD, login="x"), at=NOW)
        session.refresh(found)

    assert sessions.holding(session, token, lifetime=LIFE, at=NOW) is None


def test_changing_the_password_keeps_the_session_in_which_it_is_done(session: Session, office: Office) -> None:
    tokens = [signing_in.sign_in(session, office.editor, HERE, means=Means.TOTP, at=NOW) for _ in range(2)]
    here = sessions.holding(session, tokens[0], lifetime=LIFE, at=NOW)
    assert here is not None

    enrolling.set_password(session, office.editor, passwords.choose(PASSWORD, login="x"), at=NOW, but=here.id)
    session.expire_all()

    assert sessions.current_of(session, office.editor, lifetime=LIFE, at=NOW) == [here]


@pytest.mark.parametrize(
    "obvious",
    [
        "password1234", "Admin!!2026!!", "111111111111", "123456789012", "qwertyuiopas", "abcabcabcabcabc",
        "woaini1314520", "lkjhgfdsapoiuytrewq", "Gongshi@202611", "aaaaaabbbbbb", "示例示例示例示例示例示例",
    ],
)  # fmt: skip
def test_an_obvious_password_is_refused(obvious: str) -> None:
    with pytest.raises(PasswordObvious):
        passwords.choose(obvious, login="zhang.san")


@pytest.mark.parametrize("own", ["zhangsan2026!", "zhang.san.2026", "ZHANGSANzhangsan"])
def test_the_own_name_is_no_password(own: str) -> None:
    with pytest.raises(PasswordObvious):
        passwords.choose(own, login="zhang.san")


@pytest.mark.parametrize("length", [0, 11, 201])
def test_a_password_that_is_too_short_or_endless_is_refused(length: int) -> None:
    with pytest.raises(PasswordTooShort):
        passwords.choose("Wx7#kQ2!pL9@" * 20 if length > 100 else "Wx7#kQ2!pL9@"[:length], login="zhang.san")


def test_a_link_holds_for_72_hours_and_until_it_was_used(session: Session, office: Office) -> None:
    token = enrolling.invite(session, office.editor, by=None, at=NOW)

    assert enrolling.with_token(session, token, at=NOW + HOLDS_FOR - INSTANT).user is office.editor
    with pytest.raises(InvitationOver):
        enrolling.with_token(session, token, at=NOW + HOLDS_FOR)

    join(session, office.editor, at=NOW)
    with pytest.raises(InvitationOver):
        enrolling.with_token(session, token, at=NOW)


@pytest.mark.parametrize("token", ["", "nothing", "0" * 43])
def test_a_link_that_never_was_is_refused_like_an_old_one(session: Session, office: Office, token: str) -> None:
    with pytest.raises(InvitationOver):
        enrolling.with_token(session, token, at=NOW)


def test_a_second_factor_is_set_only_on_an_open_invitation(session: Session, office: Office) -> None:
    app, _ = join(session, office.editor)
    enrolling.propose_factor(session, office.editor, key=KEY)

    with pytest.raises(InvitationOver):
        enrolling.set_factor(session, office.editor, app.at(NOW), key=KEY, at=NOW)


def test_a_second_factor_counts_only_once_a_code_has_proved_it(session: Session, office: Office) -> None:
    enrolling.invite(session, office.editor, by=None, at=NOW)
    enrolling.set_password(session, office.editor, passwords.choose(PASSWORD, login="x"), at=NOW)
    enrolling.propose_factor(session, office.editor, key=KEY)

    with pytest.raises(NotRecognised):
        enrolling.set_factor(session, office.editor, "000000", key=KEY, at=NOW)
    assert not signing_in.has_factor(session, office.editor)


def test_an_account_knows_the_networks_it_was_signed_in_from(session: Session, office: Office) -> None:
    signing_in.sign_in(session, office.editor, HERE, means=Means.TOTP, at=NOW)
    signing_in.begin(session, office.editor, Browser("198.51.100.7", ""), at=NOW)

    later = NOW + timedelta(days=1)
    assert signing_in.knows(session, office.editor.login, HERE.network, at=later)
    assert not signing_in.knows(session, office.editor.login, "198.51.100.7", at=later), "no code was given there"
    assert not signing_in.knows(session, office.editor.login, HERE.network, at=NOW + timedelta(days=90))


def test_a_refused_sign_in_is_entered_without_the_name_that_was_typed(session: Session, office: Office) -> None:
    signing_in.note_refused(session, "my password typed by mistake", at=NOW)
    signing_in.note_refused(session, office.editor.login, at=NOW)
    session.flush()

    entries = audit.entries(session, office.bureau.id, Wanted(kind=AuditKind.SIGN_IN_REFUSED))
    assert [(entry.actor, entry.subject, entry.details) for entry in entries] == [
        (None, office.editor, {}),
        (None, None, {}),
    ]


def test_sessions_of_somebody_else_are_not_found(session: Session, office: Office) -> None:
    signing_in.sign_in(session, office.editor, HERE, means=Means.TOTP, at=NOW)
    row = session.scalars(select(StaffSession)).one()

    assert sessions.current_of(session, office.analyst, lifetime=LIFE, at=NOW) == []
    assert sessions.of_user(session, office.editor, row.id) is row
