"""`flask families …`: work out anew which comments are nearly the same; the worker otherwise does so by itself."""

import sys
from collections.abc import Callable
from uuid import UUID

import click
from sqlalchemy.orm import Session

from gongshi.clock import now
from gongshi.comments import family_rebuild
from gongshi.consultations import queries as consultations
from gongshi.db import writing
from gongshi.web.db import db

Say = Callable[[str, int, int], None]


@click.group("families")
def families() -> None:
    """Comments that are nearly the same."""


@families.command("rebuild")
@click.argument("number", required=False)
def rebuild(number: str | None) -> None:
    """Work out the families of one list, or of all, anew. The site goes on meanwhile; if stopped, run it again."""
    with Session(db.engine) as session:
        wanted = [one.number for one in consultations.published(session, now()) if number in {None, one.number}]
        if number is not None and not wanted:
            raise click.ClickException(f"no published list has the number {number}")
        for one in wanted:
            count = of_list(session, consultations.public(session, one, now()).id, _progress(one))
            click.echo(f"families: {one}, {count} comments")


def of_list(session: Session, consultation_id: UUID, say: Say) -> int:
    """Work out the families of one list anew; `say` hears of each step how far it is."""
    with writing(session):
        family_rebuild.begin(session, consultation_id)
    _wipe(session, consultation_id, say)
    texts = family_rebuild.read(session, consultation_id)
    count = len(texts.ids)
    say("read", count, count)
    for portion in texts.portions():
        with writing(session):
            family_rebuild.store(session, consultation_id, texts, portion)
        say("stored", min(portion.stop, count), count)
    while not _settle(session, consultation_id, texts, say):
        continue
    return count


def _wipe(session: Session, consultation_id: UUID, say: Say) -> None:
    done = 0
    while True:
        with writing(session):
            some = family_rebuild.wipe(session, consultation_id)
        if not some:
            return
        done += some
        say("wiped", done, 0)


def _settle(session: Session, consultation_id: UUID, texts: family_rebuild.Texts, say: Say) -> bool:
    """Put all comments into their families; False if a text changed meanwhile, so that it is to be done again."""
    gone = family_rebuild.forgotten(session, consultation_id)
    first = family_rebuild.firsts(texts, gone)
    with writing(session):
        made = family_rebuild.establish(session, consultation_id, texts, first)
    for portion in texts.portions():
        with writing(session):
            family_rebuild.assign(session, texts, first, made, portion)
        say("settled", min(portion.stop, len(texts.ids)), len(texts.ids))
    with writing(session):
        if family_rebuild.forgotten(session, consultation_id) != gone:
            return False
        family_rebuild.finish(session, consultation_id)
    return True


def _progress(number: str) -> Say:
    def say(step: str, done: int, count: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{number}: {step} {done}" + (f" of {count}" if count else "") + " " * 20, nl=False, err=True)

    return say
