"""方案修改: where the work on a plan's next version stands, and its text: whole, by paragraph, risk by risk."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_wtf import FlaskForm  # type: ignore[import-untyped]  # It has no types.
from werkzeug.wrappers import Response
from wtforms import FileField, HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from gongshi.accounts.models import Role
from gongshi.admissions import versions
from gongshi.db import writing
from gongshi.drafts import queries as drafts
from gongshi.drafts.actions import DraftIsSubmitted
from gongshi.drafts.models import Draft, DraftKind, DraftState
from gongshi.errors import RuleBroken
from gongshi.imports import plan_files
from gongshi.notices.openness import standing
from gongshi.projects import queries as projects
from gongshi.projects.actions import LONGEST_PLAN, EditedMeanwhile
from gongshi.projects.models import PlanSource, Project
from gongshi.projects.plan_text import KeptPlanUnreadable, PlanParagraph, PlanUnreadable
from gongshi.projects.plan_writing import faults, has_register, line_of, written_register
from gongshi.revisions import issue_list, returned, working
from gongshi.revisions.working import Working
from gongshi.web import layout, wording
from gongshi.web.db import session
from gongshi.web.languages import desk
from gongshi.web.moment import now
from gongshi.web.workbench import access, places
from gongshi.web.workbench.access import me

bp = Blueprint("revising", __name__, url_prefix="/consultations/<number>/projects/<int:project>/revision")
access.allow(bp, reading=access.EVERYONE, writing={Role.EDITOR}, uploads={"text"})

# Characters of one paragraph with what is added behind it.
LONGEST_PLACE = 20_000


@dataclass
class Refused:
    """Why a text was not kept: a sentence, or what cannot be read in it; and whether a colleague was quicker."""

    words: str = ""
    problems: tuple[PlanUnreadable, ...] = ()
    overtaken: bool = False

    @property
    def status(self) -> int:
        return 409 if self.overtaken else 422


@bp.get("/")
def show(number: str, project: int) -> ResponseReturnValue:
    row = revisable(number, project)
    try:
        state = working.of(session(), row)
    except KeptPlanUnreadable as unreadable:
        return _unreadable_page(row, unreadable)
    named = {one for why in state.explanations.values() for one in why.objections}
    return render_template(
        "workbench/revising/show.html",
        **about(row, state),
        owed=[(one, one.number in named) for one in working.owed(session(), row)],
        returned=returned.of_project(session(), row),
        exports=issue_list.of_project(session(), row),
        standing=standing(session(), row.consultation, row, at=now()),
    )


def _unreadable_page(row: Project, unreadable: KeptPlanUnreadable) -> ResponseReturnValue:
    """What was kept, as it is, and the way back to the public version."""
    body = render_template(
        "workbench/revising/_unreadable.html",
        consultation=row.consultation,
        project=row,
        example=row.consultation.is_example,
        kept=projects.plan_draft(session(), row),
        draft=open_draft(row),
        refusal=wording.say(unreadable),
    )
    return body, 409


@bp.get("/plan")
def read(number: str, project: int) -> ResponseReturnValue:
    row = revisable(number, project)
    state = working.of(session(), row)
    return render_template(
        "workbench/revising/read.html",
        **about(row, state),
        # The layout asks of a paragraph nothing but what both have: block, level, text.
        sections=layout.sections(state.text.paragraphs),
        changed={one.key: one.kind for one in state.differences},
    )


class TextForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types.
    """The whole text of the next version."""

    file = FileField(lazy_gettext("File from the applicant (.docx or .md)"))
    markdown = TextAreaField(
        lazy_gettext("Text of the plan"),
        [
            DataRequired(lazy_gettext("The text is empty.")),
            Length(max=LONGEST_PLAN, message=lazy_gettext("A plan has at most 200,000 characters.")),
        ],
    )
    edition = HiddenField()
    source = HiddenField()


@bp.route("/text", methods=["GET", "POST"])
def text(number: str, project: int) -> ResponseReturnValue:
    row = revisable(number, project)
    state = working.of(session(), row)
    if request.method == "GET":
        form = TextForm(data={"markdown": state.markdown, "edition": state.edition, "source": PlanSource.TYPED.value})
        return _text_page(row, state, form)
    form = TextForm()
    if request.form.get("do") == "read":
        return _read_file(row, state, form)
    if not form.validate():
        return _text_page(row, state, form, refused=Refused())
    source = form.source.data if form.source.data in list(PlanSource) else PlanSource.TYPED
    kept = keep(row, form.markdown.data or "", edition=form.edition.data, source=PlanSource(source))
    if isinstance(kept, Refused):
        _go_on_from(form, kept, row)
        return _text_page(row, state, form, refused=kept)
    return kept


class PlaceForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types.
    """One paragraph, and what is added right behind it."""

    words = TextAreaField(
        lazy_gettext("Paragraph"),
        [Length(max=LONGEST_PLACE, message=lazy_gettext("This is more than 20,000 characters; use the whole text."))],
    )
    edition = HiddenField()


@bp.route("/plan/<key>", methods=["GET", "POST"])
def place(number: str, project: int, key: str) -> ResponseReturnValue:
    row = revisable(number, project)
    state = working.of(session(), row)
    found = next((one for one in state.text.paragraphs if one.key == key), None)
    if found is None:
        abort(404)
    form = PlaceForm() if request.method == "POST" else PlaceForm(data=_line(found, state))
    refused = None
    if form.is_submitted():
        refused = Refused()
        if form.validate():
            kept = keep(row, _with_place(state, key, form.words.data or ""), edition=form.edition.data)
            if not isinstance(kept, Refused):
                return redirect(desk("revising.read", number=number, project=project, _anchor=key), 303)
            refused = kept
            _go_on_from(form, kept, row)
    order = [one.key for one in state.text.paragraphs]
    at = order.index(key)
    body = render_template(
        "workbench/revising/place.html",
        **about(row, state),
        form=form,
        key=key,
        refused=refused,
        before=state.text.paragraphs[at - 1] if at else None,
        after=state.text.paragraphs[at + 1] if at + 1 < len(order) else None,
        public=next((one for one in state.before.paragraphs if one.key == key), None),
    )
    return body, refused.status if refused else 200


def revisable(number: str, project: int) -> Project:
    """A project whose plan has a next version to work on: of a published list that is not history; else 404."""
    row = places.project_of(number, project)
    if row.consultation.is_archive or row.consultation.published_at is None or row.current_version is None:
        abort(404)
    return row


def open_draft(row: Project) -> Draft | None:
    """The draft of this project's next version that is neither approved nor discarded, if there is one."""
    found = drafts.open_of(session(), row.consultation, kind=DraftKind.REVISION, project=row)
    return found[-1] if found else None


def refuse_while_submitted(row: Project) -> None:
    """What an approver has before them is not worked on behind their back. Raises DraftIsSubmitted."""
    draft = open_draft(row)
    if draft is not None and draft.state is DraftState.SUBMITTED:
        raise DraftIsSubmitted(draft=draft.number)


def closed(row: Project) -> str:
    """Why this project takes no further version just now; empty if it does."""
    try:
        versions.refuse_if_closed(session(), row, at=now())
    except RuleBroken as refusal:
        return wording.say(refusal)
    return ""


def as_edition(given: str | None) -> int:
    """The number in a form's hidden edition field."""
    return int(given) if given and given.isascii() and given.isdigit() else 0


def keep(
    row: Project, markdown: str, *, edition: str | None, source: PlanSource = PlanSource.TYPED
) -> Response | Refused:
    """Keep a wording of the next version and go on to its changes; or say why not."""
    try:
        with writing(session()) as at:
            refuse_while_submitted(row)
            state = working.keep(session(), row, markdown, source=source, by=me(), edition=as_edition(edition), at=at)
            count = len(state.differences)
    except PlanUnreadable as unreadable:
        return Refused(problems=tuple(_problems(row, markdown)) or (unreadable,))
    except RuleBroken as refusal:
        return Refused(wording.say(refusal), overtaken=isinstance(refusal, EditedMeanwhile | DraftIsSubmitted))
    flash(_differing(count), "done")
    return redirect(desk("explaining.changes", number=row.consultation.number, project=row.number), 303)


def _differing(count: int) -> str:
    if not count:
        return str(_("Saved. It reads exactly as the public version does."))
    words = ngettext(
        "Saved. %(num)d place differs from the public version.",
        "Saved. %(num)d places differ from the public version.",
        count,
    )
    return str(words)


def _problems(row: Project, markdown: str) -> list[PlanUnreadable]:
    if has_register(markdown):
        return faults(markdown)
    return faults(f"{markdown}\n\n{written_register(working.of(session(), row).text.risks)}")


def about(row: Project, state: Working) -> dict[str, object]:
    """What every page of the revision shows of where it stands."""
    return {
        "consultation": row.consultation,
        "project": row,
        "example": row.consultation.is_example,
        "state": state,
        "draft": open_draft(row),
        "closed": closed(row),
        "at": now(),
    }


def _text_page(
    row: Project, state: Working, form: TextForm, *, refused: Refused | None = None, notes: list[str] | None = None
) -> ResponseReturnValue:
    body = render_template(
        "workbench/revising/text.html", **about(row, state), form=form, refused=refused, notes=notes or []
    )
    return body, refused.status if refused else 200


def _read_file(row: Project, state: Working, form: TextForm) -> ResponseReturnValue:
    """Put the text of a file into the form; it is kept once the clerk has looked at it and saves."""
    file = request.files.get("file")
    if file is None or not file.filename:
        form.file.errors = [_("Please choose a file first.")]
        return _text_page(row, state, form, refused=Refused())
    try:
        found = plan_files.read_plan(file.filename, file.read())
    except RuleBroken as refusal:
        form.file.errors = [wording.say(refusal)]
        return _text_page(row, state, form, refused=Refused())
    form.markdown.data, form.source.data = found.markdown, PlanSource.UPLOADED.value
    notes = [wording.importing.left_out(what, count) for what, count in found.left_out.items()]
    if not has_register(found.markdown):
        notes.append(_("The file has no table of risks; the register stays as it is."))
    return _text_page(row, state, form, notes=[_("The file was read. Look at the text and save it."), *notes])


def _go_on_from(form: FlaskForm, refused: Refused, row: Project) -> None:
    """Saving once more is then meant to replace what the colleague wrote: the page says so."""
    if refused.overtaken:
        form.edition.data = str(working.of(session(), row).edition)


def _line(found: PlanParagraph, state: Working) -> dict[str, object]:
    return {"words": line_of(found), "edition": state.edition}


def _with_place(state: Working, key: str, words: str) -> str:
    """The text in which one paragraph reads otherwise: cut into several, or left out."""
    mark = f" {{#{key}}}"
    typed = [one.strip() for one in words.splitlines() if one.strip()]
    if typed:
        typed[0] += mark
    lines = state.markdown.splitlines()
    at = next(place for place, line in enumerate(lines) if line.endswith(mark))
    return "\n".join([*lines[:at], *typed, *lines[at + 1 :]])
