"""Reads: projects of a list, institutions, versions and paragraphs that the public can see."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, contains_eager, selectinload

from gongshi.consultations.models import Consultation
from gongshi.projects.models import (
    CorrectedInstitution,
    Institution,
    Paragraph,
    Partner,
    PlanDraft,
    PlanVersion,
    Project,
)


def numbered(session: Session, consultation: Consultation, number: int) -> Project | None:
    return session.scalar(select(Project).where(Project.consultation_id == consultation.id, Project.number == number))


def of_list(session: Session, consultation: Consultation) -> list[Project]:
    """The projects of a list in its order, with their institutions."""
    return list(
        session.scalars(
            select(Project)
            .where(Project.consultation_id == consultation.id)
            .order_by(Project.number)
            .options(
                selectinload(Project.listed_lead),
                selectinload(Project.partners).selectinload(Partner.institution),
                selectinload(Project.versions),
            )
        )
    )


def for_choosing(session: Session, consultation: Consultation) -> list[Project]:
    """The same for a form that shows numbers and names only: no institutions, no versions."""
    query = select(Project).where(Project.consultation_id == consultation.id)
    return list(session.scalars(query.order_by(Project.number)))


def plan_draft(session: Session, project: Project) -> PlanDraft | None:
    """The working text of a project's next version."""
    return session.get(PlanDraft, project.id)


def plan_drafts(session: Session, consultation: Consultation) -> dict[UUID, PlanDraft]:
    """The working texts of a list, by the id of their project."""
    rows = session.scalars(select(PlanDraft).join(PlanDraft.project).where(Project.consultation_id == consultation.id))
    return {row.project_id: row for row in rows}


def public_project(session: Session, consultation_number: str, number: int, at: datetime) -> Project:
    """A project of a list that is public at this instant; raises NoResultFound for any other."""
    return session.scalars(
        select(Project)
        .join(Project.consultation)
        .where(
            Consultation.number == consultation_number,
            Consultation.published_at <= at,
            Project.number == number,
        )
    ).one()


def public_version(session: Session, project: Project, number: int) -> PlanVersion:
    """A published version of a plan with its paragraphs and risks."""
    return session.scalars(
        select(PlanVersion)
        .where(
            PlanVersion.project_id == project.id,
            PlanVersion.number == number,
            PlanVersion.published_at.is_not(None),
        )
        .options(selectinload(PlanVersion.paragraphs), selectinload(PlanVersion.risks))
    ).one()


def paragraph(session: Session, version: PlanVersion, key: str) -> Paragraph | None:
    return session.scalar(select(Paragraph).where(Paragraph.version_id == version.id, Paragraph.key == key))


def institution_named(session: Session, name: str) -> Institution | None:
    return session.scalar(select(Institution).where(Institution.name == name))


def institutions(session: Session) -> list[Institution]:
    """All institutions of the site, by name."""
    return list(session.scalars(select(Institution).order_by(Institution.name)))


def public_institution(session: Session, name: str, at: datetime) -> Institution:
    """An institution by its name in the lists that are public; raises NoResultFound for any other."""
    found = session.scalars(select(Institution).where(Institution.name == name)).one()
    if not _taken_part(session, found, at):
        raise NoResultFound
    return found


def led_by(session: Session, institution: Institution, at: datetime) -> list[Project]:
    """Projects of public lists that an institution leads, the newest list first."""
    return [project for project in _taken_part(session, institution, at) if project.lead is institution]


def joined_by(session: Session, institution: Institution, at: datetime) -> list[Project]:
    """Projects of public lists that an institution joins, the newest list first."""
    return [project for project in _taken_part(session, institution, at) if institution in project.joint]


def _taken_part(session: Session, institution: Institution, at: datetime) -> list[Project]:
    """Projects of public lists that name an institution, as published or in a correction."""
    joined = select(Partner.project_id).where(Partner.institution_id == institution.id)
    corrected = select(CorrectedInstitution.project_id).where(CorrectedInstitution.institution_id == institution.id)
    return list(
        session.scalars(
            select(Project)
            .join(Project.consultation)
            .where(
                Consultation.published_at <= at,
                (Project.lead_id == institution.id) | Project.id.in_(joined) | Project.id.in_(corrected),
            )
            .order_by(Consultation.published_at.desc(), Project.number)
            .options(
                contains_eager(Project.consultation),
                selectinload(Project.listed_lead),
                selectinload(Project.partners).selectinload(Partner.institution),
            )
        )
    )


def neighbours(session: Session, project: Project) -> tuple[Project | None, Project | None]:
    """The project before and the one after it in the same list."""
    others = select(Project).where(Project.consultation_id == project.consultation_id).limit(1)
    before = others.where(Project.number < project.number).order_by(Project.number.desc())
    after = others.where(Project.number > project.number).order_by(Project.number)
    return session.scalar(before), session.scalar(after)
