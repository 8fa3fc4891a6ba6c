"""更正: the values of a published list as they stand, to be overwritten where they are wrong; the notice follows."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import Field, SelectField, StringField, TextAreaField, ValidationError

from gongshi.accounts.models import Role
from gongshi.consultations.corrected import CorrectedField
from gongshi.consultations.models import Consultation
from gongshi.drafts import queries as drafts
from gongshi.drafts.models import DraftKind
from gongshi.drafts.publishing import ListCorrection, NewInstitution, NewValue
from gongshi.imports import institution_names
from gongshi.notices import drafted
from gongshi.notices.actions import NoticeText
from gongshi.notices.corrections import OF_INSTITUTIONS, value_of
from gongshi.projects import queries as projects
from gongshi.projects.models import Category, Project
from gongshi.web.db import session
from gongshi.web.languages import desk
from gongshi.web.moment import now
from gongshi.web.wording import LABELS
from gongshi.web.workbench import access, announcing, drafting, places
from gongshi.web.workbench.announcing import NoticeForm
from gongshi.web.workbench.choices import SelectChoice
from gongshi.web.workbench.publishing import scope_of
from gongshi.web.workbench.typed import typed

bp = Blueprint("correcting", __name__, url_prefix="/consultations/<number>/correction")
access.allow(bp, reading=access.EVERYONE, writing={Role.EDITOR}, uploads={"write"})

LIST, NOTICE = "list", "notice"
OF_LIST = (CorrectedField.TITLE, CorrectedField.TITLE_EN, CorrectedField.SUMMARY)
OF_PROJECT = (
    CorrectedField.NAME,
    CorrectedField.LEAD,
    CorrectedField.JOINT,
    CorrectedField.TECHNOLOGIES,
    CorrectedField.SCENARIOS,
)
LONGEST_VALUE = 2_000


class CorrectionForm(NoticeForm):
    """The values as they stand. Those that come back different are corrected."""

    title = TextAreaField(_("Title"))
    title_en = TextAreaField(_("English title"))
    summary = TextAreaField(_("What it is about"))
    name = StringField(_("Name of the project"))
    lead = StringField(_("Lead institution"))
    joint = TextAreaField(_("Joint institutions"))
    technologies = TextAreaField(_("Technologies"))
    scenarios = TextAreaField(_("Business scenarios"))
    category = SelectField(_("Kind of an institution that is named for the first time"))

    asked: tuple[CorrectedField, ...] = ()
    standing: Mapping[CorrectedField, list[str]]

    def value(self, field: CorrectedField) -> tuple[str, ...]:
        """What was typed: one value, or one on each line."""
        text = typed(self.field_of(field))
        words = text.split("\n") if field.is_many else [text.replace("\n", " ")]
        return tuple(word.strip() for word in words if word.strip())

    def field_of(self, field: CorrectedField) -> Field:
        found: Field = self[field.value.replace("-", "_")]
        return found

    @property
    def changed(self) -> list[CorrectedField]:
        """The values that were typed over."""
        return [one for one in self.asked if list(self.value(one)) != self.standing[one]]

    def validate(self, extra_validators: Mapping[str, object] | None = None) -> bool:
        is_right = bool(super().validate(extra_validators))
        for one in self.asked:
            try:
                self._check(one)
            except ValidationError as error:
                self.field_of(one).errors = [str(error)]
                is_right = False
        if self.asked and not self.changed:
            self.field_of(self.asked[0]).errors = [
                gettext("Nothing is changed yet: type over the value that is wrong.")
            ]
            is_right = False
        return is_right

    def new_institutions(self) -> tuple[NewInstitution, ...]:
        names = dict.fromkeys(name for one in self.changed if one in OF_INSTITUTIONS for name in self.value(one))
        known = {one.name for one in projects.institutions(session())}
        return tuple(NewInstitution(name, Category(self.category.data)) for name in names if name not in known)

    def _check(self, one: CorrectedField) -> None:
        value = self.value(one)
        if not value and not one.is_many:
            raise ValidationError(gettext("This cannot be left empty."))
        if len(set(value)) < len(value):
            raise ValidationError(gettext("One value stands here twice."))
        if any(len(word) > LONGEST_VALUE for word in value):
            raise ValidationError(gettext("A value has at most %(most)s characters.", most=LONGEST_VALUE))
        if one is CorrectedField.JOINT and set(value) & set(self.value(CorrectedField.LEAD)):
            raise ValidationError(gettext("The lead institution cannot also be a joint one."))
        if one in OF_INSTITUTIONS and one in self.changed:
            self._check_names(value)

    def _check_names(self, names: tuple[str, ...]) -> None:
        known = [one.name for one in projects.institutions(session())]
        for name in names:
            if name not in known and not self.category.data:
                close = institution_names.near(name, known)
                if close:
                    said = gettext(
                        "“%(name)s” is not known. Do you mean %(close)s? If it is another one, choose its kind below.",
                        name=name,
                        close=gettext(", ").join(close),
                    )
                else:
                    said = gettext("“%(name)s” is named for the first time. Choose its kind below.", name=name)
                raise ValidationError(said)


@bp.route("/", methods=["GET", "POST"])
def write(number: str) -> ResponseReturnValue:
    consultation = places.consultation_of(number)
    if not consultation.is_public(now()):
        flash(gettext("Only what is public is corrected. Until then change the list itself."), "error")
        return redirect(desk("consultations.show", number=number), 303)
    draft = drafting.opened(DraftKind.CORRECTION, consultation)
    stored: ListCorrection | None = drafting.contents(draft)
    wanted = _target_of(stored) or request.args.get("of", "")
    project = _project(consultation, wanted)
    if wanted not in {"", LIST, NOTICE} and project is None:
        wanted = ""
    form = CorrectionForm(edition=drafting.edition(draft), data=_filled(consultation, project, stored))
    form.category.choices = [SelectChoice("", gettext("— it is known already —"))] + [
        SelectChoice(one.value, LABELS[Category][one]) for one in Category
    ]
    form.asked = {LIST: OF_LIST, NOTICE: (), "": ()}.get(wanted, OF_PROJECT)
    form.standing = {one: value_of(consultation, project, one) for one in form.asked}
    form.files = announcing.files_of(stored.notice if stored else None)
    if form.is_submitted() and wanted:
        done = announcing.outcome(
            form,
            draft,
            words=lambda: _words(form, consultation, project),
            contents=lambda text: _contents(form, project, text),
            title=lambda: f"更正 {consultation.number}" + (f" 项目{project.number}" if project else ""),
            consultation=consultation,
            project=project,
        )
        if done is not None:
            return done
    body = render_template(
        "workbench/correcting/write.html",
        consultation=consultation,
        example=consultation.is_example,
        form=form,
        draft=draft,
        wanted=wanted,
        project=project,
        projects=projects.of_list(session(), consultation),
        institutions=[one.name for one in projects.institutions(session())],
        under_way=[
            one for one in drafts.open_of(session(), consultation, kind=DraftKind.CORRECTION) if one is not draft
        ],
    )
    return body, announcing.status(form) if form.is_submitted() else 200


def _words(form: CorrectionForm, consultation: Consultation, project: Project | None) -> NoticeText:
    number = project.number if project else None
    changes = [drafted.Change(one, form.standing[one], form.value(one), number) for one in form.changed]
    return drafted.correction(scope_of(consultation, project), changes)


def _contents(form: CorrectionForm, project: Project | None, text: NoticeText) -> ListCorrection:
    number = project.number if project else None
    values = tuple(NewValue(one, form.value(one), number) for one in form.changed)
    return ListCorrection(text, values, form.new_institutions() if form.category.data else ())


def _filled(consultation: Consultation, project: Project | None, stored: ListCorrection | None) -> dict[str, object]:
    fields = OF_PROJECT if project is not None else OF_LIST
    values = {one: value_of(consultation, project, one) for one in fields}
    for kept in stored.values if stored else ():
        values[kept.field] = list(kept.becomes)
    filled: dict[str, object] = {one.value.replace("-", "_"): "\n".join(value) for one, value in values.items()}
    new = stored.new_institutions if stored else ()
    filled["category"] = new[0].category.value if new else ""
    return {**filled, **announcing.filled(stored.notice if stored else None)}


def _target_of(stored: ListCorrection | None) -> str:
    """What a draft that is opened again corrects."""
    if stored is None:
        return ""
    if not stored.values:
        return NOTICE
    number = stored.values[0].project
    return LIST if number is None else str(number)


def _project(consultation: Consultation, wanted: str) -> Project | None:
    is_number = wanted.isascii() and wanted.isdigit() and len(wanted) < 6
    return projects.numbered(session(), consultation, int(wanted)) if is_number else None
