"""Reads: the pilot life of a project."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.pilots.models import LifecycleEvent
from gongshi.projects.models import Project


def of_project(session: Session, project: Project) -> list[LifecycleEvent]:
    """Its events, oldest first."""
    return list(
        session.scalars(
            select(LifecycleEvent)
            .where(LifecycleEvent.project_id == project.id)
            .order_by(LifecycleEvent.happened_on, LifecycleEvent.published_at)
        )
    )
