"""The comment form as a person without JavaScript meets it: shown, sent, and sent again."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.comments import refusals
from gongshi.comments.models import Comment, Submission
from gongshi.comments.refusals import Reason
from web.client import Client
from web.commenting_people import FORM, PARAGRAPH, TEXT, Person, close_now, count, counter, open_list, receipt

# The form


def test_the_form_shows_what_it_is_about(client: Client, session: Session) -> None:
    open_list(session)

    on_list, on_project = client.get(FORM), client.get(FORM, project=1)
    on_paragraph = client.get(FORM, **PARAGRAPH)

    assert "整份名单" in on_list.words
    assert "基于人工智能的投资者服务项目1" in on_project.words
    assert "每季度复核一次" in on_paragraph.one("blockquote").get_text()
    assert on_paragraph.one("#comment")["action"] == f"{FORM}?project=1&version=1&paragraph=p-2"


def test_an_english_form_is_sent_in_english(client: Client, session: Session) -> None:
    open_list(session)

    page = Person.opens(client, f"/en{FORM}", project=2).sends()

    assert page.h1 == "Your comment has been received"


def test_the_form_belongs_to_one_person_and_is_kept_nowhere(client: Client, session: Session) -> None:
    open_list(session)

    first, second = client.get(FORM), client.get(FORM)

    assert first.headers["Cache-Control"] == "no-store"
    assert "ETag" not in first.headers
    assert first.fields("#comment")["submission_key"] != second.fields("#comment")["submission_key"]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({"project": 9}, id="a project that is not in the list"),
        pytest.param({"project": 1, "version": 7}, id="a version that is not public"),
        pytest.param({"project": 1, "version": 1, "paragraph": "p-99"}, id="a paragraph that is not there"),
        pytest.param({"paragraph": "p-2"}, id="a paragraph of no project"),
        pytest.param({"project": "x"}, id="no number"),
    ],
)
def test_there_is_no_form_for_what_is_not_published(
    client: Client, session: Session, query: dict[str, str | int]
) -> None:
    open_list(session)

    client.get(FORM, status=404, **query)


# Sent


def test_a_comment_is_received_with_its_target_and_its_receipt(client: Client, session: Session) -> None:
    open_list(session)
    person = Person.opens(client, **PARAGRAPH)

    page = person.sends(kind="suggest", text=TEXT, resolution="改为每月复核。")

    comment = session.scalars(select(Comment)).one()
    assert (comment.kind.value, comment.text, comment.resolution) == ("suggest", TEXT, "改为每月复核。")
    assert comment.paragraph_key == "p-2"
    assert comment.version is not None
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers
    assert page.one("#receipt-number").get_text() == comment.submission.receipt_number
    assert comment.number in page.words
    assert f"序号 {comment.ledger_index}" in page.words


# Sent again


def test_a_retry_after_a_lost_answer_gets_the_same_receipt(client: Client, session: Session) -> None:
    open_list(session)
    person = Person.opens(client)

    first, again = person.sends(), person.sends()

    assert receipt(first) == receipt(again)
    assert "同一份回执" in again.words
    assert count(session) == count(session, Submission) == 1


def test_a_retry_after_the_closing_still_gets_its_receipt(client: Client, session: Session) -> None:
    made = open_list(session)
    person = Person.opens(client)
    first = person.sends()

    close_now(session, made.consultation)

    assert receipt(person.sends()) == receipt(first)


def test_the_same_form_with_another_text_is_refused(app: Flask, client: Client, session: Session) -> None:
    made = open_list(session)
    person = Person.opens(client)
    person.sends()

    page = person.sends(status=409, text="另一段文字")

    counter(app).write()
    assert count(session) == 1
    assert "先前已用另一段文字提交" in page.one("#faults").get_text()
    assert page.fields("#comment")["text"] == "另一段文字"
    assert page.fields("#comment")["submission_key"] != person.key
    assert refusals.totals(session, made.consultation) == {Reason.KEY_USED_FOR_ANOTHER_TEXT: 1}


def test_pressing_again_after_that_sends_a_second_comment(client: Client, session: Session) -> None:
    open_list(session)
    person = Person.opens(client)
    person.sends()

    person.fields = person.sends(status=409, text="另一段文字").fields("#comment")
    person.sends(text="另一段文字")

    assert count(session) == 2
