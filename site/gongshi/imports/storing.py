"""The verb of an import: put a list of projects, read without a fault, into a list that is not published yet."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from gongshi.accounts.models import StaffUser
from gongshi.consultations.models import Consultation
from gongshi.errors import RuleBroken
from gongshi.imports.institution_names import Known
from gongshi.imports.project_rows import ProjectRow
from gongshi.projects import actions as projects
from gongshi.projects import queries
from gongshi.projects.models import Category, Institution, Project


class InstitutionUndecided(RuleBroken):
    """An institution that is not known is either meant for a known one or new, and then has a category."""

    code = "institution-undecided"


def known_institutions(session: Session) -> list[Known]:
    """The institutions of the site, by the names under which people may write them."""
    return [Known(one.name, one.category, tuple(one.aliases)) for one in queries.institutions(session)]


def store(
    session: Session,
    consultation: Consultation,
    rows: Sequence[ProjectRow],
    *,
    decisions: Mapping[str, str | Category],
    by: StaffUser,
) -> list[Project]:
    """Add the rows to the list; a row whose number is there already rewrites that project and leaves its plan.

    `decisions`: for every institution that is not known, the name of the known one it is meant for, or the category
    under which to register it. Raises InstitutionUndecided, and what `propose` and `amend` raise; then nothing stays.
    """
    named = dict.fromkeys(name for row in rows for name in (row.lead, *row.joint))
    institutions = {name: _institution(session, consultation, name, decisions) for name in named}
    existing = {project.number: project for project in queries.of_list(session, consultation)}
    return [
        _stored(session, consultation, existing.get(row.number), row, institutions, by)
        for row in sorted(rows, key=lambda row: row.number)
    ]


def _institution(
    session: Session, consultation: Consultation, name: str, decisions: Mapping[str, str | Category]
) -> Institution:
    found = queries.institution_named(session, name)
    if found is not None:
        return found
    decision = decisions.get(name)
    if isinstance(decision, Category):
        registered = projects.register(session, name=name, category=decision, is_example=consultation.is_example)
        session.flush()
        return registered
    meant = queries.institution_named(session, decision) if decision else None
    if meant is None:
        raise InstitutionUndecided(name=name)
    return meant


def _stored(
    session: Session,
    consultation: Consultation,
    existing: Project | None,
    row: ProjectRow,
    institutions: Mapping[str, Institution],
    by: StaffUser,
) -> Project:
    lead, joint = institutions[row.lead], [institutions[name] for name in row.joint]
    if existing is None:
        return projects.add(
            session,
            consultation,
            number=row.number,
            name=row.name,
            lead=lead,
            joint=joint,
            technologies=row.technologies,
            scenarios=row.scenarios,
            by=by,
        )
    return projects.amend(
        session,
        existing,
        name=row.name,
        lead=lead,
        joint=joint,
        technologies=row.technologies,
        scenarios=row.scenarios,
        by=by,
    )
