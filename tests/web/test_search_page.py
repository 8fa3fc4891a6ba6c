"""The search page: pieces of names and sentences are found, hits lead to the line, trouble is said in words."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi import db as ground
from gongshi.app import create_app
from gongshi.comments.models import Comment, CommentState
from gongshi.projects.models import Block, Institution, Paragraph
from gongshi.record.sources import SOURCES
from gongshi.search import outbox
from gongshi.search.whoosh_engine import WhooshBackend
from gongshi.web.db import db
from web.client import Client
from web.conftest import _close, _example_config


@pytest.fixture(scope="module")
def indexed_app(example_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The example with its search index built."""
    folder = shutil.copytree(example_data, tmp_path_factory.mktemp("searched") / "example")
    app = create_app(_example_config(folder))
    with app.app_context():
        backend: WhooshBackend = app.extensions["gongshi.search"]
        outbox.rebuild(lambda: Session(db.engine), backend, SOURCES)
    yield app
    backend.close()
    _close(app)


@pytest.fixture(scope="module")
def searched(indexed_app: Flask) -> Client:
    return Client(indexed_app)


@pytest.fixture
def records(indexed_app: Flask) -> Iterator[Session]:
    engine = ground.make_engine(indexed_app.config["SQLALCHEMY_DATABASE_URI"])
    with Session(engine) as session:
        yield session
    engine.dispose()


def hits(client: Client, text: str, **query: object) -> list[str]:
    return [str(one["href"]) for one in client.get("/search", q=text, **query).all(".hits:not(.related) .hit-title a")]


def test_a_piece_from_the_middle_of_a_name_finds_its_page(searched: Client, records: Session) -> None:
    institution = records.scalars(select(Institution).where(Institution.name == "银河证券")).one()

    page = searched.get("/search", q="河证")

    assert f"/institutions/{institution.name}/" in [unquoted(one) for one in page.links(".hits")]
    assert "河证" in page.texts(".hits mark")


def unquoted(address: str) -> str:
    return unquote(address)


def test_a_sentence_of_a_plan_leads_to_its_very_paragraph(searched: Client, records: Session) -> None:
    paragraph = records.scalars(
        select(Paragraph).where(Paragraph.block == Block.PARAGRAPH).order_by(Paragraph.text).limit(1)
    ).one()

    found = hits(searched, paragraph.text[4:20])

    assert any(address.endswith(f"#{paragraph.key}") for address in found)
    page = searched.get(found[0].partition("#")[0])
    assert page.one(f'[id="{found[0].partition("#")[2]}"]')


def test_every_kind_is_found_and_its_hit_leads_somewhere(searched: Client) -> None:
    page = searched.get("/search", q="示例")
    kinds = {str(one["href"]).partition("kind=")[2].partition("&")[0] for one in page.all(".found a[href*='kind=']")}
    assert kinds >= {"project", "institution", "paragraph", "notice", "comment"}

    for kind in SOURCES:
        for address in hits(searched, "的", kind=kind)[:3]:
            searched.get(address.partition("#")[0])


def test_pages_follow_each_other_without_gap_or_repetition(searched: Client) -> None:
    address, found = "/search?q=客户&kind=paragraph", []

    page = searched.get(address)
    total = int(page.one(".found [role=status]").get_text(strip=True).removeprefix("共 ").removesuffix(" 条"))
    while address:
        page = searched.get(address)
        found += [str(one["href"]) for one in page.all(".hits .hit-title a")]
        address = next((str(one["href"]) for one in page.all('.pager a[rel="next"]')), "")

    assert len(found) == len(set(found)) == total > 20


def test_newest_first_puts_the_newest_first(searched: Client) -> None:
    times = [str(one["datetime"]) for one in searched.get("/search", q="意见", sort="newest").all(".hits time")]

    assert times == sorted(times, reverse=True)


def test_text_that_is_not_public_is_not_found(searched: Client, records: Session) -> None:
    hidden = list(records.scalars(select(Comment).where(Comment.state != CommentState.PUBLISHED)))
    assert hidden

    for comment in hidden:
        assert f"/comments/{comment.number}/" not in hits(searched, comment.text[:14])


def test_what_was_hidden_after_indexing_is_not_shown(searched: Client, indexed_app: Flask, records: Session) -> None:
    comment = records.scalars(select(Comment).where(Comment.state == CommentState.PUBLISHED).limit(1)).one()
    assert hits(searched, comment.number) == [f"/comments/{comment.number}/"]

    with ground.writing(records):
        comment.state = CommentState.WITHDRAWN
    try:
        assert hits(searched, comment.number) == []
    finally:
        with ground.writing(records):
            comment.state = CommentState.PUBLISHED


def test_nothing_found_says_what_to_try(searched: Client) -> None:
    assert "可以试试" in searched.get("/search", q="朕知道了朕知道了").words
    assert "What you can try" in searched.get("/en/search", q="xyzzy").words


def test_only_punctuation_and_too_much_text_are_said_in_words(searched: Client) -> None:
    assert "没有可以检索的内容" in searched.get("/search", q="！？…").words
    assert "检索内容过长" in searched.get("/search", q="公示 " * 60).words


@pytest.mark.parametrize("text", ["\x00", "((((", "a~2", "kind:x", '"', "<b>粗</b>", "％００", "-" * 500, "\ud800"])
def test_nothing_that_can_be_typed_is_an_error(searched: Client, text: str) -> None:
    searched.get("/search", q=text.encode("utf-8", "surrogatepass"))


def test_without_an_index_the_page_says_so_and_the_site_works(example: Client) -> None:
    page = example.get("/search", q="示例")

    assert "检索索引正在建立" in page.words
    example.get("/notices/")


def test_a_search_that_takes_too_long_says_so(indexed_app: Flask, searched: Client) -> None:
    fast = indexed_app.extensions["gongshi.search"]
    hasty = WhooshBackend(indexed_app.config["SITE"].SEARCH_INDEX_DIR, seconds=-1)
    indexed_app.extensions["gongshi.search"] = hasty
    try:
        page = searched.get("/search", q="的")
    finally:
        indexed_app.extensions["gongshi.search"] = fast
        hasty.close()

    assert "检索已中止" in page.words


def test_words_that_stand_apart_are_listed_as_related(searched: Client) -> None:
    page = searched.get("/search", q="示例证券客户投诉")

    assert any(heading.startswith("相关") for heading in page.texts("h2"))
    assert page.all(".hits.related mark")
