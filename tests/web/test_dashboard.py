"""The page of the day: what is due, who waits for whom; and every page of deciding in English."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine

from web.deciding_desk import GATE, GATES, JUDGEMENT, PILOT, SUMMARY, Desk, decided, judged, opened_desk, verdicts


@pytest.fixture
def desk(app: Flask, engine: Engine) -> Iterator[Desk]:
    yield from opened_desk(app, engine)


def test_a_reminder_is_put_away_for_the_whole_bureau(desk: Desk) -> None:
    client = desk.as_("publisher")
    page = client.get("/workbench/")
    (form,) = page.all("ul.due form")

    client.send(str(form["action"]))

    assert not desk.as_("editor").get("/workbench/").all("ul.due form")


def test_who_waits_for_whom(desk: Desk) -> None:
    analyst = desk.as_("analyst")
    analyst.post(JUDGEMENT, {**verdicts(analyst.get(JUDGEMENT), r4="sufficient"), "do": "submit"})

    mine = analyst.get("/workbench/")
    theirs = desk.as_("analyst-too").get("/workbench/")

    assert "第1号项目风险判断" in " ".join(mine.texts("table.waits"))
    assert "分析丁" in " ".join(mine.texts("table.waits td"))
    assert "第1号项目风险判断" in " ".join(theirs.texts("ul.due"))


def test_every_page_is_there_in_english(desk: Desk) -> None:
    judged(desk)
    decided(desk)
    reader = desk.as_("publisher")
    for path in ("/workbench/", GATES, GATE, JUDGEMENT, SUMMARY, PILOT, f"{PILOT}event", f"{PILOT}scope"):
        assert reader.get(f"/en{path}").soup.html["lang"] == "en"  # type: ignore[index]


def test_an_administrator_sees_nothing_of_the_record(desk: Desk) -> None:
    page = desk.as_("admin").get("/workbench/")

    assert "2026-SL-01" not in page.words
    assert "/workbench/accounts/" in page.links("main")
