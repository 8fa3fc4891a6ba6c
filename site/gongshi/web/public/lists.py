"""A list as the pages show it: how it stands, its sum of comments, its decisions. For every page that shows one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from gongshi.accounts.models import Bureau
from gongshi.admissions import queries as admissions
from gongshi.admissions.models import AdmissionOutcome
from gongshi.comments import tallies
from gongshi.comments.models import CommentTally
from gongshi.consultations import queries as consultations
from gongshi.consultations.models import Consultation
from gongshi.notices.openness import Openness, Standing, standing

SOON = timedelta(days=7)
STATES = (
    Openness.OPEN,
    Openness.SCHEDULED,
    Openness.CLOSED,
    Openness.SUSPENDED,
    Openness.WITHDRAWN,
    Openness.NEVER,
)


@dataclass(frozen=True)
class Card:
    """A consultation at a glance."""

    consultation: Consultation
    standing: Standing
    tally: CommentTally
    outcomes: dict[int, AdmissionOutcome]
    at: datetime

    @property
    def is_running(self) -> bool:
        """Open, or about to open."""
        return self.standing.openness in {Openness.OPEN, Openness.SCHEDULED}

    @property
    def closes_soon(self) -> bool:
        round = self.standing.round
        return self.standing.is_open and round is not None and round.closes_at - self.at < SOON

    @property
    def decided(self) -> list[tuple[AdmissionOutcome, int]]:
        """How many projects ended in which way, in the order of the outcomes."""
        counts = Counter(self.outcomes.values())
        return [(outcome, counts[outcome]) for outcome in AdmissionOutcome if counts[outcome]]


@dataclass(frozen=True)
class Wanted:
    """Which lists a reader wants to see; empty is all of them."""

    state: str = ""
    bureau: str = ""

    def takes(self, card: Card) -> bool:
        by_bureau = not self.bureau or self.bureau in {bureau.slug for bureau in card.consultation.bureaus}
        return by_bureau and (not self.state or card.standing.openness.value == self.state)


@dataclass(frozen=True)
class Choices:
    """What can be chosen among the lists there are."""

    states: list[Openness]
    bureaus: list[Bureau]

    @classmethod
    def among(cls, cards: Sequence[Card]) -> "Choices":
        present = {card.standing.openness for card in cards}
        bureaus = {bureau.slug: bureau for card in cards for bureau in card.consultation.bureaus}
        return cls([state for state in STATES if state in present], [bureaus[slug] for slug in sorted(bureaus)])


def card(session: Session, consultation: Consultation, at: datetime) -> Card:
    """One consultation at a glance."""
    return Card(
        consultation=consultation,
        standing=standing(session, consultation, at=at),
        tally=tallies.of(session, consultation),
        outcomes=admissions.outcomes(session, consultation),
        at=at,
    )


def cards(session: Session, at: datetime) -> list[Card]:
    """Every published consultation; what is open comes first, and of that what closes first; then the newest."""
    found = [card(session, consultation, at) for consultation in consultations.published(session, at)]
    return sorted(found, key=_urgency)


def _urgency(one: Card) -> tuple[int, float]:
    round = one.standing.round
    if one.standing.is_open and round is not None:
        return 0, round.closes_at.timestamp()
    if one.standing.openness is Openness.SCHEDULED and round is not None:
        return 1, round.opens_at.timestamp()
    published = one.consultation.published_at
    return 2, -published.timestamp() if published else 0.0
