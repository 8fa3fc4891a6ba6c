"""What the holder of a receipt can do: replace, take back, withdraw; and that no refusal loses a word."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import making
from gongshi import clock, db
from gongshi.comments import actions, intake, queues, receipts
from gongshi.comments.intake import Point
from gongshi.comments.models import Comment, CommentKind, CommentState
from gongshi.consultations.models import Round
from gongshi.ledger import checkpoint
from gongshi.web import ledger_head
from web.client import Client, Page
from web.commenting_people import TEXT, Person, open_list, receipt, unprotected

NEW = "建议每月复核一次，并公布结果。"


def opened(page: Page) -> dict[str, str]:
    number, secret = receipt(page)
    return {"number": number, "secret": secret}


def the_comment(session: Session) -> Comment:
    session.rollback()
    return session.scalars(select(Comment).order_by(Comment.seq)).all()[-1]


def sent(client: Client, session: Session) -> dict[str, str]:
    """A comment that was just received: what opens it, and its number."""
    page = Person.opens(client, project=1, version=1, paragraph="p-2").sends()
    return {**opened(page), "comment": the_comment(session).number}


def replace(client: Client, by: dict[str, str], status: int = 200, **fields: str) -> Page:
    return client.post("/receipts/replace", {**by, "kind": "suggest", "text": NEW, "resolution": "", **fields}, status)


def look_up(client: Client, by: dict[str, str]) -> Page:
    return client.post("/receipts/", {"number": by["number"], "secret": by["secret"]})


def withdraw(client: Client, by: dict[str, str], sure: str = "", status: int = 200) -> Page:
    return client.post("/receipts/withdraw", {**by, "sure": sure}, status)


def age(session: Session, by: timedelta) -> None:
    """Let the comment have been received so long ago, which only a test can do."""
    comment = the_comment(session)
    unprotected(session, "comment_no_update")
    comment.received_at -= by
    session.commit()


# What the page offers


def test_right_after_sending_the_page_says_what_can_be_done_and_until_when(client: Client, session: Session) -> None:
    open_list(session)
    by = sent(client, session)

    page = look_up(client, by)

    until = clock.beijing(the_comment(session).received_at + timedelta(minutes=10))
    assert f"{until:%H:%M:%S}" in page.words
    assert page.one('form[action="/receipts/replace"] textarea[name=text]').get_text().strip() == TEXT
    assert "收回这条意见" in page.texts('form[action="/receipts/withdraw"] button')[0]


def test_after_ten_minutes_only_withdrawing_is_left(client: Client, session: Session) -> None:
    open_list(session)
    by = sent(client, session)
    age(session, timedelta(minutes=10, seconds=1))

    page = look_up(client, by)

    assert not page.all('form[action="/receipts/replace"]')
    assert "撤回这条意见" in page.texts('form[action="/receipts/withdraw"] button')[0]


def test_nothing_is_offered_for_what_was_withdrawn(client: Client, session: Session) -> None:
    open_list(session)
    by = sent(client, session)
    withdraw(client, by, "take-back")

    page = look_up(client, by)

    assert not page.all('form[action="/receipts/replace"], form[action="/receipts/withdraw"]')
    assert "已收回" in page.texts(".stations b")


# Replacing


def test_a_replacement_is_stored_and_shown_at_once(client: Client, session: Session, app: Flask) -> None:
    open_list(session)
    by = sent(client, session)

    page = replace(client, by)

    comment = the_comment(session)
    assert (comment.text, comment.kind.value) == (NEW, "suggest")
    assert comment.number in page.one("[role=status]").get_text()
    assert NEW in page.words
    head = checkpoint.last_checkpoint(ledger_head.folder(app.config["SITE"]))
    assert head is not None
    assert head.size == 1 + max(one for one in _indexes(page))


def _indexes(page: Page) -> list[int]:
    return [int(str(tag["value"])) for tag in page.all('form[action$="/receipts/proof"] [name=index]')]


def test_pressing_replace_twice_replaces_once(client: Client, session: Session) -> None:
    open_list(session)
    by = sent(client, session)

    first, second = replace(client, by), replace(client, by)

    assert _indexes(first) == _indexes(second)
    assert the_comment(session).text_ordinal == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"text": " "}, "请填写意见内容"),
        ({"text": "长" * 10_001}, "10001"),
        ({"text": "a\x00b"}, "无法照原样保存"),
        ({"kind": "hostile"}, "请选择意见的性质"),
        ({"resolution": "长" * 10_001}, "10001"),
    ],
)
def test_what_was_typed_stays_in_the_form_whatever_is_wrong_with_it(
    client: Client, session: Session, fields: dict[str, str], says: str
) -> None:
    open_list(session)
    by = sent(client, session)

    page = replace(client, by, 422, **fields)

    typed = {"text": NEW, "resolution": "", **fields}
    form = page.one('form[action="/receipts/replace"]')
    assert page.one("details[open]")
    for name in ("text", "resolution"):
        area = form.select_one(f"textarea[name={name}]")
        assert area is not None
        assert area.get_text().removeprefix("\n") == typed[name].replace("\x00", "�")
    assert says in page.one("#faults").get_text()
    assert the_comment(session).text == TEXT


def test_a_replacement_that_comes_too_late_keeps_its_words_and_says_until_when(
    client: Client, session: Session
) -> None:
    open_list(session)
    by = sent(client, session)
    age(session, timedelta(minutes=11))

    page = replace(client, by, 409)

    assert page.one("textarea[readonly]").get_text().strip() == NEW
    assert "十分钟" in page.one("#faults").get_text()
    assert the_comment(session).text == TEXT


def test_after_the_closing_nothing_is_replaced_or_taken_back(client: Client, session: Session) -> None:
    open_list(session)
    by = sent(client, session)
    unprotected(session, "round_closes_at_only_grows")
    for found in session.scalars(select(Round)):
        found.closes_at = clock.now() - timedelta(seconds=1)
    session.commit()

    page, asked = replace(client, by, 409), withdraw(client, by, "take-back", 409)

    assert page.one("textarea[readonly]").get_text().strip() == NEW
    assert asked.one("button[name=sure]")["value"] == "withdraw"
    assert the_comment(session).state is CommentState.PENDING


def test_what_a_draft_speaks_of_is_not_replaced(client: Client, session: Session) -> None:
    made = open_list(session)
    by = sent(client, session)
    with db.writing(session):
        queues.hold(session, [the_comment_in(session)], made.consultation.id)

    page = replace(client, by, 409)

    assert page.one("textarea[readonly]").get_text().strip() == NEW
    assert the_comment(session).text == TEXT


def the_comment_in(session: Session) -> Comment:
    return session.scalars(select(Comment)).one()


def test_the_public_reads_what_it_could_read_before(client: Client, session: Session) -> None:
    made = open_list(session)
    by = sent(client, session)
    with db.writing(session) as at:
        actions.publish(session, the_comment_in(session), by=made.analyst, at=at)

    replace(client, by)

    page = client.get(f"/comments/{by['comment']}/")
    assert TEXT in page.one("details.earlier").get_text()
    assert NEW not in page.words
    withdraw(client, by, "take-back")
    assert TEXT not in client.get(f"/comments/{by['comment']}/").words


# Taking back and withdrawing


def test_withdrawing_asks_once_more_and_says_what_stays(client: Client, session: Session) -> None:
    open_list(session)
    by = sent(client, session)

    page = withdraw(client, by)

    assert the_comment(session).state is CommentState.PENDING
    assert "不能恢复" in page.words
    assert "仍计入总数" in page.words
    assert page.one("button[name=sure]")["value"] == "take-back"
    assert page.headers["Cache-Control"] == "no-store"


def test_taken_back_it_counts_as_withdrawn_and_is_shown_as_taken_back(client: Client, session: Session) -> None:
    open_list(session)
    by = sent(client, session)

    page = withdraw(client, by, "take-back")

    comment = the_comment(session)
    assert (comment.state, comment.was_taken_back) == (CommentState.WITHDRAWN, True)
    assert comment.number in page.one("[role=status]").get_text()
    assert "十分钟" in client.get(f"/comments/{comment.number}/").one(".tombstone").get_text()
    assert page.texts(".stations b") == ["收到", "已收回"], "nobody had looked at it"
    assert "内容不再显示" in page.one(".stations").get_text()


def test_pressing_twice_withdraws_once(client: Client, session: Session) -> None:
    open_list(session)
    by = sent(client, session)

    withdraw(client, by, "take-back")
    withdraw(client, by, "take-back")
    withdraw(client, by, "withdraw")

    assert the_comment(session).state is CommentState.WITHDRAWN


def test_who_hesitated_too_long_is_offered_to_withdraw(client: Client, session: Session) -> None:
    open_list(session)
    by = sent(client, session)
    age(session, timedelta(minutes=11))

    asked = withdraw(client, by, "take-back", 409)
    withdraw(client, by, "withdraw")

    assert asked.one("button[name=sure]")["value"] == "withdraw"
    comment = the_comment(session)
    assert (comment.state, comment.was_taken_back) == (CommentState.WITHDRAWN, False)


def test_whoever_withdraws_is_told_that_the_objection_stays(client: Client, session: Session) -> None:
    made = open_list(session)
    by = sent(client, session)
    with db.writing(session) as at:
        comment = the_comment_in(session)
        actions.publish(session, comment, by=made.analyst, at=at)
        making.make_objection(session, made, [comment], at)

    page = withdraw(client, by)

    assert "/objections/2026-SL-01-O01/" in page.links()


def test_a_whole_submission_is_withdrawn_at_once(client: Client, session: Session) -> None:
    made = open_list(session)
    with db.writing(session) as at:
        submission = intake.submit(
            session,
            made.consultation,
            submission_key="k" * 32,
            points=[Point(CommentKind.ASK, f"问题{n}。") for n in range(3)],
            server_key=making.SERVER_KEY,
            at=at,
        )
        secret = receipts.secret(making.SERVER_KEY, submission.submission_key)
        by = {"number": submission.receipt_number, "secret": secret, "comment": "all"}

    asked, done = withdraw(client, by), withdraw(client, by, "take-back")

    session.expire_all()
    numbers = [comment.number for comment in submission.comments]
    assert all(number in asked.words and number in done.one("[role=status]").get_text() for number in numbers)
    assert {comment.state for comment in submission.comments} == {CommentState.WITHDRAWN}


# Who may


@pytest.mark.parametrize("path", ["/receipts/replace", "/receipts/withdraw", "/receipts/proof", "/receipts/file"])
def test_without_the_secret_nothing_is_done_and_the_look_up_is_shown(
    client: Client, session: Session, path: str
) -> None:
    open_list(session)
    by = sent(client, session)
    wrong = {**by, "secret": "00000-00000-00000-00000-00000-0", "kind": "ask", "text": NEW, "sure": "withdraw"}

    page = client.post(path, wrong, status=404)

    assert page.one("#look-up")
    assert (the_comment(session).text, the_comment(session).state) == (TEXT, CommentState.PENDING)


def test_a_receipt_acts_on_its_own_comments_only(client: Client, session: Session) -> None:
    open_list(session)
    mine, theirs = sent(client, session), sent(client, session)

    replace(client, {**mine, "comment": theirs["comment"]}, 404)
    withdraw(client, {**mine, "comment": theirs["comment"]}, "withdraw", 404)

    assert the_comment(session).state is CommentState.PENDING


def test_another_site_cannot_act_through_its_visitors(client: Client, session: Session) -> None:
    open_list(session)
    by = sent(client, session)

    client.post("/receipts/withdraw", {**by, "sure": "withdraw"}, 403, headers={"Sec-Fetch-Site": "cross-site"})

    assert the_comment(session).state is CommentState.PENDING


def test_nothing_that_opens_a_receipt_is_read_from_an_address(client: Client, session: Session) -> None:
    open_list(session)
    by = sent(client, session)

    page = client.get("/receipts/", number=by["number"], secret=by["secret"])

    assert TEXT not in page.words
    assert page.one("#secret")["value"] == ""
