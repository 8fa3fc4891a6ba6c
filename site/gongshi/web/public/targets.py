"""What a comment form stands for, read from its address: a list, a project of it, or one paragraph of one version."""

from dataclasses import dataclass
from typing import Any

from flask import abort, request

from gongshi.comments.actions import Target
from gongshi.consultations import queries as consultations
from gongshi.consultations.models import Consultation
from gongshi.notices.openness import Standing, standing
from gongshi.projects import queries as projects
from gongshi.projects.models import Paragraph, PlanVersion, Project
from gongshi.web import places
from gongshi.web.db import session
from gongshi.web.languages import link
from gongshi.web.moment import now


@dataclass(frozen=True)
class Place:
    """What a comment on this form will speak of, and how that stands now."""

    consultation: Consultation
    project: Project | None
    version: PlanVersion | None
    paragraph: Paragraph | None
    standing: Standing

    @property
    def target(self) -> Target:
        """The same for the process. A whole project is meant as it is, whichever version someone was reading."""
        if self.paragraph is None:
            return Target(self.project)
        return Target(self.project, self.version, self.paragraph.key)

    @property
    def address(self) -> str:
        """Where the form stands, which is where it is sent."""
        values: dict[str, Any] = {"number": self.consultation.number}
        if self.project is not None:
            values["project"] = self.project.number
        if self.version is not None and self.paragraph is not None:
            values |= {"version": self.version.number, "paragraph": self.paragraph.key}
        return link("comments.form", **values)

    @property
    def context(self) -> str:
        """Where to read what the comment is about."""
        if self.project is None:
            return link("consultations.show", number=self.consultation.number)
        if self.version is None or self.paragraph is None:
            return link("projects.show", **places.of_project(self.project))
        return places.of_paragraph(self.project, self.version.number, self.paragraph.key)

    @property
    def is_outdated(self) -> bool:
        """Whether the paragraph is of a version that another has replaced."""
        current = self.project.current_version if self.project and self.paragraph else None
        return current is not None and current != self.version


def place_of(number: str) -> Place:
    """The place that `?project=&version=&paragraph=` names; 404 for anything that the public cannot read."""
    consultation = consultations.public(session(), number, now())
    project = _project(number)
    version = _version(project)
    paragraph = _paragraph(version)
    return Place(consultation, project, version, paragraph, standing(session(), consultation, project, at=now()))


def _project(number: str) -> Project | None:
    wanted = _asked("project")
    return None if wanted is None else projects.public_project(session(), number, wanted, now())


def _version(project: Project | None) -> PlanVersion | None:
    wanted = _asked("version")
    if project is None:
        return None
    return project.current_version if wanted is None else projects.public_version(session(), project, wanted)


def _paragraph(version: PlanVersion | None) -> Paragraph | None:
    key = request.args.get("paragraph", "")
    if not key:
        return None
    found = projects.paragraph(session(), version, key) if version else None
    return found or abort(404)


def _asked(name: str) -> int | None:
    if not request.args.get(name):
        return None
    number = places.cursor(name)
    return abort(404) if number is None else number
