"""What befalls a site in the tests: a writer that does not let go, a disk with no room, an older copy put back."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from config import Config
from gongshi import db
from gongshi.app import create_app
from gongshi.web.db import db as site_db


@contextmanager
def no_room() -> Iterator[None]:
    """Let this process write no further byte to any file, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def copy_of(config: Config, target: Path) -> None:
    """A backup, as SQLite itself makes it."""
    sqlite = db.sqlite_module()
    source, copy = sqlite.connect(str(config.DATA_DIR / "gongshi.db")), sqlite.connect(str(target))
    source.backup(copy)
    source.close()
    copy.close()


@contextmanager
def put_back(app: Flask, config: Config, older: Path) -> Iterator[Flask]:
    """The application over an older copy, begun anew."""
    with app.app_context():
        site_db.session.remove()
        site_db.engine.dispose()
    for file in config.DATA_DIR.glob("gongshi.db*"):
        file.unlink()
    older.rename(config.DATA_DIR / "gongshi.db")
    again = create_app(config)
    yield again
    with again.app_context():
        site_db.session.remove()
        site_db.engine.dispose()
