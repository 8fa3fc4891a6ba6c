"""In a crowd: a few are worked on, some wait a moment, the rest are told when to come again; readers read on."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from config import Config
from gongshi.comments import refusals
from gongshi.comments.refusals import Reason
from gongshi.consultations import queries as consultations
from gongshi.web.public.door import LONGEST_KEPT, PAGES_KEPT, Door
from gongshi.web.turnstile import AGAIN_SECONDS, Full, Turnstile
from web.client import Client, Page
from web.commenting_people import FORM, counter, open_list
from web.commenting_writers import Writer

NUMBER = "2026-SL-01"

TEXT = "请说明“赔付” <b>标准</b>\n第二行"


def test_so_many_work_at_once_and_the_next_wait_half_a_second_at_most() -> None:
    turnstile = Turnstile(inside=2, room=4, working=2)
    with ExitStack() as inside:
        for _ in range(2):
            inside.enter_context(turnstile.pass_through())
        with pytest.raises(Full) as refusal, turnstile.pass_through():
            pass

    assert refusal.value.retry_after in AGAIN_SECONDS


def test_who_waits_is_let_in_as_soon_as_somebody_leaves() -> None:
    turnstile = Turnstile(inside=2, room=4, working=2)
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
    turnstile = Turnstile(inside=2, room=4, working=2)
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
        until(lambda: turnstile._present == 6)
        with pytest.raises(Full), turnstile.pass_through():
            pass
        assert not refusals_met, "those who wait were still waiting"
        for one in waiting:
            one.join()
    assert len(refusals_met) == 4


def test_while_somebody_waits_aside_another_works_and_who_comes_back_goes_first() -> None:
    turnstile, order = Turnstile(inside=3, room=3, working=1), []
    gone_aside, may_come_back, second_works, second_may_leave = (threading.Event() for _ in range(4))

    def first() -> None:
        with turnstile.pass_through():
            with turnstile.aside():
                gone_aside.set()
                may_come_back.wait(5)
            order.append("first came back")

    def second() -> None:
        gone_aside.wait(5)
        with turnstile.pass_through():
            second_works.set()
            second_may_leave.wait(5)
            order.append("second left")

    def third() -> None:
        with turnstile.pass_through():
            order.append("third came")

    people = [threading.Thread(target=person) for person in (first, second, third)]
    people[0].start()
    people[1].start()
    assert second_works.wait(5), "who is aside keeps nobody from working"
    may_come_back.set()
    until(lambda: turnstile._returning == 1)
    people[2].start()
    until(lambda: turnstile._present == 3)
    second_may_leave.set()
    for person in people:
        person.join(5)

    assert order == ["second left", "first came back", "third came"]
    assert (turnstile._present, turnstile._inside, turnstile._working, turnstile._returning) == (0, 0, 0, 0)


def until(happened: Callable[[], bool]) -> None:
    for _ in range(1000):
        if happened():
            return
        threading.Event().wait(0.005)
    raise AssertionError("it did not happen")


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


def test_who_comes_next_gets_the_same_page_around_other_words(client: Client, session: Session, crowd: None) -> None:
    open_list(session)
    first = turned_away_plain(client, "先来的话", "k" * 32)
    pages = [turned_away_plain(client, text, "m" * 32) for text in AWKWARD for _ in range(60)]

    again = [page for page in pages if page.headers["Retry-After"] == first.headers["Retry-After"]]
    assert again
    assert {tuple(sorted(page.headers.keys())) for page in pages} == {tuple(sorted(first.headers.keys()))}
    assert first.headers["Content-Security-Policy"] == again[0].headers["Content-Security-Policy"]
    assert {page.fields()["text"] for page in pages} == {text.replace("\x00", "\ufffd") for text in AWKWARD}
    assert all(page.fields()["submission_key"] == "m" * 32 for page in pages)
    assert all("先来的话" not in page.text for page in pages)


AWKWARD = (TEXT, '"><script>x</script>', "&amp; &lt;", "a\x00b", "\u202e反\u202c", "\n\n前面的空行", "{{ 7*7 }}%(x)s")


def turned_away_plain(client: Client, text: str, key: str) -> Page:
    return client.post(FORM, {"submission_key": key, "kind": "ask", "text": text, "step": "send"}, status=503)


def test_a_page_made_for_one_address_is_not_shown_under_another(client: Client, session: Session, crowd: None) -> None:
    open_list(session)
    typed = {"submission_key": "k" * 32, "kind": "ask", "text": TEXT}
    for _ in range(120):
        client.post(f"{FORM}?project=1", typed, status=503)

    assert client.post(f"{FORM}?project=2", typed, status=503).one("form")["action"] == f"{FORM}?project=2"
    assert client.post(f"/en{FORM}?project=1", typed, status=503).one("html")["lang"] == "en"
    client.post(f"{FORM}?project=1", typed, status=403, headers={"Origin": "https://elsewhere.example"})


def test_everybody_who_is_turned_away_stands_in_the_log_and_in_the_public_count(
    client: Client, session: Session, app: Flask, config: Config, crowd: None
) -> None:
    open_list(session)
    for _ in range(50):
        turned_away_plain(client, TEXT, "k" * 32)

    counter(app).write()
    session.rollback()
    assert refusals.totals(session, consultations.numbered(session, NUMBER)) == {Reason.BUSY: 50}
    logs = (config.DATA_DIR / "logs").glob("access-*")
    lines = [json.loads(line) for file in logs for line in file.read_text().splitlines()]
    assert Counter((line["status"], line["path"]) for line in lines) == {(503, "/consultations/<number>/comment"): 50}
    assert all(line["bytes"] > 500 and line["network"] for line in lines)


def test_a_flood_of_addresses_does_not_fill_the_memory(client: Client, app: Flask, crowd: None) -> None:
    typed = {"submission_key": "k" * 32, "kind": "ask", "text": TEXT}
    for place in range(PAGES_KEPT + 20):
        client.post(f"{FORM}?x={place}", typed, status=503)
    client.post(f"{FORM}?x={'x' * LONGEST_KEPT}", typed, status=503)

    door = app.wsgi_app
    assert isinstance(door, Door)
    assert len(door._pages) == PAGES_KEPT
    assert sum(len(part) for key in door._pages for part in key) < PAGES_KEPT * 300
