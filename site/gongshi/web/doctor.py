"""What an operator can get wrong, looked at in one go."""

import shutil
from dataclasses import dataclass

from flask import Flask
from sqlalchemy.orm import Session

from gongshi import migrations
from gongshi.db import sqlite_module, wal_is_safe
from gongshi.ledger import checkpoint
from gongshi.web import ledger_head
from gongshi.web.db import db
from gongshi.web.settings import settings

ENOUGH_BYTES = 500 * 1024 * 1024


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    is_fine: bool
    what: str


def examine(app: Flask) -> list[Finding]:
    """All findings, good ones too."""
    return [_tables(), _sqlite(), _log(), _index(app), _disk(), _keys()]


def _tables() -> Finding:
    if migrations.is_current(db.engine):
        return Finding(True, "the tables are up to date")
    return Finding(False, "the tables are not up to date: run `flask --app wsgi db upgrade`")


def _sqlite() -> Finding:
    if db.engine.dialect.name != "sqlite":
        return Finding(True, f"the database is {db.engine.dialect.name}")
    version = sqlite_module().sqlite_version
    if wal_is_safe():
        return Finding(True, f"SQLite {version} may keep a write-ahead log")
    return Finding(
        False, f"SQLite {version} can corrupt a write-ahead log, so the slower DELETE mode is used: install pysqlite3"
    )


def _log() -> Finding:
    with Session(db.engine) as session:
        reason = checkpoint.guard(session, ledger_head.folder(settings()))
    if reason is None:
        return Finding(True, "the ledger continues its last signed checkpoint")
    return Finding(False, f"the ledger does not continue its last signed checkpoint ({reason}): the site is read-only")


def _index(app: Flask) -> Finding:
    health = app.extensions["gongshi.search"].health()
    if health.ok:
        return Finding(True, f"the search index has {health.count} documents")
    return Finding(False, f"the search index cannot be read ({health.reason}): run `flask --app wsgi search rebuild`")


def _disk() -> Finding:
    free = shutil.disk_usage(settings().DATA_DIR).free
    return Finding(free > ENOUGH_BYTES, f"{free // 1024**2} MB are free for DATA_DIR")


def _keys() -> Finding:
    keys = settings().DATA_DIR / "keys"
    files = [path for path in keys.rglob("*") if path.is_file() and path.stat().st_size]
    open_to_others = [path.name for path in files if path.stat().st_mode & 0o077]
    if open_to_others:
        return Finding(False, f"others may read {', '.join(sorted(open_to_others))}: chmod 600 what is in {keys}")
    return Finding(True, "keys can be read by their owner alone")
