"""The pages of the record, on the archive and the worked example: every page, both languages, nothing hidden shown."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi import clock
from gongshi.admissions import gate
from gongshi.admissions import queries as admissions
from gongshi.admissions.models import Admission
from gongshi.comments.models import Comment, CommentState
from gongshi.consultations.models import Consultation
from gongshi.ledger import queries as ledger
from gongshi.notices.models import Notice, NoticeKind
from gongshi.objections import queries as objections
from gongshi.objections.models import Answer, Objection
from gongshi.pilots.models import LifecycleEvent
from gongshi.projects.models import Project
from gongshi.record import reconciliation
from gongshi.record import trace as traces
from gongshi.revisions import queries as revisions
from gongshi.revisions.models import Change, Revision
from web.client import Client, Page

Read = Callable[[str], Page]


@pytest.fixture
def decided(example_session: Session) -> Consultation:
    """The list of the example on which everything is decided."""
    return next(one for one in lists(example_session) if "/decided" in (one.content_key or ""))


@pytest.fixture
def open_now(example_session: Session) -> Consultation:
    return next(one for one in lists(example_session) if "/open" in (one.content_key or ""))


@pytest.fixture(scope="module")
def read(example: Client) -> Read:
    """Reads a page of the example, which nobody changes: each once, however many tests look at it."""
    return cache(example.get)


def lists(session: Session) -> list[Consultation]:
    return list(session.scalars(select(Consultation)))


def projects(session: Session, consultation: Consultation) -> list[Project]:
    return list(
        session.scalars(select(Project).where(Project.consultation_id == consultation.id).order_by(Project.number))
    )


def home_of(project: Project) -> str:
    return f"/consultations/{project.consultation.number}/projects/{project.number}/"


def change_address(change: Change) -> str:
    made = change.revision
    versions = f"{made.from_version.number}..{made.to_version.number}"
    return f"{home_of(made.project)}compare/{versions}/#{change.key}"


def addresses(session: Session) -> Iterator[str]:
    """Every page of the record."""
    yield from ("/notices/", "/search", "/search?q=示例证券", "/ledger/")
    for notice in session.scalars(select(Notice)):
        yield f"/notices/{notice.slug}/"
    for consultation in lists(session):
        yield f"/consultations/{consultation.number}/comments/?state=all"
        yield f"/consultations/{consultation.number}/objections/"
        for project in projects(session, consultation) if not consultation.is_archive else []:
            yield from (home_of(project) + page for page in ("trace/", "gate/", "decision/"))
    for revision in session.scalars(select(Revision)):
        versions = f"{revision.from_version.number}..{revision.to_version.number}"
        yield f"{home_of(revision.project)}compare/{versions}/"
    yield from (f"/objections/{one}/" for one in session.scalars(select(Objection.number)))
    yield from (f"/answers/{one}/" for one in session.scalars(select(Answer.number)))


def test_every_page_of_the_record_keeps_the_promises_of_every_page(read: Read, example_session: Session) -> None:
    for address in addresses(example_session):
        page = read(address)
        is_example = "/2026-" in address or "SL-" in address
        assert bool(page.all("p.example")) >= is_example, f"no example mark on {address}"


def test_every_page_of_the_record_speaks_english_too(example: Client, example_session: Session) -> None:
    for address in list(addresses(example_session))[::4]:
        page = example.get("/en" + address)
        assert page.one("html")["lang"] == "en"


def test_no_text_of_a_comment_that_is_not_shown_is_on_any_page(
    read: Read, example_session: Session, decided: Consultation
) -> None:
    hidden = list(example_session.scalars(select(Comment).where(Comment.state != CommentState.PUBLISHED)))
    assert {one.state for one in hidden} >= {CommentState.WITHHELD, CommentState.WITHDRAWN}
    pieces = [one.text[:24] for one in hidden]

    own = [f"/comments/{one.number}/" for one in hidden]
    for address in (*addresses(example_session), *own):
        text = read(address).text
        assert not [piece for piece in pieces if piece in text], f"{address} shows a text that is not public"


@pytest.mark.parametrize("state", [CommentState.WITHHELD, CommentState.WITHDRAWN, CommentState.PENDING])
def test_a_comment_that_is_not_shown_leaves_a_tombstone(
    example: Client, example_session: Session, state: CommentState
) -> None:
    hidden = example_session.scalars(select(Comment).where(Comment.state == state).limit(1)).first()
    if hidden is None:
        pytest.skip(f"the example has no comment that is {state}")

    page = example.get(f"/comments/{hidden.number}/")

    assert len(page.all(".tombstone")) == 1
    assert len(page.all(".tombstone time")) == 1
    if hidden.withholding:
        assert "理由" in page.words


def test_every_comment_can_be_reached_page_by_page_in_both_directions(
    example: Client, example_session: Session, decided: Consultation
) -> None:
    numbers = set(example_session.scalars(select(Comment.number).where(Comment.consultation_id == decided.id)))
    address, found, pages = f"/consultations/{decided.number}/comments/?state=all", [], []

    while address:
        page = example.get(address)
        found += page.texts(".voice-head a:first-child")
        pages.append(page.texts(".voice-head a:first-child"))
        address = next((str(one["href"]) for one in page.all('.pager a[rel="next"]')), "")
    assert sorted(found) == sorted(numbers)

    back = page
    for earlier in reversed(pages[:-1]):
        back = example.get(str(back.one('.pager a[rel="prev"]')["href"]))
        assert back.texts(".voice-head a:first-child") == earlier
    assert not back.all('.pager a[rel="prev"]')


def test_comments_are_filtered_by_project_and_kind(
    example: Client, example_session: Session, decided: Consultation
) -> None:
    wanted = (
        select(Comment)
        .join(Comment.project)
        .where(
            Comment.consultation_id == decided.id,
            Project.number == 3,
            Comment.kind == "oppose",
            Comment.state == CommentState.PUBLISHED,
        )
    )

    page = example.get(f"/consultations/{decided.number}/comments/", project=3, kind="oppose")

    expected = [one.number for one in example_session.scalars(wanted.order_by(Comment.seq))]
    assert page.texts(".voice-head a:first-child") == expected


@pytest.mark.parametrize("value", ["-1", "x", "9" * 40, "１", "1.5", "%00"])
def test_an_odd_place_in_a_list_is_no_error(example: Client, decided: Consultation, value: str) -> None:
    for page in ("comments", "objections"):
        example.get(
            f"/consultations/{decided.number}/{page}/?after={value}&before={value}&project={value}&kind={value}"
        )
    example.get(f"/ledger/?before={value}")
    example.get(f"/notices/?after={value}&kind={value}")
    example.get(f"/search?q=a&page={value}&kind={value}&sort={value}")


def test_an_objection_links_to_its_changes_and_every_change_back_to_its_objections(
    read: Read, example_session: Session
) -> None:
    """Rule 12, both directions, for every change of the example."""
    caused = [change for change in example_session.scalars(select(Change)) if change.causes]
    assert caused

    for change in caused:
        for objection in change.objections:
            there = read(f"/objections/{objection.number}/")
            assert change_address(change) in there.links(), f"{objection.number} does not lead to {change.key}"
            back = read(change_address(change).partition("#")[0])
            row = back.one(f'[id="{change.key}"]')
            assert f"/objections/{objection.number}/" in [str(one["href"]) for one in row.select("a[href]")]


def test_a_change_nobody_asked_for_says_why(read: Read, example_session: Session) -> None:
    unasked = [change for change in example_session.scalars(select(Change)) if not change.causes]
    assert unasked

    for change in unasked:
        row = read(change_address(change).partition("#")[0]).one(f'[id="{change.key}"]')
        assert "自行修改" in row.get_text()
        assert (change.own_initiative or "") in row.get_text()


def test_two_versions_that_are_not_neighbours_are_compared_too(example: Client, decided: Consultation) -> None:
    address = f"/consultations/{decided.number}/projects/3/compare/"

    assert len(example.get(f"{address}1..3/").all("article.cmp")) > len(
        example.get(f"{address}1..2/").all("article.cmp")
    )
    for backwards in ("2..1", "2..2", "1..9", "0..1"):
        example.get(f"{address}{backwards}/", status=404)


def test_the_trace_of_every_decided_project_leaves_nothing_out(
    read: Read, example_session: Session, decided: Consultation
) -> None:
    for project in projects(example_session, decided):
        found = traces.of_project(example_session, project, clock.now())
        page = read(home_of(project) + "trace/")
        links = set(page.links())
        heard = select(Comment.number).where(
            Comment.consultation_id == decided.id, (Comment.project_id == project.id) | Comment.project_id.is_(None)
        )
        assert {f"/comments/{one}/" for one in example_session.scalars(heard)} <= links
        concerned = objections.of_project(example_session, project)
        assert {f"/objections/{one.number}/" for one in concerned} <= links
        made = [change for one in revisions.of_project(example_session, project) for change in one.changes]
        assert {change_address(change) for change in made} <= links
        assert len(found.decisions) == len(admissions.decisions_of(example_session, project)) >= 1
        for drawing in (page.one("svg.wide"), page.one("svg.upright")):
            drawn = {str(one["href"]) for one in drawn_links(drawing)}
            assert {change_address(change) for change in made} <= drawn
            assert {f"/objections/{one.number}/" for one in concerned} <= drawn
            assert home_of(project) + "decision/" in drawn
            assert home_of(project) + "gate/" in drawn
            counted = sum(len(strand.comments) for strand in found.strands)
            assert sum(counts_in(drawing)) == counted


def drawn_links(drawing: object) -> list[dict[str, str]]:
    return list(drawing.select("a[href]"))  # type: ignore[attr-defined]


def counts_in(drawing: object) -> list[int]:
    words = [one.get_text(strip=True) for one in drawing.select("text.strong")]  # type: ignore[attr-defined]
    return [int(text.split()[0]) for text in words if text.endswith("条意见")]


def test_an_objection_that_changed_nothing_ends_visibly(read: Read, example_session: Session) -> None:
    changed = {cause.objection_id for change in example_session.scalars(select(Change)) for cause in change.causes}
    unchanged = [one for one in example_session.scalars(select(Objection)) if one.id not in changed and one.is_settled]
    assert unchanged

    for objection in unchanged:
        page = read(home_of(objection.projects[0]) + "trace/")
        words = page.one("svg.wide").get_text()
        waits = objection.disposition is not None and objection.disposition.outcome.needs_change
        assert ("已采纳，尚无修改" if waits else "未引起修改") in words


def test_the_gate_page_says_what_the_gate_says(read: Read, example_session: Session, decided: Consultation) -> None:
    for project in projects(example_session, decided):
        conditions = gate.evaluate(admissions.dossier(example_session, project, clock.now()))

        page = read(home_of(project) + "gate/")

        for condition in conditions:
            shown = page.one(f'li.condition[id="{condition.code.value}"]')
            assert ("unmet" in (shown.get("class") or [])) is not condition.is_met
            for missing in condition.missing:
                named = missing.get("comment") or missing.get("objection")
                assert str(named) in " ".join(str(one["href"]) for one in shown.select("a[href]"))


def test_every_stored_check_is_on_the_gate_page_with_who_and_where(
    read: Read, example_session: Session, decided: Consultation
) -> None:
    for project in projects(example_session, decided):
        page = read(home_of(project) + "gate/")

        for run in admissions.runs(example_session, project):
            shown = page.one(f"#run-{run.ledger_index}")
            assert run.approval.prepared_by.pseudonym in shown.get_text()
            assert run.approval.approved_by.pseudonym in shown.get_text()
            assert f"/ledger/?before={run.ledger_index + 1}#e-{run.ledger_index}" in [
                str(one["href"]) for one in shown.select("a[href]")
            ]
            assert ("未通过" in shown.summary.get_text()) is not run.passed  # type: ignore[union-attr]


def test_before_the_closing_the_gate_says_when_it_will_be_shown(
    example: Client, example_session: Session, open_now: Consultation
) -> None:
    page = example.get(home_of(projects(example_session, open_now)[0]) + "gate/")

    assert "自征求意见期满之日起" in page.words
    assert not page.all("li.condition")


def test_every_decision_and_every_event_is_on_the_decision_page(read: Read, example_session: Session) -> None:
    for decision in example_session.scalars(select(Admission)):
        page = read(home_of(decision.project) + "decision/")
        shown = page.one(f"#d-{decision.ledger_index}")
        assert decision.text in shown.get_text()
        if decision.gate_run:
            run = f"{home_of(decision.project)}gate/#run-{decision.gate_run.ledger_index}"
            assert run in [str(one["href"]) for one in shown.select("a[href]")]
    events = list(example_session.scalars(select(LifecycleEvent)))
    assert {event.fulfils for event in events} == {True, False}
    for event in events:
        shown = read(home_of(event.project) + "decision/").one(f"#event-{event.ledger_index}")
        commitment = f"versions/{event.version.number}/#{event.paragraph_key or event.risk_key}"
        assert home_of(event.project) + commitment in [str(one["href"]) for one in shown.select("a[href]")]
        assert ("履行承诺" if event.fulfils else "违反承诺") in shown.get_text()


def test_a_historical_record_has_no_gate_and_no_decision(example: Client, example_session: Session) -> None:
    archive = next(one for one in lists(example_session) if one.is_archive)

    for page in ("gate/", "decision/", "trace/"):
        example.get(home_of(projects(example_session, archive)[0]) + page, status=404)


def test_the_summary_adds_up_and_its_numbers_are_links(
    example: Client, example_session: Session, decided: Consultation
) -> None:
    notice = example_session.scalars(
        select(Notice).where(Notice.kind == NoticeKind.SUMMARY, Notice.consultation_id == decided.id)
    ).one()
    found = reconciliation.of(example_session, decided)

    page = example.get(f"/notices/{notice.slug}/")

    assert found.adds_up
    line = (
        f"收到意见{found.received}条 = 已答复{found.answered}条 + 不予公开{found.withheld}条 + 撤回{found.withdrawn}条"
    )
    assert line in page.words
    for objection in objections.of_list(example_session, decided):
        assert f"/objections/{objection.number}/" in page.links()


def test_a_notice_of_the_archive_names_its_source(example: Client, example_session: Session) -> None:
    for notice in example_session.scalars(select(Notice).where(Notice.source.is_not(None))):
        assert (notice.source or "") in example.get(f"/notices/{notice.slug}/").one(".source").get_text()


def test_the_ledger_page_shows_every_entry_once_and_leads_to_what_it_is_about(
    example: Client, example_session: Session
) -> None:
    address, seen, leads = "/ledger/", [], set()

    while address:
        page = example.get(address)
        seen += [str(one["id"]) for one in page.all(".entries > li")]
        leads |= {str(one["href"]) for one in page.all(".entries > li > p a")}
        address = next((str(one["href"]) for one in page.all('.pager a[rel="next"]')), "")

    size = ledger.size(example_session)
    assert seen == [f"e-{index}" for index in reversed(range(size))]
    for lead in sorted(leads)[::7]:
        example.get(lead)


def test_the_signed_head_is_given_as_it_was_signed(example_app: Flask, example: Client) -> None:
    folder = example_app.config["SITE"].DATA_DIR / "ledger"
    kept = folder / "checkpoint"

    answer = example.get("/ledger/checkpoint", status=200 if kept.exists() else 404)

    assert answer.headers["Content-Type"].startswith("text/plain")
    if kept.exists():
        assert answer.text == kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("address", ["projects/{}/gate/", "projects/3/compare/1..{}/", "projects/{}/"])
def test_a_number_that_no_database_keeps_is_a_missing_page(
    example: Client, decided: Consultation, address: str
) -> None:
    example.get(f"/consultations/{decided.number}/{address.format('9' * 30)}", status=404)
