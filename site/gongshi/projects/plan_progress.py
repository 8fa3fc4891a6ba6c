"""How far the plans of a list are: which project has none yet, which text is not in order, which is ready."""

import re
from dataclasses import dataclass

from sqlalchemy.orm import Session

from gongshi.consultations.models import Consultation
from gongshi.projects import queries
from gongshi.projects.models import PlanDraft, Project, Severity
from gongshi.projects.plan_text import PlanRisk, PlanText, PlanUnreadable, examine, with_ids
from gongshi.projects.plan_writing import has_register, written_register


@dataclass(frozen=True)
class PlanProgress:
    """One project and the state of its plan. A version that is written down needs no working text any more."""

    project: Project
    draft: PlanDraft | None
    text: PlanText
    problems: tuple[PlanUnreadable, ...] = ()

    @property
    def is_written_down(self) -> bool:
        return bool(self.project.versions)

    @property
    def is_missing(self) -> bool:
        return not self.is_written_down and (self.draft is None or not self.draft.markdown.strip())

    @property
    def is_ready(self) -> bool:
        return self.is_written_down or not (self.is_missing or self.problems)

    @property
    def major_risks(self) -> int:
        return sum(risk.severity is Severity.MAJOR for risk in self.text.risks)


def progress(session: Session, consultation: Consultation) -> list[PlanProgress]:
    """The projects of a list in their order, each with the state of its plan."""
    drafts = queries.plan_drafts(session, consultation)
    return [of_project(one, drafts.get(one.id)) for one in queries.of_list(session, consultation)]


def of_project(project: Project, draft: PlanDraft | None) -> PlanProgress:
    """The state of one plan."""
    if draft is None or not draft.markdown.strip():
        return PlanProgress(project, draft, PlanText((), ()))
    text, problems = examine(with_ids(draft.markdown))
    return PlanProgress(project, draft, text, tuple(problems))


def with_risk(
    markdown: str, *, description: str, severity: Severity, prevention: str, compensation: str, owner: str
) -> str:
    """The text with one more row in its risk register, under the next number; with a register, if it had none."""
    taken = [int(found) for found in re.findall(r"(?m)^\|\s*r-(\d+)\s*\|", markdown)]
    cells = (_cell(one) for one in (description, prevention, compensation, owner))
    stated = PlanRisk(f"r-{max(taken, default=0) + 1}", next(cells), severity, next(cells), next(cells), next(cells))
    table = written_register([stated])
    if not has_register(markdown):
        return f"{markdown.rstrip()}\n\n{table}".lstrip()
    return f"{markdown.rstrip()}\n{table.rstrip().splitlines()[-1]}\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "｜")
