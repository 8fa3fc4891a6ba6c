"""The projects of a list that is not public yet: their rows, their order, and how far each plan is."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm  # type: ignore[import-untyped]  # It has no types.
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from gongshi import ledger
from gongshi.accounts.models import Role
from gongshi.consultations.models import Consultation
from gongshi.db import writing
from gongshi.errors import RuleBroken
from gongshi.imports import storing
from gongshi.imports.institution_names import match
from gongshi.imports.project_rows import LONGEST_INSTITUTION, LONGEST_NAME, LONGEST_VALUE, NewName, ProjectRow, several
from gongshi.projects import actions, plan_progress
from gongshi.projects import queries as projects
from gongshi.projects.actions import EditedMeanwhile
from gongshi.projects.models import Category, Project
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.languages import desk
from gongshi.web.workbench import access, new_names
from gongshi.web.workbench.access import me
from gongshi.web.workbench.new_names import Decision
from gongshi.web.workbench.places import consultation_of, project_of

bp = Blueprint("plans", __name__, url_prefix="/consultations/<number>/projects")
access.allow(bp, reading=access.EVERYONE, writing={Role.EDITOR})


class ProjectForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types.
    """One row of the list. `seen` is the row as it was shown, so that nobody overwrites a colleague unawares."""

    name = StringField(
        lazy_gettext("Name of the project"),
        [
            DataRequired(lazy_gettext("Please write the name of the project.")),
            Length(max=LONGEST_NAME, message=lazy_gettext("The name has at most %(max)d characters.")),
        ],
    )
    lead = StringField(
        lazy_gettext("Lead institution"), [DataRequired(lazy_gettext("Please name the lead institution."))]
    )
    joint = TextAreaField(lazy_gettext("Joint applicants"))
    technologies = StringField(lazy_gettext("Technologies"))
    scenarios = StringField(lazy_gettext("Business scenarios"))
    seen = HiddenField()

    def validate_lead(self, field: StringField) -> None:
        if len(several(field.data or "")) > 1:
            raise ValidationError(_("Name one institution; the others belong to the joint applicants."))
        _refuse_longer(several(field.data or ""), LONGEST_INSTITUTION)

    def validate_joint(self, field: TextAreaField) -> None:
        _refuse_longer(several(field.data or ""), LONGEST_INSTITUTION)

    def validate_technologies(self, field: StringField) -> None:
        _refuse_longer(several(field.data or ""), LONGEST_VALUE)

    validate_scenarios = validate_technologies


@dataclass(frozen=True)
class FileReport:
    """What became of one uploaded plan."""

    name: str
    project: Project | None = None
    refusal: str = ""
    notes: tuple[str, ...] = ()


@bp.get("")
def index(number: str) -> ResponseReturnValue:
    return index_page(consultation_of(number))


@bp.route("/new", methods=["GET", "POST"])
def add(number: str) -> ResponseReturnValue:
    consultation = consultation_of(number)
    if consultation.published_at is not None:
        return public(number)
    form = ProjectForm()
    if not form.validate_on_submit():
        return _form_page(consultation, form)
    following = len(projects.of_list(session(), consultation)) + 1
    return _stored(consultation, form, following, None)


@bp.route("/<int:project>/row", methods=["GET", "POST"])
def amend(number: str, project: int) -> ResponseReturnValue:
    row = project_of(number, project)
    if row.consultation.published_at is not None:
        return public(number)
    form = ProjectForm(data=_filled(row))
    if not form.validate_on_submit():
        return _form_page(row.consultation, form, row)
    return _stored(row.consultation, form, project, row)


@bp.route("/<int:project>/remove", methods=["GET", "POST"])
def remove(number: str, project: int) -> ResponseReturnValue:
    row = project_of(number, project)
    if row.consultation.published_at is not None:
        return public(number)
    refusal = ""
    if request.method == "POST":
        try:
            with writing(session()):
                actions.remove(session(), _as_seen(project_of(number, project)), by=me())
        except RuleBroken as refused:
            refusal = wording.say(refused)
        else:
            flash(_("Project %(number)s was removed; those after it moved up.", number=project), "done")
            return redirect(desk("plans.index", number=number), 303)
    row = project_of(number, project)
    body = render_template(
        "workbench/plans/remove.html",
        consultation=row.consultation,
        example=row.consultation.is_example,
        project=row,
        draft=projects.plan_draft(session(), row),
        seal=seal(row),
        refusal=refusal,
    )
    return body, 422 if refusal else 200


@bp.post("/<int:project>/move")
def move(number: str, project: int) -> ResponseReturnValue:
    """To another place in the list: `place`, from 1."""
    place = request.form.get("place", "")
    try:
        with writing(session()):
            row = project_of(number, project)
            actions.renumber(session(), row, number=int(place) if place.isascii() and place.isdigit() else 0, by=me())
    except RuleBroken as refusal:
        flash(wording.say(refusal), "error")
    else:
        flash(_("Project %(number)s is number %(place)s now.", number=project, place=place), "done")
    return redirect(desk("plans.index", number=number, _anchor=f"project-{place}"), 303)


def index_page(
    consultation: Consultation, *, reports: Sequence[FileReport] = (), fault: str = "", status: int = 200
) -> ResponseReturnValue:
    """The list with the state of every plan; after plans were uploaded, with what became of each file."""
    found = plan_progress.progress(session(), consultation)
    body = render_template(
        "workbench/plans/index.html",
        consultation=consultation,
        example=consultation.is_example,
        plans=found,
        ready=sum(one.is_ready for one in found),
        reports=reports,
        fault=fault,
    )
    return body, status


def public(number: str) -> ResponseReturnValue:
    """Where a page leads that only serves lists that are not public yet."""
    flash(_("This list is public. Its projects change by a correction or a new version only."), "error")
    return redirect(desk("plans.index", number=number), 303)


def seal(row: Project) -> str:
    """A hash of a row as it stands."""
    names = [one.name for one in row.institutions]
    return ledger.digest([str(row.id), row.number, row.name, names, row.technologies, row.scenarios])


def _stored(consultation: Consultation, form: ProjectForm, number: int, row: Project | None) -> ResponseReturnValue:
    stated, names = _stated(form, number)
    decisions = new_names.chosen(names, request.form)
    refusal = ""
    try:
        with writing(session()):
            if row is not None:
                _as_seen(project_of(consultation.number, number))
            answers = new_names.answers(decisions)
            storing.store(session(), consultation, [stated], decisions=answers, by=me())
    except storing.InstitutionUndecided:
        new_names.complain(decisions)
    except RuleBroken as refused:
        refusal = wording.say(refused)
    else:
        flash(_("Project %(number)s was stored.", number=number), "done")
        return redirect(desk("plans.index", number=consultation.number, _anchor=f"project-{number}"), 303)
    return _form_page(consultation, form, row, decisions=decisions, refusal=refusal)


def _stated(form: ProjectForm, number: int) -> tuple[ProjectRow, list[NewName]]:
    """The row that was typed, its institutions by the names under which they are known, and those that are not."""
    known = storing.known_institutions(session())
    unknown: list[NewName] = []

    def named(written: str) -> str:
        found = match(written, known)
        if found.known is None:
            unknown.append(NewName(written, (), found.near))
        return found.known.name if found.known else written

    lead, joint = several(form.lead.data or ""), several(form.joint.data or "")
    stated = ProjectRow(
        line=0,
        number=number,
        name=" ".join((form.name.data or "").split()),
        lead=named(lead[0]) if lead else "",
        category=None,
        joint=tuple(map(named, joint)),
        technologies=tuple(several(form.technologies.data or "")),
        scenarios=tuple(several(form.scenarios.data or "")),
    )
    return stated, unknown


def _as_seen(row: Project) -> Project:
    """The row, if it is still what the form showed. Raises EditedMeanwhile."""
    if request.form.get("seen") != seal(row):
        raise EditedMeanwhile(project=row.number)
    return row


def _form_page(
    consultation: Consultation,
    form: ProjectForm,
    project: Project | None = None,
    *,
    decisions: Sequence[Decision] = (),
    refusal: str = "",
) -> ResponseReturnValue:
    body = render_template(
        "workbench/plans/amend.html",
        consultation=consultation,
        example=consultation.is_example,
        project=project,
        form=form,
        decisions=decisions,
        categories=Category,
        refusal=refusal,
        institutions=[one.name for one in projects.institutions(session())],
    )
    return body, 422 if form.is_submitted() else 200


def _filled(row: Project) -> dict[str, str]:
    return {
        "name": row.name,
        "lead": row.lead.name if row.lead else "",
        "joint": "、".join(partner.institution.name for partner in row.partners),
        "technologies": "、".join(row.technologies),
        "scenarios": "、".join(row.scenarios),
        "seen": seal(row),
    }


def _refuse_longer(values: Sequence[str], most: int) -> None:
    for one in values:
        if len(one) > most:
            raise ValidationError(
                _("“%(one)s…” is longer than %(most)s characters; separate several with 、", one=one[:20], most=most)
            )
