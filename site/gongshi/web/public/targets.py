"""What a comment form stands for, read from its address: a list, a project of it, or one paragraph of one version."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, g, request
from sqlalchemy.exc import NoResultFound

from gongshi.comments.intake import Target
from gongshi.consultations import queries as consultations
from gongshi.consultations.models import Consultation
from gongshi.notices.openness import Standing, standing
from gongshi.projects import queries as projects
from gongshi.projects.models import Paragraph, PlanVersion, Project
from gongshi.web import places
from gongshi.web.db import session
from gongshi.web.languages import link
from gongshi.web.moment import now
from gongshi.web.public.gathering import Broken, Written


@dataclass(frozen=True)
class Place:
    """What a comment on this form will speak of, and how that stands now."""

    consultation: Consultation
    project: Project | None
    version: PlanVersion | None
    paragraph: Paragraph | None

    @property
    def standing(self) -> Standing:
        """How it stands at the request's moment, which moves on when the closing came while the request waited."""
        known: dict[Any, Standing] = g.setdefault("standings", {})
        asked = self.consultation.id, self.project.id if self.project else None, now()
        if asked not in known:
            known[asked] = standing(session(), self.consultation, self.project, at=now())
        return known[asked]

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
    def newest(self) -> str:
        """Where to read the version that replaced it."""
        return places.of_paragraph(self.project, None, self.paragraph_key or "") if self.project else self.context

    @property
    def project_number(self) -> int | None:
        return self.project.number if self.project else None

    @property
    def version_number(self) -> int | None:
        return self.version.number if self.version and self.paragraph else None

    @property
    def paragraph_key(self) -> str | None:
        return self.paragraph.key if self.paragraph else None

    @property
    def is_outdated(self) -> bool:
        """Whether the paragraph is of a version that another has replaced."""
        current = self.project.current_version if self.project and self.paragraph else None
        return current is not None and current != self.version


def place_of(number: str) -> Place:
    """The place that `?project=&version=&paragraph=` names; 404 for anything that the public cannot read."""
    consultation = consultations.public(session(), number, now(), is_named=False)
    project = _project(number)
    version = _version(project)
    paragraph = _paragraph(version)
    return Place(consultation, project, version, paragraph)


def places_of(here: Place, written: Sequence[Written]) -> list[Place]:
    """The places of the comments of one sitting, in their order. Raises Broken for what the public cannot read."""
    finder = _Finder(here)
    return [finder.find(one) for one in written]


class _Finder:
    """Looks up each project and each version of a sitting once."""

    def __init__(self, here: Place) -> None:
        self.consultation = here.consultation
        self.projects: dict[int, Project] = {}
        self.versions: dict[tuple[int, int], PlanVersion] = {}

    def find(self, one: Written) -> Place:
        try:
            project = self._project(one.project)
            version = self._version(project, one.version)
        except NoResultFound as error:
            raise Broken from error
        paragraph = projects.paragraph(session(), version, one.paragraph) if version and one.paragraph else None
        if one.paragraph is not None and paragraph is None:
            raise Broken
        return Place(self.consultation, project, version, paragraph)

    def _project(self, number: int | None) -> Project | None:
        if number is None:
            return None
        if number not in self.projects:
            self.projects[number] = projects.public_project(session(), self.consultation.number, number, now())
        return self.projects[number]

    def _version(self, project: Project | None, number: int | None) -> PlanVersion | None:
        if project is None or number is None:
            return None
        place = project.number, number
        if place not in self.versions:
            self.versions[place] = projects.public_version(session(), project, number)
        return self.versions[place]


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
