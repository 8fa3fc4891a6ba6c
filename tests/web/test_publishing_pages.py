"""The workbench's pages of publication: two people, from an empty list to the public record, and what they refuse."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi import clock, db
from gongshi.consultations.models import Consultation
from gongshi.drafts.models import Draft, DraftState
from gongshi.notices.models import Notice, NoticeKind
from gongshi.projects import queries as projects
from making import Office, OpenList, make_draft, make_office, make_open_list
from web.client import Client, Page
from web.staff import StaffClient, signed_in

NUMBER = "2026-SL-01"
LIST = f"/workbench/consultations/{NUMBER}"


@pytest.fixture
def office(app: Flask, session: Session) -> Office:
    with db.writing(session) as at:
        return make_office(session, at)


@pytest.fixture
def editor(app: Flask, office: Office) -> StaffClient:
    return signed_in(app, office.editor.login)


@pytest.fixture
def publisher(app: Flask, office: Office) -> StaffClient:
    return signed_in(app, office.publisher.login)


@pytest.fixture
def prepared(session: Session, office: Office) -> Consultation:
    """A list with its projects and plans that nobody published yet."""
    with db.writing(session):
        return make_draft(session, office, number=NUMBER)[0]


@pytest.fixture
def opened(session: Session, office: Office) -> OpenList:
    """A published list in the middle of its round."""
    with db.writing(session) as at:
        return make_open_list(session, at, number=NUMBER, office=office)


def today(ahead: int = 0) -> date:
    return clock.beijing(clock.now()).date() + timedelta(days=ahead)


def spoken(day: date) -> str:
    return f"{day.month}月{day.day}日"


def approve(publisher: StaffClient, address: str) -> Page:
    """Approve the draft at this address, as it is shown."""
    page = publisher.get(address)
    shown = page.soup.select_one("input[name=shown]")
    assert shown is not None, "nothing to approve here"
    return publisher.post(f"{address}approve", {"shown": shown["value"]})


def submitted(editor: StaffClient, address: str, filled: dict[str, object]) -> str:
    """Save a form and submit it; the address of its draft."""
    answer = editor.post(address, {**filled, "do": "submit"})
    return str(answer.headers["Location"])


def period(**changed: object) -> dict[str, object]:
    return {
        "public": "at-once",
        "opens": "at-once",
        "length": "until-day",
        "closes_on": today(40).isoformat(),
        **changed,
    }


def test_a_list_goes_from_its_first_words_to_the_public(
    app: Flask, client: Client, session: Session, editor: StaffClient, publisher: StaffClient, prepared: Consultation
) -> None:
    page = editor.get(f"{LIST}/")
    assert "release" in str(page.soup.select_one(".steps-next"))
    client.get(f"/consultations/{NUMBER}/", 404)

    draft = submitted(editor, f"{LIST}/release", period())
    approve(publisher, draft)

    page = client.get(f"/consultations/{NUMBER}/")
    notice = session.scalars(select(Notice)).one()
    assert notice.kind is NoticeKind.CONSULTATION
    assert spoken(today(40)) in notice.body
    assert f"/notices/{notice.slug}/" in page.text


def test_a_consultation_is_begun_with_the_next_number(session: Session, editor: StaffClient) -> None:
    year = today().year
    page = editor.get("/workbench/consultations/new")
    suggested = page.soup.select_one("#number")
    assert suggested is not None
    assert suggested["value"] == f"{year}-SL-01"

    filled = {"number": f"{year}-SL-01", "title": "标题", "title_en": "Title", "summary": "说明。"}
    page = editor.send("/workbench/consultations/new", filled)

    assert page.soup.select_one("h1") is not None
    session.rollback()
    assert session.scalars(select(Consultation)).one().title == "标题"
    again = editor.post("/workbench/consultations/new", filled, 422)
    assert "标题" in again.text


def test_words_of_a_list_are_changed_until_it_is_published(
    session: Session, editor: StaffClient, prepared: Consultation
) -> None:
    editor.post(f"{LIST}/words", {"number": NUMBER, "title": "新标题", "title_en": "New", "summary": "新说明"})

    session.rollback()
    assert session.scalars(select(Consultation)).one().title == "新标题"


def test_words_of_a_published_list_are_not_changed(session: Session, editor: StaffClient, opened: OpenList) -> None:
    before = opened.consultation.title
    page = editor.post(
        f"{LIST}/words", {"number": NUMBER, "title": "新标题", "title_en": "New", "summary": "新说明"}, 422
    )

    session.rollback()
    assert session.scalars(select(Consultation)).one().title == before
    assert "新标题" in page.text


def test_a_scheduled_list_waits_for_its_minute(
    client: Client, session: Session, editor: StaffClient, publisher: StaffClient, prepared: Consultation
) -> None:
    at = f"{today(2).isoformat()}T09:00"
    approve(publisher, submitted(editor, f"{LIST}/release", period(public="on-day", public_at=at)))

    notice = session.scalars(select(Notice)).one()
    for address in (
        f"/consultations/{NUMBER}/",
        f"/consultations/{NUMBER}/projects/1/",
        f"/consultations/{NUMBER}/projects/1/versions/1/",
        f"/consultations/{NUMBER}/comments/",
        f"/consultations/{NUMBER}/comment",
        f"/consultations/{NUMBER}/objections/",
        f"/consultations/{NUMBER}/refusals/",
        f"/notices/{notice.slug}/",
        f"/institutions/{prepared_lead(session)}/",
    ):
        client.get(address, 404)
    for address in ("/", "/consultations/", "/notices/"):
        page = client.get(address)
        assert notice.title not in page.text
        assert f"/consultations/{NUMBER}/" not in page.text
    assert "tag waiting" in editor.get(f"{LIST}/").text


def prepared_lead(session: Session) -> str:
    consultation = session.scalars(select(Consultation)).one()
    lead = projects.of_list(session, consultation)[0].lead
    assert lead is not None
    return lead.name


WRONG = {
    "no last day": ({"closes_on": ""}, "closes_on"),
    "a day that is over": ({"closes_on": today(-1).isoformat()}, "closes_on"),
    "more than a year": ({"closes_on": today(400).isoformat()}, "closes_on"),
    "a short period without a reason": ({"closes_on": today(10).isoformat()}, "short_reason"),
    "working days from no known day": ({"length": "working-days", "working_days": "20"}, "working_days"),
    "no working days": (
        {"length": "working-days", "opens": "on-day", "opens_on": today(1).isoformat()},
        "working_days",
    ),
    "no first day": ({"opens": "on-day"}, "opens_on"),
    "a time that is over": ({"public": "on-day", "public_at": f"{today(-1).isoformat()}T09:00"}, "public_at"),
    "open before it is public": (
        {
            "public": "on-day",
            "public_at": f"{today(3).isoformat()}T09:00",
            "opens": "on-day",
            "opens_on": today(2).isoformat(),
        },
        "opens_on",
    ),
    "a text that names another day": (
        {"notice_title": "公告", "notice_body": "截至某日。", "drafted": ""},
        "notice_body",
    ),
    "a blank that was not filled in": (
        {"notice_title": "公告", "notice_body": "因【请写明原因】，截至某日。", "drafted": ""},
        "notice_body",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    session: Session, editor: StaffClient, prepared: Consultation, name: str
) -> None:
    changed, field = WRONG[name]

    page = editor.post(f"{LIST}/release", period(**{"do": "submit", **changed}), 422)

    assert page.soup.select_one(f"#{field}-wrong") is not None
    assert session.scalars(select(Draft)).all() == []
    for name, value in changed.items():
        if name.startswith("notice") and isinstance(value, str):
            assert value in page.text


def test_what_a_period_comes_to_is_said_before_it_is_saved(editor: StaffClient, prepared: Consultation) -> None:
    filled = period(opens="on-day", opens_on="2026-12-28", length="working-days", working_days="10", do="meaning")
    if today() > date(2026, 12, 20):
        pytest.skip("the days named here are over")

    page = editor.post(f"{LIST}/release", filled, 200)
    alone = editor.post(f"{LIST}/period", filled, 200)

    for found in (page, alone):
        assert "2027" in found.text


def test_the_drafted_words_follow_the_facts_until_somebody_touches_them(
    session: Session, editor: StaffClient, prepared: Consultation
) -> None:
    page = editor.post(f"{LIST}/release", period(do="draft"), 200)
    words = {name: field_of(page, name) for name in ("notice_title", "notice_body", "drafted")}
    assert spoken(today(40)) in words["notice_body"]

    editor.post(f"{LIST}/release", period(do="save", **words, **{"closes_on": today(50).isoformat()}))
    assert spoken(today(50)) in kept(session).contents["notice"]["body"]

    touched = {**words, "notice_body": words["notice_body"] + "\n\n另行说明。"}
    editor.post(f"{LIST}/release", period(do="save", **touched))
    assert "另行说明" in kept(session).contents["notice"]["body"]


def kept(session: Session) -> Draft:
    """The draft that was made last, as it is now."""
    session.rollback()
    found = session.scalars(select(Draft).order_by(Draft.number.desc())).first()
    assert found is not None
    return found


def field_of(page: Page, name: str) -> str:
    found = page.soup.select_one(f"[name={name}]")
    assert found is not None, name
    return str(found.get("value") or found.text).lstrip("\n")


def test_an_extension_is_published_with_its_notice(
    client: Client, session: Session, editor: StaffClient, publisher: StaffClient, opened: OpenList
) -> None:
    last = clock.beijing(opened.round.closes_at).date() + timedelta(days=7)
    filled = {"round": "1", "closes_on": last.isoformat(), "reason": "来信较多"}

    approve(publisher, submitted(editor, f"{LIST}/extension", filled))

    session.rollback()
    assert opened.round.closes_at == clock.end_of(last)
    notice = session.scalars(select(Notice)).one()
    assert notice.kind is NoticeKind.EXTENSION
    assert "来信较多" in notice.body
    assert "来信较多" in client.get(f"/consultations/{NUMBER}/").text


def test_a_period_is_not_shortened_through_the_page(editor: StaffClient, opened: OpenList) -> None:
    filled = {"round": "1", "closes_on": today(3).isoformat(), "reason": "来信较多", "do": "submit"}

    page = editor.post(f"{LIST}/extension", filled, 422)

    assert page.soup.select_one("#closes_on-wrong") is not None
    assert "来信较多" in page.text


def test_a_correction_shows_both_values_in_public(
    client: Client, session: Session, editor: StaffClient, publisher: StaffClient, opened: OpenList
) -> None:
    project = opened.projects[0]
    before, lead = project.name, project.lead
    assert lead is not None
    page = editor.get(f"{LIST}/correction/?of=1")
    values = {name: field_of(page, name) for name in ("name", "lead", "joint", "technologies", "scenarios")}
    assert values["name"] == before

    address = submitted(editor, f"{LIST}/correction/?of=1", {**values, "name": "更正后的名称", "category": ""})
    assert before in publisher.get(address).text
    approve(publisher, address)

    for public in (f"/consultations/{NUMBER}/", f"/consultations/{NUMBER}/projects/1/"):
        page = client.get(public)
        assert before in page.text
        assert "更正后的名称" in page.text
    heading = client.get(f"/consultations/{NUMBER}/projects/1/").soup.select_one("h1")
    assert heading is not None
    assert "更正后的名称" in heading.text
    assert before in publisher.get(address).text


def test_an_unknown_institution_needs_its_kind(editor: StaffClient, opened: OpenList) -> None:
    page = editor.get(f"{LIST}/correction/?of=1")
    values = {name: field_of(page, name) for name in ("name", "lead", "joint", "technologies", "scenarios")}

    filled = {**values, "lead": "示例新来证券", "category": "", "do": "submit"}
    page = editor.post(f"{LIST}/correction/?of=1", filled, 422)
    assert page.soup.select_one("#lead-wrong") is not None

    submitted(editor, f"{LIST}/correction/?of=1", {**filled, "category": "证券公司"})


def test_a_list_is_suspended_by_a_notice_that_says_why(
    client: Client, editor: StaffClient, publisher: StaffClient, opened: OpenList
) -> None:
    filled = {"kind": "suspended", "project": ""}
    page = editor.post(f"{LIST}/interruption", {**filled, "do": "submit"}, 422)
    assert page.soup.select_one("#notice_body-wrong") is not None

    approve(publisher, submitted(editor, f"{LIST}/interruption", {**filled, "reason": "名单有误"}))

    assert "名单有误" in client.get(f"/notices/{NUMBER.lower()}-suspended/").text
    client.get(f"/consultations/{NUMBER}/")


def test_a_second_round_waits_for_the_first_and_says_so(
    session: Session, editor: StaffClient, opened: OpenList
) -> None:
    page = editor.send(f"{LIST}/second-round", period(project="", do="submit"))

    assert page.soup.select_one(".flash.trouble") is not None
    assert kept(session).state is DraftState.DRAFT


def test_another_bureau_finds_nothing_here(app: Flask, session: Session, opened: OpenList) -> None:
    with db.writing(session) as at:
        stranger = make_office(session, at)
    other = signed_in(app, stranger.editor.login)

    for address in ("/", "/release", "/extension", "/second-round", "/interruption", "/correction/", "/words"):
        other.get(f"{LIST}{address}", 404)
    assert NUMBER not in other.get("/workbench/consultations/").text


@pytest.mark.parametrize("prefix", ["/workbench", "/en/workbench"])
def test_every_page_reads_in_both_languages(editor: StaffClient, opened: OpenList, prefix: str) -> None:
    for address in (
        "/consultations/",
        "/consultations/new",
        f"/consultations/{NUMBER}/",
        f"/consultations/{NUMBER}/words",
        f"/consultations/{NUMBER}/extension",
        f"/consultations/{NUMBER}/second-round",
        f"/consultations/{NUMBER}/interruption",
        f"/consultations/{NUMBER}/correction/",
        f"/consultations/{NUMBER}/correction/?of=1",
        f"/consultations/{NUMBER}/correction/?of=list",
        f"/consultations/{NUMBER}/correction/?of=notice",
        "/notices/",
        "/notices/new",
    ):
        editor.get(f"{prefix}{address}")
