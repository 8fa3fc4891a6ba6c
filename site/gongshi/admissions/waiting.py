"""How long a decision waits after the last answer (rule 15). Pure."""

from datetime import datetime

from gongshi.clock import beijing, end_of
from gongshi.workdays import after_working_days

WORKING_DAYS = 3


def decision_from(last_answer: datetime, working_days: int = WORKING_DAYS) -> datetime:
    """The first instant at which a decision may be made: after so many full working days."""
    return end_of(after_working_days(beijing(last_answer).date(), working_days))
