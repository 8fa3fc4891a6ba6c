"""One house with something of everything in every state, and the addresses of the workbench in it.

`cases` makes the addresses of a rule from its arguments alone, so that a new page is in the matrix without a line here;
an argument of a new name has to be added to `House.values`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from config import Config
from gongshi.accounts.models import Role, StaffUser
from gongshi.app import create_app
from gongshi.clock import now
from gongshi.db import writing
from gongshi.drafts import actions as drafts
from gongshi.drafts.deciding import Judgement, Verdict
from gongshi.drafts.models import Draft
from gongshi.migrations.tables import metadata
from gongshi.web.db import db
from making import Office, make_open_list
from making_world import World, make_world

# What a request by itself may change: who was seen, and what was refused.
NOTED = {"staff_audit", "staff_session", "last_instant"}


@dataclass
class House:
    """The application, who works there, and what its addresses are made of."""

    app: Flask
    staff: dict[Role, UUID]
    elsewhere: dict[Role, UUID]
    lists: dict[str, str]
    drafts: dict[str, int]
    values: dict[str, dict[str, Any]] = field(default_factory=dict)

    def contents(self) -> dict[str, list[str]]:
        """Everything in the database that a request which was refused leaves as it is."""
        with self.app.app_context(), db.engine.connect() as connection:
            return {
                table.name: sorted(str(row) for row in connection.execute(select(table)))
                for table in metadata.sorted_tables
                if table.name not in NOTED
            }


def rules(app: Flask, audience: str = "workbench") -> list[Rule]:
    """Every address of the workbench."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith(f"{audience}.")]


def cases(house: House, rule: Rule) -> Iterator[tuple[str, str]]:
    """The states in which a rule's object may be, and the address for each."""
    if not rule.arguments:
        yield "", _address(house.app, rule, {})
        return
    lead = "draft" if _is_a_draft(rule) else next(name for name in house.values if name in rule.arguments)
    for state, value in house.values[lead].items():
        others = {name: next(iter(house.values[name].values())) for name in rule.arguments}
        own = "number" if lead == "draft" else lead
        yield state, _address(house.app, rule, {**others, own: value})


def make_house(folder: Path) -> House:
    """Make it: a list in preparation, open, closed, decided and of the archive; drafts in every state."""
    app = create_app(Config(DATA_DIR=folder / "var", SEARCH_INDEX_DIR=folder / "index", SECRET_KEY="matrix" * 8))
    with app.app_context():
        db.create_all()
        with Session(db.engine) as session, writing(session):
            world = make_world(session)
            make_open_list(session, now(), number="2026-SL-09", office=world.office)
            kept = _drafts(session, world)
            return _house(app, world, kept)


def _house(app: Flask, world: World, kept: dict[str, Draft]) -> House:
    lists = {
        "in preparation": world.draft.number,
        "open": "2026-SL-09",
        "closed": world.open_list.consultation.number,
        "decided": world.ready.open_list.consultation.number,
        "of the archive": world.archive.number,
    }
    numbers = {state: draft.number for state, draft in kept.items()}
    house = House(app, _by_role(world.office), _by_role(world.stranger), lists, numbers)
    house.values = values_of(
        lists,
        numbers,
        comment={
            "pending": world.pending.number, "published": world.published.number, "placed": world.raising.number
        },
        objection={"worded": world.objection.number},
        code={"of an editor": world.office.editor.code, "of the admin": world.office.admin.code},
    )  # fmt: skip
    return house


def values_of(lists: dict[str, str], drafts: dict[str, int], **given: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Values by the name of an argument; those that are not given are the usual ones.

    In this order: the first that a rule names is the one whose states are gone through.
    """
    unknown = {"unknown": uuid4()}
    return {
        "draft": {**drafts},
        "number": {**lists},
        "comment": {},
        "objection": {},
        "code": {},
        "token": {"unknown": "0" * 43},
        "project": {"first": 1},
        "ordinal": {"first": 1},
        "key": {"a paragraph": "p-2"},
        **{name: unknown for name in UNKNOWN},
        **given,
    }


# Objects that the house has none of: whoever may ask for them hears that they are not there.
UNKNOWN = (
    "answer", "attachment", "file", "flag", "note", "reminder", "rule_id", "saved", "search", "session_id", "template",
    "upload",
)  # fmt: skip


def _drafts(session: Session, world: World) -> dict[str, Draft]:
    states = ("in preparation", "submitted", "approved", "discarded")
    made = {state: _judgement(session, world, state) for state in states}
    for state in ("submitted", "approved"):
        drafts.submit(session, made[state], by=world.office.analyst, at=now())
    shown = drafts.digest(session, made["approved"], at=now())
    drafts.approve(session, made["approved"], shown=shown, by=world.office.analyst_too, at=now())
    drafts.discard(session, made["discarded"], by=world.office.analyst, at=now())
    return made


def _judgement(session: Session, world: World, reason: str) -> Draft:
    project = world.open_list.projects[0]
    assert project.current_version is not None
    contents = Judgement(
        version=project.current_version.number, verdicts=(Verdict("r-2", True, f"足以覆盖（{reason}）"),)
    )
    return drafts.prepare(
        session,
        contents,
        title="第1号项目风险判断",
        consultation=world.open_list.consultation,
        project=project,
        by=world.office.analyst,
        at=now(),
    )


def _by_role(office: Office) -> dict[Role, UUID]:
    return {role: _id(user) for role, user in office.by_role.items()}


def _id(user: StaffUser) -> UUID:
    return user.id


def _is_a_draft(rule: Rule) -> bool:
    # Lists are numbered 2026-SL-01, drafts 1, 2, 3.
    return "<int:number>" in rule.rule


def _address(app: Flask, rule: Rule, values: dict[str, Any]) -> str:
    wanted = {name: value for name, value in values.items() if name in rule.arguments}
    built = app.url_map.bind("localhost").build(rule.endpoint, wanted)
    return str(built)
