"""The next version of a plan while it is being written: its text, how it differs from the public one, and why.

Nobody but staff sees it. The text is the project's PlanDraft, always under the ids that `alignment` found; a working
text or an explanation that is older than the public version belongs to an earlier step and counts no more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi import ledger
from gongshi.accounts.models import Role, StaffUser
from gongshi.accounts.two_people import check
from gongshi.errors import RuleBroken
from gongshi.objections import queries as objections
from gongshi.objections.models import Objection
from gongshi.projects import plan_text
from gongshi.projects import queries as projects
from gongshi.projects.actions import EditedMeanwhile, keep_plan
from gongshi.projects.models import Paragraph, PlanDraft, PlanSource, PlanVersion, Project, Risk
from gongshi.projects.plan_text import PlanText
from gongshi.projects.plan_writing import has_register, written, written_register
from gongshi.revisions import alignment, queries
from gongshi.revisions.actions import CauseOfAnotherProject, CauseRetired, ChangeUnknown, NoEarlierVersion
from gongshi.revisions.differences import Difference, differences
from gongshi.revisions.models import ChangeExplanation, Subject

Place = tuple[Subject, str]


class NotThatParagraph(RuleBroken):
    """A paragraph or risk is said to be an earlier one of the same plan that the new text does not have elsewhere."""

    code = "not-that-paragraph"


@dataclass(frozen=True)
class Why:
    """Why a place is changed, as typed: numbers of objections, or the applicant's own reason."""

    objections: tuple[str, ...] = ()
    own_initiative: str = ""

    @property
    def says_why(self) -> bool:
        return bool(self.objections or self.own_initiative.strip())


@dataclass(frozen=True)
class Working:
    """The state of the work on one plan."""

    project: Project
    before: PlanVersion
    draft: PlanDraft | None
    text: PlanText
    differences: tuple[Difference, ...]
    explanations: Mapping[Place, Why]
    edition: int

    @property
    def has_text(self) -> bool:
        """Whether anybody has begun."""
        return self.draft is not None

    @property
    def markdown(self) -> str:
        return written(self.text)

    def why(self, difference: Difference) -> Why:
        return self.explanations.get((difference.subject, difference.key), Why())

    @property
    def unexplained(self) -> list[Difference]:
        return [one for one in self.differences if not self.why(one).says_why]

    @property
    def digest(self) -> str:
        """What the explanations say: two who explain at once notice each other by it."""
        return ledger.digest(
            sorted(
                [subject.value, key, list(why.objections), why.own_initiative]
                for (subject, key), why in self.explanations.items()
            )
        )


def of(session: Session, project: Project) -> Working:
    """The work on a project's next version as it stands.

    Raises NoEarlierVersion before anything is published, KeptPlanUnreadable.
    """
    before, since = _public(project)
    stored = projects.plan_draft(session, project)
    draft = stored if stored is not None and stored.edited_at > since else None
    old = plan_text.of(before)
    text = plan_text.kept(draft.markdown) if draft else old
    return Working(
        project=project,
        before=before,
        draft=draft,
        text=text,
        differences=tuple(differences(old, text)),
        explanations=_explanations(session, project, since),
        edition=stored.edition if stored else 0,
    )


def keep(
    session: Session,
    project: Project,
    markdown: str,
    *,
    source: PlanSource = PlanSource.TYPED,
    by: StaffUser,
    edition: int,
    at: datetime,
) -> Working:
    """Keep another wording of the next version, with or without ids; without a register the last one stays.

    Raises PlanUnreadable with the line, NoEarlierVersion, and what `keep_plan` raises (EditedMeanwhile among it).
    """
    working = of(session, project)
    if not has_register(markdown):
        markdown = f"{markdown.rstrip()}\n\n{written_register(working.text.risks)}"
    text = alignment.align(
        markdown, before=plan_text.of(working.before), used=_used(session, project), working=working.text
    )
    return _keep(session, working, text, source=source, by=by, edition=edition, at=at)


def treat_as_new(session: Session, project: Project, key: str, *, by: StaffUser, edition: int, at: datetime) -> Working:
    """The clerk says that a paragraph or risk is another one than the site took it for.

    Raises NotThatParagraph unless it stands in both texts, and what `keep` raises.
    """
    working = of(session, project)
    if key not in _keys(plan_text.of(working.before)) & _keys(working.text):
        raise NotThatParagraph(key=key)
    text = alignment.as_new(working.text, key, used=_used(session, project) | _keys(working.text))
    return _keep(session, working, text, source=_source(working), by=by, edition=edition, at=at)


def treat_as_earlier(
    session: Session, project: Project, key: str, *, earlier: str, by: StaffUser, edition: int, at: datetime
) -> Working:
    """The clerk says which earlier paragraph or risk a new one really is.

    Raises NotThatParagraph unless `key` is new and `earlier` is missing from the new text, and what `keep` raises.
    """
    working = of(session, project)
    before, present = _keys(plan_text.of(working.before)), _keys(working.text)
    if key not in present - before or earlier not in before - present or key[0] != earlier[0]:
        raise NotThatParagraph(key=earlier)
    text = alignment.as_earlier(working.text, key, earlier)
    return _keep(session, working, text, source=_source(working), by=by, edition=edition, at=at)


def start_over(session: Session, project: Project, *, by: StaffUser, edition: int, at: datetime) -> Working:
    """Put the working text back to the public one, even one that cannot be read any more.

    Explanations stay, for what may be changed again.
    """
    public = written(plan_text.of(_public(project)[0]))
    keep_plan(session, project, public, source=PlanSource.TYPED, by=by, edition=edition, at=at)
    return of(session, project)


def explain(
    session: Session, project: Project, given: Mapping[Place, Why], *, shown: str, by: StaffUser, at: datetime
) -> None:
    """Keep why places are changed, said or half said. `shown` is `Working.digest` as the editor saw it.

    Raises EditedMeanwhile, ChangeUnknown, CauseOfAnotherProject, CauseRetired, and what `check` raises.
    """
    check(by, frozenset({Role.EDITOR}), frozenset(bureau.id for bureau in project.consultation.bureaus))
    working = of(session, project)
    if shown != working.digest:
        raise EditedMeanwhile(project=project.number)
    unknown = sorted(key for _, key in given.keys() - {(one.subject, one.key) for one in working.differences})
    if unknown:
        raise ChangeUnknown(keys=unknown)
    causes(session, project, given.values())

    rows = {(row.subject, row.key): row for row in _rows(session, project)}
    for (subject, key), why in given.items():
        if why == working.explanations.get((subject, key), Why()):
            continue
        row = rows.get((subject, key))
        if row is None:
            row = ChangeExplanation(project=project, subject=subject, key=key)
            session.add(row)
        row.objections, row.own_initiative = list(why.objections), why.own_initiative.strip()
        row.edited_by, row.edited_at = by, at
    session.flush()


def causes(session: Session, project: Project, given: Iterable[Why]) -> dict[str, Objection]:
    """The objections that explanations name, by number. Raises CauseOfAnotherProject, CauseRetired."""
    listed = {one.number: one for one in objections.of_list(session, project.consultation)}
    named = {number for why in given for number in why.objections}
    for number in sorted(named):
        found = listed.get(number)
        if found is None or project.id not in {concern.project_id for concern in found.concerns}:
            raise CauseOfAnotherProject(objection=number, project=project.number)
        if not found.stands:
            raise CauseRetired(objection=number)
    return {number: listed[number] for number in named}


def owed(session: Session, project: Project) -> list[Objection]:
    """Adopted objections to this project that no published change of its plan realises yet (rule 12)."""
    adopted = [
        one
        for one in objections.of_project(session, project)
        if one.disposition is not None and one.disposition.outcome.needs_change
    ]
    realised = queries.caused_by_each(session, adopted)
    return [
        one for one in adopted if all(change.revision.project_id != project.id for change in realised.get(one.id, []))
    ]


def _public(project: Project) -> tuple[PlanVersion, datetime]:
    """The version that the public can read, and since when."""
    version = project.current_version
    if version is None or version.published_at is None:
        raise NoEarlierVersion(version=1)
    return version, version.published_at


def _keep(
    session: Session, working: Working, text: PlanText, *, source: PlanSource, by: StaffUser, edition: int, at: datetime
) -> Working:
    keep_plan(session, working.project, written(text), source=source, by=by, edition=edition, at=at)
    return of(session, working.project)


def _source(working: Working) -> PlanSource:
    return working.draft.source if working.draft else PlanSource.TYPED


def _explanations(session: Session, project: Project, since: datetime) -> dict[Place, Why]:
    return {
        (row.subject, row.key): Why(tuple(row.objections), row.own_initiative)
        for row in _rows(session, project)
        if row.edited_at > since
    }


def _rows(session: Session, project: Project) -> list[ChangeExplanation]:
    return list(session.scalars(select(ChangeExplanation).where(ChangeExplanation.project_id == project.id)))


def _used(session: Session, project: Project) -> set[str]:
    """Every key that any version of the plan ever had."""
    versions = select(PlanVersion.id).where(PlanVersion.project_id == project.id)
    paragraphs = session.scalars(select(Paragraph.key).where(Paragraph.version_id.in_(versions)))
    return {*paragraphs, *session.scalars(select(Risk.key).where(Risk.version_id.in_(versions)))}


def _keys(text: PlanText) -> set[str]:
    return {one.key for one in text.paragraphs} | {one.key for one in text.risks}
