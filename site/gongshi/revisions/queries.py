"""Reads: revisions of a project; changes by objection; which objections a project's changes realise."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from gongshi.objections.models import Objection
from gongshi.projects.models import PlanVersion, Project
from gongshi.revisions.models import Cause, Change, Revision

_WHOLE = (selectinload(Revision.changes).selectinload(Change.causes).selectinload(Cause.objection),)


def of_project(session: Session, project: Project) -> list[Revision]:
    """Every published step of a plan, oldest first, with its changes and their causes."""
    return list(
        session.scalars(
            select(Revision).where(Revision.project_id == project.id).order_by(Revision.published_at).options(*_WHOLE)
        )
    )


def into(session: Session, version: PlanVersion) -> Revision | None:
    """The step that led to this version."""
    return session.scalar(select(Revision).where(Revision.to_version_id == version.id).options(*_WHOLE))


def caused_by(session: Session, objection: Objection) -> list[Change]:
    """The changes that an objection led to, in every project it concerns."""
    return list(
        session.scalars(
            select(Change)
            .join(Cause)
            .join(Change.revision)
            .where(Cause.objection_id == objection.id)
            .order_by(Revision.published_at, Change.ordinal)
            .options(selectinload(Change.revision))
        )
    )


def by_key(session: Session, version: PlanVersion) -> dict[str, list[Change]]:
    """Every change that led to this version, by the key of its paragraph or risk, oldest first."""
    found: dict[str, list[Change]] = {}
    for revision in of_project(session, version.project):
        if revision.to_version.number <= version.number:
            for change in revision.changes:
                found.setdefault(change.key, []).append(change)
    return found


def caused_by_each(session: Session, objections: Iterable[Objection]) -> dict[UUID, list[Change]]:
    """The changes that each of those objections led to, by the objection's id."""
    rows = session.execute(
        select(Cause.objection_id, Change)
        .join(Cause.change)
        .join(Change.revision)
        .where(Cause.objection_id.in_([one.id for one in objections]))
        .order_by(Revision.published_at, Change.ordinal)
        .options(
            selectinload(Change.revision).options(
                selectinload(Revision.project), selectinload(Revision.from_version), selectinload(Revision.to_version)
            )
        )
    )
    found: dict[UUID, list[Change]] = {}
    for objection_id, change in rows:
        found.setdefault(objection_id, []).append(change)
    return found
