"""Mail is asked for by receipt, begun by a button behind a link, and stopped by one press."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Config
from gongshi.app import create_app
from gongshi.consultations.models import Nature
from gongshi.subscriptions.models import Mail, Subscription, SubscriptionState
from web.client import Client, Page
from web.commenting_people import TEXT, open_list
from web.mailbox import ADDRESS, Follower, Mailbox, links, mail_config, served, text_of, turn


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with served(Mailbox()) as mailbox:
        yield mailbox


@pytest.fixture
def config(config: Config, mailbox: Mailbox) -> Config:
    return mail_config(config, mailbox.url)


@pytest.fixture
def follower(client: Client, session: Session) -> Follower:
    open_list(session)
    return Follower(client)


def states(session: Session) -> list[SubscriptionState]:
    session.rollback()
    return list(session.scalars(select(Subscription.state).order_by(Subscription.asked_at)))


def said(page: Page) -> str:
    return page.one(".said").get_text()


def test_mail_is_offered_right_after_sending_and_whenever_the_receipt_is_opened(
    client: Client, session: Session
) -> None:
    open_list(session)
    follower = Follower(client)

    page = follower.looks()

    fields = page.fields("#mail form")
    assert fields == {"number": follower.number, "secret": follower.secret, "mail_address": ""}
    assert page.one("#mail form")["action"] == "/receipts/mail"


def test_where_no_mail_can_be_sent_none_is_offered(config: Config, session: Session) -> None:
    open_list(session)
    plain = Client(create_app(Config(DATA_DIR=config.DATA_DIR, SECRET_KEY=config.SECRET_KEY)))
    follower = Follower(plain)

    assert not follower.looks().all("#mail")
    follower.asks(status=409)
    assert states(session) == []


def test_the_whole_way_from_asking_to_stopping(
    app: Flask, follower: Follower, client: Client, mailbox: Mailbox, session: Session
) -> None:
    asked = follower.asks()
    assert "48" in said(asked)
    turn(app)
    confirm, confirm_in_english = links(mailbox.last)
    assert confirm.startswith("/mail/confirm/")
    assert confirm_in_english == f"/en{confirm}"

    # A program that looks through mail opens every link, and nothing comes of it.
    opened = client.get(confirm)
    assert follower.number in opened.words
    assert states(session) == [SubscriptionState.ASKED]

    client.post(confirm, {"": ""})
    assert states(session) == [SubscriptionState.CONFIRMED]
    assert follower.looks().one("#mail form")["action"] == "/receipts/mail/stop"

    stop = str(mailbox.last["List-Unsubscribe"]).strip("<>").removeprefix("https://gongshi.example.cn")
    assert client.get(stop).one("form")
    assert states(session) == [SubscriptionState.CONFIRMED]
    client.post(stop, {"List-Unsubscribe": "One-Click"})
    assert states(session) == [SubscriptionState.STOPPED]
    assert not client.get(stop).all("main form")
    client.post(confirm, {"": ""}, status=404)


def test_the_mail_providers_button_works_without_a_page_and_from_elsewhere(
    app: Flask, follower: Follower, mailbox: Mailbox, session: Session
) -> None:
    """RFC 8058: a POST by the provider, without cookies, Origin or a page before it."""
    follower.asks()
    turn(app)
    follower.confirms(mailbox.last)
    assert mailbox.last["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = str(mailbox.last["List-Unsubscribe"]).strip("<>").removeprefix("https://gongshi.example.cn")

    for _ in range(2):  # Twice is the same as once.
        answer = app.test_client().post(
            path, data="List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code == 200

    assert states(session) == [SubscriptionState.STOPPED]


def test_mail_is_stopped_by_the_receipt_too(app: Flask, follower: Follower, mailbox: Mailbox, session: Session) -> None:
    follower.asks()
    turn(app)
    follower.confirms(mailbox.last)

    page = follower.client.post("/receipts/mail/stop", follower.opening)

    assert "不再" in said(page)
    assert states(session) == [SubscriptionState.STOPPED]
    assert session.scalars(select(Subscription.sealed_address)).one() is None


def test_whether_an_address_is_known_is_not_told(app: Flask, follower: Follower, session: Session) -> None:
    """A second receipt, the same address, the same day: no second mail, and the very same page."""
    first = follower.asks()
    other = Follower(follower.client)

    second = other.asks()

    def plain(page: Page, one: Follower) -> str:
        return page.one("#mail").prettify().replace(one.secret, "").replace(one.number, "") + said(page)

    assert plain(first, follower) == plain(second, other)
    assert follower.looks().one("#mail").get_text() == other.looks().one("#mail").get_text()
    assert session.scalar(select(func.count(Mail.id))) == 1


@pytest.mark.parametrize("typed", ["", "shili", "shili@example.cn\r\nBcc: other@example.cn", "\x00@example.cn", "é½@"])
def test_an_address_that_cannot_be_used_stays_in_the_field(follower: Follower, session: Session, typed: str) -> None:
    page = follower.asks(typed, status=422)

    assert page.one("#faults a")["href"] == "#mail-address"
    assert str(page.one("#mail-address")["value"]).replace("\ufffd", "\x00") in (typed, typed.replace("\r\n", ""))
    assert page.one("#mail details").has_attr("open")
    assert states(session) == []


def test_a_wrong_secret_asks_for_nothing(follower: Follower, session: Session) -> None:
    follower.client.post(
        "/receipts/mail", {"number": follower.number, "secret": "0" * 26, "mail_address": ADDRESS}, status=404
    )

    assert states(session) == []


def test_asking_too_often_is_refused_and_the_address_stays(follower: Follower) -> None:
    for number in range(5):
        follower.asks(f"shili{number}@example.cn")

    page = follower.asks(status=429)

    assert 0 < int(page.headers["Retry-After"]) <= 600
    assert page.one("#mail-address")["value"] == ADDRESS


@pytest.mark.parametrize("path", ["/mail/confirm/", "/mail/stop/", "/en/mail/confirm/", "/en/mail/stop/"])
@pytest.mark.parametrize("token", ["0" * 32, "示例", "a" * 3000])
def test_a_link_that_leads_nowhere_says_so(client: Client, path: str, token: str) -> None:
    assert client.get(path + token, status=404).h1
    assert client.post(path + token, {"": ""}, status=404).headers["Cache-Control"] == "no-store"


def test_the_pages_speak_english_too(app: Flask, client: Client, follower: Follower, mailbox: Mailbox) -> None:
    page = follower.asks(at="/en/receipts/mail")
    assert "press its button" in said(page)
    turn(app)
    confirm = links(mailbox.last)[1]

    assert client.get(confirm).h1 == "Confirm your mail address"
    done = client.post(confirm, {"": ""})
    assert done.h1 == "Your mail address is confirmed"
    assert done.title.startswith(done.h1), "the title says how it stands, too"
    assert client.get(confirm.replace("confirm", "stop"), status=404).h1 == "This link leads to no mail"


def test_pages_about_an_example_say_that_it_is_one(
    app: Flask, client: Client, mailbox: Mailbox, session: Session
) -> None:
    open_list(session, nature=Nature.EXAMPLE)
    Follower(client).asks()
    turn(app)

    for path in links(mailbox.last):
        assert client.get(path).one(".example")


def test_no_mail_holds_the_comment_or_the_secret(app: Flask, follower: Follower, mailbox: Mailbox) -> None:
    follower.asks()
    turn(app)

    content = bytes(mailbox.envelopes[-1].content or b"").decode() + text_of(mailbox.last)

    assert TEXT not in content
    assert follower.secret not in content
    assert follower.number in content
