"""What the tests of the gate share: how it stands, and things that happen to a ready project."""

from datetime import datetime, timedelta

from gongshi.admissions import gate, queries
from gongshi.admissions.gate import Condition, ConditionCode
from gongshi.objections import actions as objections
from gongshi.objections.models import Outcome
from gongshi.projects.models import Project
from gongshi.revisions.actions import Explanation
from gongshi.revisions.models import Subject
from making import make_objection, make_revision
from making_decisions import DECIDED, READY_PLAN_REVISED
from making_world import World

INSTANT = timedelta(microseconds=1)
# Long enough after anything that happens in a test for the working days to have passed.
LATER = DECIDED + timedelta(days=60)
OWN = Explanation(own_initiative="申报人自行调整。")


def conditions(world: World, at: datetime, project: Project | None = None) -> dict[ConditionCode, Condition]:
    found = gate.evaluate(queries.dossier(world.session, project or world.ready.project, at))
    return {condition.code: condition for condition in found}


def unmet(world: World, at: datetime) -> list[ConditionCode]:
    return [code for code, condition in conditions(world, at).items() if not condition.is_met]


def disposed(world: World, outcome: Outcome, *, risk: str | None = None) -> str:
    """One more objection, raised by a comment that is placed already, and disposed of."""
    ready = world.ready
    objection = make_objection(world.session, ready.open_list, ready.comments[:1], DECIDED, risk=risk)
    objections.dispose(
        world.session, objection, outcome=outcome, reasons="理由。", by=ready.open_list.answered_by, at=DECIDED
    )
    return objection.number


def reworded(world: World, old: str, new: str, places: tuple[tuple[Subject, str], ...]) -> None:
    make_revision(
        world.session,
        world.ready.open_list,
        world.ready.project,
        READY_PLAN_REVISED.replace(old, new),
        DECIDED,
        explanations=dict.fromkeys(places, OWN),
    )
