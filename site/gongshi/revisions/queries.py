"""Reads: revisions of a project; changes by objection; which objections a project's changes realise."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from gongshi.objections import queries as raised
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
    """The changes that an objection led to, or what was merged into it or split into it, in every project."""
    own = raised.forebears(session, [objection])[objection.id]
    return list(
        session.scalars(
            select(Change)
            .join(Change.revision)
            .where(Change.id.in_(select(Cause.change_id).where(Cause.objection_id.in_(own))))
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
    """The changes that each of those objections led to, as `caused_by` says it, by the objection's id."""
    came_from = raised.forebears(session, objections := list(objections))
    rows = session.execute(
        select(Cause.objection_id, Change)
        .join(Cause.change)
        .join(Change.revision)
        .where(Cause.objection_id.in_(set().union(*came_from.values())))
        .order_by(Revision.published_at, Change.ordinal)
        .options(
            selectinload(Change.revision).options(
                selectinload(Revision.project), selectinload(Revision.from_version), selectinload(Revision.to_version)
            )
        )
    )
    found: dict[UUID, dict[UUID, Change]] = {}
    for objection_id, change in rows:
        for one in objections:
            if objection_id in came_from[one.id]:
                found.setdefault(one.id, {})[change.id] = change
    return {id: list(changes.values()) for id, changes in found.items()}
