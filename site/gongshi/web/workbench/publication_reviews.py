"""What the approver of a publication sees: the facts, what they change, and the notice as everybody will read it."""

from collections.abc import Mapping
from typing import Any

from gongshi.consultations.models import Correction
from gongshi.drafts.models import Draft, DraftKind, DraftState
from gongshi.drafts.publishing import (
    Extension,
    ListCorrection,
    ListPublication,
    NoticePublication,
    SecondRound,
    Stop,
    list_of,
    round_of,
)
from gongshi.notices.actions import NoticeText
from gongshi.notices.corrections import value_of
from gongshi.projects import queries as projects
from gongshi.web import long_markdown
from gongshi.web.db import session
from gongshi.web.moment import now
from gongshi.web.workbench import next_steps, reviews
from gongshi.web.workbench.periods import Period


def _notice(text: NoticeText | None) -> dict[str, object]:
    return {"body": long_markdown.render(text.body) if text else ""}


def _list(draft: Draft, contents: ListPublication) -> Mapping[str, object]:
    consultation = list_of(draft)
    begins = contents.opens_at or contents.public_from
    return {
        **_notice(contents.notice),
        "consultation": consultation,
        "projects": projects.of_list(session(), consultation),
        "without_plan": {one.id for one in next_steps.without_plan(consultation)},
        "period": Period(contents.opens_at, contents.closes_at, begins or now()),
    }


def _correction(draft: Draft, contents: ListCorrection) -> Mapping[str, object]:
    consultation = draft.consultation
    made = {(one.project_id, one.field): one.was for one in _made(draft)}
    rows: list[dict[str, Any]] = []
    for value in contents.values:
        assert consultation is not None
        project = projects.numbered(session(), consultation, value.project) if value.project is not None else None
        was = made.get((project.id if project else None, value.field))
        rows.append(
            {
                "value": value,
                "project": project,
                "was": value_of(consultation, project, value.field) if was is None else was,
            }
        )
    return {**_notice(contents.notice), "rows": rows}


def _made(draft: Draft) -> list[Correction]:
    """What this draft corrected, once it was approved."""
    if draft.consultation is None or draft.state is not DraftState.APPROVED:
        return []
    return [one for one in draft.consultation.corrections if one.corrected_at == draft.state_at]


def _extension(draft: Draft, contents: Extension) -> Mapping[str, object]:
    return {**_notice(contents.notice), "round": round_of(list_of(draft), contents.round)}


def _second_round(_draft: Draft, contents: SecondRound) -> Mapping[str, object]:
    period = Period(contents.opens_at, contents.closes_at, contents.opens_at or now())
    return {**_notice(contents.notice), "period": period}


def _plain(_draft: Draft, contents: NoticePublication | Stop) -> Mapping[str, object]:
    return _notice(contents.notice)


def register() -> None:
    """Make the six kinds known to the page of drafts."""
    reviews.register(DraftKind.LIST, edit="publishing.release", context=_list)
    reviews.register(DraftKind.NOTICE, edit="notices.write", context=_plain)
    reviews.register(DraftKind.CORRECTION, edit="correcting.write", context=_correction)
    reviews.register(DraftKind.EXTENSION, edit="publishing.extension", context=_extension)
    reviews.register(DraftKind.SECOND_ROUND, edit="publishing.second_round", context=_second_round)
    reviews.register(DraftKind.INTERRUPTION, edit="publishing.interruption", context=_plain)
