"""Reads: projects of a list, institutions, versions and paragraphs that the public can see."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from gongshi.consultations.models import Consultation
from gongshi.projects.models import Institution, Paragraph, Partner, PlanVersion, Project


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
                selectinload(Project.lead),
                selectinload(Project.partners).selectinload(Partner.institution),
                selectinload(Project.versions),
            )
        )
    )


def public_project(session: Session, consultation_number: str, number: int) -> Project:
    """A project of a published list; raises NoResultFound for drafts as for strangers' numbers."""
    return session.scalars(
        select(Project)
        .join(Project.consultation)
        .where(
            Consultation.number == consultation_number,
            Consultation.published_at.is_not(None),
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


def institution(session: Session, name: str) -> Institution:
    """An institution by its name in the lists; raises NoResultFound."""
    return session.scalars(select(Institution).where(Institution.name == name)).one()


def led_by(session: Session, institution: Institution) -> list[Project]:
    """Projects of published lists that an institution leads, the newest list first."""
    return list(session.scalars(_public_projects().where(Project.lead_id == institution.id)))


def joined_by(session: Session, institution: Institution) -> list[Project]:
    """Projects of published lists that an institution joins, the newest list first."""
    joined = select(Partner.project_id).where(Partner.institution_id == institution.id)
    return list(session.scalars(_public_projects().where(Project.id.in_(joined))))


def _public_projects() -> Select[Project]:
    return (
        select(Project)
        .join(Project.consultation)
        .where(Consultation.published_at.is_not(None))
        .order_by(Consultation.published_at.desc(), Project.number)
        .options(contains_eager(Project.consultation), selectinload(Project.lead))
    )


def neighbours(session: Session, project: Project) -> tuple[Project | None, Project | None]:
    """The project before and the one after it in the same list."""
    others = select(Project).where(Project.consultation_id == project.consultation_id).limit(1)
    before = others.where(Project.number < project.number).order_by(Project.number.desc())
    after = others.where(Project.number > project.number).order_by(Project.number)
    return session.scalar(before), session.scalar(after)
