"""Whoever prepares an erasure and whoever approves it read which drafts quote what will be destroyed."""

from flask import Flask
from sqlalchemy.orm import Session

from gongshi import db
from gongshi.drafts import actions as drafts
from gongshi.drafts.models import Draft
from gongshi.drafts.publishing import NoticePublication
from gongshi.notices.actions import NoticeText
from gongshi.notices.models import NoticeKind
from making import OpenList
from web.client import Client
from web.commenting_people import TEXT, Person, open_list
from web.staff import signed_in

ERASURE = "/workbench/consultations/2026-SL-01/erasure?comment=2026-SL-01-0001"
ORDER = {"reason": "court-order", "order_number": "（2026）示例民初1号", "do": "submit"}


def quoting_it(session: Session, opened: OpenList) -> Draft:
    session.rollback()
    text = NoticeText("关于意见的说明", f"有意见称“{TEXT}”。")
    with db.writing(session) as at:
        return drafts.prepare(
            session,
            NoticePublication(NoticeKind.CONSULTATION, text),
            title=text.title,
            consultation=opened.consultation,
            by=opened.editor,
            at=at,
        )


def test_both_are_led_to_the_drafts_that_quote_it_and_told_what_becomes_of_them(
    app: Flask, client: Client, session: Session
) -> None:
    opened = open_list(session)
    Person.opens(client).sends()
    draft = quoting_it(session, opened)
    address, analyst = f"/workbench/drafts/{draft.number}/", signed_in(app, opened.analyst)

    page = analyst.get(ERASURE)
    analyst.send(ERASURE, {"fields": ["text"], **ORDER})
    review = signed_in(app, opened.publisher).get(f"/workbench/drafts/{draft.number + 1}/")

    for one in (page, review):
        assert address in one.links("main")
        assert "其中的引文一并销毁" in one.words


def test_where_nothing_quotes_it_nothing_is_said_of_drafts(app: Flask, client: Client, session: Session) -> None:
    opened = open_list(session)
    Person.opens(client).sends()

    assert "引用该内容的拟稿" not in signed_in(app, opened.analyst).get(ERASURE).words
