"""Whatever the holder of a receipt does while nothing can be written: 503, when to come again, and every word kept."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config import Config
from gongshi import db
from gongshi.comments import actions
from gongshi.comments.models import Comment, WithholdingReason
from gongshi.ledger import queries as ledger
from gongshi.objections import actions as objections
from gongshi.objections.models import Outcome
from gongshi.subscriptions import links
from gongshi.subscriptions.models import Subscription, SubscriptionState
from gongshi.web.keys import mail_key
from making import OpenList, make_objection
from web.client import Client, Page
from web.commenting_people import Person, open_list, receipt
from web.damaging import copy_of, no_room, put_back
from web.mailbox import ADDRESS, mail_config

NEW, WHY = "建议每月复核一次，并公布结果。", "理由：<b>“引号”</b>。"
MINE, ANSWERED, WITHHELD = "2026-SL-01-0001", "2026-SL-01-0002", "2026-SL-01-0003"


@dataclass(frozen=True)
class Deed:
    """Something done by receipt to one comment, by a form with these fields; `kept` finds again what was typed.

    `{confirm}` and `{stop}` in a path stand for the tokens of the links in a mail.
    """

    path: str
    comment: str = ""
    typed: tuple[tuple[str, str], ...] = ()
    kept: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return self.path.strip("/").replace("{", "").replace("}", "")


REPLACE = Deed(
    "/receipts/replace",
    MINE,
    (("kind", "suggest"), ("text", NEW), ("resolution", WHY)),
    (("textarea[name=text]", NEW), ("textarea[name=resolution]", WHY)),
)
DEEDS = (
    REPLACE,
    Deed("/receipts/withdraw", MINE, (("sure", "withdraw"),)),
    Deed(
        "/receipts/response",
        ANSWERED,
        (("answered", "2026-SL-01-O01"), ("satisfied", "no"), ("reason", WHY)),
        ((f"#response-reason-2026-SL-01-O01-{ANSWERED}", WHY),),
    ),
    Deed("/receipts/appeal", WITHHELD, (("reason", WHY),), ((f"#appeal-reason-{WITHHELD}", WHY),)),
    Deed("/receipts/dispute", MINE, (("reason", WHY),), ((f"#dispute-reason-{MINE}", WHY),)),
    Deed(f"/comments/{MINE}/dispute", typed=(("reason", WHY),), kept=(("#reason", WHY),)),
    Deed("/receipts/hide-name", MINE),
    Deed("/receipts/forget", MINE),
    Deed("/receipts/mail", typed=(("mail_address", ADDRESS),), kept=(("#mail-address", ADDRESS),)),
    Deed("/receipts/mail/stop"),
    Deed("/mail/confirm/{confirm}"),
    Deed("/mail/stop/{stop}"),
)


@dataclass
class Holder:
    """Somebody with three receipts: of a comment under a name, of an answered and of a withheld one."""

    receipts: dict[str, tuple[str, str]]
    tokens: dict[str, str]

    def does(self, deed: Deed, client: Client, status: int) -> Page:
        number, secret = self.receipts[deed.comment or MINE]
        filled = {"number": number, "secret": secret, "comment": deed.comment, **dict(deed.typed)}
        return client.post(deed.path.format(**self.tokens), filled, status=status)


@pytest.fixture
def config(config: Config) -> Config:
    return mail_config(config, "smtp://127.0.0.1:1")


@pytest.fixture
def holder(client: Client, session: Session, config: Config) -> Holder:
    opened = open_list(session)
    pages = [
        Person.opens(client, project=1).sends(name="示例甲某", contact="jinsique-1", publish_name="yes"),
        Person.opens(client, project=1).sends(),
        Person.opens(client, project=1).sends(),
    ]
    receipts = dict(zip((MINE, ANSWERED, WITHHELD), map(receipt, pages), strict=True))
    _bureau_acts(session, opened)
    number, secret = receipts[MINE]
    client.post("/receipts/mail", {"number": number, "secret": secret, "mail_address": "yi@example.cn"})
    session.rollback()
    id = session.scalars(select(Subscription.id)).one()
    key = mail_key(config)
    return Holder(receipts, {"confirm": links.confirm_token(key, id), "stop": links.stop_token(key, id)})


def _bureau_acts(session: Session, opened: OpenList) -> None:
    session.rollback()
    with db.writing(session) as at:
        mine, answered, withheld = session.scalars(select(Comment).order_by(Comment.seq))
        for comment in (mine, answered):
            actions.publish(session, comment, by=opened.analyst, at=at)
        objection = make_objection(session, opened, [answered], at)
        objections.dispose(
            session, objection, outcome=Outcome.NOT_ADOPTED, reasons="现有安排已足够。", by=opened.answered_by, at=at
        )
        actions.withhold(session, withheld, reason=WithholdingReason.ABUSE, by=opened.answered_by, at=at)


Trouble = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def busy(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Trouble:
    """Somebody else writes and does not end."""

    @contextmanager
    def written_by_another() -> Iterator[None]:
        with monkeypatch.context() as patched, Session(engine) as other, db.writing(other):
            patched.setattr(db, "LOCK_SECONDS", 0.2)
            yield

    return written_by_another


@pytest.fixture(params=["busy", "full"])
def trouble(request: pytest.FixtureRequest, busy: Trouble) -> Trouble:
    """What passes by itself."""
    return busy if request.param == "busy" else no_room


def asserts_not_now(page: Page, deed: Deed) -> None:
    assert int(page.headers["Retry-After"]) > 0
    assert page.headers["Cache-Control"] == "no-store"
    assert "没有作任何更改" in page.one("#faults").get_text()
    for place, typed in deed.kept:
        kept = page.one(place)
        assert (kept.get("value") or kept.get_text().strip()) == typed
    for leads in page.links("#faults"):
        assert page.one(f'[id="{leads.removeprefix("#")}"]')


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.name)
def test_what_cannot_be_written_now_waits_with_its_words_and_is_done_at_the_next_try(
    session: Session, holder: Holder, client: Client, trouble: Trouble, deed: Deed
) -> None:
    session.rollback()
    size = ledger.size(session)

    with trouble():
        page = holder.does(deed, client, 503)

    asserts_not_now(page, deed)
    session.rollback()
    assert ledger.size(session) == size
    holder.does(deed, client, 200)


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.name)
def test_on_an_older_copy_put_back_nothing_is_written_that_would_be_lost_with_it(
    app: Flask, session: Session, config: Config, client: Client, holder: Holder, tmp_path: Path, deed: Deed
) -> None:
    copy_of(config, tmp_path / "older.db")
    Person.opens(client).sends()
    session.close()

    with put_back(app, config, tmp_path / "older.db") as restored:
        page = holder.does(deed, Client(restored), 503)

    asserts_not_now(page, deed)
    assert int(page.headers["Retry-After"]) >= 60
    assert "只能阅读" in page.one("#faults").get_text()


def test_whoever_is_turned_away_because_others_write_has_used_up_none_of_their_mails(
    holder: Holder, client: Client, busy: Trouble
) -> None:
    asking = next(deed for deed in DEEDS if deed.path == "/receipts/mail")
    with busy():
        for _ in range(5):
            holder.does(asking, client, 503)

    holder.does(asking, client, 200)


def test_a_press_that_the_busy_site_refused_confirms_and_stops_no_mail(
    session: Session, holder: Holder, client: Client
) -> None:
    for deed in DEEDS[-2:]:
        with no_room():
            page = holder.does(deed, client, 503)
        assert page.one("main form button")

    session.rollback()
    assert session.scalars(select(Subscription.state)).all() == [SubscriptionState.ASKED]
