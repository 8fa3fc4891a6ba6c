"""The plan of a project whose list is not public yet: written in the browser, or read from files, all at once."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_wtf import FlaskForm  # type: ignore[import-untyped]  # It has no types.
from flask_wtf.file import FileField  # type: ignore[import-untyped]  # It has no types.
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from gongshi.accounts.models import Role
from gongshi.consultations.models import Consultation
from gongshi.db import writing
from gongshi.errors import Busy, RuleBroken
from gongshi.imports import file_kinds, plan_files
from gongshi.imports.plan_files import ReadText
from gongshi.imports.plan_matching import matched
from gongshi.projects import actions, plan_progress
from gongshi.projects import queries as projects
from gongshi.projects.models import PlanDraft, PlanSource, Project, Severity
from gongshi.web import layout, wording
from gongshi.web.db import session
from gongshi.web.languages import desk
from gongshi.web.workbench import access, plans
from gongshi.web.workbench.access import me
from gongshi.web.workbench.choices import SelectChoice
from gongshi.web.workbench.places import consultation_of, project_of
from gongshi.web.workbench.plans import FileReport
from gongshi.web.workbench.preview import read_plan

bp = Blueprint("plan_writing", __name__, url_prefix="/consultations/<number>/projects")
access.allow(bp, reading=access.EVERYONE, writing={Role.EDITOR}, uploads={"write", "take"})

MOST_FILES = 60


class PlanForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types.
    """The working text. `edition` is that of the text that was shown; `source` how the text came in."""

    markdown = TextAreaField(lazy_gettext("Text of the plan"))
    edition = HiddenField()
    source = HiddenField()
    file = FileField(lazy_gettext("Plan file (.docx or .md)"))
    risk = TextAreaField(lazy_gettext("Risk"))
    severity = SelectField(
        lazy_gettext("Severity"),
        choices=[SelectChoice(one.value, wording.LABELS[Severity][one]) for one in Severity],
        default=Severity.GENERAL.value,
    )
    prevention = TextAreaField(lazy_gettext("Prevention"))
    compensation = TextAreaField(lazy_gettext("Compensation"))
    owner = StringField(lazy_gettext("Owner"))

    @property
    def had(self) -> int:
        """The edition that was shown."""
        shown = self.edition.data or ""
        return int(shown) if shown.isascii() and shown.isdigit() else 0


@bp.route("/<int:project>/plan", methods=["GET", "POST"])
def write(number: str, project: int) -> ResponseReturnValue:
    row = project_of(number, project)
    if row.consultation.published_at is not None:
        return plans.public(number)
    draft = projects.plan_draft(session(), row)
    form = PlanForm(data=_filled(draft))
    if not form.validate_on_submit():
        return _page(row, form, draft)
    match request.form.get("do"):
        case "read":
            return _read_into(row, form, draft)
        case "risk":
            return _with_risk(row, form, draft)
        case _:
            return _keep(row, form)


@bp.post("/plans")
def take(number: str) -> ResponseReturnValue:
    """Plan files, as many as were chosen, each for the project that its name begins with the number of."""
    consultation = consultation_of(number)
    if consultation.published_at is not None:
        return plans.public(number)
    files = [one for one in request.files.getlist("files") if one.filename]
    if not files or len(files) > MOST_FILES:
        fault = _("Please choose the plan files first; at most %(most)s at once.", most=MOST_FILES)
        return plans.index_page(consultation, fault=fault, status=422)
    contents = [(file_kinds.clean_name(one.filename), one.read()) for one in files]
    # The readers wait for their children, not for the processor; how many there are at once is kept in `safely`.
    with ThreadPoolExecutor(4) as pool:
        read = list(pool.map(_read, contents))
    listed = projects.of_list(session(), consultation)
    places = matched([name for name, _ in contents], [(one.number, one.name) for one in listed])
    found = [(name, place, text) for (name, _data), place, text in zip(contents, places, read, strict=True)]
    reports = _take(consultation, found)
    taken = sum(1 for one in reports if not one.refusal)
    flash(ngettext("%(num)d plan was stored.", "%(num)d plans were stored.", taken), "done" if taken else "error")
    return plans.index_page(consultation_of(number), reports=reports, status=200 if taken == len(reports) else 422)


Read = ReadText | RuleBroken | Busy


def _read(file: tuple[str, bytes]) -> Read:
    try:
        return plan_files.read_plan(*file)
    except (RuleBroken, Busy) as refusal:
        return refusal


def _take(consultation: Consultation, found: Sequence[tuple[str, int | None, Read]]) -> list[FileReport]:
    """Keep each text as the working text of its project."""
    reports = []
    with writing(session()) as at:
        listed = {one.number: one for one in projects.of_list(session(), consultation)}
        drafts = projects.plan_drafts(session(), consultation)
        for name, place, text in found:
            row = listed.get(place or 0)
            if not isinstance(text, ReadText):
                said = wording.say(text) if isinstance(text, RuleBroken) else _("The site is busy; choose it again.")
                reports.append(FileReport(name, refusal=said))
            elif row is None:
                said = _("No project was recognised. Begin the file's name with the number of its project: 03….docx")
                reports.append(FileReport(name, refusal=said))
            elif row.versions:
                reports.append(FileReport(name, row, refusal=_("The plan of this project is written down already.")))
            else:
                had = drafts[row.id].edition if row.id in drafts else 0
                drafts[row.id] = actions.keep_plan(
                    session(), row, text.markdown, source=PlanSource.UPLOADED, by=me(), edition=had, at=at
                )
                reports.append(FileReport(name, row, notes=_notes(text)))
    return reports


def _keep(row: Project, form: PlanForm) -> ResponseReturnValue:
    number, project = row.consultation.number, row.number
    source = PlanSource.UPLOADED if form.source.data == PlanSource.UPLOADED else PlanSource.TYPED
    try:
        with writing(session()) as at:
            row = project_of(number, project)
            kept = actions.keep_plan(
                session(), row, form.markdown.data or "", source=source, by=me(), edition=form.had, at=at
            )
            problems = plan_progress.of_project(row, kept).problems
    except RuleBroken as refusal:
        row = project_of(number, project)
        return _page(row, form, projects.plan_draft(session(), row), refusal=refusal)
    if problems:
        flash(_("Saved. Before the list can be published, some places are to be put right; see below."), "done")
        return redirect(desk("plan_writing.write", number=number, project=project), 303)
    flash(_("Saved: the plan of project %(number)s is in order.", number=project), "done")
    return redirect(desk("plans.index", number=number, _anchor=f"project-{project}"), 303)


def _read_into(row: Project, form: PlanForm, draft: PlanDraft | None) -> ResponseReturnValue:
    """Put the text of a file into the editor; it is kept once somebody has looked at it and saves."""
    file = form.file.data
    if not file:
        form.file.errors = [_("Please choose a file first.")]
        return _page(row, form, draft, status=422)
    try:
        found = plan_files.read_plan(file_kinds.clean_name(file.filename), file.read())
    except RuleBroken as refusal:
        form.file.errors = [wording.say(refusal)]
        return _page(row, form, draft, status=422)
    form.markdown.data, form.source.data = found.markdown, PlanSource.UPLOADED.value
    notes = [_("The file was read. Look through the text and save it; until then nothing is changed."), *_notes(found)]
    return _page(row, form, draft, notes=notes)


def _with_risk(row: Project, form: PlanForm, draft: PlanDraft | None) -> ResponseReturnValue:
    """Write the risk of the small form into the register of the text."""
    for field, words in ((form.risk, _("Please name the risk.")), (form.owner, _("Please say who is responsible."))):
        if not (field.data or "").strip():
            field.errors = [words]
    if form.risk.errors or form.owner.errors:
        return _page(row, form, draft, status=422)
    form.markdown.data = plan_progress.with_risk(
        form.markdown.data or "",
        description=form.risk.data or "",
        severity=Severity(form.severity.data),
        prevention=form.prevention.data or "",
        compensation=form.compensation.data or "",
        owner=form.owner.data or "",
    )
    for field in (form.risk, form.prevention, form.compensation, form.owner):
        field.data = ""
    return _page(row, form, draft, notes=[_("The risk stands in the register now. Save the text to keep it.")])


def _page(
    row: Project,
    form: PlanForm,
    draft: PlanDraft | None,
    *,
    notes: Sequence[str] = (),
    refusal: RuleBroken | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    plan, problems = read_plan(form.markdown.data or "")
    overtaken = isinstance(refusal, actions.EditedMeanwhile) and draft is not None
    if overtaken and draft is not None:
        # Saving once more is then meant to replace what the colleague wrote; the page shows theirs beside it.
        form.edition.data = str(draft.edition)
    body = render_template(
        "workbench/plan_writing/write.html",
        consultation=row.consultation,
        example=row.consultation.is_example,
        project=row,
        form=form,
        draft=draft,
        plan=plan,
        sections=layout.sections(plan.paragraphs),
        problems=problems,
        notes=notes,
        theirs=draft if overtaken else None,
        refusal=wording.say(refusal) if refusal else "",
    )
    return body, 422 if refusal else status


def _filled(draft: PlanDraft | None) -> dict[str, str]:
    if draft is None:
        return {"edition": "0"}
    return {"markdown": _for_reading(draft.markdown), "edition": str(draft.edition), "source": draft.source.value}


def _for_reading(markdown: str) -> str:
    """Without the ids of paragraphs: before the first version they mean nothing to anybody, and are given anew."""
    return re.sub(r"(?m)[ \t]*\{#p-\d+\}[ \t]*$", "", markdown)


def _notes(text: ReadText) -> tuple[str, ...]:
    return tuple(wording.importing.left_out(what, count) for what, count in text.left_out.items())
