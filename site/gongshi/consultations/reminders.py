"""Reminders: rows at fixed distances from a round's closing. There is no timer; a desk shows those that are due."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.accounts.models import Bureau, StaffUser
from gongshi.consultations.models import Consultation, Reminder, ReminderKind, Round, consultation_bureau

OFFSETS = {
    ReminderKind.CLOSES_IN_7: timedelta(days=-7),
    ReminderKind.CLOSES_IN_3: timedelta(days=-3),
    ReminderKind.CLOSES_IN_1: timedelta(days=-1),
    ReminderKind.COMMENTS_LEFT: timedelta(),
    ReminderKind.SUMMARY_15: timedelta(days=15),
    ReminderKind.SUMMARY_30: timedelta(days=30),
}


def set_for(session: Session, round: Round) -> None:
    """Write the reminders of a round, or move them with its closing. One that moves is shown again when it is due."""
    known = {one.kind: one for one in session.scalars(select(Reminder).where(Reminder.round_id == round.id))}
    for kind, offset in OFFSETS.items():
        due_at = round.closes_at + offset
        row = known.get(kind)
        if row is None:
            session.add(Reminder(round=round, kind=kind, due_at=due_at))
        elif row.due_at != due_at:
            row.due_at, row.dismissed_at, row.dismissed_by = due_at, None, None
    session.flush()


def dismiss(reminder: Reminder, *, by: StaffUser, at: datetime) -> None:
    """Put a reminder away for everybody of the bureau. Doing it twice changes nothing."""
    if reminder.dismissed_at is None:
        reminder.dismissed_at, reminder.dismissed_by = at, by


def due(session: Session, bureau: Bureau, at: datetime) -> list[Reminder]:
    """What a bureau's consultations are reminded of now, the oldest first; of each round only the latest of a kind.

    “Closes in 3 days” takes the place of “in 7”; after the closing neither is shown.
    """
    rows = session.scalars(
        select(Reminder)
        .join(Reminder.round)
        .join(Consultation, Consultation.id == Round.consultation_id)
        .join(consultation_bureau, consultation_bureau.c.consultation_id == Consultation.id)
        .where(
            consultation_bureau.c.bureau_id == bureau.id,
            Reminder.due_at <= at,
            Reminder.dismissed_at.is_(None),
        )
        .order_by(Reminder.due_at, Reminder.id)
    )
    return [one for one in rows if _is_current(one, at)]


def of_bureau(session: Session, bureau: Bureau, id: object) -> Reminder:
    """A reminder of one of a bureau's consultations; raises NoResultFound for anybody else's."""
    return session.scalars(
        select(Reminder)
        .join(Reminder.round)
        .join(consultation_bureau, consultation_bureau.c.consultation_id == Round.consultation_id)
        .where(Reminder.id == id, consultation_bureau.c.bureau_id == bureau.id)
    ).one()


def _is_current(reminder: Reminder, at: datetime) -> bool:
    """Whether no later reminder of the same sort has taken its place."""
    until = UNTIL[reminder.kind]
    return until is None or at < reminder.round.closes_at + until


UNTIL: dict[ReminderKind, timedelta | None] = {
    ReminderKind.CLOSES_IN_7: OFFSETS[ReminderKind.CLOSES_IN_3],
    ReminderKind.CLOSES_IN_3: OFFSETS[ReminderKind.CLOSES_IN_1],
    ReminderKind.CLOSES_IN_1: timedelta(),
    ReminderKind.COMMENTS_LEFT: None,
    ReminderKind.SUMMARY_15: OFFSETS[ReminderKind.SUMMARY_30],
    ReminderKind.SUMMARY_30: None,
}
