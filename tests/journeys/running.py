"""The site as it really runs: `flask serve` on a free port, over a folder with the archive and the example loaded."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from shutil import copytree
from urllib.error import URLError
from urllib.request import urlopen

from flask import Flask
from sqlalchemy.orm import Session

from config import Config
from gongshi import db
from gongshi.app import create_app
from gongshi.web.db import db as flask_db
from journeys.engaged import somebody_signs_and_asks_for_mail
from journeys.landmarks import Landmarks, landmarks
from web.mailbox import SENDER, Mailbox, served

ROOT = Path(__file__).resolve().parents[2]
SECRET = "the secret of a site under test, long enough"  # noqa: S105  # It guards nothing.
READY_SECONDS = 60.0
# What the search worker is writing is finished first.
STOP_SECONDS = 60.0


@dataclass(frozen=True)
class RunningSite:
    """A site that answers. `app` is the same application in this process: it knows the addresses, it serves nothing.

    What it sends by mail comes into the mailbox.
    """

    origin: str
    app: Flask
    landmarks: Landmarks
    mailbox: Mailbox

    def address(self, path: str) -> str:
        return self.origin + path


def loaded(folder: Path) -> Path:
    """Load the content into a folder, to be copied from; loading it is the slow part."""
    load(create_app(_config(folder)))
    return folder


@contextmanager
def running_site(folder: Path, copied_from: Path | None = None) -> Iterator[RunningSite]:
    """Load the content into a folder, or copy it from one that has it, serve it, and stop at the end."""
    if copied_from is not None:
        copytree(copied_from, folder, symlinks=True, dirs_exist_ok=True)
    with served(Mailbox()) as mailbox:
        config = replace(_config(folder), SMTP_URL=mailbox.url)
        app = create_app(config)
        if copied_from is None:
            load(app)
        with _served(config):
            yield RunningSite(config.SITE_URL, app, _landmarks(config), mailbox)


def _config(folder: Path) -> Config:
    port = _free_port()
    return Config(
        DATA_DIR=folder / "var",
        SEARCH_INDEX_DIR=folder / "index",
        SECRET_KEY=SECRET,
        PORT=port,
        SITE_URL=f"http://127.0.0.1:{port}",
        MAIL_FROM=SENDER,
        # So that every visitor may come from a network of its own, as X-Forwarded-For says.
        TRUSTED_PROXIES=1,
    )


def load(app: Flask) -> None:
    """Make the tables, load the content and what people do with it, find what is nearly the same, make the index."""
    with app.app_context():
        _run(app, ["db", "upgrade"], ["content", "load"])
        somebody_signs_and_asks_for_mail(app)
        _run(app, ["families", "rebuild"], ["search", "rebuild"])
        flask_db.session.remove()
        flask_db.engine.dispose()


def _run(app: Flask, *commands: list[str]) -> None:
    for command in commands:
        done = app.test_cli_runner().invoke(args=command)
        assert done.exit_code == 0, f"{done.output}{done.exception!r}"


@contextmanager
def _served(config: Config) -> Iterator[None]:
    log = config.DATA_DIR / "server.log"
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve"]
    with log.open("ab") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=_environment(config), stdout=output, stderr=output)
    try:
        _wait_until_ready(server, config.PORT, log)
        yield
    finally:
        server.terminate()
        server.wait(STOP_SECONDS)


def _environment(config: Config) -> dict[str, str]:
    ours = {setting.name for setting in fields(Config)}
    changed = [name for name in ours if getattr(config, name) != getattr(Config(), name)]
    settings = {name: str(getattr(config, name)) for name in changed}
    return {name: value for name, value in os.environ.items() if name not in ours} | settings


def _landmarks(config: Config) -> Landmarks:
    engine = db.make_engine(config.database_url)
    with Session(engine) as session:
        found = landmarks(session, config)
    engine.dispose()
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    give_up = time.monotonic() + READY_SECONDS
    while time.monotonic() < give_up and server.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):  # Our own server.
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the site does not answer:\n{log.read_text()[-3000:]}")
