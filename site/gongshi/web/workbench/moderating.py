"""Drafts about comments that exist: what is withheld, and what is covered in part; and how their approver sees them."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired

from gongshi.accounts.models import Role
from gongshi.comments import covering, queries
from gongshi.comments.covering import Piece
from gongshi.comments.models import Comment, WithholdingReason
from gongshi.drafts.models import Draft, DraftKind
from gongshi.drafts.moderation import Redaction, Withheld
from gongshi.errors import RuleBroken
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.workbench import access, drafting, reviews
from gongshi.web.workbench.lettering import Stretch, stretches
from gongshi.web.workbench.places import comment_of, comment_of_list, consultation_of

bp = Blueprint("moderating", __name__)
access.allow(bp, reading=access.EVERYONE, writing={Role.ANALYST})


class ReasonForm(drafting.DraftForm):
    """Why a text, or part of it, is not shown."""

    reason = RadioField(validators=[InputRequired()])

    def __init__(self, **given: object) -> None:
        super().__init__(**given)
        self.reason.label.text = _("Reason")
        self.reason.choices = [(one.value, wording.label(one)) for one in WithholdingReason]

    @property
    def chosen(self) -> WithholdingReason:
        return WithholdingReason(self.reason.data)


class RedactionForm(ReasonForm):
    """Which passages of a comment are covered, one a line."""

    passages = TextAreaField(validators=[InputRequired()])

    def __init__(self, **given: object) -> None:
        super().__init__(**given)
        self.passages.label.text = _("Passages to cover, one a line")

    @property
    def wanted(self) -> list[str]:
        lines = (self.passages.data or "").replace("\r\n", "\n").split("\n")
        return [line.strip() for line in lines if line.strip()]


@bp.route("/consultations/<number>/redaction", methods=["GET", "POST"])
def redact(number: str) -> ResponseReturnValue:
    consultation = consultation_of(number)
    draft = drafting.opened(DraftKind.REDACTION, consultation)
    held = drafting.contents(draft)
    comment = comment_of_list(consultation, held.comment if held else None)
    given = {"passages": "\n".join(_passages(comment, held)), "reason": held.reason.value} if held else {}
    form = RedactionForm(data={**given, "edition": drafting.edition(draft)})
    spans: list[list[covering.Span]] = [[], []]
    if form.is_submitted() and form.validate():
        spans = _found(form, comment)
        if spans[0] or spans[1]:
            contents = Redaction(comment.number, _plain(spans[0]), _plain(spans[1]), form.chosen)
            if request.form.get("do") != "preview":
                title = _("Cover parts of %(comment)s", comment=comment.number)
                kept = drafting.kept(form, draft, contents, title=title, consultation=consultation)
                if kept is not None:
                    return kept
                comment = comment_of(comment.number)
    body = render_template(
        "workbench/moderating/redact.html",
        consultation=consultation,
        comment=comment,
        draft=draft,
        form=form,
        text=stretches(comment.shown_pieces),
        wish=stretches(comment.shown_resolution_pieces) if comment.resolution else [],
        preview=_preview(comment, spans) if any(spans) else None,
        example=consultation.is_example,
    )
    is_fine = not form.is_submitted() or (request.form.get("do") == "preview" and not form.errors)
    return body, 200 if is_fine else 422


@bp.route("/consultations/<number>/withholding", methods=["GET", "POST"])
def withhold(number: str) -> ResponseReturnValue:
    """Change a withholding that is in preparation: its reason, and which comments it is for."""
    consultation = consultation_of(number)
    draft = drafting.opened(DraftKind.WITHHOLDING, consultation)
    held = drafting.contents(draft)
    if draft is None or not isinstance(held, Withheld):
        abort(404)
    form = ReasonForm(data={"reason": held.reason.value, "edition": drafting.edition(draft)})
    chosen = request.form.getlist("comments") if form.is_submitted() else held.comments
    if form.validate_on_submit():
        contents = Withheld([one for one in held.comments if one in chosen], form.chosen)
        kept = drafting.kept(form, draft, contents, title=draft.title, consultation=consultation)
        if kept is not None:
            return kept
    body = render_template(
        "workbench/moderating/withhold.html",
        consultation=consultation,
        draft=draft,
        form=form,
        comments=[(one, stretches(one.shown_pieces)) for one in queries.all_numbered(session(), held.comments)],
        chosen=chosen,
        example=consultation.is_example,
    )
    return body, 422 if form.is_submitted() else 200


def _found(form: RedactionForm, comment: Comment) -> list[list[covering.Span]]:
    """The places of what was typed; says at the field which passage stands nowhere."""
    try:
        return covering.places_of(form.wanted, comment.text, comment.resolution or "")
    except RuleBroken as refusal:
        form.passages.errors = [*form.passages.errors, wording.say(refusal)]
        return [[], []]


def _passages(comment: Comment, held: Redaction) -> list[str]:
    return [comment.text[start:end] for start, end in held.text] + [
        (comment.resolution or "")[start:end] for start, end in held.resolution
    ]


def _plain(spans: list[covering.Span]) -> list[list[int]]:
    return [[start, end] for start, end in spans]


def _preview(comment: Comment, spans: list[list[covering.Span]]) -> dict[str, list[Piece]]:
    contents = Redaction(comment.number, _plain(spans[0]), _plain(spans[1]), WithholdingReason.PERSONAL_DATA)
    return _as_shown(comment, contents)


def _as_shown(comment: Comment, contents: Redaction) -> dict[str, list[Piece]]:
    """Both texts as the public will read them."""
    shown = {}
    for name, sent in (("text", comment.text), ("resolution", comment.resolution or "")):
        spans = contents.spans(comment, name)
        shown[name] = covering.pieces(covering.covered(sent, spans), spans)
    return shown


def _redaction_seen(draft: Draft, contents: Redaction) -> dict[str, object]:
    """The words that will be covered, and the text as the public will read it. Once approved, only the latter."""
    comment = contents.found(session())
    sealed = not draft.is_open
    return {
        "comment": comment,
        "as_public": _as_shown(comment, contents),
        "passages": [] if sealed else [stretches([Piece(one)]) for one in dict.fromkeys(_passages(comment, contents))],
    }


def _withholding_seen(_draft: Draft, contents: Withheld) -> dict[str, object]:
    """Every comment with its whole text: what nobody read is not withheld."""
    found: list[tuple[Comment, list[Stretch]]] = [
        (one, stretches([*one.shown_pieces, *([Piece("\n"), *one.shown_resolution_pieces] if one.resolution else [])]))
        for one in contents.found(session())
    ]
    return {"comments": found}


reviews.register(DraftKind.REDACTION, edit="moderating.redact", context=_redaction_seen)
reviews.register(DraftKind.WITHHOLDING, edit="moderating.withhold", context=_withholding_seen)
