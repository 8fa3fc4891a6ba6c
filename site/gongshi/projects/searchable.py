"""How projects, institutions and plan paragraphs become search Documents.

A paragraph is one document for each wording it ever had: the version in which that wording first appeared. While it is
still in the current version the hit leads there, else to the version that had it.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from gongshi import search
from gongshi.consultations.corrected import CorrectedField
from gongshi.consultations.models import Consultation
from gongshi.projects.models import CorrectedInstitution, Institution, Paragraph, Partner, PlanVersion, Project
from gongshi.search import Document


def enqueue_project(session: Session, project: Project) -> None:
    search.enqueue(session, "project", str(project.id))
    for institution in project.institutions:
        search.enqueue(session, "institution", str(institution.id))


def enqueue_version(session: Session, version: PlanVersion) -> None:
    for paragraph in version.paragraphs:
        search.enqueue(session, "paragraph", str(paragraph.id))


class Projects:
    """Search source: one row of a published list, found by what it says now and by what it said before."""

    def document(self, session: Session, id: str) -> Document | None:
        project = session.get(Project, UUID(id))
        if project is None or project.consultation.published_at is None:
            return None
        return Document(
            kind="project",
            id=id,
            title=project.name,
            names=_names(project),
            body=" ".join(
                _each(
                    *project.technologies,
                    *project.scenarios,
                    *project.listed_technologies,
                    *project.listed_scenarios,
                )
            ),
            at=project.consultation.published_at,
            consultation=project.consultation.number,
            place={"consultation": project.consultation.number, "project": project.number},
        )

    def documents(self, session: Session) -> Iterator[Document]:
        public = (
            select(Project.id)
            .join(Project.consultation)
            .where(Consultation.published_at.is_not(None))
            .order_by(Project.id)
        )
        for id in session.scalars(public).all():
            found = self.document(session, str(id))
            if found is not None:
                yield found


def _names(project: Project) -> tuple[str, ...]:
    """Its institutions; and the name and institutions that stood in the list before a correction."""
    named = _each(*(one.name for one in project.institutions), *(one.name for one in project.listed_institutions))
    earlier = [word for one in project.corrections if one.field is CorrectedField.NAME for word in one.was]
    return tuple(_each(*named, *(word for word in earlier if word != project.name)))


def _each(*words: str) -> list[str]:
    """Each once, in order."""
    return list(dict.fromkeys(words))


class Institutions:
    """Search source: an institution that takes part in a published list."""

    def document(self, session: Session, id: str) -> Document | None:
        institution = session.get(Institution, UUID(id))
        if institution is None:
            return None
        since = session.scalar(self._first_seen(institution))
        if since is None:
            return None
        return Document(
            kind="institution",
            id=id,
            title=institution.name,
            names=tuple(institution.aliases),
            body=institution.category.value,
            at=since,
            place={"institution": institution.name},
        )

    def documents(self, session: Session) -> Iterator[Document]:
        for id in session.scalars(select(Institution.id).order_by(Institution.id)).all():
            found = self.document(session, str(id))
            if found is not None:
                yield found

    def _first_seen(self, institution: Institution) -> Select[datetime | None]:
        return (
            select(Consultation.published_at)
            .join(Project, Project.consultation_id == Consultation.id)
            .outerjoin(Partner, Partner.project_id == Project.id)
            .outerjoin(CorrectedInstitution, CorrectedInstitution.project_id == Project.id)
            .where(
                Consultation.published_at.is_not(None),
                (Project.lead_id == institution.id)
                | (Partner.institution_id == institution.id)
                | (CorrectedInstitution.institution_id == institution.id),
            )
            .order_by(Consultation.published_at)
            .limit(1)
        )


class Paragraphs:
    """Search source: each wording of each paragraph of the plans that the public can read."""

    def document(self, session: Session, id: str) -> Document | None:
        paragraph = session.get(Paragraph, UUID(id), options=[joinedload(Paragraph.version)])
        if paragraph is None or paragraph.version.published_at is None:
            return None
        wordings = _wordings(session, paragraph)
        if wordings[0].id != paragraph.id:
            return None
        project = paragraph.version.project
        current = project.current_version
        latest = wordings[-1].version
        place: dict[str, str | int] = {
            "consultation": project.consultation.number,
            "project": project.number,
            "paragraph": paragraph.key,
        }
        if current is None or latest.id != current.id:
            place["version"] = latest.number
        return Document(
            kind="paragraph",
            id=id,
            title="",  # A project's name is its own document; here it would only repeat that hit forty times.
            names=(),
            body=paragraph.text,
            at=paragraph.version.published_at,
            consultation=project.consultation.number,
            place=place,
        )

    def documents(self, session: Session) -> Iterator[Document]:
        public = (
            select(Paragraph.id)
            .join(Paragraph.version)
            .where(PlanVersion.published_at.is_not(None))
            .order_by(Paragraph.id)
        )
        for id in session.scalars(public).all():
            found = self.document(session, str(id))
            if found is not None:
                yield found


def _wordings(session: Session, paragraph: Paragraph) -> list[Paragraph]:
    """The published rows with this key and exactly this text, in the order of their versions."""
    return list(
        session.scalars(
            select(Paragraph)
            .join(Paragraph.version)
            .where(
                PlanVersion.project_id == paragraph.version.project_id,
                PlanVersion.published_at.is_not(None),
                Paragraph.key == paragraph.key,
                Paragraph.text == paragraph.text,
            )
            .order_by(PlanVersion.number)
        )
    )
