"""Rule 16: every public act is entered in the ledger, in the transaction of the act; and it stands or falls with it."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from contextlib import suppress
from types import ModuleType

import pytest
from acts import STEPS, VERBS, Undone, Verb, hands_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import gongshi
from gongshi import db
from gongshi.accounts.two_people import Hands, SamePerson
from gongshi.ledger import Kind
from gongshi.ledger import queries as log
from gongshi.ledger.models import LedgerEntry
from gongshi.migrations.tables import metadata
from making_world import World

NOT_YET_AN_ACT = {
    Kind.KEY_ROTATED,
}

# The modules of a concept that hold verbs; what else takes a session there is a read.
VERBS_IN = {
    "actions", "appealing", "corrections", "disputing", "erasing", "intake", "lists", "redacting", "responding",
    "second_thoughts", "summary", "trail",
}  # fmt: skip
NO_CONCEPTS = {"ledger", "search", "web", "loading", "migrations", "drafts", "imports"}


def counts(session: Session) -> dict[str, int]:
    """How many rows every table has."""
    session.flush()
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in metadata.sorted_tables
    }


def kinds_since(session: Session, size: int) -> tuple[Kind, ...]:
    entries = session.scalars(select(LedgerEntry).where(LedgerEntry.index >= size).order_by(LedgerEntry.index))
    return tuple(entry.kind for entry in entries)


EVERY = [pytest.param(verb, id=name) for name, verb in VERBS.items()]
TWO_PEOPLE = [pytest.param(verb, id=name) for name, verb in VERBS.items() if verb.act]


@pytest.mark.parametrize("verb", EVERY)
def test_every_public_act_appends_exactly_its_kinds(world: World, verb: Verb) -> None:
    verb.ready(world)
    size = log.size(world.session)

    verb.do(world, hands_for(verb.act, world))

    world.session.flush()
    assert kinds_since(world.session, size) == verb.kinds


@pytest.mark.parametrize("verb", EVERY)
def test_an_act_that_is_rolled_back_leaves_neither_its_rows_nor_its_entries(made_world: World, verb: Verb) -> None:
    before = counts(made_world.session)
    root = log.root(made_world.session)

    with suppress(Undone), db.writing(made_world.session):
        verb.ready(made_world)
        verb.do(made_world, hands_for(verb.act, made_world))
        in_between = counts(made_world.session)
        raise Undone

    assert in_between["ledger_entry"] >= before["ledger_entry"] + len(verb.kinds)
    assert counts(made_world.session) == before
    assert log.root(made_world.session) == root


@pytest.mark.parametrize("verb", TWO_PEOPLE)
def test_an_act_refused_for_want_of_a_second_person_leaves_nothing_behind(world: World, verb: Verb) -> None:
    verb.ready(world)
    before = counts(world.session)

    with pytest.raises(SamePerson):
        verb.do(world, Hands(world.office.editor, world.office.editor))

    assert counts(world.session) == before


def test_every_verb_of_the_process_is_tried_here() -> None:
    public = set()
    for module in _modules():
        for name, found in inspect.getmembers(module, inspect.isfunction):
            takes_session = next(iter(inspect.signature(found).parameters), "") == "session"
            if found.__module__ == module.__name__ and takes_session and not name.startswith("_"):
                public.add(found)

    tried = {verb.function for verb in VERBS.values()}
    assert {found.__qualname__ for found in public - tried} <= STEPS
    assert tried <= public


def test_every_kind_of_entry_is_appended_by_some_act_or_is_known_to_wait_for_one() -> None:
    appended = {kind for verb in VERBS.values() for kind in verb.kinds}

    assert set(Kind) - appended - {Kind.CLOCK_STEPPED} == NOT_YET_AN_ACT


def _modules() -> Iterator[ModuleType]:
    """Where acts are: actions of the concepts, verbs on lists, and the summary. A draft only calls them."""
    for found in pkgutil.walk_packages(gongshi.__path__, "gongshi."):
        parts = found.name.split(".")
        is_concept = len(parts) == 3 and parts[1] not in NO_CONCEPTS
        if is_concept and parts[2] in VERBS_IN:
            yield importlib.import_module(found.name)
