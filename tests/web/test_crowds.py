"""In a crowd: a few are worked on, some wait a moment, the rest are told when to come again; readers read on."""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from gongshi.comments import refusals
from gongshi.comments.refusals import Reason
from gongshi.consultations import queries as consultations
from gongshi.web.turnstile import AGAIN_SECONDS, Full, Turnstile
from web.client import Client, Page
from web.commenting_people import FORM, counter, open_list
from web.commenting_writers import Writer

NUMBER = "2026-SL-01"

TEXT = "请说明“赔付” <b>标准</b>\n第二行"


def test_so_many_work_at_once_and_the_next_wait_half_a_second_at_most() -> None:
    turnstile = Turnstile(threads=8)
    with ExitStack() as inside:
        for _ in range(2):
            inside.enter_context(turnstile.pass_through())
        with pytest.raises(Full) as refusal, turnstile.pass_through():
            pass

    assert refusal.value.retry_after in AGAIN_SECONDS


def test_who_waits_is_let_in_as_soon_as_somebody_leaves() -> None:
    turnstile = Turnstile(threads=8)
    let_in = threading.Event()

    def wait() -> None:
        with turnstile.pass_through():
            let_in.set()

    with ExitStack() as inside:
        inside.enter_context(turnstile.pass_through())
        first = inside.enter_context(ExitStack())
        first.enter_context(turnstile.pass_through())
        waiting = threading.Thread(target=wait)
        waiting.start()
        assert not let_in.wait(0.05)
        first.close()
        assert let_in.wait(1)
        waiting.join()


def test_when_the_room_is_full_the_refusal_comes_at_once() -> None:
    turnstile = Turnstile(threads=8)
    refusals_met: list[Full] = []

    def try_once() -> None:
        try:
            with turnstile.pass_through():
                pass
        except Full as full:
            refusals_met.append(full)

    with ExitStack() as inside:
        for _ in range(2):
            inside.enter_context(turnstile.pass_through())
        waiting = [threading.Thread(target=try_once) for _ in range(4)]
        for one in waiting:
            one.start()
        while turnstile._present < 6:
            threading.Event().wait(0.005)
        with pytest.raises(Full), turnstile.pass_through():
            pass
        assert not refusals_met, "those who wait were still waiting"
        for one in waiting:
            one.join()
    assert len(refusals_met) == 4


@pytest.fixture
def crowd(app: Flask) -> Iterator[None]:
    """A site at whose turnstile nobody else gets in."""
    turnstile = app.extensions["gongshi.turnstile"]
    room = turnstile._present
    turnstile._present = 10_000
    yield
    turnstile._present = room


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_who_is_turned_away_keeps_all_that_was_typed_and_is_told_when_to_come_again(
    client: Client, session: Session, app: Flask, prefix: str, crowd: None
) -> None:
    open_list(session)
    typed = {"submission_key": "k" * 32, "kind": "oppose", "text": TEXT, "resolution": "改第三句", "step": "send"}
    page = client.post(f"{prefix}{FORM}?project=1", typed, status=503)

    assert int(page.headers["Retry-After"]) in AGAIN_SECONDS
    assert page.headers["Cache-Control"] == "no-store"
    assert page.fields() == typed
    assert page.one("form")["action"] == f"{prefix}{FORM}?project=1"
    counter(app).write()
    assert refusals.totals(session, consultations.numbered(session, NUMBER)) == {Reason.BUSY: 1}


WRITTEN = {"project": 1, "version": 1, "paragraph": "p-2", "kind": "ask", "resolution": "写明日期"}


def turned_away(client: Client, prefix: str, **typed: str) -> Page:
    gathered = json.dumps([{**WRITTEN, "text": "第一条\n<b>粗</b>"}, {**WRITTEN, "text": "第二条"}])
    return client.post(f"{prefix}{FORM}", {"submission_key": "k" * 32, "gathered": gathered, **typed}, status=503)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_who_is_turned_away_from_the_page_for_checking_reads_all_that_was_gathered(
    client: Client, prefix: str, crowd: None
) -> None:
    page = turned_away(client, prefix, step="send", name="示例")

    assert [tag.get_text() for tag in page.all(".gathered .text")] == [
        "第一条\n<b>粗</b>", "写明日期", "第二条", "写明日期"
    ]  # fmt: skip
    assert page.fields()["name"] == "示例"
    assert ("Send these 2 comments" if prefix else "提交这 2 条意见") == page.texts("form button")[0]


@pytest.mark.parametrize(
    ("step", "button"),
    [
        ("send", "提交这 3 条意见"),
        ("review", "核对并提交"),
        ("add", "再对另一处提意见"),
        ("edit-1", "下一步"),
        ("remove-2", "下一步"),
    ],
)
def test_the_button_of_a_crowded_site_says_which_step_it_takes_again(
    client: Client, session: Session, app: Flask, crowd: None, step: str, button: str
) -> None:
    page = turned_away(client, "", step=step, kind="ask", text="第三条", resolution="")

    assert page.texts("form button") == [button]
    assert page.fields()["step"] == step
    assert ("重新提交" in page.words) is (step == "send")


def test_a_step_that_was_turned_away_goes_on_where_it_was(client: Client, session: Session, app: Flask) -> None:
    open_list(session)
    writer = Writer.opens(client).writes("第一条").goes_on_at(1, "p-2").writes("第二条")
    turnstile = app.extensions["gongshi.turnstile"]
    turnstile._present += 10_000
    page = client.post(writer.address, {**writer.fields, "step": "review"}, status=503)
    turnstile._present -= 10_000

    checked = client.post(str(page.one("form")["action"]), page.fields())

    assert [tag.get_text() for tag in checked.all(".checked .text[dir]")] == ["第一条", "第二条"]


@pytest.mark.parametrize("gathered", ["[{", "a\x00b", "[" * 50_000])
def test_what_cannot_be_read_in_a_crowd_is_carried_on_as_it_is(client: Client, gathered: str, crowd: None) -> None:
    typed = {"submission_key": "k" * 32, "gathered": gathered, "kind": "ask", "text": "还在", "step": "send"}

    assert client.post(FORM, typed, status=503).fields() == {**typed, "gathered": gathered.replace("\x00", "\ufffd")}


def test_in_a_crowd_a_reader_sees_what_was_shown_a_moment_ago(client: Client, session: Session, crowd: None) -> None:
    open_list(session)
    first = client.get(f"/consultations/{NUMBER}/")
    again = client.get(f"/consultations/{NUMBER}/")

    assert again.text == first.text
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
