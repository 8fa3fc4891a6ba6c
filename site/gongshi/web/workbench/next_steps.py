"""What a list waits for next, in the order in which it is done, each with the screen that does it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from gongshi.consultations.models import Consultation, RoundState
from gongshi.drafts import queries as drafts
from gongshi.drafts.models import Draft, DraftKind, DraftState
from gongshi.notices import queries as notices
from gongshi.projects import queries as projects
from gongshi.projects.models import Project
from gongshi.record import desk as record
from gongshi.record import reconciliation
from gongshi.record.desk import Work
from gongshi.web.db import session
from gongshi.web.languages import desk
from gongshi.web.workbench.frame import desk_page


@dataclass(frozen=True)
class NextStep:
    """Something to do. `is_waiting`: it waits for somebody else."""

    words: str
    address: str | None = None
    is_waiting: bool = False


def of(consultation: Consultation, at: datetime) -> list[NextStep]:
    """What is missing until a list is published, or until it is summed up and decided; empty when nothing is."""
    if consultation.is_archive:
        return []
    steps = _until_published(consultation) if consultation.published_at is None else _until_decided(consultation, at)
    return list(steps)


def without_plan(consultation: Consultation) -> list[Project]:
    """The projects of a list that have neither a version nor a working text of their plan."""
    texts = projects.plan_drafts(session(), consultation)
    listed = projects.of_list(session(), consultation)
    return [one for one in listed if not one.versions and not (one.id in texts and texts[one.id].markdown.strip())]


def _until_published(consultation: Consultation) -> Iterator[NextStep]:
    number = consultation.number
    under_way = drafts.open_of(session(), consultation, kind=DraftKind.LIST)
    if not projects.of_list(session(), consultation):
        yield NextStep(_("Import the projects"), desk_page("importing.show", number=number))
    missing = without_plan(consultation)
    if missing:
        numbers = _(", ").join(str(one.number) for one in missing)
        words = _("Write or import the plans; still missing: %(projects)s", projects=numbers)
        yield NextStep(words, desk_page("plans.index", number=number))
    if under_way:
        yield from (_of_draft(draft) for draft in under_way)
    else:
        yield NextStep(
            _("Set the comment period and submit the list for approval"), desk("publishing.release", number=number)
        )


def _of_draft(draft: Draft) -> NextStep:
    address = desk("drafts.show", number=draft.number)
    if draft.state is DraftState.SUBMITTED:
        return NextStep(_("Waits for approval: draft %(number)s", number=draft.number), address, is_waiting=True)
    return NextStep(_("Finish draft %(number)s and submit it", number=draft.number), address)


def _until_decided(consultation: Consultation, at: datetime) -> Iterator[NextStep]:
    number = consultation.number
    found = reconciliation.of(session(), consultation)
    if found.pending:
        words = _("Look through the comments received: %(count)s", count=found.pending)
        yield NextStep(words, desk_page("triage.show", number=number))
    if found.unanswered:
        words = _("Answer the comments: %(count)s have no answer yet", count=len(found.unanswered))
        yield NextStep(words, desk_page("objections.of_list", number=number))
    for draft in drafts.open_of(session(), consultation):
        yield _of_draft(draft)
    is_over = bool(consultation.rounds) and all(one.state(at) is RoundState.CLOSED for one in consultation.rounds)
    if is_over and notices.summary_of(session(), consultation) is None:
        yield NextStep(_("Publish the summary of opinions"), desk_page("summing_up.show", number=number))
    piles = record.of_list(session(), consultation, at).piles
    undecided = sum(pile.count for pile in piles if pile.work is Work.DECISIONS)
    if undecided:
        words = _("Decide about the projects: %(count)s have no final decision", count=undecided)
        yield NextStep(words, desk_page("deciding.gates", number=number))
