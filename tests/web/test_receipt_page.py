"""The page right after sending: everything that proves that it came, to copy down, to print and to keep."""

import re
from datetime import UTC

import segno
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.comments.intake import Point
from gongshi.comments.models import Comment, CommentKind
from gongshi.consultations.models import Consultation
from gongshi.web import qr
from gongshi.web.db import session as current
from gongshi.web.public import receipts as pages
from gongshi.web.public.sending import fresh_key, send
from web.client import Client, Page, check
from web.commenting_people import FORM, TEXT, Person, open_list, receipt

LOOK_UP = "http://localhost/receipts/"


def drawn(page: Page) -> str:
    """The picture of a receipt, as it is drawn."""
    return str(page.one(".qr img")["src"])


def test_the_receipt_tells_number_secret_and_instant_to_the_second(client: Client, session: Session) -> None:
    open_list(session)

    page = Person.opens(client, project=1).sends()

    received = session.scalars(select(Comment)).one().received_at
    number, secret = receipt(page)
    assert re.fullmatch(r"HZ-[0-9A-Z]{5}-[0-9A-Z]{5}", number)
    assert len(secret.replace("-", "")) == 26
    assert f"{received.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" in page.words
    assert page.one("[data-sent]")["data-sent"] == "2026-SL-01"
    assert page.headers["Cache-Control"] == "no-store"


def test_what_was_sent_stands_there_with_its_length_in_characters_and_bytes(client: Client, session: Session) -> None:
    open_list(session)

    page = Person.opens(client, project=1).sends(text="复核😀\r\n第二行")

    assert "复核😀 第二行" in page.words
    assert "7 字，20 字节" in page.words


def test_the_code_leads_to_the_look_up_with_both_parts_behind_the_hash(client: Client, session: Session) -> None:
    open_list(session)

    page = Person.opens(client).sends()

    number, secret = receipt(page)
    assert drawn(page) == qr.picture(f"{LOOK_UP}#{number}.{secret}")
    assert LOOK_UP in page.words


def test_the_code_holds_the_whole_address_with_room_for_damage() -> None:
    address = f"{LOOK_UP}#HZ-7K3M9-QPD2R.{'7K3M9-' * 5}7"

    drawing = segno.make(address, error="m", micro=False, mask=2, boost_error=False)

    assert drawing.error == "M"
    assert drawing.designator == segno.make(address, error="m", boost_error=False).designator
    assert qr.picture(address) == drawing.svg_data_uri(scale=4, border=4, dark="#000", light="#fff")


def test_no_address_on_the_page_holds_the_secret(client: Client, session: Session) -> None:
    open_list(session)
    page = Person.opens(client).sends()

    _, secret = receipt(page)

    assert not [address for address in page.links() if secret in address]
    assert not [form for form in page.all("form") if secret in str(form.get("action"))]
    assert {str(form["method"]) for form in page.all("form")} == {"post"}


def test_a_receipt_of_twenty_comments_shows_each_with_its_proof(app: Flask, session: Session) -> None:
    made = open_list(session)
    key = fresh_key()

    with app.test_request_context(FORM, method="POST"):
        consultation = current().get_one(Consultation, made.consultation.id)
        points = [Point(CommentKind.SUGGEST, f"建议{n}。") for n in range(20)]
        response = pages.receipt_page(send(consultation, None, key=key, points=points))
        text = response.get_data(as_text=True)

    assert response.status_code == 201
    numbers = set(re.findall(r"2026-SL-01-\d{4}", text))
    assert len(numbers) == 20
    assert text.count('action="/receipts/proof"') == 20
    assert "20 条意见" in text
    assert all(f"建议{n}。" in text for n in range(20))


def test_a_retry_after_a_lost_answer_shows_the_same_receipt(client: Client, session: Session) -> None:
    open_list(session)
    person = Person.opens(client)

    first, again = person.sends(), person.sends()

    assert receipt(first) == receipt(again)
    assert again.one(".lead")


def test_the_english_receipt_is_its_twin(client: Client, session: Session) -> None:
    open_list(session)

    page = Person.opens(client, f"/en{FORM}").sends()

    assert page.h1 == "Your comment has been received"
    assert "characters" in page.words
    assert drawn(page) == qr.picture(f"http://localhost/en/receipts/#{'.'.join(receipt(page))}")


def test_hostile_words_are_shown_and_do_nothing(client: Client, session: Session) -> None:
    open_list(session)
    hostile = '</textarea><script src="//example.invalid/x.js"></script>{{ 7*7 }}'

    page = Person.opens(client).sends(text=hostile)

    check(page)
    assert hostile in page.words
    assert not [tag for tag in page.all("script") if "example.invalid" in str(tag.get("src"))]
    assert TEXT not in page.words
