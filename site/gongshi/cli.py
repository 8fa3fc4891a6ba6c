"""Commands for whoever runs the site: `flask --app wsgi …`. Each reads its arguments and calls one thing."""

import sys
import threading
from pathlib import Path

import click
from flask import Flask, current_app
from sqlalchemy.orm import Session

from gongshi.db import writing
from gongshi.ledger import checkpoint
from gongshi.ledger import queries as log
from gongshi.loading import archive, example
from gongshi.loading.problems import ContentInvalid
from gongshi.migrations import upgrade
from gongshi.projects import plan_text
from gongshi.record.sources import SOURCES
from gongshi.search import outbox, worker
from gongshi.web import erasures, ledger_head, serving
from gongshi.web.commands.accounts import accounts
from gongshi.web.commands.families import families
from gongshi.web.commands.mail import mail
from gongshi.web.commands.personal import comments, keys
from gongshi.web.db import db
from gongshi.web.doctor import examine
from gongshi.web.keys import receipt_key
from gongshi.web.mail import mailer
from gongshi.web.settings import settings


def init_app(app: Flask) -> None:
    """Give the application its commands."""
    for command in (
        database, content, accounts, families, search, ledger_commands, comments, keys, mail, serve, work, doctor,
    ):  # fmt: skip
        app.cli.add_command(command)


@click.group("db")
def database() -> None:
    """The database."""


@database.command("upgrade")
def db_upgrade() -> None:
    """Create the tables or bring them up to date; does nothing when they are."""
    upgrade(db.engine)
    click.echo("database: up to date")


@click.group("content")
def content() -> None:
    """Words and records of content/."""


@content.command("load")
@click.argument("what", type=click.Choice(["all", "archive", "example"]), default="all")
def content_load(what: str) -> None:
    """Load the archive and, outside production, the worked example. What is there already is left alone."""
    config = settings()
    if what == "example" and config.is_production:
        raise click.ClickException("example content is refused in production (ENVIRONMENT=production)")
    wants_example = what in {"all", "example"} and not config.is_production
    with Session(db.engine) as session:
        session.info["source"] = "content"
        try:
            done = _load(session, config.CONTENT_DIR, what, wants_example)
        except ContentInvalid as error:
            click.echo(str(error), err=True)
            raise click.ClickException(f"{len(error.problems)} problem(s); nothing was loaded") from error
        click.echo(f"content: loaded {', '.join(done)}" if done else "content: nothing new")
        ledger_head.sign(current_app, session)


def _load(session: Session, folder: Path, what: str, wants_example: bool) -> list[str]:
    with writing(session) as at:
        done = archive.load(session, folder / "archive", at=at) if what in {"all", "archive"} else []
        if wants_example:
            key = receipt_key(settings())
            done += example.load(session, folder / "example", server_key=key, at=at)
    return done


@content.command("ids")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def content_ids(file: Path) -> None:
    """Write the paragraph ids that are missing in a plan file."""
    file.write_text(plan_text.with_ids(file.read_text(encoding="utf-8")), encoding="utf-8")
    click.echo(f"content: every paragraph of {file} has its id")


@click.group("search")
def search() -> None:
    """The search index."""


@search.command("rebuild")
def search_rebuild() -> None:
    """Make the index anew beside the old one, then swap."""
    outbox.rebuild(serving.sessions(), current_app.extensions["gongshi.search"], SOURCES)
    click.echo(f"search: rebuilt, {current_app.extensions['gongshi.search'].health().count} documents")


@search.command("drain")
def search_drain() -> None:
    """Bring the index up to date now; `flask serve` and `flask worker` do so by themselves."""
    backend = current_app.extensions["gongshi.search"]
    if not backend.health().ok:
        outbox.rebuild(serving.sessions(), backend, SOURCES)
    while outbox.drain(serving.sessions(), backend, SOURCES):
        pass
    click.echo(f"search: {backend.health().count} documents")


@search.command("status")
def search_status() -> None:
    """Say whether the index can be read, and how much waits for it."""
    health = current_app.extensions["gongshi.search"].health()
    with Session(db.engine) as session:
        waiting = outbox.waiting(session)
    click.echo(f"search: {'ok' if health.ok else health.reason}, {health.count} documents, {waiting} waiting")


@click.group("ledger")
def ledger_commands() -> None:
    """The public log."""


@ledger_commands.command("audit")
def ledger_audit() -> None:
    """Recompute the root from all entries and compare it with the stored tree and the last signed checkpoint."""
    folder = ledger_head.folder(settings())
    with Session(db.engine) as session:
        size = log.size(session)
        if log.recompute(session) != log.root(session):
            raise click.ClickException("the entries do not give the stored root: the log was changed")
        reason = checkpoint.guard(session, folder)
        if reason is not None:
            raise click.ClickException(f"the log does not continue the last signed checkpoint: {reason}")
    click.echo(f"ledger: {size} entries, root recomputed, consistent with the last checkpoint")


@ledger_commands.command("key")
def ledger_key() -> None:
    """Print the public key that checkpoints are verified with."""
    click.echo(ledger_head.signer(current_app).vkey)


@click.command("serve")
@click.option("--processes", default=1, show_default=True, help="Web processes; one search worker runs beside them.")
def serve(processes: int) -> None:
    """Serve the site and index what changes, until stopped. A process that dies is started again."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # The real one: it outlives this context.
    upgrade(db.engine)
    with Session(db.engine) as session:
        erasures.repeat_missing(session, settings())
    db.engine.dispose()
    sys.exit(serving.serve(app, settings(), processes))


@click.command("worker")
def work() -> None:
    """Index what changes and send mail. Run as many as you like: one works, the others wait."""
    stop = threading.Event()
    serving.stop_on_signals(stop)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # The real one, for a thread.
    with mailer.beside(app, settings(), stop):
        worker.run(db.engine, current_app.extensions["gongshi.search"], SOURCES, stop, chores=serving.CHORES)


@click.command("doctor")
def doctor() -> None:
    """Check what an operator can get wrong; exits with 1 when something is."""
    findings = examine(current_app)
    for finding in findings:
        click.echo(f"{'ok   ' if finding.is_fine else 'WRONG'} {finding.what}")
    sys.exit(0 if all(finding.is_fine for finding in findings) else 1)
