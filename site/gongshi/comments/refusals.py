"""What was not accepted, counted in public by rule and hour (rule 9): nothing of what was refused is kept."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gongshi.comments.models import Refusal
from gongshi.consultations.models import Consultation


class Reason(StrEnum):
    """The rule that refused a submission."""

    NOT_OPEN = "not-open"
    LATE = "late"
    NETWORK_BLOCKED = "network-blocked"
    WITHOUT_PROOF_LIMIT = "without-proof-limit"
    PROOF_INVALID = "proof-invalid"
    PROOF_TOO_OLD = "proof-too-old"
    PROOF_USED = "proof-used"
    NETWORK_LIMIT = "network-limit"
    CONSULTATION_LIMIT = "consultation-limit"
    KIND_MISSING = "kind-missing"
    TEXT_MISSING = "text-missing"
    TEXT_TOO_LONG = "text-too-long"
    TEXT_UNREADABLE = "text-unreadable"
    TOO_MANY_POINTS = "too-many-points"
    TEXTS_TOO_LONG = "texts-too-long"
    NAME_MISSING = "name-missing"
    KEY_USED_FOR_ANOTHER_TEXT = "key-used-for-another-text"
    BUSY = "busy"
    READ_ONLY = "read-only"


@dataclass(frozen=True)
class Hour:
    """How often one rule refused in the hour from `start`."""

    start: datetime
    reason: Reason
    count: int


def count(session: Session, consultation: UUID, reason: Reason, *, times: int, at: datetime) -> None:
    """Count so many refusals in the hour of `at`. Called under the write lock."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    row = session.get(Refusal, (consultation, reason.value, hour))
    if row is None:
        row = Refusal(consultation_id=consultation, code=reason.value, hour=hour, count=0)
        session.add(row)
    row.count += times


def by_hour(session: Session, consultation: Consultation, *, limit: int = 200) -> list[Hour]:
    """The newest hours first, and in each the rules that refused something."""
    rows = select(Refusal).where(Refusal.consultation_id == consultation.id)
    newest = session.scalars(rows.order_by(Refusal.hour.desc(), Refusal.code).limit(limit))
    return [Hour(row.hour, Reason(row.code), row.count) for row in newest]


def totals(session: Session, consultation: Consultation) -> dict[Reason, int]:
    """How often each rule refused in all."""
    rows = session.execute(
        select(Refusal.code, func.sum(Refusal.count))
        .where(Refusal.consultation_id == consultation.id)
        .group_by(Refusal.code)
        .order_by(Refusal.code)
    )
    return {Reason(code): int(times) for code, times in rows}


def count_late(session: Session, consultation: Consultation) -> int:
    """How many attempts to comment came after the end."""
    return totals(session, consultation).get(Reason.LATE, 0)
