"""The list of projects from a spreadsheet: a template to download, a preview of every row, and then the storing.

Nothing is stored until all is right. Between preview and storing the rows travel in the form itself, sealed, so that
what is stored is what was shown.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_wtf import FlaskForm  # type: ignore[import-untyped]  # It has no types.
from flask_wtf.file import FileField  # type: ignore[import-untyped]  # It has no types.
from itsdangerous import BadData, URLSafeTimedSerializer

from gongshi.accounts.models import Role
from gongshi.consultations.models import Consultation
from gongshi.db import writing
from gongshi.errors import RuleBroken
from gongshi.imports import file_kinds, storing
from gongshi.imports.headers import Column
from gongshi.imports.lists import read_list
from gongshi.imports.project_rows import NewName, ProjectRow, Reading
from gongshi.imports.template import FILE_NAME, template
from gongshi.projects import queries as projects
from gongshi.projects.models import Category
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.languages import desk
from gongshi.web.workbench import access, import_tables, new_names
from gongshi.web.workbench.access import me
from gongshi.web.workbench.new_names import Decision
from gongshi.web.workbench.places import consultation_of

bp = Blueprint("importing", __name__, url_prefix="/consultations/<number>/import")
access.allow(bp, reading=access.EVERYONE, writing={Role.EDITOR}, uploads={"show"})

# A working day: whoever is called away in between can still store what was read.
SEAL_HOLDS = 12 * 60 * 60


class SpreadsheetForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types.
    """One file."""

    file = FileField(lazy_gettext("Spreadsheet (.xlsx or .csv)"))


@bp.route("", methods=["GET", "POST"])
def show(number: str) -> ResponseReturnValue:
    consultation = consultation_of(number)
    form = SpreadsheetForm()
    if consultation.published_at is not None:
        flash(_("This list is public. Its projects change by a correction or a new version only."), "error")
        return redirect(desk("plans.index", number=number), 303)
    if not form.validate_on_submit():
        return _page(consultation, form)
    file = form.file.data
    if not file:
        form.file.errors = [_("Please choose a file first.")]
        return _page(consultation, form, status=422)
    try:
        reading = _read(consultation, file_kinds.clean_name(file.filename), file.read())
    except RuleBroken as refusal:
        form.file.errors = [wording.say(refusal)]
        return _page(consultation, form, status=422)
    decisions = new_names.likely(reading.new_names) if reading.is_right else []
    return _page(consultation, form, reading=reading, decisions=decisions, status=200 if reading.is_right else 422)


@bp.post("/store")
def store(number: str) -> ResponseReturnValue:
    consultation = consultation_of(number)
    try:
        rows, names = _unsealed(consultation, request.form.get("rows", ""))
    except BadData:
        flash(_("The preview is too old, or was made in another account. Please choose the file once more."), "error")
        return redirect(desk("importing.show", number=number), 303)
    decisions = new_names.chosen(names, request.form)
    refusal = ""
    try:
        with writing(session()):
            storing.store(session(), consultation, rows, decisions=new_names.answers(decisions), by=me())
    except storing.InstitutionUndecided:
        new_names.complain(decisions)
    except RuleBroken as refused:
        refusal = wording.say(refused)
    else:
        flash(ngettext("%(num)d project stored.", "%(num)d projects stored.", len(rows)), "done")
        return redirect(desk("plans.index", number=number), 303)
    return _page(consultation, SpreadsheetForm(), rows=rows, decisions=decisions, refusal=refusal, status=422)


@bp.get("/" + FILE_NAME)
def blank(number: str) -> ResponseReturnValue:
    """The template, which is the same for every list."""
    consultation_of(number)
    answer = Response(template(), content_type=file_kinds.FileKind.XLSX.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return answer


def _read(consultation: Consultation, name: str, data: bytes) -> Reading:
    existing = {one.number for one in projects.of_list(session(), consultation)}
    return read_list(name, data, storing.known_institutions(session()), existing=existing)


def _page(
    consultation: Consultation,
    form: SpreadsheetForm,
    *,
    reading: Reading | None = None,
    rows: tuple[ProjectRow, ...] = (),
    decisions: list[Decision] | None = None,
    refusal: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    stored = reading.rows if reading and reading.is_right else rows
    names = [one.name for one in decisions or []]
    body = render_template(
        "workbench/importing/show.html",
        consultation=consultation,
        example=consultation.is_example,
        form=form,
        reading=reading,
        table=import_tables.shown(reading) if reading else None,
        rows=stored,
        words=import_tables.words,
        columns=Column,
        most_listed=import_tables.MOST_LISTED,
        decisions=decisions or [],
        categories=Category,
        refusal=refusal,
        seal=_sealed(consultation, stored, names) if stored else "",
    )
    return body, status


def _seal(consultation: Consultation) -> URLSafeTimedSerializer:
    """Seals rows for this list and this person."""
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"import:{consultation.number}:{me().id}")


def _sealed(consultation: Consultation, rows: tuple[ProjectRow, ...], names: list[NewName]) -> str:
    return str(_seal(consultation).dumps([[asdict(one) for one in rows], [asdict(one) for one in names]]))


def _unsealed(consultation: Consultation, seal: str) -> tuple[tuple[ProjectRow, ...], list[NewName]]:
    """What was shown. Raises BadData for anything that was not sealed here, for this list and person, today."""
    rows, names = _seal(consultation).loads(seal, max_age=SEAL_HOLDS)
    return tuple(_row(one) for one in rows), [_new_name(one) for one in names]


def _row(found: Mapping[str, Any]) -> ProjectRow:
    category = Category(found["category"]) if found["category"] else None
    lists = {name: tuple(found[name]) for name in ("joint", "technologies", "scenarios")}
    return ProjectRow(**{**found, **lists, "category": category})


def _new_name(found: Mapping[str, Any]) -> NewName:
    category = Category(found["category"]) if found["category"] else None
    return NewName(found["name"], tuple(found["cells"]), tuple(found["near"]), category)
