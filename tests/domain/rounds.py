"""What the tests of lists, rounds and notices share: spans of time, who publishes, and a second round."""

from datetime import timedelta

from acts import NOW

from gongshi.accounts.two_people import Hands
from gongshi.consultations.models import Consultation, Round
from gongshi.notices import lists
from making_world import World

INSTANT = timedelta(microseconds=1)
DAY = timedelta(days=1)
MONTH = timedelta(days=30)


def publishing(world: World) -> Hands:
    return Hands(world.office.editor, world.office.publisher)


def second_round(world: World, consultation: Consultation, **changed: object) -> Round:
    told = {"opens_at": NOW, "closes_at": NOW + MONTH, "by": publishing(world), "at": NOW, **changed}
    return lists.second_round(world.session, consultation, **told)  # type: ignore[arg-type]
