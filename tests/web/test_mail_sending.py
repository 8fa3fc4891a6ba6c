"""Mail on its way to a real server: accepted, put off, refused, hanging, gone."""

import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import making
from config import Config
from gongshi import db
from gongshi.app import create_app
from gongshi.comments import actions as comments
from gongshi.comments.models import Comment
from gongshi.subscriptions.models import Mail, MailState, Subscription, SubscriptionState
from gongshi.web.mail import server
from web.certificates import certificate_for
from web.client import Client
from web.commenting_people import open_list
from web.mailbox import (
    ADDRESS,
    SENDER,
    SITE,
    Follower,
    Mailbox,
    all_due,
    encoded_text,
    free_port,
    mail_config,
    served,
    text_of,
    turn,
)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with served(Mailbox()) as mailbox:
        yield mailbox


@pytest.fixture
def config(config: Config, mailbox: Mailbox) -> Config:
    return mail_config(config, mailbox.url)


@pytest.fixture
def opened(session: Session) -> making.OpenList:
    return open_list(session)


@pytest.fixture
def follower(client: Client, opened: making.OpenList) -> Follower:
    return Follower(client)


@pytest.fixture
def confirmed(app: Flask, follower: Follower, mailbox: Mailbox) -> Follower:
    """Somebody whose address is confirmed, and whom nothing waits for."""
    follower.asks()
    turn(app)
    follower.confirms(mailbox.last)
    turn(app)
    mailbox.envelopes.clear()
    return follower


def publish(session: Session, opened: making.OpenList) -> Comment:
    session.rollback()
    comment = session.scalars(select(Comment)).first()
    assert comment is not None
    with db.writing(session) as at:
        comments.publish(session, comment, by=opened.analyst, at=at)
    return comment


def mails(session: Session) -> list[Mail]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(Mail).order_by(Mail.queued_at)))


def subscription(session: Session) -> Subscription:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Subscription)).one()


def test_a_mail_is_plain_text_in_both_languages(app: Flask, follower: Follower, mailbox: Mailbox) -> None:
    follower.asks()

    turn(app)

    (message,) = mailbox.messages
    assert (message["From"], message["To"]) == (SENDER, ADDRESS)
    assert message.get_content_type() == "text/plain"
    assert message["Subject"] == (f"请确认接收办理进展的邮箱 / Please confirm your mail address ({follower.number})")
    assert message["Auto-Submitted"] == "auto-generated"
    assert text_of(message).index("小时内") < text_of(message).index("within 48 hours")
    assert mailbox.envelopes[0].mail_from == SENDER
    assert mailbox.envelopes[0].rcpt_tos == [ADDRESS]


def test_over_the_wire_a_mail_is_seven_bits_and_its_lines_are_short(
    app: Flask, follower: Follower, mailbox: Mailbox
) -> None:
    follower.asks()

    turn(app)

    content = bytes(mailbox.envelopes[0].content or b"")
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 120
    assert b"Subject: =?utf-8?" in content
    assert b"List-Unsubscribe: <https://gongshi.example.cn/mail/stop/" in content
    assert "请在 48 小时内" in encoded_text(content)


def test_news_are_told_with_numbers_and_links_and_without_words_of_anybody(
    app: Flask, confirmed: Follower, mailbox: Mailbox, session: Session, opened: making.OpenList
) -> None:
    comment = publish(session, opened)
    turn(app)
    all_due(session)

    turn(app)

    (message,) = mailbox.messages
    text = text_of(message)
    assert f"意见 {comment.number} 已公开。" in text
    assert f"Comment {comment.number} was published." in text
    assert f"{SITE}/receipts/" in text
    assert f"{SITE}/en/receipts/" in text
    assert f"{SITE}/mail/stop/" in text
    assert comment.text not in text
    assert confirmed.secret not in text
    turn(app)
    assert len(mailbox.envelopes) == 1


def test_greylisting_is_waited_for(app: Flask, follower: Follower, mailbox: Mailbox, session: Session) -> None:
    mailbox.at_rcpt = ["451 4.7.1 Greylisted, please try again"]
    follower.asks()

    turn(app)
    (mail,) = mails(session)
    assert (mail.state, mail.trouble, mail.tries) == (MailState.WAITING, "rcpt-451", 1)
    turn(app)
    assert mailbox.envelopes == []

    all_due(session)
    turn(app)
    assert [mail.state for mail in mails(session)] == [MailState.SENT]
    assert len(mailbox.envelopes) == 1


def test_the_same_mail_has_the_same_id_at_every_try(
    app: Flask, follower: Follower, mailbox: Mailbox, session: Session
) -> None:
    follower.asks()
    turn(app)
    (mail,) = mails(session)
    mail.state = MailState.WAITING
    session.commit()
    all_due(session)

    turn(app)

    first, second = (bytes(envelope.content or b"") for envelope in mailbox.envelopes)
    assert first == second


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        pytest.param("550 5.1.1 No such user", "rcpt-550", id="no such user"),
        pytest.param("550 No such user", "rcpt-550", id="without an enhanced code"),
        pytest.param("553 5.2.1 Mailbox disabled", "rcpt-553", id="a mailbox switched off"),
    ],
)
def test_where_there_is_no_mailbox_nothing_more_is_sent(
    app: Flask,
    confirmed: Follower,
    mailbox: Mailbox,
    session: Session,
    opened: making.OpenList,
    answer: str,
    trouble: str,
) -> None:
    publish(session, opened)
    turn(app)
    all_due(session)
    mailbox.at_rcpt = [answer]

    turn(app)

    assert mails(session)[-1].trouble == trouble
    assert subscription(session).state is SubscriptionState.UNREACHABLE
    assert subscription(session).sealed_address is None
    assert not confirmed.looks().all("#mail form[action$=stop]")


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("550 5.7.1 Our list does not like your network", id="policy"),
        pytest.param("552 5.2.2 Mailbox full", id="a full mailbox"),
        pytest.param("552 Exceeded storage allocation", id="a full mailbox without an enhanced code"),
        pytest.param("554 5.4.14 Hop count exceeded", id="routing"),
    ],
)
def test_what_may_be_put_right_costs_nobody_their_subscription(
    app: Flask, confirmed: Follower, mailbox: Mailbox, session: Session, opened: making.OpenList, answer: str
) -> None:
    publish(session, opened)
    turn(app)
    all_due(session)
    mailbox.at_rcpt = [answer]

    turn(app)

    assert subscription(session).state is SubscriptionState.CONFIRMED
    all_due(session)
    turn(app)
    assert len(mailbox.envelopes) == 1


def test_a_refusal_after_the_data_counts_as_one(
    app: Flask, follower: Follower, mailbox: Mailbox, session: Session
) -> None:
    mailbox.at_data = ["550 5.1.1 No such user after all"]
    follower.asks()

    turn(app)

    assert mails(session)[0].trouble == "data-550"
    assert subscription(session).state is SubscriptionState.UNREACHABLE


def test_a_server_that_is_away_is_tried_again(config: Config, session: Session, opened: making.OpenList) -> None:
    mailbox = Mailbox()
    mailbox.port = free_port()
    app = create_app(mail_config(config, mailbox.url))
    Follower(Client(app)).asks()

    turn(app)
    (mail,) = mails(session)
    assert (mail.state, mail.trouble) == (MailState.WAITING, "connection-refused")

    all_due(session)
    with served(mailbox):
        turn(app)
    assert len(mailbox.envelopes) == 1


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "SECONDS", 0.5)


@pytest.mark.usefixtures("impatient")
def test_a_server_that_hangs_is_given_up_for_now(
    app: Flask, follower: Follower, mailbox: Mailbox, session: Session
) -> None:
    mailbox.seconds = 3.0
    follower.asks()

    turn(app)

    (mail,) = mails(session)
    assert (mail.state, mail.trouble) == (MailState.WAITING, "timeout")


@pytest.mark.usefixtures("impatient")
def test_a_server_that_says_nothing_at_all_is_given_up_for_now(
    config: Config, session: Session, opened: making.OpenList
) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        app = create_app(mail_config(config, f"smtp://127.0.0.1:{silent.getsockname()[1]}"))
        Follower(Client(app)).asks()

        turn(app)

    assert mails(session)[0].trouble == "timeout"


def test_nobody_waits_for_the_write_lock_while_a_server_thinks(
    app: Flask, follower: Follower, mailbox: Mailbox, session: Session
) -> None:
    mailbox.seconds = 2.0
    follower.asks()
    sender = threading.Thread(target=turn, args=(app,))
    sender.start()
    assert mailbox.is_reading.wait(20)

    with db.writing(session):
        pass
    still_thinking = not mailbox.envelopes

    sender.join()
    assert still_thinking
    assert len(mailbox.envelopes) == 1


def test_who_was_stopped_in_the_last_moment_gets_nothing(
    app: Flask, confirmed: Follower, mailbox: Mailbox, session: Session, opened: making.OpenList
) -> None:
    publish(session, opened)
    turn(app)
    all_due(session)
    confirmed.client.post("/receipts/mail/stop", confirmed.opening)

    turn(app)

    assert mailbox.envelopes == []


@pytest.mark.parametrize("knows", [pytest.param(True, id="knows it"), pytest.param(False, id="does not know it")])
def test_an_address_beyond_ascii_needs_a_server_that_knows_such(
    config: Config, session: Session, opened: making.OpenList, knows: bool
) -> None:
    with served(Mailbox(), enable_SMTPUTF8=knows) as mailbox:
        app = create_app(mail_config(config, mailbox.url))
        Follower(Client(app)).asks("示例@示例.cn")
        turn(app)

    (mail,) = mails(session)
    assert (mail.state, mail.trouble) == ((MailState.SENT, None) if knows else (MailState.FAILED, "no-smtputf8"))
    assert [envelope.rcpt_tos for envelope in mailbox.envelopes] == ([["示例@xn--fsq092h.cn"]] if knows else [])


def only_gongshi(
    _server: object, _session: object, _envelope: object, _mechanism: str, data: LoginPassword
) -> AuthResult:
    """The one account of a server."""
    return AuthResult(success=data.login == b"gongshi" and data.password == b"p@ss/word", handled=False)


@pytest.mark.parametrize(
    ("password", "sent"), [pytest.param("p%40ss%2Fword", True, id="right"), pytest.param("wrong", False, id="wrong")]
)
def test_mail_is_handed_in_encrypted_and_signed_in(
    config: Config,
    session: Session,
    opened: making.OpenList,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    password: str,
    sent: bool,
) -> None:
    certificate, key = certificate_for("localhost", tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    how = {"tls_context": tls, "require_starttls": True, "authenticator": only_gongshi, "auth_required": True}
    with served(Mailbox(), **how) as mailbox:
        app = create_app(mail_config(config, f"smtp://gongshi:{password}@localhost:{mailbox.port}?starttls=1"))
        Follower(Client(app)).asks()
        turn(app)

    assert len(mailbox.envelopes) == sent
    assert mails(session)[0].trouble == (None if sent else "server-535")


def test_a_certificate_that_nobody_vouches_for_is_not_believed(
    config: Config, session: Session, opened: making.OpenList, tmp_path: Path
) -> None:
    certificate, key = certificate_for("localhost", tmp_path)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    with served(Mailbox(), tls_context=tls) as mailbox:
        app = create_app(mail_config(config, f"smtp://localhost:{mailbox.port}?starttls=1"))
        Follower(Client(app)).asks()
        turn(app)

    assert mailbox.envelopes == []
    assert mails(session)[0].trouble == "certificate"
