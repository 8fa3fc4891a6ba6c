"""What an operator can get wrong, looked at in one go."""

import os
import shutil
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from gongshi import clock, migrations
from gongshi.comments import resealing
from gongshi.db import sqlite_module, wal_is_safe
from gongshi.ledger import checkpoint
from gongshi.sealing import KeyRing
from gongshi.subscriptions import queries
from gongshi.web import erasures, ledger_head
from gongshi.web.db import db
from gongshi.web.keys import personal_folder
from gongshi.web.mail import mailer
from gongshi.web.mail.server import ServerDown
from gongshi.web.settings import settings

ENOUGH_BYTES = 500 * 1024 * 1024
MAIL_WAITS_AT_MOST = timedelta(hours=6)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    is_fine: bool
    what: str


def examine(app: Flask) -> list[Finding]:
    """All findings, good ones too."""
    # A database from before there were any has no place for them either.
    held = [_personal(), _erasures(), _mail()] if inspect(db.engine).has_table("erasure") else []
    return [_tables(), _sqlite(), _log(), _index(app), _disk(), _keys(), _logs(), *held]


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


def _personal() -> Finding:
    ring = KeyRing(personal_folder(settings()))
    with Session(db.engine) as session:
        lost = resealing.missing(session, ring)
    if lost:
        return Finding(
            False, f"names and contacts cannot be opened, the key is gone: restore {', '.join(lost)} from the backup"
        )
    if len(ring.ids()) > 1:
        return Finding(
            False, "the rotation of the personal keys was not finished: run `flask --app wsgi keys rotate-personal`"
        )
    return Finding(True, "every name and contact has its key")


def _erasures() -> Finding:
    with Session(db.engine) as session:
        count = len(erasures.missing(session, settings()))
    if count:
        return Finding(
            False, f"a backup brought back {count} erasures' contents: run `flask --app wsgi comments re-erase`"
        )
    return Finding(True, "what was erased is erased")


def _logs() -> Finding:
    folder, days = settings().DATA_DIR / "logs", settings().ACCESS_LOG_DAYS
    if not folder.is_dir():
        return Finding(True, f"access logs will be kept in {folder} for {days} days")
    if not os.access(folder, os.W_OK | os.X_OK):
        return Finding(False, f"access logs cannot be written: give the site's user the right to write in {folder}")
    return Finding(
        True, f"access logs of {sum(1 for _ in folder.glob('access-*.jsonl'))} days are kept, at most {days}"
    )


def _mail() -> Finding:
    server = mailer.server(settings())
    if server is None:
        return Finding(True, "no mail is set up (SMTP_URL), and none is offered")
    with Session(db.engine) as session:
        health = queries.outbox_health(session)
    if health.oldest is not None and clock.now() - health.oldest > MAIL_WAITS_AT_MOST:
        return Finding(
            False,
            f"{health.waiting} mails wait since {clock.beijing(health.oldest):%Y-%m-%d %H:%M} "
            f"({health.last_trouble or 'is the worker running?'}): try `flask --app wsgi mail test ADDRESS`",
        )
    try:
        with server.connected():
            return Finding(True, f"{server.host}:{server.port} takes mail, {health.waiting} wait")
    except ServerDown as error:
        return Finding(False, f"{server.host}:{server.port} takes no mail ({error.trouble}): look at SMTP_URL")
