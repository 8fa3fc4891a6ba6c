"""What several verbs on objections do on the way: enter one, put comments under it, tell the ledger. No acts alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gongshi import ledger
from gongshi.accounts.models import Role, StaffUser
from gongshi.accounts.two_people import check
from gongshi.comments import queues
from gongshi.comments.models import Comment
from gongshi.consultations.models import Consultation
from gongshi.objections import checks, queries
from gongshi.objections.models import Concern, Objection, Placement
from gongshi.projects.models import Project


def refuse_stranger(consultation: Consultation, person: StaffUser) -> None:
    """Raises what `accounts` raises unless this is an analyst of a bureau that issued the list."""
    refuse_stranger_to(frozenset(bureau.id for bureau in consultation.bureaus), person)


def refuse_stranger_to(bureaus: frozenset[UUID], person: StaffUser) -> None:
    check(person, frozenset({Role.ANALYST}), bureaus)


def enter(
    session: Session,
    consultation: Consultation,
    *,
    title: str,
    text: str,
    comments: Sequence[Comment],
    projects: Sequence[Project],
    is_major: bool,
    risks: Mapping[int, str],
    split_from: Objection | None,
    by: StaffUser,
    at: datetime,
) -> Objection:
    """The next objection of a list, after everything was checked."""
    projects = list(dict.fromkeys(projects))
    named = {project.number: risks.get(project.number) for project in projects if is_major}

    ordinal = queries.next_ordinal(session, consultation)
    objection = Objection(
        consultation=consultation,
        ordinal=ordinal,
        number=f"{consultation.number}-O{ordinal:02d}",
        title=title,
        text=text,
        is_major=is_major,
        worded_at=at,
        worded_by=by,
        split_from=split_from,
    )
    objection.concerns = [Concern(project=project, risk_key=named.get(project.number)) for project in projects]
    objection.placements = [Placement(comment=comment, placed_at=at, placed_by=by) for comment in comments]
    session.add(objection)
    session.flush()
    queues.placed(session, comments)
    record(session, objection, comments, by=by, at=at)
    return objection


def put_under(
    session: Session, objection: Objection, comments: Sequence[Comment], *, by: StaffUser, at: datetime
) -> list[Placement]:
    """The rows of a placement of comments that were looked at already."""
    placed = [Placement(objection=objection, comment=comment, placed_at=at, placed_by=by) for comment in comments]
    session.add_all(placed)
    session.flush()
    queues.placed(session, comments)
    return placed


def record(session: Session, objection: Objection, comments: Sequence[Comment], *, by: StaffUser, at: datetime) -> None:
    """Enter an objection in the ledger with the comments that come under it now; readers take all its entries together.

    Every entry says how the objection stands now, so that the latest says all but the comments.
    """
    subject: dict[str, object] = {
        "objection": objection.number,
        "sha256": ledger.digest([objection.title, objection.text]),
        "projects": [project.number for project in objection.projects],
        "major": objection.is_major,
        "by": by.code,
    }
    if objection.risks:
        subject["risks"] = {str(number): key for number, key in sorted(objection.risks.items())}
    for portion in checks.in_entries(comments):
        ledger.append(session, ledger.Kind.OBJECTION_WORDED, {**subject, "comments": portion}, at=at)
