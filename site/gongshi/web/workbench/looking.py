"""The triage page: everything that is looked at before something is done with a comment."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from gongshi.accounts.models import Approval
from gongshi.comments import contests, erasing, families, lines, personal, queues, triage
from gongshi.comments.covering import Piece
from gongshi.comments.models import Channel, Comment, CommentKind, CommentState, WithholdingReason
from gongshi.comments.triage_models import FlagReason, Queue, SavedFilter
from gongshi.consultations.models import Consultation
from gongshi.drafts.models import Draft
from gongshi.errors import RuleBroken
from gongshi.objections import placing, suggestions
from gongshi.objections import queries as objections
from gongshi.projects import queries as projects
from gongshi.projects.models import Paragraph
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.moment import now
from gongshi.web.workbench.access import me
from gongshi.web.workbench.lettering import stretches
from gongshi.web.workbench.sieve import EVERY, FLAGGED, Sieve

BEFORE, AFTER = 6, 24
SIMILAR = 6
SUGGESTED = 5
MOST_BESIDES = 200
"""So many comments are treated beside the one in hand: half a second under the write lock."""


class ReasonMissing(RuleBroken):
    """A withholding says why, with one of the reasons that there are."""

    code = "withholding-reason-missing"


class ObjectionUnknown(RuleBroken):
    """A comment is placed under an objection of its own list."""

    code = "objection-unknown"


@dataclass(frozen=True)
class Happening:
    """Something that was done with a comment: when, what, by whom; `ref` leads to the place where it is told."""

    at: datetime
    what: str
    who: str = ""
    ledger_index: int | None = None


def page(
    consultation: Consultation,
    sieve: Sieve,
    comment: Comment | None,
    *,
    standing: Mapping[Queue, triage.Standing] | None = None,
    refusal: str = "",
    field: str = "",
) -> ResponseReturnValue:
    """The queue on the left and the comment on the right; the first of the queue, if none is named."""
    window = lines.window(
        session(), consultation, sieve.asked, at=comment.seq if comment else 0, before=BEFORE, after=AFTER
    )
    if comment is None and window.lines:
        comment = triage.numbered(session(), consultation, window.lines[0].seq).comment
        window = replace(window, following=window.lines[1].seq if window.lines[1:] else None)
    body = render_template(
        "workbench/triage/show.html",
        consultation=consultation,
        sieve=sieve,
        window=window,
        firsts={line.seq: stretches([Piece(line.words, is_erased=not line.words)]) for line in window.lines},
        standing=standing or triage.queues(session(), consultation),
        flagged=triage.flagged(session(), consultation),
        flagged_name=FLAGGED,
        every_name=EVERY,
        queues=Queue,
        kinds=CommentKind,
        channels=Channel,
        states=CommentState,
        reasons=WithholdingReason,
        flag_reasons=FlagReason,
        projects=projects.for_choosing(session(), consultation),
        saved=_saved(),
        at=now(),
        typed=request.form,
        refusal=refusal,
        field=field,
        example=consultation.is_example,
        comment=comment,
        **(_about(comment) if comment else {}),
    )
    return body, 422 if refusal else 200


def _saved() -> list[SavedFilter]:
    return triage.saved_filters(session(), me())


def _about(comment: Comment) -> dict[str, object]:
    row = queues.of(session(), comment)
    similar = families.similar_to(session(), comment, limit=SIMILAR)
    family = families.family_of(session(), comment)
    return {
        "row": row,
        "text": stretches(comment.shown_pieces),
        "wish": stretches(comment.shown_resolution_pieces) if comment.resolution else [],
        "around": _around(comment),
        "similar": [(one, stretches([Piece(one.comment.shown_text[:160])])) for one in similar],
        "family": family if family is not None and family.size > 1 else None,
        "suggested": suggestions.suggest(session(), comment, limit=SUGGESTED) if _may_be_placed(comment) else [],
        "named": placing.named(session(), comment.consultation) if _may_be_placed(comment) else [],
        "under": objections.of_comment(session(), comment),
        "answer": objections.answer_to(session(), comment),
        "notes": triage.notes(session(), comment),
        "flags": triage.flags(session(), comment),
        "held_by": session().get(Draft, row.held_by) if row.held_by else None,
        "happened": _happened(comment),
        "told": personal.held(session(), comment),
        "can_erase": bool(erasing.erasable(session(), comment)),
    }


def _may_be_placed(comment: Comment) -> bool:
    return comment.state in {CommentState.PENDING, CommentState.PUBLISHED}


def _around(comment: Comment) -> list[tuple[Paragraph, bool]]:
    """The paragraph that a comment speaks of with its neighbours, and which of them it is."""
    if comment.version is None or comment.paragraph_key is None:
        return []
    paragraphs = list(comment.version.paragraphs)
    place = next((n for n, one in enumerate(paragraphs) if one.key == comment.paragraph_key), None)
    if place is None:
        return []
    return [(one, one.key == comment.paragraph_key) for one in paragraphs[max(0, place - 2) : place + 3]]


def _happened(comment: Comment) -> list[Happening]:
    """What was done with a comment, the first thing first."""
    found = [Happening(comment.received_at, _("Received"), ledger_index=comment.ledger_index)]
    if comment.published_by is not None:
        at = comment.state_at if comment.state is CommentState.PUBLISHED else comment.received_at
        found.append(Happening(at, _("Published"), comment.published_by.pseudonym))
    for one in comment.redactions if comment.redacted_at else []:
        found.append(Happening(one.redacted_at, _("Partly covered"), _pair(one.approval)))
    for erasure in erasing.of(session(), comment):
        found.append(Happening(erasure.erased_at, _("Erased"), _pair(erasure.approval), erasure.ledger_index))
    if comment.withholding is not None:
        found.append(Happening(comment.withholding.withheld_at, _("Withheld"), _pair(comment.withholding.approval)))
    found += _contested(comment)
    if comment.state is CommentState.WITHDRAWN:
        found.append(Happening(comment.state_at, _("Taken back by its sender")))
    for placement in placing.of_comment(session(), comment):
        at = placement.placed_at or placement.objection.worded_at
        who = placement.placed_by.pseudonym if placement.placed_by else placement.objection.worded_by.pseudonym
        found.append(Happening(at, _("Placed under %(number)s", number=placement.objection.number), who))
    return sorted(found, key=lambda one: one.at)


def _contested(comment: Comment) -> list[Happening]:
    """Appeals of its withholding with their decisions, and disputes of its name."""
    found = []
    for one in comment.withholding.appeals if comment.withholding else []:
        found.append(Happening(one.appealed_at, _("Appealed by its sender"), ledger_index=one.ledger_index))
        if one.decision is not None:
            ruled = one.decision
            words = _("Appeal decided: %(outcome)s", outcome=wording.label(ruled.outcome))
            found.append(Happening(ruled.decided_at, words, _pair(ruled.approval), ledger_index=ruled.ledger_index))
    disputes = contests.disputes_of(session(), comment)
    return found + [Happening(one.disputed_at, _("Name disputed"), ledger_index=one.ledger_index) for one in disputes]


def _pair(approval: Approval) -> str:
    return str(_(", ")).join([approval.prepared_by.pseudonym, approval.approved_by.pseudonym])
