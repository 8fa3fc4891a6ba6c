"""申诉、署名争议、对答复的评价: what commenters send back by receipt, and the decision on an appeal."""

from collections.abc import Mapping

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, Optional

from gongshi.accounts.models import Role
from gongshi.comments import contests, other_people
from gongshi.comments.covering import Piece
from gongshi.comments.models import Appeal, AppealOutcome, Comment, WithholdingReason
from gongshi.comments.queues import of as standing_of
from gongshi.drafts.appeals import AppealRuling
from gongshi.drafts.models import Draft, DraftKind
from gongshi.objections import responses
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.moment import now
from gongshi.web.wording import LABELS
from gongshi.web.workbench import access, drafting, reviews
from gongshi.web.workbench.access import me
from gongshi.web.workbench.choices import SelectChoice
from gongshi.web.workbench.drafting import DraftForm
from gongshi.web.workbench.lettering import Stretch, stretches
from gongshi.web.workbench.places import comment_of, comment_of_list, consultation_of
from gongshi.web.workbench.typed import typed

bp = Blueprint("contested", __name__)
access.allow(bp, reading=access.EVERYONE, writing={Role.ANALYST})

AT_ONCE = 50
OUTCOMES = [SelectChoice(one.value, LABELS[AppealOutcome][one]) for one in AppealOutcome]


@bp.get("/consultations/<number>/contested/")
def index(number: str) -> ResponseReturnValue:
    """Everything that came back about a list: what waits first, then what was said."""
    consultation = consultation_of(number)
    before = request.args.get("before", type=int)
    said = responses.of_list(session(), consultation, before=before, limit=AT_ONCE + 1)
    return render_template(
        "workbench/contested/index.html",
        consultation=consultation,
        example=consultation.is_example,
        at=now(),
        waiting=[
            (one, _under_way(one.comment), _read(one.reason), other_people.may_prepare(session(), one, me()))
            for one in contests.open_appeals(session(), consultation)
        ],
        decided=contests.decided_appeals(session(), consultation, AT_ONCE),
        disputes=[(one, _read(one.reason)) for one in contests.disputes_of_list(session(), consultation, AT_ONCE)],
        said=[(one, _read(one.reason)) for one in said[:AT_ONCE]],
        more=said[AT_ONCE - 1].ledger_index if len(said) > AT_ONCE else None,
        unsatisfied=responses.count_unsatisfied(session(), consultation),
    )


class AppealForm(DraftForm):
    """How an appeal ends, and why."""

    outcome = RadioField(
        lazy_gettext("How the appeal ends"),
        choices=OUTCOMES,
        validators=[DataRequired(lazy_gettext("Please choose what is decided."))],
    )
    withheld_for = RadioField(lazy_gettext("If it stays withheld: for which reason"), validators=[Optional()])
    reasons = TextAreaField(
        lazy_gettext("Reasons, public"),
        [DataRequired(lazy_gettext("Please say in public why the appeal is decided so."))],
    )

    def __init__(self, **given: object) -> None:
        super().__init__(**given)
        self.withheld_for.choices = [(one.value, wording.label(one)) for one in WithholdingReason]

    def contents(self, comment: Comment) -> AppealRuling:
        outcome = AppealOutcome(self.outcome.data)
        is_kept = outcome is AppealOutcome.KEPT
        kept_for = WithholdingReason(self.withheld_for.data) if is_kept and self.withheld_for.data else None
        return AppealRuling(comment.number, outcome, kept_for, typed(self.reasons).strip())


@bp.route("/consultations/<number>/appeal", methods=["GET", "POST"])
def decide(number: str) -> ResponseReturnValue:
    """Prepare the decision on one appeal."""
    consultation = consultation_of(number)
    draft = drafting.opened(DraftKind.APPEAL, consultation)
    held = drafting.contents(draft)
    comment = comment_of_list(consultation, held.comment if held else None)
    appeal = contests.open_appeal(session(), comment)
    if appeal is None:
        abort(404)
    form = AppealForm(data=_filled(appeal, held) | {"edition": drafting.edition(draft)})
    if form.validate_on_submit():
        title = _("Decision on the appeal of %(comment)s", comment=comment.number)
        kept = drafting.kept(form, draft, form.contents(comment), title=title, consultation=consultation)
        if kept is not None:
            return kept
        appeal = contests.open_appeal(session(), comment_of(comment.number))
    body = render_template(
        "workbench/contested/decide.html",
        consultation=consultation,
        example=consultation.is_example,
        draft=draft,
        form=form,
        at=now(),
        **_seen(appeal),
    )
    return body, 422 if form.is_submitted() else 200


def _filled(appeal: Appeal, held: AppealRuling | None) -> dict[str, object]:
    """What the form shows first: the draft, or nothing decided and the reason that is in force."""
    in_force = appeal.withholding.reason_in_force.value
    if held is None:
        return {"withheld_for": in_force}
    return {
        "outcome": held.outcome.value,
        "withheld_for": held.withheld_for.value if held.withheld_for else in_force,
        "reasons": held.reasons,
    }


def _seen(appeal: Appeal | None) -> dict[str, object]:
    """The appeal with the whole text it is about: what nobody read is not decided."""
    if appeal is None:
        return {"appeal": None, "comment": None, "text": [], "wish": [], "said": []}
    comment = appeal.comment
    return {
        "appeal": appeal,
        "comment": comment,
        "text": stretches(comment.shown_pieces),
        "wish": stretches(comment.shown_resolution_pieces) if comment.resolution else [],
        "said": _read(appeal.reason),
    }


def _under_way(comment: Comment) -> Draft | None:
    """The draft that speaks of a comment: two people do not decide the same appeal without knowing."""
    held_by = standing_of(session(), comment).held_by
    return session().get(Draft, held_by) if held_by else None


def _read(text: str | None) -> list[Stretch]:
    return stretches([Piece(text)]) if text else []


def _review(_draft: Draft, contents: AppealRuling) -> Mapping[str, object]:
    comment = contents.found(session())
    appeals = contests.appeals_of(session(), comment.withholding) if comment.withholding else []
    return _seen(appeals[-1] if appeals else None)


reviews.register(DraftKind.APPEAL, edit="contested.decide", context=_review)
