"""A project: its plan paragraph by paragraph, what was said of each, what was changed, and how it was decided."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from gongshi.admissions import queries as admissions
from gongshi.comments import queries as comments
from gongshi.notices import queries as notices
from gongshi.notices.openness import standing
from gongshi.objections import queries as objections
from gongshi.projects import queries
from gongshi.projects.models import PlanVersion, Project
from gongshi.record import timeline
from gongshi.revisions import queries as revisions
from gongshi.revisions.models import Change
from gongshi.web.db import session
from gongshi.web.layout import Section, sections
from gongshi.web.moment import now

bp = Blueprint("projects", __name__)


@dataclass(frozen=True)
class Reading:
    """A plan version as it is read, with what belongs in its margin."""

    version: PlanVersion
    sections: list[Section]
    changes: dict[str, list[Change]]
    counts: dict[str, int]
    can_comment: bool

    @property
    def chapters(self) -> list[Section]:
        return [section for section in self.sections if section.is_chapter]


@bp.get("/consultations/<number>/projects/<int:project>/")
def show(number: str, project: int) -> ResponseReturnValue:
    at = now()
    row = queries.public_project(session(), number, project, now())
    return render_template(
        "public/projects/show.html",
        at=at,
        consultation=row.consultation,
        project=row,
        standing=standing(session(), row.consultation, row, at=at),
        reading=_current(row, at),
        comment_count=comments.counts_by_paragraph(session(), row).get("", 0),
        objections=objections.of_project(session(), row),
        admission=admissions.admission(session(), row),
        timeline=timeline.of_project(session(), row, at=at),
        correction_slugs=notices.slugs(session(), row.corrections),
        neighbours=queries.neighbours(session(), row),
        example=row.consultation.is_example,
    )


@bp.get("/consultations/<number>/projects/<int:project>/versions/<int:version>/")
def version(number: str, project: int, version: int) -> ResponseReturnValue:
    row = queries.public_project(session(), number, project, now())
    shown = queries.public_version(session(), row, version)
    return render_template(
        "public/projects/version.html",
        consultation=row.consultation,
        project=row,
        reading=_reading(row, shown, now()),
        example=row.consultation.is_example,
    )


def _current(project: Project, at: datetime) -> Reading | None:
    current = project.current_version
    return _reading(project, queries.public_version(session(), project, current.number), at) if current else None


def _reading(project: Project, version: PlanVersion, at: datetime) -> Reading:
    is_current = version is project.current_version
    return Reading(
        version=version,
        sections=sections(version.paragraphs),
        changes=revisions.by_key(session(), version),
        counts=comments.counts_by_paragraph(session(), project),
        can_comment=is_current and standing(session(), project.consultation, project, at=at).is_open,
    )
