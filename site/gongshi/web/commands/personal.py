"""`flask keys …` and `flask comments …`: the keys of names and contacts, and what an erasure leaves to be done."""

import click
from flask import current_app
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from gongshi.comments import resealing, shredding
from gongshi.db import writing
from gongshi.record.sources import SOURCES
from gongshi.sealing import CannotOpen, KeyRing
from gongshi.search import outbox
from gongshi.subscriptions import actions as subscriptions
from gongshi.web import erasures, serving
from gongshi.web.db import db
from gongshi.web.keys import personal_folder, personal_ring
from gongshi.web.settings import settings


@click.group("keys")
def keys() -> None:
    """The keys that names and contacts are sealed with."""


@keys.command("list")
def list_keys() -> None:
    """Every key, the newest last, and how much each seals."""
    ring = KeyRing(personal_folder(settings()))
    with Session(db.engine) as session:
        used = resealing.uses(session)
        lost = resealing.missing(session, ring)
    for id in ring.ids():
        click.echo(f"{id}  {used.get(id, 0)} fields{'  seals new ones' if id == ring.ids()[-1] else ''}")
    for id in lost:
        click.echo(f"{id}  {used[id]} fields  MISSING: they cannot be opened")


@keys.command("rotate-personal")
def rotate_personal() -> None:
    """Seal every name and contact under a new key and destroy the old ones. If it is stopped, call it again."""
    ring = personal_ring(settings())
    with Session(db.engine) as session:
        # Whoever was stopped goes on: several keys are only there while a rotation is under way.
        if len(ring.ids()) == 1:
            ring.add()
        try:
            done = _reseal(session)
        except CannotOpen as error:
            raise click.ClickException(f"a field cannot be opened, so every key is kept: {error}") from error
        with writing(session):
            gone = resealing.retire(session, ring)
    click.echo(f"personal keys: {done} fields sealed under {ring.primary}; destroyed: {', '.join(gone) or 'none'}")


def _reseal(session: Session) -> int:
    ring, done, portion = personal_ring(settings()), 0, 1
    while portion:
        with writing(session):
            portion = resealing.reseal_next(session, ring) + subscriptions.reseal_next(session, ring)
        done += portion
    return done


@click.group("comments")
def comments() -> None:
    """Comments: what an erasure leaves to be done."""


@comments.command("shred")
def shred() -> None:
    """Write database and search index anew, so that no gap of a file holds what was erased."""
    shredding.shred(db.engine)
    outbox.rebuild(serving.sessions(), current_app.extensions["gongshi.search"], SOURCES)
    click.echo("comments: database and search index were written anew")


@comments.command("re-erase")
def re_erase() -> None:
    """Erase again what a restored backup brought back. Run it before the site is served again."""
    with Session(db.engine) as session:
        try:
            count = erasures.repeat_missing(session, settings())
        except NoResultFound as error:
            raise click.ClickException(
                "an erasure names staff that this database does not know: restore a newer backup"
            ) from error
    click.echo(f"comments: {count} erasures were done again")
