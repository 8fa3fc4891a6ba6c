"""Which comments of a list somebody works through: read from an address or a hidden field, and written back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from gongshi import clock
from gongshi.comments.models import Channel, CommentKind, CommentState
from gongshi.comments.triage import Asked
from gongshi.comments.triage_models import Queue
from gongshi.consultations.models import Consultation
from gongshi.projects import queries as projects
from gongshi.web.db import session
from gongshi.web.languages import desk

Member = TypeVar("Member", bound=StrEnum)

FLAGGED = "flagged"
EVERY = "all"
KNOWN = ("queue", "kind", "channel", "state", "project", "paragraph", "family", "q", "since", "until")
LONGEST = 100


@dataclass(frozen=True)
class Sieve:
    """A filter as it is asked for, and as it is written in an address."""

    number: str
    asked: Asked
    args: dict[str, str] = field(default_factory=dict)

    @property
    def queue(self) -> str:
        """The queue's name as the address has it."""
        return self.args.get("queue", EVERY)

    @property
    def written(self) -> str:
        """For a hidden field."""
        return urlencode(self.args)

    @property
    def is_narrow(self) -> bool:
        """Whether anything but a queue is asked for."""
        return bool(set(self.args) - {"queue"})

    def page(self, comment: str | None = None, **changed: str | int | None) -> str:
        """The triage page under this filter, on one comment if told."""
        values = {**self.args, **changed, "comment": comment}
        return desk("triage.show", number=self.number, **{name: one for name, one in values.items() if one})

    def comment(self, seq: int) -> str:
        """The page of the comment with this running number."""
        return self.page(f"{self.number}-{seq:04d}")


def sieve_of(consultation: Consultation, values: Mapping[str, str]) -> Sieve:
    """The filter that these values ask for; what cannot be understood is not asked for."""
    given = {name: values[name].strip()[:LONGEST] for name in KNOWN if values.get(name, "").strip()}
    asked = _asked(consultation, given)
    return Sieve(consultation.number, asked, _understood(asked, given))


def sieve_in(consultation: Consultation, written: str) -> Sieve:
    """The filter of a hidden field."""
    return sieve_of(consultation, dict(parse_qsl(written[:2_000])))


def _asked(consultation: Consultation, given: Mapping[str, str]) -> Asked:
    project = _number(given.get("project"))
    until = _day(given.get("until"))
    since = _day(given.get("since"))
    return Asked(
        queue=_member(Queue, given.get("queue")),
        flagged=given.get("queue") == FLAGGED,
        kind=_member(CommentKind, given.get("kind")),
        channel=_member(Channel, given.get("channel")),
        state=_member(CommentState, given.get("state")),
        project=projects.numbered(session(), consultation, project) if project else None,
        paragraph_key=given.get("paragraph"),
        family_at_least=_number(given.get("family")),
        text=given.get("q"),
        since=_start(since),
        until=clock.end_of(until) if until else None,
    )


def _understood(asked: Asked, given: Mapping[str, str]) -> dict[str, str]:
    known = {
        "queue": asked.queue is not None or asked.flagged or given.get("queue") == EVERY,
        "kind": asked.kind,
        "channel": asked.channel,
        "state": asked.state,
        "project": asked.project,
        "paragraph": asked.paragraph_key,
        "family": asked.family_at_least,
        "q": asked.text,
        "since": asked.since,
        "until": asked.until,
    }
    return {name: given[name] for name in KNOWN if name in given and known[name]}


def _member(kind: type[Member], value: str | None) -> Member | None:
    return next((one for one in kind if one.value == value), None)


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 7 else None


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value or "")
    except ValueError:
        return None


def _start(day: date | None) -> datetime | None:
    return clock.start_of(day) if day else None
