"""申报单位交回的文本与问题清单: what applicants returned, and the list of issues made out for them."""

import io
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm  # type: ignore[import-untyped]  # It has no types.
from wtforms import DateField, FileField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # The stubs are of an older WTForms.
from wtforms.validators import DataRequired, Length

from gongshi.accounts.models import Role
from gongshi.db import writing
from gongshi.errors import RuleBroken
from gongshi.imports.file_kinds import ENDINGS, MEDIA_TYPES, clean_name
from gongshi.projects.models import Project
from gongshi.revisions import issue_list, returned
from gongshi.revisions.models import ReturnChannel
from gongshi.revisions.returned import Upload
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.languages import desk
from gongshi.web.moment import now
from gongshi.web.wording import LABELS
from gongshi.web.workbench import access, revising
from gongshi.web.workbench.access import me

bp = Blueprint("returning", __name__, url_prefix="/consultations/<number>/projects/<int:project>/returned")
access.allow(
    bp,
    reading=access.EVERYONE,
    writing={Role.EDITOR},
    endpoints={"issues": {Role.EDITOR, Role.ANALYST}},
    uploads={"index"},
)

CHANNELS = [SelectChoice(one.value, LABELS[ReturnChannel][one]) for one in ReturnChannel]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# The field that a refusal is about.
FIELDS = {"contact-role-missing": "contact_role", "not-returned-yet": "returned_on", "not-an-applicant": "institution"}


class ReturnForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types.
    """A text that came back."""

    institution = SelectField(lazy_gettext("Returned by"))
    contact_role = StringField(
        lazy_gettext("Office of the person who returned it"),
        [
            DataRequired(lazy_gettext("Please say which office the person who returned it holds, without a name.")),
            Length(max=100),
        ],
    )
    channel = SelectField(lazy_gettext("How it came"), choices=CHANNELS)
    returned_on = DateField(
        lazy_gettext("Day of return"), [DataRequired(lazy_gettext("Please give the day, such as 2026-04-17."))]
    )
    remark = TextAreaField(lazy_gettext("Remark"), [Length(max=1000)])
    file = FileField(lazy_gettext("File, kept as it came"))


@bp.route("/", methods=["GET", "POST"])
def index(number: str, project: int) -> ResponseReturnValue:
    row = revising.revisable(number, project)
    form = ReturnForm()
    form.institution.choices = [SelectChoice(str(one.id), one.name) for one in row.institutions]
    refusal = ""
    if form.validate_on_submit():
        try:
            with writing(session()) as at:
                recorded = _record(row, form, at)
        except RuleBroken as broken:
            refusal = _say_at_its_field(form, broken)
        else:
            flash(_("Recorded as returned text %(ordinal)s.", ordinal=recorded), "done")
            return redirect(desk("returning.index", number=number, project=project), 303)
    body = render_template(
        "workbench/returning/index.html",
        consultation=row.consultation,
        project=row,
        example=row.consultation.is_example,
        form=form,
        refusal=refusal,
        returned=returned.of_project(session(), row),
        used=returned.used_in(session(), row),
        exports=issue_list.of_project(session(), row),
        at=now(),
    )
    return body, 422 if form.is_submitted() else 200


@bp.get("/<int:ordinal>/file")
def file(number: str, project: int, ordinal: int) -> ResponseReturnValue:
    """The file as it came, for staff; never shown, only handed out."""
    kept = returned.with_file(session(), revising.revisable(number, project), ordinal)
    if kept.file is None or kept.file_name is None:
        abort(404)
    kind = ENDINGS.get(kept.file_name.rpartition(".")[2].lower())
    return _handed_out(kept.file, kept.file_name, MEDIA_TYPES[kind] if kind else "application/octet-stream")


@bp.post("/issues")
def issues(number: str, project: int) -> ResponseReturnValue:
    """Make out the list of issues; that it was made out is recorded."""
    row = revising.revisable(number, project)
    try:
        with writing(session()) as at:
            made, document = issue_list.export(session(), row, by=me(), at=at)
            name = f"{number}-{project:02d}-v{made.version.number}-issues.docx"
    except RuleBroken as refusal:
        flash(wording.say(refusal), "error")
        return redirect(desk("returning.index", number=number, project=project), 303)
    return _handed_out(document, name, DOCX)


def _record(row: Project, form: ReturnForm, at: datetime) -> int:
    sent = request.files.get("file")
    data, day = sent.read() if sent else b"", form.returned_on.data
    assert day is not None, "asked for by the form"
    kept = returned.record(
        session(),
        row,
        institution=next(one for one in row.institutions if str(one.id) == form.institution.data),
        contact_role=form.contact_role.data or "",
        channel=ReturnChannel(form.channel.data),
        returned_on=day,
        remark=form.remark.data or "",
        file=Upload(sent.filename or "", data) if sent and sent.filename else None,
        by=me(),
        at=at,
    )
    return kept.ordinal


def _say_at_its_field(form: ReturnForm, refusal: RuleBroken) -> str:
    """A refusal that is about one field is said there; the others above the form."""
    name = FIELDS.get(refusal.code) or ("file" if refusal.code.startswith("file-") else "")
    if not name:
        return wording.say(refusal)
    form[name].errors = [wording.say(refusal)]
    return ""


def _handed_out(data: bytes, name: str, media_type: str) -> ResponseReturnValue:
    answer = send_file(io.BytesIO(data), media_type, as_attachment=True, download_name=clean_name(name))
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer
