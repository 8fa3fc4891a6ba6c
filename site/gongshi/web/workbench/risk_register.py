"""风险点登记: the register of a plan's next version as a form, risk by risk."""

from dataclasses import replace

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm  # type: ignore[import-untyped]  # It has no types.
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # The stubs are of an older WTForms.
from wtforms.validators import Length, ValidationError

from gongshi.accounts.models import Role
from gongshi.projects.models import Severity
from gongshi.projects.plan_text import PlanRisk
from gongshi.projects.plan_writing import written
from gongshi.revisions import working
from gongshi.revisions.working import Working
from gongshi.web.db import session
from gongshi.web.wording import LABELS
from gongshi.web.workbench import access, revising
from gongshi.web.workbench.revising import Refused

bp = Blueprint("risk_register", __name__, url_prefix="/consultations/<number>/projects/<int:project>/revision")
access.allow(bp, reading=access.EVERYONE, writing={Role.EDITOR})

LEVELS = [SelectChoice(one.value, LABELS[Severity][one]) for one in Severity]
TOO_LONG = lazy_gettext("This is more than 2,000 characters.")
SHORT_ENOUGH = Length(max=2000, message=TOO_LONG)


class RiskForm(Form):
    """One row. A row in which nothing is written counts for nothing."""

    key = HiddenField()
    description = TextAreaField(lazy_gettext("Risk"), [SHORT_ENOUGH])
    severity = SelectField(lazy_gettext("Severity"), choices=LEVELS, default=Severity.GENERAL.value)
    prevention = TextAreaField(lazy_gettext("Prevention"), [SHORT_ENOUGH])
    compensation = TextAreaField(lazy_gettext("Compensation"), [SHORT_ENOUGH])
    owner = StringField(lazy_gettext("Owner"), [SHORT_ENOUGH])
    remove = BooleanField(lazy_gettext("Take this risk out of the register"))

    @property
    def counts(self) -> bool:
        written_in = (self.key, self.description, self.prevention, self.compensation, self.owner)
        return not self.remove.data and any((one.data or "").strip() for one in written_in)

    def validate_description(self, field: TextAreaField) -> None:
        if self.counts and not (field.data or "").strip():
            raise ValidationError(_("Please name the risk, or take it out of the register."))

    def validate_owner(self, field: StringField) -> None:
        if self.counts and not (field.data or "").strip():
            raise ValidationError(_("Please say who is responsible for this risk."))

    def risk(self) -> PlanRisk:
        return PlanRisk(
            self.key.data or "",
            _cell(self.description.data),
            Severity(self.severity.data),
            _cell(self.prevention.data) or None,
            _cell(self.compensation.data) or None,
            _cell(self.owner.data),
        )


class RegisterForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types.
    """The whole register."""

    risks = FieldList(FormField(RiskForm))
    edition = HiddenField()


@bp.route("/risks", methods=["GET", "POST"])
def edit(number: str, project: int) -> ResponseReturnValue:
    row = revising.revisable(number, project)
    state = working.of(session(), row)
    form = RegisterForm() if request.method == "POST" else _filled(state)
    refused = None
    if request.form.get("do") == "add":
        form.risks.append_entry()
    elif form.is_submitted():
        refused = Refused()
        if form.validate():
            risks = tuple(one.form.risk() for one in form.risks if one.form.counts)
            kept = revising.keep(row, written(replace(state.text, risks=risks)), edition=form.edition.data)
            if not isinstance(kept, Refused):
                return kept
            refused = kept
            if kept.overtaken:
                form.edition.data = str(working.of(session(), row).edition)
    body = render_template(
        "workbench/risk_register/edit.html", **revising.about(row, state), form=form, refused=refused
    )
    return body, refused.status if refused else 200


def _filled(state: Working) -> RegisterForm:
    rows = [
        {
            "key": one.key,
            "description": one.description,
            "severity": one.severity.value,
            "prevention": one.prevention or "",
            "compensation": one.compensation or "",
            "owner": one.owner,
        }
        for one in state.text.risks
    ]
    return RegisterForm(data={"risks": rows, "edition": state.edition})


def _cell(given: str | None) -> str:
    """Words that fit into a cell of the register: one line, and no bar, which ends a cell."""
    return " ".join((given or "").replace("|", "｜").split())
