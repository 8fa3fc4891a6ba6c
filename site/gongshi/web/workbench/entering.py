"""来信来电录入: what came by letter, e-mail or telephone, typed by one person and confirmed by another (rule 11)."""

from uuid import uuid4

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from gongshi import clock
from gongshi.accounts.models import Role
from gongshi.comments import receipts
from gongshi.comments.checks import LONGEST_TEXT
from gongshi.comments.covering import Piece
from gongshi.comments.models import Channel, CommentKind
from gongshi.consultations.models import Consultation
from gongshi.drafts.models import Draft, DraftKind
from gongshi.drafts.moderation import Letter
from gongshi.projects import queries as projects
from gongshi.projects.models import Paragraph, Project
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.keys import receipt_key
from gongshi.web.moment import now
from gongshi.web.settings import settings
from gongshi.web.workbench import access, drafting, reviews
from gongshi.web.workbench.lettering import stretches
from gongshi.web.workbench.places import consultation_of

bp = Blueprint("entering", __name__)
access.allow(bp, reading=access.EVERYONE, writing={Role.EDITOR, Role.ANALYST})


class LetterForm(drafting.DraftForm):
    """One comment as it came."""

    channel = RadioField(validators=[InputRequired()])
    received_on = DateField(validators=[InputRequired()])
    kind = RadioField(validators=[InputRequired()])
    project = SelectField(coerce=int, validators=[Optional()])
    paragraph = StringField(validators=[Length(max=20)])
    text = TextAreaField(validators=[InputRequired(), Length(max=LONGEST_TEXT)])
    resolution = TextAreaField(validators=[Length(max=LONGEST_TEXT)])

    def __init__(self, consultation: Consultation, **given: object) -> None:
        super().__init__(**given)
        self.listed = {one.number: one for one in projects.for_choosing(session(), consultation)}
        self.channel.choices = [(one.value, wording.label(one)) for one in Channel if one is not Channel.WEB]
        self.kind.choices = [(one.value, wording.label(one)) for one in CommentKind]
        whole = (0, _("The whole list"))
        self.project.choices = [whole, *((no, f"{no} {one.name}") for no, one in self.listed.items())]
        words = {
            self.channel: _("Channel"), self.received_on: _("Received on"), self.kind: _("Kind"),
            self.project: _("What it speaks of"), self.paragraph: _("Paragraph"), self.text: _("Text, word for word"),
            self.resolution: _("What change would resolve it"),
        }  # fmt: skip
        for field, label in words.items():
            field.label.text = label

    def validate_received_on(self, field: DateField) -> None:
        if field.data and field.data > clock.beijing(now()).date():
            raise ValidationError(_("This day is still to come. Give the day on which it was received."))

    def validate_paragraph(self, _field: StringField) -> None:
        key = self.paragraph_key
        if key is None:
            return
        project = self.listed.get(self.project.data or 0)
        if project is None:
            raise ValidationError(_("Choose the project that the paragraph belongs to."))
        if _paragraph(project, key) is None:
            raise ValidationError(
                _(
                    "The current version of this plan has no paragraph %(key)s. Use the number beside the paragraph.",
                    key=key,
                )
            )

    @property
    def paragraph_key(self) -> str | None:
        """The paragraph as keys are written; ¶7, 7 and p-7 mean the same."""
        typed = (self.paragraph.data or "").strip().lower().lstrip("¶")
        return (f"p-{typed}" if typed.isdigit() else typed) or None


@bp.route("/consultations/<number>/letters/new", methods=["GET", "POST"])
def letter(number: str) -> ResponseReturnValue:
    consultation = consultation_of(number)
    draft = drafting.opened(DraftKind.LETTER, consultation)
    held: Letter | None = drafting.contents(draft)
    form = LetterForm(consultation, data={**_given(held), "edition": drafting.edition(draft)})
    if form.validate_on_submit():
        title = _("%(channel)s received on %(day)s", channel=_channel(form), day=form.received_on.data)
        kept = drafting.kept(form, draft, _letter(form, held), title=title, consultation=consultation)
        if kept is not None:
            return kept
    body = render_template(
        "workbench/entering/letter.html",
        consultation=consultation_of(number),
        draft=draft,
        form=form,
        limit=LONGEST_TEXT,
        example=consultation.is_example,
    )
    return body, 422 if form.is_submitted() else 200


def _given(held: Letter | None) -> dict[str, object]:
    if held is None:
        return {"project": request.args.get("project", 0, type=int), "received_on": clock.beijing(now()).date()}
    return {
        "channel": held.channel.value,
        "received_on": held.received_on,
        "kind": held.says.value,
        "project": held.project or 0,
        "paragraph": held.paragraph_key or "",
        "text": held.text,
        "resolution": held.resolution or "",
    }


def _letter(form: LetterForm, held: Letter | None) -> Letter:
    key = held.submission_key if held else f"entered-{uuid4().hex}"
    receipt = receipts.of(receipt_key(settings()), key)
    project = form.listed.get(form.project.data or 0)
    version = project.current_version if project and form.paragraph_key else None
    day = form.received_on.data
    assert day is not None
    return Letter(
        channel=Channel(form.channel.data),
        received_on=day,
        says=CommentKind(form.kind.data),
        text=(form.text.data or "").replace("\r\n", "\n"),
        resolution=(form.resolution.data or "").replace("\r\n", "\n").strip() or None,
        project=project.number if project else None,
        version=version.number if version else None,
        paragraph_key=form.paragraph_key,
        submission_key=key,
        receipt_number=receipt.number,
        secret_sha256=receipt.secret_sha256,
    )


def _channel(form: LetterForm) -> str:
    return wording.label(Channel(form.channel.data))


def _paragraph(project: Project, key: str) -> Paragraph | None:
    version = project.current_version
    return projects.paragraph(session(), version, key) if version else None


def _seen(draft: Draft, contents: Letter) -> dict[str, object]:
    """The letter as it will be received, the paragraph it speaks of, and the receipt for whoever wrote."""
    target = contents.target(session(), draft)
    paragraph = (
        projects.paragraph(session(), target.version, contents.paragraph_key)
        if target.version and contents.paragraph_key
        else None
    )
    return {
        "target": target,
        "paragraph": paragraph,
        "letter_text": stretches([Piece(contents.text)]),
        "letter_wish": stretches([Piece(contents.resolution or "")]),
        "receipt_secret": receipts.secret(receipt_key(settings()), contents.submission_key),
    }


reviews.register(DraftKind.LETTER, edit="entering.letter", context=_seen)
