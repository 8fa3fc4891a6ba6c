"""Verbs: register an institution; propose, amend, renumber, remove a project; keep a plan's working text, settle it.

`notices` and `revisions` publish. What is published is changed by none of these.
"""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gongshi.accounts.models import Role, StaffUser
from gongshi.accounts.two_people import check
from gongshi.consultations.models import Consultation
from gongshi.errors import RuleBroken
from gongshi.projects import queries
from gongshi.projects.models import (
    Category,
    Institution,
    Paragraph,
    Partner,
    PlanDraft,
    PlanSource,
    PlanVersion,
    Project,
    Risk,
)
from gongshi.projects.plan_text import PlanText, PlanUnreadable, parse, with_ids

# Characters. The longest plan of the worked example has 3,000; a plan of 200 pages has some 150,000.
LONGEST_PLAN = 200_000
FIRST_SUMMARY = "征求意见稿"


class LeadUnknown(RuleBroken):
    """Outside the archive every project names its lead institution."""

    code = "lead-unknown"


class NumberTaken(RuleBroken):
    """A project's number occurs once in its list."""

    code = "project-number-taken"


class ListClosed(RuleBroken):
    """The projects of a published list stay as they are; what changes later is a correction or a new version."""

    code = "list-closed"


class InstitutionTwice(RuleBroken):
    """An institution takes part in a project once: as its lead or as a joint applicant."""

    code = "institution-twice"


class NameMissing(RuleBroken):
    """A project has a name."""

    code = "project-name-missing"


class PlanSettled(RuleBroken):
    """A project whose plan has been written down as a version stays in its list."""

    code = "plan-settled"


class PlaceOutside(RuleBroken):
    """A project is moved to a place within its list."""

    code = "place-outside"


class EditedMeanwhile(RuleBroken):
    """Somebody else has changed this text since it was shown."""

    code = "edited-meanwhile"


class PlanTooLong(RuleBroken):
    """A plan has at most 200,000 characters."""

    code = "plan-too-long"


class PlanNotReady(RuleBroken):
    """A working text that is not in the format cannot become a version."""

    code = "plan-not-ready"


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

    Raises ListClosed, NumberTaken, InstitutionTwice, and LeadUnknown unless the list is an archive and the source is
    named.
    """
    _refuse_published(consultation)
    _refuse_twice(number, lead, joint)
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


def add(
    session: Session,
    consultation: Consultation,
    *,
    number: int,
    name: str,
    lead: Institution,
    joint: Sequence[Institution],
    technologies: Sequence[str],
    scenarios: Sequence[str],
    by: StaffUser,
) -> Project:
    """Add a row to a list that is not published yet, as an editor of its bureau.

    Raises NameMissing, what `propose` raises, and what `check` raises for anyone else.
    """
    _refuse_to_edit(consultation, by)
    if not name.strip():
        raise NameMissing(project=number)
    return propose(
        session,
        consultation,
        number=number,
        name=name.strip(),
        lead=lead,
        joint=joint,
        technologies=technologies,
        scenarios=scenarios,
    )


def amend(
    session: Session,
    project: Project,
    *,
    name: str,
    lead: Institution,
    joint: Sequence[Institution],
    technologies: Sequence[str],
    scenarios: Sequence[str],
    by: StaffUser,
) -> Project:
    """Rewrite a row of a list that is not published yet. Its plan stays.

    Raises ListClosed, NameMissing, InstitutionTwice, and what `check` raises for anyone but an editor.
    """
    _refuse_to_edit(project.consultation, by)
    if not name.strip():
        raise NameMissing(project=project.number)
    _refuse_twice(project.number, lead, joint)

    project.name = name.strip()
    project.lead = lead
    project.technologies, project.scenarios = list(technologies), list(scenarios)
    _join(session, project, joint)
    session.flush()
    return project


def remove(session: Session, project: Project, *, by: StaffUser) -> None:
    """Take a row out of a list that is not published yet, with its working text; the rows after it move up.

    Raises ListClosed, PlanSettled, and what `check` raises for anyone but an editor.
    """
    _refuse_to_edit(project.consultation, by)
    if project.versions:
        raise PlanSettled(project=project.number)

    consultation, draft = project.consultation, queries.plan_draft(session, project)
    if draft is not None:
        session.delete(draft)
    _join(session, project, ())
    session.delete(project)
    session.flush()
    _number_anew(session, queries.of_list(session, consultation))


def renumber(session: Session, project: Project, *, number: int, by: StaffUser) -> None:
    """Move a row of a list that is not published yet to another place; the others close up and make room.

    Raises ListClosed, PlaceOutside, and what `check` raises for anyone but an editor.
    """
    _refuse_to_edit(project.consultation, by)
    others = [one for one in queries.of_list(session, project.consultation) if one is not project]
    if not 1 <= number <= len(others) + 1:
        raise PlaceOutside(project=project.number, last=len(others) + 1)

    others.insert(number - 1, project)
    _number_anew(session, others)


def keep_plan(
    session: Session,
    project: Project,
    markdown: str,
    *,
    source: PlanSource = PlanSource.TYPED,
    by: StaffUser,
    edition: int,
    at: datetime,
) -> PlanDraft:
    """Keep the working text of a project's next version, be it finished or not; publishing takes it from here.

    `edition` is that of the text which the editor was shown, 0 when there was none. The text may carry paragraph ids
    or not. Raises EditedMeanwhile, PlanTooLong, and what `check` raises for anyone but an editor of the bureau.
    """
    check(by, frozenset({Role.EDITOR}), _bureaus(project.consultation))
    draft = queries.plan_draft(session, project)
    if edition != (draft.edition if draft else 0):
        raise EditedMeanwhile(project=project.number)
    text = _tidy(markdown)
    if len(text) > LONGEST_PLAN:
        raise PlanTooLong(found=len(text), longest=LONGEST_PLAN)

    if draft is None:
        draft = PlanDraft(project=project)
        session.add(draft)
    draft.markdown, draft.source, draft.edition = text, source, edition + 1
    draft.edited_by, draft.edited_at = by, at
    session.flush()
    return draft


def settle_plans(session: Session, consultation: Consultation) -> list[PlanVersion]:
    """Write version 1 of every project of a list from its working text, and give back the versions written.

    To be called by the act that publishes the list, right before `publish_list`, in its rehearsal as in its approval:
    a version that is written stays. Projects that have a version are left alone; those without a working text are for
    `publish_list` to refuse. Raises ListClosed and, for the first text that is not in the format, PlanNotReady.
    """
    _refuse_published(consultation)
    drafts = queries.plan_drafts(session, consultation)
    waiting = [one for one in queries.of_list(session, consultation) if not one.versions and one.id in drafts]
    texts = {project.id: _text_of(project, drafts[project.id]) for project in waiting}
    return [
        draft_version(session, project, title=project.name, summary=FIRST_SUMMARY, text=texts[project.id])
        for project in waiting
    ]


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


def _text_of(project: Project, draft: PlanDraft) -> PlanText:
    try:
        return parse(with_ids(draft.markdown))
    except PlanUnreadable as error:
        raise PlanNotReady(project=project.number, line=error.line) from error


def _refuse_to_edit(consultation: Consultation, by: StaffUser) -> None:
    _refuse_published(consultation)
    check(by, frozenset({Role.EDITOR}), _bureaus(consultation))


def _refuse_published(consultation: Consultation) -> None:
    if consultation.published_at is not None:
        raise ListClosed(consultation=consultation.number)


def _refuse_twice(number: int, lead: Institution | None, joint: Sequence[Institution]) -> None:
    named = [one.name for one in (lead, *joint) if one is not None]
    if len(set(named)) < len(named):
        raise InstitutionTwice(project=number)


def _bureaus(consultation: Consultation) -> frozenset[UUID]:
    return frozenset(bureau.id for bureau in consultation.bureaus)


def _join(session: Session, project: Project, joint: Sequence[Institution]) -> None:
    for partner in project.partners:
        session.delete(partner)
    session.flush()
    session.expire(project, ["partners"])
    project.partners = [Partner(institution=one, ordinal=place) for place, one in enumerate(joint, 1)]
    session.flush()


def _number_anew(session: Session, listed: Sequence[Project]) -> None:
    # In two steps: on the way no number may occur twice.
    for place, project in enumerate(listed, 1):
        project.number = -place
    session.flush()
    for place, project in enumerate(listed, 1):
        project.number = place
    session.flush()


def _tidy(markdown: str) -> str:
    """One kind of line end, and no characters that nobody can see."""
    lines = markdown.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    return "".join(one for one in lines if one in "\n\t" or unicodedata.category(one) not in {"Cc", "Cf"}).strip("\n")
