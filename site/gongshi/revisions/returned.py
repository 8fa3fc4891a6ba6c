"""Verbs: record what an applicant returned. Applicants have no account; what they send is kept as it came, sealed."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from gongshi import clock
from gongshi.accounts.models import Role, StaffUser
from gongshi.accounts.two_people import check
from gongshi.errors import RuleBroken
from gongshi.imports.file_kinds import ATTACHMENTS, FileKind, clean_name, kind_of
from gongshi.projects.models import Institution, Project
from gongshi.revisions.models import Basis, ReturnChannel, ReturnedVersion, Revision

TAKEN = ATTACHMENTS | {FileKind.MARKDOWN}


class NotAnApplicant(RuleBroken):
    """A text of a plan is returned by an institution that takes part in the project."""

    code = "not-an-applicant"


class ContactRoleMissing(RuleBroken):
    """Who returned a text is known by the office they hold."""

    code = "contact-role-missing"


class NotReturnedYet(RuleBroken):
    """A text is recorded once it is there."""

    code = "not-returned-yet"


class ReturnedUnknown(RuleBroken):
    """A revision rests on texts that the applicant returned for this project."""

    code = "returned-unknown"


@dataclass(frozen=True)
class Upload:
    """A file as it came."""

    name: str
    data: bytes


def record(
    session: Session,
    project: Project,
    *,
    institution: Institution,
    contact_role: str,
    channel: ReturnChannel,
    returned_on: date,
    remark: str = "",
    file: Upload | None = None,
    by: StaffUser,
    at: datetime,
) -> ReturnedVersion:
    """Record who returned which text, when and how; for good. `contact_role` is an office, never a name.

    Raises NotAnApplicant, ContactRoleMissing, NotReturnedYet, and what `file_kinds.kind_of` and `check` raise.
    """
    check(by, frozenset({Role.EDITOR}), frozenset(bureau.id for bureau in project.consultation.bureaus))
    if institution not in project.institutions:
        raise NotAnApplicant(institution=institution.name)
    if not contact_role.strip():
        raise ContactRoleMissing
    if returned_on > clock.beijing(at).date():
        raise NotReturnedYet(day=returned_on)
    if file is not None:
        kind_of(file.name, file.data, allowed=TAKEN)

    found = ReturnedVersion(
        project=project,
        ordinal=_next(session, project),
        institution=institution,
        contact_role=contact_role.strip(),
        channel=channel,
        returned_on=returned_on,
        remark=remark.strip(),
        file_name=clean_name(file.name) if file else None,
        file_sha256=hashlib.sha256(file.data).hexdigest() if file else None,
        file_size=len(file.data) if file else None,
        file=file.data if file else None,
        recorded_by=by,
        recorded_at=at,
    )
    session.add(found)
    session.flush()
    return found


def rest_on(session: Session, revision: Revision, ordinals: tuple[int, ...]) -> None:
    """Say which returned texts a revision rests on. Raises ReturnedUnknown."""
    known = {one.ordinal: one for one in of_project(session, revision.project)}
    for ordinal in dict.fromkeys(ordinals):
        if ordinal not in known:
            raise ReturnedUnknown(returned=ordinal)
        session.add(Basis(revision=revision, returned=known[ordinal]))
    session.flush()


def of_project(session: Session, project: Project) -> list[ReturnedVersion]:
    """What was returned for a project, the oldest first, without the files themselves."""
    rows = select(ReturnedVersion).where(ReturnedVersion.project_id == project.id).order_by(ReturnedVersion.ordinal)
    return list(session.scalars(rows))


def with_file(session: Session, project: Project, ordinal: int) -> ReturnedVersion:
    """One of them with its file. Raises NoResultFound."""
    rows = select(ReturnedVersion).where(ReturnedVersion.project_id == project.id, ReturnedVersion.ordinal == ordinal)
    return session.scalars(rows.options(undefer(ReturnedVersion.file))).one()


def used_in(session: Session, project: Project) -> dict[int, list[int]]:
    """By the number of a returned text, the published versions that rest on it."""
    rows = session.execute(
        select(ReturnedVersion.ordinal, Basis).join(Basis.returned).where(ReturnedVersion.project_id == project.id)
    )
    found: dict[int, list[int]] = {}
    for ordinal, basis in rows:
        found.setdefault(ordinal, []).append(basis.revision.to_version.number)
    return found


def _next(session: Session, project: Project) -> int:
    query = select(func.max(ReturnedVersion.ordinal)).where(ReturnedVersion.project_id == project.id)
    return (session.scalar(query) or 0) + 1
