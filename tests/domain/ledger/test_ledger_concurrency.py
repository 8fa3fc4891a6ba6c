"""Several processes write one log: no gap, no branch, and every head signed meanwhile is a beginning of the last."""

import multiprocessing
from itertools import pairwise
from pathlib import Path

from ledger_growth import append_and_sign
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from gongshi.ledger import heads, merkle, notes, queries
from gongshi.ledger.checkpoint import Checkpoint
from gongshi.ledger.models import LedgerEntry

PROCESSES = 4
EACH = 50


def test_four_processes_append_without_a_gap_and_sign_one_history(any_engine: Engine, tmp_path: Path):
    url = any_engine.url.render_as_string(hide_password=False)
    any_engine.dispose()
    spawn = multiprocessing.get_context("spawn")

    workers = [spawn.Process(target=append_and_sign, args=(url, tmp_path / "outside", EACH)) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    with Session(any_engine) as session:
        assert session.scalars(select(LedgerEntry.index).order_by(LedgerEntry.index)).all() == list(range(200))
        assert queries.root(session) == queries.recompute(session)
        assert_one_history(session, tmp_path / "outside")


def assert_one_history(session: Session, folder: Path) -> None:
    records = (folder / heads.HISTORY).read_text().split("\n# ")[1:]
    signed = [Checkpoint.parse(notes.parse(record.partition("\n")[2]).text) for record in records]
    assert signed[-1].size == PROCESSES * EACH
    for old, new in pairwise(signed):
        assert old.size < new.size
        proof = queries.consistency_proof(session, old.size, new.size)
        assert merkle.consistency_holds(old.size, new.size, proof, old_root=old.root, new_root=new.root)
