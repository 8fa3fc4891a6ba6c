"""Verbs: register an institution, propose a project, draft a plan version. `notices` and `revisions` publish."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from gongshi.consultations.models import Consultation
from gongshi.errors import RuleBroken
from gongshi.projects import queries
from gongshi.projects.models import (
    Category,
    Institution,
    Paragraph,
    Partner,
    PlanVersion,
    Project,
    Risk,
)
from gongshi.projects.plan_text import PlanText


class LeadUnknown(RuleBroken):
    """Outside the archive every project names its lead institution."""

    code = "lead-unknown"


class NumberTaken(RuleBroken):
    """A project's number occurs once in its list."""

    code = "project-number-taken"


class ListClosed(RuleBroken):
    """A published list takes no further projects; that would be a new list or a correction."""

    code = "list-closed"


def register(
    session: Session, *, name: str, category: Category, aliases: Sequence[str] = (), is_example: bool = False
) -> Institution:
    """Add an institution by the name under which it appears in lists."""
    institution = Institution(name=name, category=category, aliases=list(aliases), is_example=is_example)
    session.add(institution)
    return institution


def propose(
    session: Session,
    consultation: Consultation,
    *,
    number: int,
    name: str,
    lead: Institution | None,
    joint: Sequence[Institution] = (),
    technologies: Sequence[str] = (),
    scenarios: Sequence[str] = (),
    unknown_source: str | None = None,
) -> Project:
    """Add a row to a list that is not published yet.

    Raises ListClosed, NumberTaken, and LeadUnknown unless the list is an archive and the source is named.
    """
    if consultation.published_at is not None:
        raise ListClosed(consultation=consultation.number)
    if lead is None and not (consultation.is_archive and unknown_source):
        raise LeadUnknown(project=number)
    if queries.numbered(session, consultation, number) is not None:
        raise NumberTaken(project=number)

    project = Project(
        consultation=consultation,
        number=number,
        name=name,
        lead=lead,
        unknown_source=unknown_source,
        technologies=list(technologies),
        scenarios=list(scenarios),
    )
    project.partners = [Partner(institution=one, ordinal=place) for place, one in enumerate(joint, 1)]
    session.add(project)
    session.flush()
    return project


def draft_version(session: Session, project: Project, *, title: str, summary: str, text: PlanText) -> PlanVersion:
    """Write down the next version of a plan. It is immutable from now on; the public sees it once it is published."""
    version = PlanVersion(
        project=project,
        number=len(project.versions) + 1,
        title=title,
        summary=summary,
        sha256=text.sha256,
        paragraphs=[
            Paragraph(key=p.key, ordinal=place, block=p.block, level=p.level, text=p.text)
            for place, p in enumerate(text.paragraphs, 1)
        ],
        risks=[
            Risk(
                key=r.key,
                ordinal=place,
                description=r.description,
                severity=r.severity,
                prevention=r.prevention,
                compensation=r.compensation,
                owner=r.owner,
            )
            for place, r in enumerate(text.risks, 1)
        ],
    )
    session.add(version)
    session.flush()
    return version
