"""Draft of a plan's next version: the whole text under its ids, and why each place was changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.orm import Session

from gongshi.accounts.models import Act
from gongshi.accounts.two_people import Hands
from gongshi.admissions import versions
from gongshi.drafts.contents import Contents, Result
from gongshi.drafts.models import Draft, DraftKind
from gongshi.errors import RuleBroken
from gongshi.projects import actions as projects
from gongshi.projects import plan_text
from gongshi.projects.models import Project
from gongshi.revisions import returned, working
from gongshi.revisions.actions import Explanation
from gongshi.revisions.models import Subject
from gongshi.revisions.working import Why, Working


class RevisionOvertaken(RuleBroken):
    """A next version starts from the version that the public can read; another one was published meanwhile."""

    code = "revision-overtaken"


class SummaryMissing(RuleBroken):
    """A version says in a sentence what it changes; the public reads it above the comparison."""

    code = "version-summary-missing"


@dataclass(frozen=True)
class Explained:
    """One changed place and why."""

    subject: Subject
    key: str
    objections: tuple[str, ...]
    own_initiative: str


@dataclass(frozen=True)
class NextVersion(Contents):
    """方案修改: `start` is the number of the version it was written from, `returned` the texts it rests on."""

    kind: ClassVar = DraftKind.REVISION
    act: ClassVar = Act.REVISE
    start: int
    markdown: str
    title: str
    summary: str
    explanations: tuple[Explained, ...]
    returned: tuple[int, ...] = ()

    @classmethod
    def of(cls, found: Working, *, title: str, summary: str, rests_on: tuple[int, ...] = ()) -> "NextVersion":
        """What the working text has come to: its text, and why each of its changes was made."""
        explained = [(one, found.why(one)) for one in found.differences]
        return cls(
            start=found.before.number,
            markdown=found.markdown,
            title=title,
            summary=summary,
            explanations=tuple(
                Explained(one.subject, one.key, why.objections, why.own_initiative) for one, why in explained
            ),
            returned=rests_on,
        )

    def called(self, project: Project) -> str:
        """The title of its draft."""
        return f"第{project.number}号项目方案第{self.start + 1}版"

    def carry_out(self, session: Session, draft: Draft, *, by: Hands, at: datetime) -> list[Result]:
        """Write the version down and publish it.

        Raises SummaryMissing, RevisionOvertaken, KeptPlanUnreadable, ReturnedUnknown, and as `versions.publish`.
        """
        project = _project_of(draft)
        current = project.current_version
        if not self.summary.strip() or not self.title.strip():
            raise SummaryMissing
        if current is None or current.number != self.start:
            raise RevisionOvertaken(start=self.start, current=current.number if current else None)
        explanations = self._explanations(session, project)
        text = plan_text.kept(self.markdown)
        version = projects.draft_version(
            session, project, title=self.title.strip(), summary=self.summary.strip(), text=text
        )
        revision = versions.publish(session, version, explanations=explanations, by=by, at=at)
        returned.rest_on(session, revision, self.returned)
        return [Result("version", f"{project.consultation.number}/{project.number}/{version.number}")]

    def seen(self, _session: Session, draft: Draft, _at: datetime) -> object:
        """The hash of the text beside which the approver read this one."""
        current = _project_of(draft).current_version
        return current.sha256 if current else None

    def _explanations(self, session: Session, project: Project) -> dict[tuple[Subject, str], Explanation]:
        given = {(one.subject, one.key): Why(one.objections, one.own_initiative) for one in self.explanations}
        named = working.causes(session, project, given.values())
        return {
            place: Explanation(tuple(named[number] for number in why.objections), why.own_initiative or None)
            for place, why in given.items()
        }


def _project_of(draft: Draft) -> Project:
    assert draft.project is not None
    return draft.project
