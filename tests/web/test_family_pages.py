"""Rule 10 as readers see it: one stands for all that are nearly the same, every one is there, and nothing is hidden."""

import csv
import io
import json
from collections.abc import Sequence

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from test_reading import counted_queries

from gongshi import clock, db
from gongshi.accounts.two_people import Hands
from gongshi.comments import actions, families, similarity
from gongshi.comments.models import Comment, WithholdingReason
from making import OpenList, make_open_list, make_submission
from web.client import Client

LETTER = "本人反对本项目，理由是模型每季度复核一次太少，不足以及时发现失效，建议改为每月复核并公布结果，说明补偿办法。"
OWN = "请问参加试点是否另行收费，投资者怎样退出，数据存放在哪里，由谁负责答复投诉，办理期限是多少个工作日，均未见说明。"
HIDDEN = "只有经办人知道的那一句话"
LIST = "/consultations/2026-SL-01"


@pytest.fixture
def open_list(session: Session) -> OpenList:
    with db.writing(session):
        return make_open_list(session, clock.now())


def send(session: Session, open_list: OpenList, texts: Sequence[str], *, publish: bool = True) -> list[Comment]:
    """Comments that came in, were compared, and are published."""
    with db.writing(session) as at:
        found = [make_submission(session, open_list.consultation, at, text=text).comments[0] for text in texts]
        for one in found if publish else []:
            actions.publish(session, one, by=open_list.analyst, at=at)
        while families.join_next(session):
            pass
    return found


def test_one_stands_for_all_that_are_nearly_the_same(client: Client, session: Session, open_list: OpenList) -> None:
    letters = send(session, open_list, [LETTER, LETTER + "谢谢", "您好：" + LETTER])
    own = send(session, open_list, [OWN])

    page = client.get(f"/en{LIST}/comments/")

    assert [voice["id"] for voice in page.all(".voice")] == [f"c-{letters[0].seq}", f"c-{own[0].seq}"]
    assert page.text.count("… and 2 nearly the same") == 1


def test_every_comment_can_be_shown_singly(client: Client, session: Session, open_list: OpenList) -> None:
    letters = send(session, open_list, [LETTER] * 3)

    page = client.get(f"/en{LIST}/comments/?each=1")

    assert [voice["id"] for voice in page.all(".voice")] == [f"c-{one.seq}" for one in letters]
    assert page.text.count("One of 3 that are nearly the same") == 3


@pytest.mark.parametrize("asked", ["?kind=oppose", "?state=all", "?project=1"])
def test_nothing_is_left_out_of_what_was_filtered(
    client: Client, session: Session, open_list: OpenList, asked: str
) -> None:
    """A family may stand for its members only where all of them were asked for."""
    with db.writing(session) as at:
        for _ in range(3):
            make_submission(session, open_list.consultation, at, text=LETTER)
    send(session, open_list, [LETTER] * 3)

    page = client.get(f"{LIST}/comments/{asked}")

    assert len(page.all(".voice")) == {"?kind=oppose": 3, "?state=all": 6, "?project=1": 0}[asked]


def test_a_family_shows_every_member_and_what_differs(client: Client, session: Session, open_list: OpenList) -> None:
    letters = send(session, open_list, [LETTER, LETTER.replace("每月", "每周")])

    for number in (letters[0].number, letters[1].number):
        page = client.get(f"/en{LIST}/families/{number}/")

        assert [row.text for row in page.all("ins")][1:] == ["每周"]
        assert [row.text for row in page.all("del")][1:] == ["每月"]
        assert all(one.number in page.text for one in letters)


def test_what_is_not_public_is_counted_and_not_shown(client: Client, session: Session, open_list: OpenList) -> None:
    waiting, withheld = send(session, open_list, [LETTER + HIDDEN, LETTER + HIDDEN], publish=False)
    shown = send(session, open_list, [LETTER, LETTER])
    with db.writing(session) as at:
        hands = Hands(open_list.analyst, open_list.publisher)
        actions.withhold(session, withheld, reason=WithholdingReason.ABUSE, by=hands, at=at)

    for path in (f"{LIST}/families/", f"{LIST}/families/{waiting.number}/", f"{LIST}/comments/?each=1"):
        assert HIDDEN not in client.get(path).text
    page = client.get(f"/en{LIST}/families/{shown[0].number}/")
    assert "4 nearly the same comments" in page.text
    assert waiting.number in page.text
    assert withheld.number in page.text


def test_the_largest_families_come_first_and_pages_follow(
    client: Client, session: Session, open_list: OpenList
) -> None:
    alphabet = [chr(0x4E00 + place) for place in range(3000)]
    texts = ["".join(alphabet[start * 40 : start * 40 + 40]) for start in range(30)]
    send(session, open_list, [*texts, *texts, texts[7]])

    page = client.get(f"/en{LIST}/families/")
    after = page.all("a[rel=next]")[0]["href"]

    assert "3 comments" in page.all(".rows li")[0].text
    assert len(page.all(".rows li")) == 25
    assert len(client.get(after).all(".rows li")) == 5


def test_a_comment_without_a_family_has_no_page_of_one(client: Client, session: Session, open_list: OpenList) -> None:
    (own,) = send(session, open_list, [OWN])

    client.get(f"{LIST}/families/{own.number}/", status=404)
    client.get(f"{LIST}/families/2026-SL-01-9999/", status=404)
    assert "nearly the same" not in client.get(f"/en/comments/{own.number}/").text


def test_all_families_can_be_taken_away_as_a_table(client: Client, session: Session, open_list: OpenList) -> None:
    letters = send(session, open_list, [LETTER, LETTER + "谢谢", OWN])

    rows = list(csv.DictReader(io.StringIO(client.get("/downloads/2026-SL-01-families.csv").text)))

    assert [(row["comment"], row["family"], row["size"]) for row in rows] == [
        (letters[0].number, letters[0].number, "2"),
        (letters[1].number, letters[0].number, "2"),
    ]
    assert 0.8 < float(rows[1]["estimate"]) <= 1


def test_every_number_of_the_method_is_published(client: Client) -> None:
    found = json.loads(client.get("/downloads/families-method.json").text)

    assert found["family_from"] == similarity.FAMILY
    assert found["example"]["numbers"] == similarity.signature(found["example"]["text"]).numbers.tolist()
    assert str(similarity.SHORT) in client.get("/families/").text


@pytest.mark.parametrize("path", [f"{LIST}/comments/", f"{LIST}/families/", f"{LIST}/families/2026-SL-01-0001/"])
def test_pages_ask_the_database_as_often_for_many_comments_as_for_few(
    app: Flask, client: Client, session: Session, open_list: OpenList, path: str
) -> None:
    send(session, open_list, [LETTER, LETTER, OWN])
    client.get("/en" + path)
    with counted_queries(app) as few:
        client.get(path)
    send(session, open_list, [LETTER + str(place) for place in range(30)])

    with counted_queries(app) as many:
        client.get(path)

    assert 0 < len(many) <= len(few) + 1
