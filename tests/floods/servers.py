"""Real server processes of the site over one DATA_DIR, to be flooded and killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

from sqlalchemy.orm import Session

import making
from config import Config
from gongshi import db
from gongshi.app import create_app
from gongshi.migrations import upgrade

ROOT = Path(__file__).resolve().parents[2]
SECRET = "the secret of a site under test, long enough"  # noqa: S105  It guards nothing.
READY_SECONDS = 120.0
NUMBER = "2026-SL-01"


def prepare(folder: Path) -> Config:
    """A database with one open list in a folder of its own."""
    config = Config(DATA_DIR=folder / "var", SEARCH_INDEX_DIR=folder / "index", SECRET_KEY=SECRET)
    create_app(config)
    engine = db.make_engine(config.database_url)
    upgrade(engine)
    with Session(engine) as session, db.writing(session) as at:
        making.make_open_list(session, at, number=NUMBER)
    engine.dispose()
    return config


@dataclass
class Server:
    """One web process on a port of its own."""

    port: int
    process: subprocess.Popen[bytes] = field(repr=False)

    def kill(self) -> None:
        """As a power switch does: no signal handler runs, nothing is flushed."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()


def start(config: Config, log: Path, **settings: str) -> Server:
    """Start a process and wait until it answers."""
    port = _free_port()
    environment = {
        **os.environ,
        "DATA_DIR": str(config.DATA_DIR),
        "SEARCH_INDEX_DIR": str(config.SEARCH_INDEX_DIR),
        "SECRET_KEY": SECRET,
        **settings,
    }
    command = [sys.executable, "-m", "waitress", f"--listen=127.0.0.1:{port}", "--threads=8", "wsgi:app"]
    with log.open("ab") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    server = Server(port, process)
    try:
        _wait_until_ready(server, log)
    except RuntimeError:
        server.kill()
        raise
    return server


@contextmanager
def servers(config: Config, count: int, **settings: str) -> Iterator[list[Server]]:
    """So many processes that share one database; stopped at the end."""
    log = config.DATA_DIR / "server.log"
    running: list[Server] = []
    try:
        for _ in range(count):
            running.append(start(config, log, **settings))
        yield running
    finally:
        for server in running:
            if server.process.poll() is None:
                server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(server: Server, log: Path) -> None:
    give_up = time.monotonic() + READY_SECONDS
    while time.monotonic() < give_up:
        if server.process.poll() is not None:
            break
        if _answers(server.port):
            return
        time.sleep(0.05)
    raise RuntimeError(f"the server is not ready ({server.process.poll()}):\n{log.read_text()[-3000:]}")


def _answers(port: int) -> bool:
    with closing(HTTPConnection("127.0.0.1", port, timeout=2)) as connection:
        try:
            connection.request("GET", "/readyz", headers={"Connection": "close"})
            with connection.getresponse() as response:
                return response.status == 200
        except OSError:
            return False
