"""`make bench`: how the cost of a page, a comment, a proof and a search grows; ratios within one run."""

import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from config import Config
from gongshi import db, ledger
from gongshi.app import create_app
from gongshi.clock import iso
from gongshi.comments import intake
from gongshi.comments.intake import Point
from gongshi.comments.models import CommentKind
from gongshi.consultations import queries as consultations
from gongshi.ledger import queries as log
from gongshi.loading import archive, example
from gongshi.migrations import upgrade
from gongshi.record.sources import SOURCES
from gongshi.search import outbox, parse
from gongshi.web.db import db as flask_db
from gongshi.web.keys import receipt_key

MORE_COMMENTS = 2_000
PAGES = (
    "/",
    "/consultations/{open}/",
    "/consultations/{decided}/",
    "/consultations/{decided}/projects/3/",
    "/consultations/{decided}/projects/3/compare/1..2/",
    "/consultations/{decided}/projects/3/trace/",
    "/consultations/{decided}/projects/3/gate/",
    "/consultations/{open}/comments/",
)
QUERIES = ("示例证券", "补偿", "联邦学习 客户", "GPT", "风")


def main() -> None:
    """Load the content, measure, add comments, measure again, print."""
    print(f"machine: {os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        config = Config(DATA_DIR=place / "var", SEARCH_INDEX_DIR=place / "index")
        app = create_app(config)
        with app.app_context():
            upgrade(flask_db.engine)
            numbers = _load(config)
            backend = app.extensions["gongshi.search"]
            outbox.rebuild(sessionmaker(flask_db.engine), backend, SOURCES)
            few = {page: _page(app.test_client(), page.format(**numbers)) for page in PAGES}
            _say("pages, few comments (ms, median of 15)", few)
            _say(
                "search (ms, median of 15)",
                {text: _median(lambda text=text: backend.search(parse(text))) for text in QUERIES},
            )
            first = _comments(config, numbers["open"], MORE_COMMENTS // 4)
            rest = _comments(config, numbers["open"], MORE_COMMENTS)
            print(f"one comment, durable: {first:.2f} ms, then {rest:.2f} ms; ratio {rest / first:.2f}")
            many = {page: _page(app.test_client(), page.format(**numbers)) for page in PAGES}
            _say(
                f"the same pages with {MORE_COMMENTS * 5 // 4} more comments: ratio",
                {page: many[page] / few[page] for page in PAGES},
            )
            _ledger()


def _load(config: Config) -> dict[str, str]:
    with Session(flask_db.engine) as session:
        session.info["source"] = "content"
        begun = time.perf_counter()
        with db.writing(session) as at:
            archive.load(session, config.CONTENT_DIR / "archive", at=at)
            example.load(session, config.CONTENT_DIR / "example", server_key=receipt_key(config), at=at)
        print(f"loading the content: {time.perf_counter() - begun:.1f} s, {log.size(session)} ledger entries")
        found = {name: consultations.latest_by_content_key(session, f"example/{name}") for name in ("open", "decided")}
        return {name: one.number for name, one in found.items() if one is not None}


def _page(client, address: str) -> float:  # type: ignore[no-untyped-def]  # Flask's client is untyped here.
    assert client.get(address).status_code == 200, address
    return _median(lambda: client.get(address))


def _comments(config: Config, number: str, count: int) -> float:
    with Session(flask_db.engine) as session:
        begun = time.perf_counter()
        for turn in range(count):
            with db.writing(session) as at:
                intake.submit(
                    session,
                    consultations.public(session, number, at),
                    submission_key=f"bench-{count}-{turn}",
                    points=[Point(CommentKind.SUPPORT, f"第 {turn} 条测量用的意见。")],
                    server_key=receipt_key(config),
                    at=at,
                )
        return (time.perf_counter() - begun) / count * 1000


def _ledger() -> None:
    with Session(flask_db.engine) as session:
        size = log.size(session)
        _say(
            f"ledger of {size} entries (ms)",
            {
                "root": _median(lambda: log.root(session)),
                "inclusion proof": _median(lambda: log.inclusion_proof(session, size // 2)),
                "consistency proof": _median(lambda: log.consistency_proof(session, size // 3, size)),
            },
        )
        with db.writing(session) as at:
            entry = ledger.append(session, ledger.Kind.CLOCK_STEPPED, {"seconds": 0}, at=at)
        print(f"appended {entry.index} at {iso(at)}")


def _median(act: Callable[[], object]) -> float:
    taken = []
    for _ in range(15):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1000


def _say(what: str, figures: dict[str, float]) -> None:
    print(what)
    for name, figure in figures.items():
        print(f"  {figure:8.2f}  {name}")


if __name__ == "__main__":
    main()
