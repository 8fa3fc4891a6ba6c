"""Real server processes of the site over one DATA_DIR, to be flooded and killed.

`serving` runs what `make run` runs: web processes on one socket, the search worker, and the parent that starts again
whichever dies. `servers` runs web processes each on a port of its own, where it matters which one was asked.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from sqlalchemy.orm import Session

import making
from config import Config
from gongshi import db
from gongshi.app import create_app
from gongshi.migrations import upgrade

ROOT = Path(__file__).resolve().parents[2]
IMPORTED_FROM = (ROOT / "site", ROOT, ROOT / "tests")
SECRET = "the secret of a site under test, long enough"  # noqa: S105  It guards nothing.
READY_SECONDS = 120.0
NUMBER = "2026-SL-01"
NO_LIMITS = dict.fromkeys(
    ("COMMENT_LIMITS", "COMMENT_LIMITS_WITHOUT_PROOF", "CONSULTATION_LIMIT"), "1000000 per minute"
)
REAL = "wsgi"


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
    """A web process, or a whole site in a process group of its own, on one port."""

    port: int
    process: subprocess.Popen[bytes] = field(repr=False)

    def kill(self) -> None:
        """As a power switch does, the whole group: no signal handler runs, nothing is flushed."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill_one(self, chance: random.Random) -> None:
        """Kill one process that the parent will have to start again."""
        children = self.children()
        if children:
            os.kill(chance.choice(children), signal.SIGKILL)

    def kill_traced(self) -> None:
        """Kill everything below the tracing program, which then writes its last line and ends by itself."""
        for process in _below(self.process.pid):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.process.wait()

    def children(self) -> list[int]:
        """The processes that the parent of the site started, and that run."""
        return _children(self.process.pid)

    def stop(self) -> None:
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        if self.process.poll() is None:
            self.kill()


@contextmanager
def serving(
    config: Config,
    log: Path,
    *,
    processes: int = 2,
    planted: str = "",
    under: Sequence[str] = (),
    settings: Mapping[str, str] = NO_LIMITS,
) -> Iterator[Server]:
    """The whole site, ready to be asked, perhaps with a fault planted, perhaps `under` a tracing program."""
    server = begin(config, log, processes=processes, planted=planted, under=under, settings=settings)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()


def begin(
    config: Config,
    log: Path,
    *,
    processes: int = 2,
    planted: str = "",
    under: Sequence[str] = (),
    settings: Mapping[str, str] = NO_LIMITS,
) -> Server:
    """Start the whole site and wait until it answers. Who begins it stops it."""
    port = free_port()
    app = "floods.planted" if planted else REAL
    command = [*under, sys.executable, "-m", "flask", "--app", app, "serve", "--processes", str(processes)]
    return _ready(command, config, log, port, {"PORT": str(port), "PLANTED": planted, **settings})


@contextmanager
def servers(config: Config, count: int, planted: str = "", **settings: str) -> Iterator[list[Server]]:
    """So many web processes that share one database, each on its own port, perhaps with a fault planted."""
    app = "floods.planted:app" if planted else "wsgi:app"
    log = config.DATA_DIR / "server.log"
    running: list[Server] = []
    try:
        for _ in range(count):
            port = free_port()
            command = [sys.executable, "-m", "waitress", f"--listen=127.0.0.1:{port}", "--threads=8", app]
            running.append(_ready(command, config, log, port, {**settings, "PLANTED": planted}))
        yield running
    finally:
        for server in running:
            if server.process.poll() is None:
                server.stop()


def _ready(command: list[str], config: Config, log: Path, port: int, settings: Mapping[str, str]) -> Server:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, IMPORTED_FROM)),
        "DATA_DIR": str(config.DATA_DIR),
        "SEARCH_INDEX_DIR": str(config.SEARCH_INDEX_DIR),
        "SECRET_KEY": SECRET,
        **settings,
    }
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    server = Server(port, process)
    try:
        wait_until_ready(server, log)
    except RuntimeError:
        server.kill()
        raise
    return server


def _children(process: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except FileNotFoundError:
        return []


def _below(process: int) -> list[int]:
    """All descendants, parents before their children."""
    return [one for child in _children(process) for one in (child, *_below(child))]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_ready(server: Server, log: Path) -> None:
    give_up = time.monotonic() + READY_SECONDS
    while time.monotonic() < give_up:
        if server.process.poll() is not None:
            break
        if answers(server.port):
            return
        time.sleep(0.05)
    raise RuntimeError(f"the server is not ready ({server.process.poll()}):\n{log.read_text()[-3000:]}")


def answers(port: int, path: str = "/readyz") -> bool:
    """Whether a page is there now."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", path, headers={"Connection": "close"})
            with connection.getresponse() as response:
                return response.status == 200
        except (OSError, HTTPException):
            return False
