"""Receipts: proof that a comment arrived, and the way to what became of it."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import making
from config import Config
from gongshi import clock, db
from gongshi.comments import actions as comments
from gongshi.comments import receipts
from gongshi.comments.intake import Target
from gongshi.comments.models import Comment, WithholdingReason
from gongshi.ledger import checkpoint
from gongshi.ledger import queries as log
from gongshi.web.keys import receipt_key
from web.client import Client, Page
from web.commenting_people import TEXT, Person, count, open_list, receipt

LOOK_UP = "/receipts/"


def look_up(client: Client, number: str, secret: str, status: int = 200, path: str = LOOK_UP) -> Page:
    return client.post(path, {"number": number, "secret": secret}, status=status)


def stations(page: Page) -> dict[str, str]:
    """How far each station is, by the words of the station."""
    return {str(li.find("b").get_text()): str(li["class"][0]) for li in page.all(".stations li")}


def test_a_receipt_opens_its_status(client: Client, session: Session) -> None:
    open_list(session)
    number, secret = receipt(Person.opens(client, project=1).sends())

    page = look_up(client, number, secret)

    assert page.headers["Cache-Control"] == "no-store"
    assert TEXT in page.words
    assert secret not in page.words
    assert not [address for address in page.links() if secret in address]
    assert stations(page)["收到"] == "done"
    assert stations(page)["审核中"] == "now"
    assert page.one("[aria-current=step]")


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param(str.lower, id="in small letters"),
        pytest.param(lambda text: text.replace("-", ""), id="without hyphens"),
        pytest.param(lambda text: f"  {text.replace('-', ' ')} ", id="with spaces"),
        pytest.param(lambda text: text.replace("0", "O").replace("1", "l"), id="with look-alike letters"),
    ],
)
def test_a_receipt_may_be_typed_in_any_way(client: Client, session: Session, typed) -> None:  # type: ignore[no-untyped-def]
    open_list(session)
    number, secret = receipt(Person.opens(client).sends())

    look_up(client, typed(number), typed(secret))


def test_an_unknown_number_and_a_wrong_secret_get_the_same_answer(client: Client, session: Session) -> None:
    open_list(session)
    number, secret = receipt(Person.opens(client).sends())
    typed = ("HZ-00000-00000", number, number)
    secrets = (secret, "00000-00000-00000-00000-00000-0", "")

    answers = [look_up(client, a, b, status=404) for a, b in zip(typed, secrets, strict=True)]

    plain = {
        page.text.replace(a, "").replace(b or "\0", "") for page, a, b in zip(answers, typed, secrets, strict=True)
    }
    assert len(plain) == 1
    assert answers[0].headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("typed", ["", "\x00", "意" * 5000, "HZ-" + "A" * 200, "' OR 1=1 --", "é½"])
def test_nonsense_is_an_unknown_receipt_and_no_fault(client: Client, session: Session, typed: str) -> None:
    open_list(session)

    look_up(client, typed, typed, status=404)


def test_guessing_is_stopped_for_its_network(client: Client, session: Session) -> None:
    open_list(session)
    for _ in range(30):
        look_up(client, "HZ-00000-00000", "0" * 26, status=404)

    page = look_up(client, "HZ-00000-00000", "0" * 26, status=429)

    assert 0 < int(page.headers["Retry-After"]) <= 600
    assert "过于频繁" in page.words


def test_the_english_look_up_is_its_twin(client: Client, session: Session) -> None:
    open_list(session)
    number, secret = receipt(Person.opens(client).sends())

    assert look_up(client, number, secret, path="/en/receipts/").h1 == "What became of your comment"
    assert client.get("/en/receipts/").h1 == "Look up a receipt"


def test_the_english_status_calls_the_list_by_its_english_title(client: Client, session: Session) -> None:
    made = open_list(session)
    number, secret = receipt(Person.opens(client).sends())

    assert made.consultation.title_en in look_up(client, number, secret, path="/en/receipts/").words
    assert made.consultation.title in look_up(client, number, secret).words


def test_the_receipt_follows_the_comment(client: Client, session: Session) -> None:
    made = open_list(session)
    person = Person.opens(client, project=1, version=1, paragraph="p-2")
    number, secret = receipt(person.sends())
    comment = session.scalars(select(Comment)).one()

    with db.writing(session) as at:
        comments.publish(session, comment, by=made.analyst, at=at)

    page = look_up(client, number, secret)
    assert stations(page)["已公开"] == "done"
    assert f"/comments/{comment.number}/" in page.links()


def test_whoever_was_withheld_is_told_the_reason(client: Client, session: Session) -> None:
    made = open_list(session)
    number, secret = receipt(Person.opens(client).sends())
    comment = session.scalars(select(Comment)).one()
    with db.writing(session) as at:
        comments.withhold(session, comment, reason=WithholdingReason.PERSONAL_DATA, by=made.answered_by, at=at)

    page = look_up(client, number, secret)

    assert "理由：他人个人信息" in page.words
    assert TEXT in page.words
    assert list(stations(page)) == ["收到", "审核完毕", "不予公开"]


def test_of_the_secret_only_a_hash_is_kept(config: Config, client: Client, session: Session) -> None:
    open_list(session)
    _, secret = receipt(Person.opens(client).sends())

    stored = session.scalars(select(Comment)).one().submission

    assert stored.secret_sha256 == receipts.fingerprint(secret)
    files = [path.read_bytes() for path in config.DATA_DIR.rglob("*") if path.is_file()]
    assert not any(secret.encode() in file or secret.replace("-", "").encode() in file for file in files)


def test_after_the_site_changed_its_secret_no_wrong_receipt_is_shown(
    app: Flask, client: Client, session: Session
) -> None:
    open_list(session)
    person = Person.opens(client)
    number, _ = receipt(person.sends())
    app.config["SITE"] = Config(DATA_DIR=app.config["SITE"].DATA_DIR, SECRET_KEY="another secret, " * 2)

    page = person.sends()

    assert page.one("#receipt-number").get_text() == number
    assert not page.all("#receipt-secret")


def test_the_signed_head_covers_a_comment_before_its_receipt_is_shown(
    config: Config, client: Client, session: Session
) -> None:
    open_list(session)
    Person.opens(client).sends()

    head = checkpoint.last_checkpoint(config.DATA_DIR / "ledger")
    comment = session.scalars(select(Comment)).one()

    assert head is not None
    assert head.size > comment.ledger_index
    assert head.root == log.recompute(session)


def test_a_comment_is_received_even_while_the_head_cannot_be_signed(
    config: Config, client: Client, session: Session
) -> None:
    open_list(session)
    person = Person.opens(client)
    (config.DATA_DIR / "ledger").mkdir()
    blocked = config.DATA_DIR / "ledger" / "lock"
    blocked.mkdir()

    first = person.sends(status=202)
    blocked.rmdir()
    again = person.sends(status=201)

    assert "签名证明随后补上" in first.words
    assert receipt(first) == receipt(again)
    assert count(session) == 1


def test_content_is_received_with_the_same_key(config: Config, session: Session, client: Client) -> None:
    """A receipt made elsewhere with the site's key opens here too."""
    made = open_list(session)
    with db.writing(session) as at:
        submission = making.make_submission(session, made.consultation, at, target=Target())
    assert receipt_key(config) != making.SERVER_KEY
    assert clock.now() >= submission.received_at

    look_up(client, submission.receipt_number, receipts.secret(making.SERVER_KEY, submission.submission_key))
