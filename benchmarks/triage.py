"""`make bench`: the triage page with 500 and with 50,000 comments on one list: list, filters, next and previous."""

import os
import platform
import statistics
import tempfile
import time
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from benchmarks.many_comments import fill
from config import Config
from gongshi import clock, db
from gongshi.accounts import sessions
from gongshi.accounts.models import StaffUser
from gongshi.accounts.sessions import Stage
from gongshi.app import create_app
from gongshi.comments import triage
from gongshi.comments.triage import Asked
from gongshi.comments.triage_models import Queue
from gongshi.consultations import queries as consultations
from gongshi.consultations.models import Consultation
from gongshi.loading import example
from gongshi.migrations import upgrade
from gongshi.web.db import db as flask_db
from gongshi.web.keys import receipt_key
from gongshi.web.workbench import cookies

FEW, MANY, LIMIT, TURNS = 500, 50_000, 100, 15
ANALYST = "shili-fenxi"
FILTERS = {
    "the queue": "queue=look",
    "in its middle": "queue=look&comment={middle}",
    "one kind": "queue=look&kind=ask&comment={middle}",
    "one project": "queue=look&project=3&comment={middle}",
    "form letters": "queue=look&family=100&comment={middle}",
    "flagged": "queue=flagged&comment={middle}",
    "nothing found": "queue=look&channel=call",
    "words found": "queue=look&q=失效&comment={middle}",
    "words not found": "queue=look&q=没有这个词",
    "everything": "queue=all&comment={middle}",
}


def main() -> None:
    """Fill a list, measure, fill it further, measure again, print."""
    print(f"machine: {os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        config = Config(DATA_DIR=Path(folder) / "var", SEARCH_INDEX_DIR=Path(folder) / "index")
        app = create_app(config)
        with app.app_context():
            upgrade(flask_db.engine)
            with Session(flask_db.engine) as session, db.writing(session) as at:
                session.info["source"] = "content"
                example.load(session, config.CONTENT_DIR / "example", server_key=receipt_key(config), at=at)
        few, many = _measured(app, FEW), _measured(app, MANY - FEW)
        print("       few,      many, of that processor: ms, medians")
        for name, (wall, processor) in many.items():
            mark = "" if wall < LIMIT else f"   over {LIMIT} ms"
            print(
                f"  {few[name][0]:8.1f}  {wall:8.1f}  {processor:8.1f}  ratio {wall / few[name][0]:5.2f}  {name}{mark}"
            )


def _measured(app: Flask, count: int) -> dict[str, tuple[float, float]]:
    with app.app_context(), Session(flask_db.engine) as session:
        listed = consultations.latest_by_content_key(session, "example/open")
        assert listed is not None
        with db.writing(session):
            fill(session, listed, count)
        session.execute(text("ANALYZE"))
        session.commit()
        number, size = listed.number, triage.count(session, listed, Asked(Queue.LOOK))
        last = session.scalars(select(StaffUser).where(StaffUser.login == ANALYST)).one()
        client = _signed_in(app, session, last)
        middle = f"{number}-{_middle(session, listed):04d}"
    print(f"{count} more comments, {size}{'' if size < triage.COUNTED_TO else ' or more'} to look at")
    base = f"/workbench/consultations/{number}/triage/?"
    return {name: _page(client, base + asked.format(middle=middle)) for name, asked in FILTERS.items()}


def _middle(session: Session, listed: Consultation) -> int:
    last = triage.listing_before(session, listed, Asked(Queue.LOOK), before=10**9, limit=1)[0].seq
    return last // 2


def _signed_in(app: Flask, session: Session, person: StaffUser) -> FlaskClient:
    _, token = sessions.start(
        session, person, stage=Stage.SIGNED_IN, network="127.0.0.1", user_agent="bench", at=clock.now()
    )
    session.commit()
    client = app.test_client()
    with client.session_transaction("/workbench/") as cookie:
        cookie[cookies.TOKEN] = token
    return client


def _page(client: FlaskClient, address: str) -> tuple[float, float]:
    """The medians of the whole answer, sign-in, template and all, by the clock and by the processor, in milliseconds.

    They differ where other programs compete for the machine.
    """
    assert client.get(address).status_code == 200, address
    walls, processors = [], []
    for _ in range(TURNS):
        begun, used = time.perf_counter(), time.process_time()
        client.get(address)
        walls.append(time.perf_counter() - begun)
        processors.append(time.process_time() - used)
    return statistics.median(walls) * 1000, statistics.median(processors) * 1000


if __name__ == "__main__":
    main()
