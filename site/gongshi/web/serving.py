"""The built-in server: web processes on one socket, and one search worker beside them.

waitress buffers slow clients, so a handful of half-sent requests stops nobody (nginx does the same in front of
gunicorn). No database connection is carried across the fork: the caller has none open, every child begins its own.
"""

import gc
import logging
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable

import waitress
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from config import Config
from gongshi import clock
from gongshi.comments import challenges, families
from gongshi.record.sources import SOURCES
from gongshi.search import worker
from gongshi.web import keeping
from gongshi.web.db import db
from gongshi.web.mail import mailer

log = logging.getLogger(__name__)

# What the search worker does besides: find the comments that are nearly the same, delete what was kept long enough,
# forget the challenges of proofs of work that have ended.
CHORES = (
    worker.Chore(families.is_waiting, families.join_next),
    keeping.RETENTION,
    worker.Chore(
        lambda session: challenges.any_over(session, clock.now()),
        lambda session: challenges.forget_over(session, clock.now()),
    ),
)
# Whoever sends half a request and then nothing holds a connection for so long, and no thread.
SILENCE_SECONDS = 60
CONNECTIONS = 2_000
FILES_BESIDE = 200
# The index may wait a second, people should not.
NICE = 10
# So many new objects before the interpreter looks for cycles among them.
GARBAGE = 20_000
# A child that dies at once is not started again in a tight loop.
BREATH = 1.0


def serve(app: Flask, config: Config, processes: int) -> int:
    """Serve until SIGTERM or SIGINT; children that die are started again. Returns the exit code."""
    listening = _listen(config)
    jobs: list[Callable[[], None]] = [lambda: _web(app, config, listening)] * processes
    jobs.append(lambda: _work(app, config))
    children = {_start(job): job for job in jobs}
    stopping = threading.Event()
    stop_on_signals(stopping)
    sys.stdout.write(f"Gongshi is on http://{config.HOST}:{config.PORT} — stop with Ctrl-C\n")
    sys.stdout.flush()
    _watch(children, stopping)
    return 0


def stop_on_signals(stop: threading.Event) -> None:
    """Set the event on SIGTERM and SIGINT."""
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())


def sessions() -> sessionmaker[Session]:
    """Sessions of the current application's database, for work outside a request."""
    return sessionmaker(db.engine)


def _listen(config: Config) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in config.HOST else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((config.HOST, config.PORT))
    except OSError as error:
        sys.exit(f"cannot listen on {config.HOST}:{config.PORT}: {error.strerror}; set PORT to a free one")
    listening.listen(1024)
    return listening


def _start(job: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        db.engine.dispose(close=False)
        job()
        code = 0
    except Exception:
        log.exception("a process of the site ended")
    finally:
        os._exit(code)


def _web(app: Flask, config: Config, listening: socket.socket) -> None:
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What was made at the start stays for ever: looking for cycles in it at every turn found none and cost a twentieth.
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE)
    # waitress would drop X-Forwarded-For, and all visitors behind a front server would be one network; how much of the
    # header is believed is decided in web/doors.py.
    waitress.serve(
        app, sockets=[listening], threads=config.THREADS, ident=None,
        connection_limit=_most_connections(), asyncore_use_poll=True, channel_timeout=SILENCE_SECONDS,
        clear_untrusted_proxy_headers=not config.TRUSTED_PROXIES,
    )  # fmt: skip


def _most_connections() -> int:
    """As many as this machine lets one process open, beside its own files."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return CONNECTIONS if allowed == resource.RLIM_INFINITY else max(100, min(CONNECTIONS, allowed - FILES_BESIDE))


def _work(app: Flask, config: Config) -> None:
    os.nice(NICE)
    stop = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with app.app_context(), mailer.beside(app, config, stop):
        worker.run(db.engine, app.extensions["gongshi.search"], SOURCES, stop, chores=CHORES)


def _watch(children: dict[int, Callable[[], None]], stopping: threading.Event) -> None:
    while not stopping.wait(0.2):
        ended, _ = os.waitpid(-1, os.WNOHANG)
        if ended in children:
            log.error("process %s of the site died and is started again", ended)
            time.sleep(BREATH)
            job = children.pop(ended)
            children[_start(job)] = job
    for child in children:
        os.kill(child, signal.SIGTERM)
    for child in children:
        os.waitpid(child, 0)
