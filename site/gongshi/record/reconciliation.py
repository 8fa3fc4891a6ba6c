"""Where every received comment ended (rules 11 and 18): nothing may be left over."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from gongshi.comments import tallies
from gongshi.consultations.models import Consultation
from gongshi.objections import queries as objections


@dataclass(frozen=True)
class Reconciliation:
    """Received = published + withheld + withdrawn + pending; and of the published ones, those not answered yet.

    A comment is answered under an Answer, or under objections that are all settled.
    """

    received: int
    published: int
    withheld: int
    withdrawn: int
    pending: int
    unanswered: tuple[str, ...]

    @property
    def answered(self) -> int:
        return self.published - len(self.unanswered)

    @property
    def adds_up(self) -> bool:
        """Whether every received comment ended: answered, withheld or withdrawn (rule 11)."""
        return self.received == self.answered + self.withheld + self.withdrawn


def of(session: Session, consultation: Consultation) -> Reconciliation:
    """How the comments of a list stand now."""
    tally = tallies.of(session, consultation)
    return Reconciliation(
        received=tally.received,
        published=tally.published,
        withheld=tally.withheld,
        withdrawn=tally.withdrawn,
        pending=tally.pending,
        unanswered=tuple(objections.unanswered(session, consultation)),
    )
