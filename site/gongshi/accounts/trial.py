"""Trial accounts 试用账号: the worked example's staff, for whoever tries the site on their own machine."""

import csv
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from gongshi.accounts import audit, enrolling, queries
from gongshi.accounts.audit import AuditKind
from gongshi.accounts.models import StaffUser
from gongshi.accounts.passwords import Chosen


def staff(session: Session, path: Path) -> list[StaffUser]:
    """The people of an example's staff.csv, as far as they are loaded."""
    with path.open(encoding="utf-8") as file:
        logins = [row["login"] for row in csv.DictReader(file)]
    return [user for login in logins if (user := queries.staff_by_login(session, login)) is not None]


def open_to_trial(session: Session, user: StaffUser, chosen: Chosen, *, at: datetime) -> None:
    """Mark an account as one for trial, with a password that everybody may know and no second factor."""
    user.is_trial = True
    enrolling.set_password(session, user, chosen, at=at)
    audit.note(session, AuditKind.INVITATION_USED, actor=None, subject=user, details={"trial": "yes"}, at=at)
