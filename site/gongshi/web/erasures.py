"""What is told of erasures outside the database: one line each, on disk before the erasure itself.

A backup that is restored later holds again what was erased after it was made. DATA_DIR/erased.jsonl says what; it holds
numbers of comments and names of fields, and nothing of what was erased. `flask serve` does it again before it serves,
`flask comments re-erase` does so for other servers, `flask doctor` tells what is missing.
"""

import json
import logging
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from config import Config
from gongshi.comments import erasing, personal, shredding
from gongshi.db import writing
from gongshi.drafts import erasing as drafts
from gongshi.web.db import db
from gongshi.web.settings import settings

log = logging.getLogger(__name__)

Record = Mapping[str, Any]


def path(config: Config) -> Path:
    return config.DATA_DIR / "erased.jsonl"


def records(config: Config) -> list[Record]:
    """Every erasure that was told, the oldest first. A line that a crash cut short was of nothing that happened."""
    if not path(config).exists():
        return []
    found = []
    for line in path(config).read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            log.warning("a line of %s cannot be read and is left out", path(config).name)
    return found


def missing(session: Session, config: Config) -> list[Record]:
    """What was erased and stands in this database again."""
    return [one for one in records(config) if _is_missing(session, one)]


def repeat_missing(session: Session, config: Config) -> int:
    """Erase again what a restored backup brought back; returns how much that was."""
    brought_back = missing(session, config)
    for one in brought_back:
        with writing(session) as at:
            if one["kind"] == "erased":
                drafts.repeat(session, one, at=at)
            else:
                personal.repeat(session, one, at=at)
    return len(brought_back)


def _is_missing(session: Session, record: Record) -> bool:
    asked = erasing.is_missing if record["kind"] == "erased" else personal.is_missing
    return asked(session, record)


def _write_down(session: Session) -> None:
    told = session.info.get("erasures", ())
    if told and not session.in_nested_transaction():
        _append(path(settings()), told)


def _clean_up(session: Session) -> None:
    if not session.info.get("erasures"):
        return
    try:
        shredding.fold_log(db.engine)
    except OperationalError:
        log.warning("the log of writes could not be folded after an erasure; `flask comments shred` does it")


def _append(file: Path, told: Iterable[Record]) -> None:
    lines = "".join(json.dumps(one, ensure_ascii=False, sort_keys=True) + "\n" for one in told)
    with os.fdopen(os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "r+b") as journal:
        if journal.seek(0, os.SEEK_END):
            journal.seek(-1, os.SEEK_END)
            # After a line that was cut short begins a new one.
            lines = lines if journal.read(1) == b"\n" else "\n" + lines
        journal.write(lines.encode())
        journal.flush()
        os.fsync(journal.fileno())


event.listen(db.session, "before_commit", _write_down)
event.listen(db.session, "after_commit", _clean_up)
