"""The reading pages on the archive and the worked example: home, lists, projects, versions, institutions, pages."""

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from gongshi import clock
from gongshi.admissions.models import AdmissionOutcome
from gongshi.comments import queries as comments
from gongshi.consultations import queries as consultations
from gongshi.consultations.models import Consultation
from gongshi.projects import queries as projects
from gongshi.revisions import queries as revisions
from gongshi.web import assets
from gongshi.web.db import db
from web.client import Client, Page

LANGUAGES = ("", "/en")


@pytest.fixture(scope="session")
def numbers(example_app: Flask) -> dict[str, str]:
    """The numbers of the lists by what they are: open, decided, archive."""
    with example_app.app_context():
        listed = consultations.published(db.session(), clock.now())
        found = {_key(consultation): consultation.number for consultation in listed}
        db.session.remove()
    return found


def _key(consultation: Consultation) -> str:
    if consultation.is_archive:
        return "archive"
    return "decided" if "/decided" in (consultation.content_key or "") else "open"


def in_list(numbers: dict[str, str], key: str, project: int | None = None) -> str:
    path = f"/consultations/{numbers[key]}/"
    return path if project is None else f"{path}projects/{project}/"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reading_page_keeps_the_promises_of_every_page(
    example: Client, numbers: dict[str, str], language: str
) -> None:
    paths = ["/", "/consultations/", "/pages/about/", "/institutions/示例证券/"]
    paths += [in_list(numbers, key) for key in numbers]
    paths += [in_list(numbers, key, project) for key in numbers for project in (1, 3, 9, 16)]
    paths.append(in_list(numbers, "decided", 3) + "versions/1/")

    for path in paths:
        example.get(language + path)


def test_the_first_page_shows_what_is_open_and_until_when(example: Client, numbers: dict[str, str]) -> None:
    page = example.get("/")

    card = page.one(".box.open")
    assert in_list(numbers, "open") in page.links(".box.open")
    assert card.select_one(".clock-left strong").get_text() == "30"
    assert "24:00" in card.select_one(".clock-end time").get_text()
    assert card.select_one(".clock-end time")["datetime"].endswith("T00:00:00+08:00")
    assert page.one("form[role=search]")["method"] == "get"
    assert "正式纳入" in page.words
    assert page.all(".notices li")


def test_the_first_page_of_an_empty_site_says_so(client: Client) -> None:
    assert "目前没有正在征求意见的名单" in client.get("/").words
    assert "No list is open" in client.get("/en/").words


def test_lists_can_be_chosen_by_how_they_stand(example: Client, numbers: dict[str, str]) -> None:
    everything = example.get("/consultations/")
    open_only = example.get("/consultations/", state="open")
    of_beijing = example.get("/consultations/", bureau=_choices(everything, "bureau", "北京")[0])
    nothing = example.get("/consultations/", state="nonsense")

    assert len(everything.all("article")) == len(numbers)
    assert [in_list(numbers, "open")] == open_only.links("article h2")
    assert [in_list(numbers, "archive")] == of_beijing.links("article h2")
    assert not nothing.all("article")
    assert "没有符合条件的名单" in nothing.words


def _choices(page: Page, name: str, words: str = "") -> list[str]:
    options = page.all(f"select[name={name}] option")
    return [str(one["value"]) for one in options if one["value"] and words in one.get_text()]


def test_a_list_shows_every_project_in_its_order(example: Client, numbers: dict[str, str]) -> None:
    page = example.get(in_list(numbers, "decided"))

    assert [int(text) for text in page.texts("section .stack tbody td:first-child")] == list(range(1, 17))


@pytest.mark.parametrize("name", ["category", "technology", "scenario"])
def test_a_list_can_be_filtered_without_a_script(example: Client, numbers: dict[str, str], name: str) -> None:
    page = example.get(in_list(numbers, "decided"))
    choices = _choices(page, name)
    bars = {row.select_one("a")["href"]: int(row.select_one(".num").get_text()) for row in page.all(".bars tr")}

    assert choices
    for choice in choices:
        chosen = example.get(in_list(numbers, "decided"), **{name: choice})
        drawn = next(count for href, count in bars.items() if _query(href) == {name: choice})
        assert len(chosen.all("section .stack tbody tr")) == drawn
        assert chosen.one(f"select[name={name}] option[selected]")["value"] == choice


def _query(href: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(href).query))


def test_a_filter_that_fits_nothing_says_so(example: Client, numbers: dict[str, str]) -> None:
    page = example.get(in_list(numbers, "decided"), technology="量子计算")

    assert "名单中没有符合条件的项目" in page.words


def test_the_sum_of_comments_adds_up_on_the_page(example: Client, numbers: dict[str, str]) -> None:
    for key in ("open", "decided"):
        received, *parts = (int(text.replace(",", "")) for text in example.get(in_list(numbers, key)).texts(".tally b"))

        assert received == sum(parts)
        assert len(parts) == 4


def test_a_decided_list_shows_every_decision(example: Client, numbers: dict[str, str]) -> None:
    page = example.get(in_list(numbers, "decided"))

    assert len(page.all(".cells ol li")) == 16
    assert {code for cell in page.all(".cells ol .cell") for code in cell["class"]} == {"cell", *AdmissionOutcome}
    assert sum(int(text) for text in page.texts(".legend b")) == 16


def test_a_closed_list_says_how_long_its_summary_took_or_is_awaited(example: Client, numbers: dict[str, str]) -> None:
    page = example.get(in_list(numbers, "decided"))

    assert "意见采纳情况" in page.one("section[aria-labelledby=standing]").get_text()


def test_an_open_list_says_how_long_the_oldest_comment_has_waited(example: Client, numbers: dict[str, str]) -> None:
    assert "待审意见中最早的一条已等待" in example.get(in_list(numbers, "open")).words


def test_the_archive_shows_its_sources_and_takes_no_comments(example: Client, numbers: dict[str, str]) -> None:
    page = example.get(in_list(numbers, "archive"))

    assert len(page.all(".sources li")) == 4
    assert page.texts("section .tags li")[0] == "银河证券"
    assert len(page.texts("section .tags li")) == 15
    assert not [link for link in page.links("main") if "/comment" in link]
    assert "名称以公布稿为准" in example.get(in_list(numbers, "archive", 2)).h1


def test_every_paragraph_has_its_own_address_and_number(
    example: Client, numbers: dict[str, str], example_session: Session
) -> None:
    page = example.get(in_list(numbers, "open", 4))
    project = projects.public_project(example_session, numbers["open"], 4, clock.now())

    assert project.current_version is not None
    for paragraph in project.current_version.paragraphs:
        shown = page.one(f"[id={paragraph.key}]")
        assert shown.select_one(".no")["href"] == f"#{paragraph.key}"
        assert all(cell in shown.get_text() for cell in paragraph.cells)
    shown_risks = [row["id"] for row in page.all(".register tbody tr")]
    assert shown_risks == [risk.key for risk in project.current_version.risks]


@pytest.mark.parametrize("language", LANGUAGES)
def test_while_open_every_paragraph_can_be_commented_on(
    example: Client, numbers: dict[str, str], language: str
) -> None:
    path = language + in_list(numbers, "open", 4)
    page = example.get(path)
    address = f"{language}/consultations/{numbers['open']}/comment?project=4&version=1"

    for number in page.all(".no[href^='#p-']"):
        assert f"{address}&paragraph={number['href'][1:]}" in page.links("article")
    assert address in page.links(".box.open")


def test_once_closed_nothing_can_be_commented_on(example: Client, numbers: dict[str, str]) -> None:
    for path in (in_list(numbers, "decided", 3), in_list(numbers, "decided")):
        assert not [link for link in example.get(path).links() if re.search(r"/comment(\?|$)", link)]


def test_every_paragraph_counts_its_published_comments(
    example: Client, numbers: dict[str, str], example_session: Session
) -> None:
    page = example.get(in_list(numbers, "decided", 3))
    project = projects.public_project(example_session, numbers["decided"], 3, clock.now())
    shown = {
        _query(link)["paragraph"]: int(re.sub(r"\D", "", tag.get_text()))
        for tag in page.all("a[href*='/comments/?']")
        if "paragraph" in _query(link := tag["href"])
    }

    assert shown
    assert shown == {key: count for key, count in comments.counts_by_paragraph(example_session, project).items() if key}


def test_every_changed_paragraph_is_marked_and_leads_to_its_objections(
    example: Client, numbers: dict[str, str], example_session: Session
) -> None:
    page = example.get(in_list(numbers, "decided", 3))
    project = projects.public_project(example_session, numbers["decided"], 3, clock.now())
    assert project.current_version is not None
    present = {row.key for row in (*project.current_version.paragraphs, *project.current_version.risks)}
    changed = revisions.by_key(example_session, project.current_version)
    changes = {key: found for key, found in changed.items() if key in present}

    assert changes
    assert {tag["id"] for tag in page.all("[id].changed")} == set(changes)
    for key, found in changes.items():
        links = [tag["href"] for tag in page.one(f"[id={key}]").select("a")]
        for change in found:
            assert all(f"/objections/{objection.number}/" in links for objection in change.objections)
            assert any(link.endswith(f"#{key}") and "/compare/" in link for link in links)


def test_a_replaced_version_says_so_and_takes_no_comments(example: Client, numbers: dict[str, str]) -> None:
    page = example.get(in_list(numbers, "decided", 3) + "versions/1/")

    assert "现行方案为第 3 版" in page.words
    assert in_list(numbers, "decided", 3) in page.links(".head")
    assert not page.all("[id].changed")
    assert not [link for link in page.links() if re.search(r"/comment(\?|$)", link)]


def test_a_risk_without_compensation_is_not_passed_over(example: Client, numbers: dict[str, str]) -> None:
    page = example.get(in_list(numbers, "decided", 4) + "versions/1/")

    assert "未写明" in " ".join(page.texts(".register td"))


def test_a_project_shows_its_timeline_in_order(example: Client, numbers: dict[str, str]) -> None:
    days = [tag["datetime"][:10] for tag in example.get(in_list(numbers, "decided", 3)).all(".timeline time")]

    assert len(days) >= 8
    assert days == sorted(days)


def test_example_pages_carry_the_mark_and_others_do_not(example: Client, numbers: dict[str, str]) -> None:
    marked = [in_list(numbers, "open"), in_list(numbers, "decided", 3), "/institutions/示例证券/"]
    marked.append("/en" + in_list(numbers, "open"))
    plain = ["/", in_list(numbers, "archive"), in_list(numbers, "archive", 1), "/institutions/银河证券/"]

    assert all(example.get(path).all(".example") for path in marked)
    assert not any(example.get(path).all(".example") for path in plain)


def test_records_on_english_pages_are_marked_as_chinese(example: Client, numbers: dict[str, str]) -> None:
    page = example.get("/en" + in_list(numbers, "open", 4))

    for text in page.soup.find_all(string=re.compile(r"[\u4e00-\u9fff]{2}")):
        languages = [parent.get("lang") for parent in text.parents if parent.get("lang")]
        inside_title = text.find_parent("title") is not None
        assert inside_title or languages[0] == "zh-Hans", f"Chinese not marked: {text!r}"


def test_chinese_pages_have_no_english_left_in_them(example: Client, numbers: dict[str, str]) -> None:
    """Words of the interface are translated; what remains in Latin letters is names, numbers and abbreviations."""
    allowed = re.compile(r"^(English|SHA|GPT|SL|BJ|[rpO]|p|R\d|KYC|API|Caixin|inkl|com|news|detail|html|[a-z0-9.-]+)$")
    for path in ("/", "/consultations/", in_list(numbers, "open"), in_list(numbers, "decided", 3)):
        page = example.get(path)
        for tag in page.soup.select("script, style, code, [lang=en]"):
            tag.decompose()
        words = [word for word in re.findall(r"[A-Z][a-z]{3,}", page.words) if not allowed.match(word)]
        assert not words, f"{path}: {words}"


def test_an_institution_shows_what_it_leads_and_joins(example: Client, numbers: dict[str, str]) -> None:
    page = example.get("/institutions/示例证券/")

    assert page.h1 == "示例证券"
    assert in_list(numbers, "decided", 3) in page.links("main")
    example.get("/institutions/没有这家/", status=404)


@pytest.mark.parametrize("slug", ["about", "comment", "process", "verify", "privacy", "accessibility"])
def test_every_fixed_page_that_the_footer_names_exists_in_both_languages(client: Client, slug: str) -> None:
    assert client.get(f"/pages/{slug}/").h1 != client.get(f"/en/pages/{slug}/").h1
    assert f"/pages/{slug}/" in client.get("/").links("footer")


@pytest.mark.parametrize("slug", ["nothing", "About", "about.zh", "..", "%2e%2e%2fREADME"])
def test_no_other_file_can_be_read_as_a_page(client: Client, slug: str) -> None:
    client.get(f"/pages/{slug}/", status=404)


@pytest.mark.parametrize(
    "path", ["/consultations/2026-XX-99/", "/consultations/2026-XX-99/projects/1/", "/institutions/x/"]
)
def test_what_does_not_exist_is_not_found(example: Client, path: str) -> None:
    example.get(path, status=404)
    example.get(f"/en{path}", status=404)


def test_strangers_numbers_of_projects_and_versions_are_not_found(example: Client, numbers: dict[str, str]) -> None:
    example.get(in_list(numbers, "open", 17), status=404)
    example.get(in_list(numbers, "open", 4) + "versions/2/", status=404)
    example.get(in_list(numbers, "archive", 1) + "versions/1/", status=404)


@pytest.mark.parametrize(("key", "project", "most"), [("decided", None, 40), ("decided", 3, 60), ("open", 4, 40)])
def test_a_page_stays_within_its_number_of_queries(
    example_app: Flask, example: Client, numbers: dict[str, str], key: str, project: int | None, most: int
) -> None:
    with counted_queries(example_app) as statements:
        example.get(in_list(numbers, key, project))

    assert len(statements) <= most, f"{len(statements)} queries"


@contextmanager
def counted_queries(app: Flask) -> Iterator[list[str]]:
    with app.app_context():
        engine = db.engine
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_pages_are_light(example: Client, numbers: dict[str, str]) -> None:
    """Under 60 KB with the stylesheet the first time, 15 KB after it, as a front server sends them."""
    style = len(gzip.compress((assets.FOLDER / "gazette.css").read_bytes()))
    projects_of_lists = (in_list(numbers, "decided", 3), in_list(numbers, "open", 4))
    for path in ("/", "/consultations/", in_list(numbers, "decided"), *projects_of_lists):
        page = len(gzip.compress(example.get(path).text.encode()))

        assert page < 15_000, f"{path}: {page}"
        assert page + style < 60_000
