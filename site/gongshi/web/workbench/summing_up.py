"""意见采纳情况: what is still open before the opinions can be summed up, and the text as it would be published."""

from collections.abc import Mapping

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from gongshi.accounts.models import Role
from gongshi.consultations.models import Consultation, RoundState
from gongshi.drafts import queries as drafts
from gongshi.drafts.deciding import Summary
from gongshi.drafts.models import Draft, DraftKind
from gongshi.notices import queries as notices
from gongshi.record import desk as desks
from gongshi.record import public_clock, reconciliation, summary
from gongshi.web import long_markdown
from gongshi.web.db import session
from gongshi.web.moment import now
from gongshi.web.references import linked
from gongshi.web.workbench import access, drafting, places, reviews
from gongshi.web.workbench.drafting import DraftForm

bp = Blueprint("summing_up", __name__, url_prefix="/consultations/<number>")
access.allow(bp, reading=access.EVERYONE, writing={Role.EDITOR})

SHOWN = 20


@bp.route("/summary", methods=["GET", "POST"])
def show(number: str) -> ResponseReturnValue:
    consultation = places.consultation_of(number)
    if consultation.is_archive or not consultation.is_public(now()):
        abort(404)
    draft = drafting.opened(DraftKind.SUMMARY, consultation)
    form = DraftForm()
    if form.validate_on_submit():
        title = f"“{consultation.number}”意见采纳情况"
        kept = drafting.kept(form, draft, Summary(), title=title, consultation=consultation)
        if kept is not None:
            return kept
    body = render_template(
        "workbench/summing_up/show.html",
        consultation=consultation,
        example=consultation.is_example,
        form=form,
        draft=draft,
        drafts=drafts.open_of(session(), consultation, kind=DraftKind.SUMMARY),
        earlier=notices.summary_of(session(), consultation),
        clock=public_clock.of(session(), consultation, now()),
        desk_of_list=desks.of_list(session(), consultation, now()),
        rounds_over=all(one.state(now()) is RoundState.CLOSED for one in consultation.rounds),
        most=SHOWN,
        at=now(),
        **_as_it_stands(consultation),
    )
    return body, 422 if form.is_submitted() else 200


def _as_it_stands(consultation: Consultation) -> dict[str, object]:
    found = reconciliation.of(session(), consultation)
    text = summary.text_of(session(), consultation, found)
    return {"found": found, "text": long_markdown.render(linked(text))}


def _review(draft: Draft, _contents: Summary) -> Mapping[str, object]:
    assert draft.consultation is not None
    return _as_it_stands(draft.consultation)


reviews.register(DraftKind.SUMMARY, edit="summing_up.show", context=_review)
