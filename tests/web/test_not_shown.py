"""Nothing vanishes: whatever is not shown, or not as it was sent, leaves a stub that anybody can find and count."""

import csv
import io

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi import clock, db
from gongshi.accounts.two_people import Hands
from gongshi.comments import actions, erasing, redacting, second_thoughts, stubs
from gongshi.comments.erasure_models import ErasedField, ErasureReason
from gongshi.comments.models import Comment, CommentKind, WithholdingReason
from gongshi.ledger.models import LedgerEntry
from making import OpenList, make_open_list, make_submission
from web.client import Client

LIST = "/consultations/2026-SL-01"
HIDDEN = "这一句谁也不该再读到"
KINDS = ("withheld", "withdrawn", "redacted", "erased", "replaced")


@pytest.fixture
def open_list(session: Session) -> OpenList:
    with db.writing(session):
        return make_open_list(session, clock.now())


@pytest.fixture
def gone(session: Session, open_list: OpenList) -> dict[str, Comment]:
    """One comment of each kind, and one that is simply published."""
    by = Hands(open_list.analyst, open_list.publisher)
    with db.writing(session) as at:
        found = {
            kind: make_submission(session, open_list.consultation, at, text=HIDDEN).comments[0]
            for kind in (*KINDS, "published")
        }
        for kind in ("published", "redacted", "erased"):
            actions.publish(session, found[kind], by=open_list.analyst, at=at)
        actions.withhold(session, found["withheld"], reason=WithholdingReason.PERSONAL_DATA, by=by, at=at)
        actions.withdraw(session, found["withdrawn"], at=at)
        redacting.redact(session, found["redacted"], text=[(0, 8)], reason=WithholdingReason.SECRET, by=by, at=at)
        second_thoughts.replace(
            session, found["replaced"], kind=CommentKind.ASK, text="另外写了一句。", resolution=None, at=at
        )
        erasing.erase(
            session, found["erased"], fields=[ErasedField.TEXT], reason=ErasureReason.COURT_ORDER,
            order_number="示例第1号", by=by, at=at,
        )  # fmt: skip
    return found


def test_every_kind_of_stub_is_on_one_page(client: Client, gone: dict[str, Comment]) -> None:
    page = client.get(f"/en{LIST}/not-shown/")

    numbers = [row.text.split()[0] for row in page.all(".stubs > li")]
    assert numbers == [gone[kind].number for kind in KINDS]
    assert "示例第1号" not in page.text


@pytest.mark.parametrize("kind", KINDS)
def test_stubs_can_be_asked_for_by_kind(client: Client, gone: dict[str, Comment], kind: str) -> None:
    page = client.get(f"/en{LIST}/not-shown/?kind={kind}")

    assert [row.text.split()[0] for row in page.all(".stubs > li")] == [gone[kind].number]


def test_no_stub_holds_the_text(client: Client, gone: dict[str, Comment]) -> None:
    assert HIDDEN not in client.get(f"{LIST}/not-shown/").text
    assert HIDDEN not in client.get(f"{LIST}/not-shown/not-shown.csv").text
    for kind in KINDS:
        assert HIDDEN not in client.get(f"/comments/{gone[kind].number}/").text, kind


def test_the_table_names_reason_roles_entry_and_hash(
    client: Client, session: Session, open_list: OpenList, gone: dict[str, Comment]
) -> None:
    text = client.get(f"/en{LIST}/not-shown/not-shown.csv").text.removeprefix("\ufeff")
    rows = {row["Code of the kind"]: row for row in csv.DictReader(io.StringIO(text))}

    assert set(rows) == set(KINDS)
    assert rows["withheld"]["Reason code"] == "personal-data"
    assert rows["withheld"]["Roles that decided"] == "Analyst + Publisher"
    assert rows["withheld"]["Staff codes"] == f"{open_list.analyst.code} + {open_list.publisher.code}"
    assert rows["withdrawn"]["Roles that decided"] == "its sender"
    assert rows["erased"]["Reason code"] == "court-order"
    for kind, row in rows.items():
        act, receipt = (session.get_one(LedgerEntry, int(row[name])) for name in list(row)[8:10])
        assert act.kind.value == f"comment.{kind}"
        assert act.subject["comment"] == receipt.subject["comment"] == gone[kind].number
        assert receipt.subject["c"]["text"] == row["SHA-256 in that entry"]


def test_the_line_of_sums_leads_there(client: Client, gone: dict[str, Comment]) -> None:
    for path in (f"{LIST}/", f"{LIST}/comments/", "/"):
        assert client.get(path).all(f'.tally a[href="{LIST}/not-shown/"]'), path


def test_a_comments_own_page_says_the_same(client: Client, gone: dict[str, Comment]) -> None:
    page = client.get(f"/en/comments/{gone['withheld'].number}/").text

    assert "personal-data" in page
    assert "Analyst + Publisher" in page.replace("\n", " ")


def test_pages_follow_each_other_without_a_gap(
    client: Client, session: Session, open_list: OpenList, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.writing(session) as at:
        sent = [make_submission(session, open_list.consultation, at).comments[0] for _ in range(5)]
        for one in sent:
            actions.withdraw(session, one, at=at)
    monkeypatch.setattr("gongshi.web.public.not_shown.PER_PAGE", 2)

    found, address = [], f"{LIST}/not-shown/"
    while address:
        page = client.get(address)
        found += [row.text.split()[0] for row in page.all(".stubs > li")]
        address = next((str(one["href"]) for one in page.all("a[rel=next]")), "")

    assert found == [one.number for one in sent]


def test_a_list_without_stubs_says_so(client: Client, session: Session, open_list: OpenList) -> None:
    assert "Nothing: every comment" in client.get(f"/en{LIST}/not-shown/").text
    assert list(session.scalars(select(Comment))) == []
    assert stubs.page(session, open_list.consultation, limit=5) == []
