"""Erasing what the law says must go, prepared by one person for another; and reading a name or contact, on purpose."""

from flask import Blueprint, Response, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput

from gongshi.accounts.models import Role
from gongshi.comments import erasing, personal
from gongshi.comments.covering import Piece
from gongshi.comments.erasing import LONGEST_ORDER_NUMBER
from gongshi.comments.erasure_models import ErasedField, ErasureReason
from gongshi.comments.models import Comment
from gongshi.comments.personal import NothingHeld
from gongshi.db import writing
from gongshi.drafts import quoting
from gongshi.drafts.erasing import Erased
from gongshi.drafts.models import Draft, DraftKind
from gongshi.drafts.quoting import Words
from gongshi.sealing import CannotOpen
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.headers import not_kept
from gongshi.web.keys import personal_ring
from gongshi.web.settings import settings
from gongshi.web.workbench import access, drafting, reviews
from gongshi.web.workbench.access import me
from gongshi.web.workbench.lettering import Stretch, stretches
from gongshi.web.workbench.places import comment_of, comment_of_list, consultation_of

bp = Blueprint("erasing", __name__)
access.allow(bp, reading=access.EVERYONE, writing={Role.ANALYST})

# Whoever erases one of these erases what was said of the comment.
WITH_WHAT_IS_SAID = {ErasedField.TEXT, ErasedField.RESOLUTION, ErasedField.REASONS}


class ErasureForm(drafting.DraftForm):
    """What is destroyed, why, and by which order."""

    # Not InputRequired, by which a browser would ask for each of the boxes.
    fields = SelectMultipleField(option_widget=CheckboxInput())
    reason = RadioField(validators=[InputRequired(lazy_gettext("Please choose the reason in law."))])
    order_number = StringField(
        validators=[InputRequired(lazy_gettext("Please give the number of the order or request."))]
    )

    def __init__(self, comment: Comment, **given: object) -> None:
        super().__init__(**given)
        there = erasing.erasable(session(), comment)
        self.fields.label.text = _("What is destroyed")
        self.fields.choices = [(one.value, wording.label(one)) for one in ErasedField if one in there]
        self.reason.label.text = _("Reason")
        self.reason.choices = [(one.value, wording.label(one)) for one in ErasureReason]
        self.order_number.label.text = _("File number of the order or request")

    def validate_fields(self, field: SelectMultipleField) -> None:
        if not field.data:
            raise ValidationError(_("Please choose what is to be destroyed."))

    def contents(self, comment: Comment) -> Erased:
        return Erased(
            comment.number,
            [one for one in ErasedField if one.value in (self.fields.data or [])],
            ErasureReason(self.reason.data),
            (self.order_number.data or "").strip(),
        )


@bp.route("/consultations/<number>/erasure", methods=["GET", "POST"])
def erase(number: str) -> ResponseReturnValue:
    consultation = consultation_of(number)
    draft = drafting.opened(DraftKind.ERASURE, consultation)
    held = drafting.contents(draft)
    comment = comment_of_list(consultation, held.comment if held else None)
    form = ErasureForm(comment, data={**_filled(held), "edition": drafting.edition(draft)})
    if form.validate_on_submit():
        title = _("Erase %(comment)s", comment=comment.number)
        kept = drafting.kept(form, draft, form.contents(comment), title=title, consultation=consultation)
        if kept is not None:
            return kept
        comment = comment_of(comment.number)
    body = render_template(
        "workbench/erasing/erase.html",
        consultation=consultation,
        comment=comment,
        draft=draft,
        form=form,
        text=stretches(comment.shown_pieces),
        wish=stretches(comment.shown_resolution_pieces) if comment.resolution else [],
        beside=_beside(comment),
        quotations=quoting.find(session(), comment, Words.of(session(), comment, list(ErasedField))),
        longest=LONGEST_ORDER_NUMBER,
        example=consultation.is_example,
    )
    return body, 422 if form.is_submitted() else 200


@bp.post("/comments/<comment>/person")
def person(comment: str) -> ResponseReturnValue:
    """Show name and contact once, to an analyst who asked for them; that they did is noted first."""
    found = comment_of(comment)
    try:
        with writing(session()) as at:
            told = personal.read(session(), found, ring=personal_ring(settings()), by=me(), at=at)
    except NothingHeld as refusal:
        return _person_page(comment_of(comment), {}, wording.say(refusal), 409)
    except CannotOpen:
        sentence = _("The name and contact cannot be opened: their key is missing. Tell whoever runs the site.")
        return _person_page(comment_of(comment), {}, sentence, 500)
    return _person_page(found, {wording.label(field): text for field, text in told.items()}, "", 200)


def _person_page(comment: Comment, told: dict[str, str], refusal: str, status: int) -> Response:
    body = render_template(
        "workbench/erasing/person.html",
        comment=comment,
        consultation=comment.consultation,
        told=told,
        may_be_public=personal.consent(session(), comment) is not None,
        refusal=refusal,
        example=comment.consultation.is_example,
    )
    return not_kept(make_response(body, status))


def _filled(held: Erased | None) -> dict[str, object]:
    if held is None:
        return {}
    fields = [one.value for one in held.fields]
    return {"fields": fields, "reason": held.reason.value, "order_number": held.order_number}


def _seen(draft: Draft, contents: Erased) -> dict[str, object]:
    """What will be destroyed, to be read once more; names and contacts are not opened for this."""
    comment = contents.found(session())
    shows = draft.is_open
    return {
        "comment": comment,
        "text": stretches(comment.shown_pieces) if shows and ErasedField.TEXT in contents.fields else [],
        "wish": stretches(comment.shown_resolution_pieces)
        if shows and ErasedField.RESOLUTION in contents.fields and comment.resolution
        else [],
        "beside": _beside(comment) if shows and WITH_WHAT_IS_SAID & set(contents.fields) else [],
        "quotations": contents.quotations(session()) if shows else [],
    }


def _beside(comment: Comment) -> list[list[Stretch]]:
    """The reasons of its appeals, disputes and responses, which go with the text."""
    return [stretches([Piece(one.reason or "")]) for one in erasing.words_beside(session(), comment)]


reviews.register(DraftKind.ERASURE, edit="erasing.erase", context=_seen)
