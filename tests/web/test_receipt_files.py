"""The files of a receipt: proofs that others can check without this site, and the whole receipt for offline."""

import random
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import making
import proof_checking
from config import Config
from gongshi import db
from gongshi.comments import actions
from gongshi.comments.models import Comment
from gongshi.web import ledger_head
from proof_checking import Refused
from web.client import Client, Page
from web.commenting_people import TEXT, Person, open_list, receipt

MUTATIONS = 500
WHO = {"name": "示例甲", "contact": "示例电话 000"}


def opened(page: Page) -> dict[str, str]:
    """Number and secret of a receipt, as forms carry them."""
    number, secret = receipt(page)
    return {"number": number, "secret": secret}


def proof(client: Client, page: Page, status: int = 200, **more: str) -> Page:
    number = str(page.one('form[action$="/receipts/proof"] [name=comment]')["value"])
    return client.post("/receipts/proof", {**opened(page), "comment": number, **more}, status=status)


def vkey(app: Flask) -> str:
    with app.app_context():
        return ledger_head.signer(app).vkey


def checked(app: Flask, file: Page) -> proof_checking.Proved:
    return proof_checking.check(file.response.get_data(), vkey(app))


def test_a_proof_file_is_believed_by_a_checker_that_is_not_ours(app: Flask, client: Client, session: Session) -> None:
    open_list(session)
    page = Person.opens(client, project=1).sends(resolution="写明每月。")

    proved = checked(app, proof(client, page))

    comment = session.scalars(select(Comment)).one()
    assert proved.index == comment.ledger_index < proved.size
    assert proved.opened == {"text": TEXT, "resolution": "写明每月。"}
    assert proved.entry["kind"] == "comment.received"
    assert proved.entry["subject"]["comment"] == comment.number


def test_it_is_sent_as_a_file_that_nothing_on_the_way_keeps(client: Client, session: Session) -> None:
    open_list(session)
    page = Person.opens(client).sends()

    file = proof(client, page)

    assert file.headers["Cache-Control"] == "no-store"
    assert file.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert quote("意见回执-2026-SL-01-0001.tlog-proof") in file.headers["Content-Disposition"]
    assert receipt(page)[1] not in file.text


def test_every_flipped_byte_makes_it_worthless(app: Flask, client: Client, session: Session) -> None:
    open_list(session)
    page = Person.opens(client).sends()
    good, key = proof(client, page).response.get_data(), vkey(app)
    proof_checking.check(good, key)
    chance = random.Random(4)

    believed = []
    for _ in range(MUTATIONS):
        place, bad = chance.randrange(len(good)), bytearray(good)
        bad[place] ^= 1 << chance.randrange(8)
        try:
            proof_checking.check(bytes(bad), key)
        except Refused:
            continue
        believed.append((place, bytes(bad)[max(0, place - 10) : place + 10]))

    assert believed == []


def test_a_proof_under_another_key_is_worthless(client: Client, app: Flask, session: Session) -> None:
    open_list(session)
    page = Person.opens(client).sends()
    stranger = ledger_head.signer(app).key.generate(ledger_head.signer(app).name).verifier

    with pytest.raises(Refused):
        proof_checking.check(proof(client, page).response.get_data(), str(stranger))


def test_name_and_contact_are_opened_only_in_the_file_that_says_so(
    app: Flask, client: Client, session: Session
) -> None:
    open_list(session)
    page = Person.opens(client).sends(**WHO)

    with_person, without = proof(client, page, person="with"), proof(client, page)

    assert checked(app, with_person).opened == {"text": TEXT, **WHO}
    assert checked(app, without).opened == {"text": TEXT}
    assert set(checked(app, without).entry["subject"]["c"]) == {"text", "name", "contact"}
    assert quote("不含姓名联系方式") in without.headers["Content-Disposition"]


def test_the_proof_stays_true_while_the_ledger_grows(app: Flask, client: Client, session: Session) -> None:
    made = open_list(session)
    first = Person.opens(client).sends()
    early = proof(client, first)
    with db.writing(session) as at:
        for _ in range(5):
            making.make_submission(session, made.consultation, at)
    Person.opens(client).sends()

    late = proof(client, first)

    assert checked(app, early).size < checked(app, late).size
    assert checked(app, early).entry == checked(app, late).entry


def test_after_a_replacement_one_file_proves_the_time_and_one_the_words(
    app: Flask, client: Client, session: Session
) -> None:
    open_list(session)
    page = Person.opens(client).sends()
    number = session.scalars(select(Comment)).one().number
    kept = proof(client, page)
    fields = {"comment": number, "kind": "suggest", "text": "新的话。", "resolution": ""}
    again = client.post("/receipts/replace", {**opened(page), **fields})
    indexes = [str(tag["value"]) for tag in again.all('form[action$="/receipts/proof"] [name=index]')]

    time, words = (checked(app, proof(client, page, index=index)) for index in indexes)

    assert (time.entry["kind"], time.opened) == ("comment.received", {})
    assert (words.entry["kind"], words.opened) == ("comment.replaced", {"text": "新的话。"})
    assert checked(app, kept).opened == {"text": TEXT}, "the file that the sender kept proves the first words still"


@pytest.mark.parametrize("index", ["999999", "-1", "abc", "0", "1" * 40, "½"])
def test_no_other_entry_is_given_out_under_this_receipt(client: Client, session: Session, index: str) -> None:
    open_list(session)
    page = Person.opens(client).sends()

    proof(client, page, status=404, index=index)


def test_nobody_gets_the_proof_of_another_receipt(client: Client, session: Session) -> None:
    open_list(session)
    mine, theirs = Person.opens(client).sends(), Person.opens(client).sends()
    number = str(theirs.one('form[action$="/receipts/proof"] [name=comment]')["value"])

    client.post("/receipts/proof", {**opened(mine), "comment": number}, status=404)
    client.post("/receipts/proof", {**opened(mine), "secret": opened(theirs)["secret"], "comment": number}, status=404)


def test_while_no_head_can_be_signed_the_file_is_promised_for_later(
    app: Flask, config: Config, client: Client, session: Session
) -> None:
    open_list(session)
    (config.DATA_DIR / "ledger").mkdir()
    blocked = config.DATA_DIR / "ledger" / "lock"
    blocked.mkdir()
    page = Person.opens(client).sends(status=202)

    later = proof(client, page, status=503)
    blocked.rmdir()

    assert "Retry-After" in later.headers
    assert TEXT in later.words
    assert checked(app, proof(client, page)).opened == {"text": TEXT}


def test_the_receipt_as_one_file_holds_all_of_it_and_runs_nothing(app: Flask, client: Client, session: Session) -> None:
    open_list(session)
    hostile = "<script>alert(1)</script>\n第二行"
    page = Person.opens(client, project=1).sends(text=hostile)

    file = client.post("/receipts/file", opened(page))

    number, secret = receipt(page)
    soup = BeautifulSoup(file.text, "html.parser")
    assert {number, secret} <= {tag.get_text() for tag in soup.select("code")}
    assert hostile.replace("\n", " ") in " ".join(soup.get_text().split()) or hostile in soup.get_text()
    assert not soup.select("script, form, iframe")
    addresses = [str(tag.get("src") or tag.get("href")) for tag in soup.select("[src], link[href]")]
    assert all(address.startswith("data:") for address in addresses)
    inside = next(tag.get_text() for tag in soup.select("pre") if tag.get_text().startswith("c2sp.org"))
    assert proof_checking.check(inside.encode(), vkey(app)).opened == {"text": hostile}
    assert vkey(app) in file.text
    assert quote(f"意见回执-{number}.html") in file.headers["Content-Disposition"]
    assert "sandbox" in file.headers["Content-Security-Policy"]


def test_a_withdrawn_comment_can_still_be_proved_by_its_holder(app: Flask, client: Client, session: Session) -> None:
    open_list(session)
    page = Person.opens(client).sends()
    with db.writing(session) as at:
        actions.withdraw(session, session.scalars(select(Comment)).one(), at=at)

    assert checked(app, proof(client, page)).opened == {"text": TEXT}
