"""The public clock of every consultation (rule 13): how long its opinions have waited for an answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from gongshi.comments import queries as comments
from gongshi.comments.models import Comment
from gongshi.consultations.models import Consultation
from gongshi.notices import queries as notices
from gongshi.notices.models import Notice


@dataclass(frozen=True)
class PublicClock:
    """From the last closing to the summary of opinions; and the comment that has waited longest to be published."""

    since: datetime | None
    summary: Notice | None
    oldest: Comment | None
    at: datetime

    @property
    def took(self) -> timedelta | None:
        """How long the summary took, or how long it is being waited for; None before the last round is over."""
        if self.since is None:
            return None
        return (self.summary.published_at if self.summary else self.at) - self.since

    @property
    def waits(self) -> timedelta | None:
        """The age of the oldest comment that is neither published nor withheld."""
        return self.at - self.oldest.received_at if self.oldest else None


def of(session: Session, consultation: Consultation, at: datetime) -> PublicClock:
    """How the clock stands at an instant. A summary of an earlier round does not stop it."""
    last = max((one.closes_at for one in consultation.rounds), default=None)
    since = last if last is not None and last <= at else None
    summary = notices.summary_of(session, consultation)
    return PublicClock(
        since=since,
        summary=summary if summary and since and summary.published_at >= since else None,
        oldest=comments.oldest_pending(session, consultation),
        at=at,
    )
