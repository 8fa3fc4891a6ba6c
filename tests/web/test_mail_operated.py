"""A sender of mail that is killed, or is not alone; and what an operator sets, tries and asks."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from multiprocessing import get_context
from signal import SIGKILL

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

import making
from config import Config, WrongSetting
from gongshi import db
from gongshi.subscriptions import actions, links
from gongshi.subscriptions.actions import MailKeys
from gongshi.subscriptions.models import Mail, MailKind, MailState, Subscription, SubscriptionState
from gongshi.web.db import db as flask_db
from gongshi.web.keys import mail_key, personal_ring
from gongshi.web.mail.mailer import Mailer
from web.client import Client
from web.commenting_people import open_list
from web.mailbox import (
    ADDRESS,
    SITE,
    Follower,
    Mailbox,
    all_due,
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


def subscription(session: Session) -> Subscription:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Subscription)).one()


def many_waiting(session: Session, opened: making.OpenList, config: Config, how_many: int) -> None:
    """As many mails to as many addresses, all due."""
    keys = MailKeys(ring=personal_ring(config), links=mail_key(config))
    with db.writing(session) as at:
        for number in range(how_many):
            submission = making.make_submission(session, opened.consultation, at)
            actions.ask(session, submission, address=f"shili{number}@example.cn", facts=[], keys=keys, at=at)


def test_a_sender_that_is_killed_loses_nothing(
    app: Flask, config: Config, mailbox: Mailbox, session: Session, opened: making.OpenList
) -> None:
    """At least once: each kill may cost one mail that is sent twice, under the same Message-ID."""
    many_waiting(session, opened, config, 12)
    mailbox.seconds = 0.05
    kills = (0.1, 0.2, 0.3, 0.4)
    for seconds in kills:
        mailbox.is_reading.clear()
        sender = get_context("fork").Process(target=_send, args=(app,))
        sender.start()
        mailbox.is_reading.wait(20)
        time.sleep(seconds)
        sender.kill()
        sender.join()
        assert sender.exitcode in {-SIGKILL, 0}
        all_due(session)

    mailbox.seconds = 0.0
    turn(app)

    received = Counter(envelope.rcpt_tos[0] for envelope in mailbox.envelopes)
    ids = {
        (envelope.rcpt_tos[0], message_from_bytes(bytes(envelope.content or b""))["Message-ID"])
        for envelope in mailbox.envelopes
    }
    assert len(received) == len(ids) == 12
    assert sum(received.values()) <= 12 + len(kills)
    session.rollback()
    assert set(session.scalars(select(Mail.state))) == {MailState.SENT}


def _send(app: Flask) -> None:
    """What a mailer does until it is killed; without the lease, so that nobody waits for the dead one's."""
    with app.app_context():
        flask_db.engine.dispose(close=False)
        mailer = Mailer(app.config["SITE"])
        while mailer.send():
            pass


def test_two_mailers_send_each_mail_once(
    app: Flask, config: Config, mailbox: Mailbox, session: Session, opened: making.OpenList
) -> None:
    many_waiting(session, opened, config, 8)
    mailbox.seconds = 0.05
    with app.app_context():
        mailers = [Mailer(config), Mailer(config)]

    def send(mailer: Mailer) -> None:
        with app.app_context():
            while mailer.send():
                pass

    threads = [threading.Thread(target=send, args=(mailer,)) for mailer in mailers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(envelope.rcpt_tos[0] for envelope in mailbox.envelopes).most_common(1)[0][1] == 1
    assert len(mailbox.envelopes) == 8


def test_a_key_that_was_destroyed_ends_the_subscription(
    app: Flask, config: Config, follower: Follower, session: Session, mailbox: Mailbox
) -> None:
    follower.asks()
    ring = personal_ring(config)
    old = ring.primary
    ring.add()
    ring.destroy(old)

    turn(app)

    assert mailbox.envelopes == []
    assert subscription(session).state is SubscriptionState.UNREACHABLE


def test_the_links_of_a_mail_are_made_from_the_key_alone(
    app: Flask, config: Config, follower: Follower, session: Session, mailbox: Mailbox
) -> None:
    follower.asks()
    turn(app)

    token = links.confirm_token(mail_key(config), subscription(session).id)

    assert f"{SITE}/mail/confirm/{token}" in text_of(mailbox.last)
    files = [path.read_bytes() for path in config.DATA_DIR.rglob("*") if path.is_file()]
    assert not any(token.encode() in file or ADDRESS.encode() in file for file in files)


def run(app: Flask, *args: str) -> Result:
    with app.app_context():
        return app.test_cli_runner().invoke(args=["mail", *args])


def test_the_command_sends_a_mail_to_try(app: Flask, mailbox: Mailbox) -> None:
    done = run(app, "test", ADDRESS)
    assert done.exit_code == 0, done.output
    assert "has taken it" in done.output
    assert mailbox.last["To"] == ADDRESS

    mailbox.at_rcpt = ["550 5.1.1 No such user"]
    refused = run(app, "test", ADDRESS)
    assert refused.exit_code == 1
    assert "rcpt-550" in refused.output

    assert run(app, "test", "nonsense").exit_code == 1


def test_the_command_says_how_mail_is_doing(app: Flask, follower: Follower, mailbox: Mailbox) -> None:
    mailbox.at_rcpt = ["451 4.7.1 later"]
    follower.asks()
    turn(app)

    said = run(app, "status").output

    assert "mail: on, 0 subscriptions, 1 waiting since" in said
    assert "1 tried again (rcpt-451), 0 given up" in said


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("SMTP_URL", "http://example.cn", "smtps://"),
        ("SMTP_URL", "smtp://user:secret@", "smtps://"),
        ("SMTP_URL", "smtp://user:secret@mail.example.cn", "starttls=1"),
        ("MAIL_FROM", "示例 <a@example.cn>", "one plain address"),
        ("MAIL_FROM", "a@example.cn\nBcc: b@example.cn", "one plain address"),
        ("SITE_URL", "gongshi.example.cn", "https://"),
        ("SITE_URL", "https://gongshi.example.cn/path", "without a path"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy(name: str, value: str, remedy: str) -> None:
    with pytest.raises(WrongSetting) as refusal:
        Config.from_env({name: value})

    assert name in str(refusal.value)
    assert remedy in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_mail_needs_a_sender_and_the_address_of_the_site() -> None:
    with pytest.raises(WrongSetting) as refusal:
        Config.from_env({"SMTP_URL": "smtp://127.0.0.1:25"})

    assert "SITE_URL" in str(refusal.value)
    assert "MAIL_FROM" in str(refusal.value)


def test_a_mail_that_cannot_be_written_holds_up_no_other(
    app: Flask, config: Config, mailbox: Mailbox, session: Session, opened: making.OpenList
) -> None:
    many_waiting(session, opened, config, 3)
    damaged = session.scalars(select(Mail).order_by(Mail.queued_at)).first()
    assert damaged is not None
    session.execute(update(Mail).where(Mail.id == damaged.id).values(kind=MailKind.NEWS, news=["no fact"]))
    session.commit()

    turn(app)

    assert len(mailbox.messages) == 2
    session.expire_all()
    assert (damaged.state, damaged.trouble) == (MailState.WAITING, "unwritable")
