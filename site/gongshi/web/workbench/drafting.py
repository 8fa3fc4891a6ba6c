"""What every form that keeps a draft shares: the draft it was opened on, saving it, handing it to the approver.

    draft = drafting.opened(DraftKind.EXTENSION, consultation)
    form = ExtensionForm(**drafting.filled(draft))
    if form.validate_on_submit():
        kept = drafting.kept(form, draft, form.contents(), title=…, consultation=consultation)
        if kept is not None:
            return kept
    return render_template(…, form=form, draft=draft), 422 if form.is_submitted() else 200

Saving and submitting are two acts: what was typed is safe even if submitting it is refused.
"""

from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, request
from flask_babel import gettext as _
from flask_wtf import FlaskForm  # type: ignore[import-untyped]  # It has no types.
from sqlalchemy.exc import NoResultFound
from werkzeug.wrappers import Response
from wtforms import HiddenField

from gongshi.consultations.models import Consultation
from gongshi.db import writing
from gongshi.drafts import actions, queries
from gongshi.drafts.contents import Contents
from gongshi.drafts.models import Draft, DraftKind
from gongshi.drafts.registry import contents_of
from gongshi.errors import RuleBroken
from gongshi.projects.models import Project
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.languages import desk
from gongshi.web.workbench.access import me


class DraftForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types.
    """The parent of forms that keep a draft. `edition` is the wording that the writer had before them."""

    edition = HiddenField()

    refusal: str = ""

    def refuse(self, refusal: RuleBroken) -> None:
        """Say above the form why what it asks for is refused; everything typed stays."""
        self.refusal = wording.say(refusal)

    @property
    def wants_submission(self) -> bool:
        """Whether the button was “save and submit for approval”."""
        return request.form.get("do") == "submit"


def opened(kind: DraftKind, consultation: Consultation | None = None, project: Project | None = None) -> Draft | None:
    """The draft that the form was opened on (`?draft=12`), None for a new one; 404 for one that is not of this form."""
    asked = request.args.get("draft", "")
    if not asked:
        return None
    draft = visible(int(asked)) if asked.isascii() and asked.isdigit() else None
    if draft is None or draft.kind is not kind:
        abort(404)
    if draft.consultation_id != (consultation.id if consultation else None):
        abort(404)
    if project is not None and draft.project_id not in {None, project.id}:
        abort(404)
    return draft


def visible(number: int) -> Draft:
    """A draft of the bureau of whoever asks; 404 for any other."""
    try:
        draft = queries.numbered(session(), number)
    except NoResultFound:
        abort(404)
    if me().bureau_id not in draft.bureau_ids:
        abort(404)
    return draft


def contents(draft: Draft | None) -> Any:
    """What the draft holds, as its typed value; None without a draft."""
    return contents_of(draft) if draft else None


def edition(draft: Draft | None) -> str:
    """The value of the form's hidden edition field when it is shown first."""
    return str(draft.edition) if draft else ""


def kept(
    form: DraftForm,
    draft: Draft | None,
    written: Contents,
    *,
    title: str,
    consultation: Consultation | None = None,
    project: Project | None = None,
) -> Response | None:
    """Save the draft, submit it if that was asked, and go to its page.

    None if saving was refused: `form.refusal` says why.
    """
    try:
        with writing(session()) as at:
            draft = _saved(form, draft, written, title, consultation, project, at)
    except RuleBroken as refusal:
        form.refuse(refusal)
        return None
    number = draft.number
    if not form.wants_submission:
        flash(_("Saved. Nobody else is asked to approve it yet."), "done")
        return redirect(desk("drafts.show", number=number), 303)
    return submitted(number)


def submitted(number: int) -> Response:
    """Submit a saved draft and go to its page; a refusal is said there, and the draft stays as it is."""
    try:
        with writing(session()) as at:
            actions.submit(session(), queries.numbered(session(), number), by=me(), at=at)
    except RuleBroken as refusal:
        flash(_("Saved, but not submitted.") + " " + wording.say(refusal), "error")
    else:
        flash(_("Submitted. Somebody else approves it now."), "done")
    return redirect(desk("drafts.show", number=number), 303)


def _saved(
    form: DraftForm,
    draft: Draft | None,
    written: Contents,
    title: str,
    consultation: Consultation | None,
    project: Project | None,
    at: datetime,
) -> Draft:
    if draft is None:
        return actions.prepare(
            session(), written, title=title, consultation=consultation, project=project, by=me(), at=at
        )
    had = form.edition.data or ""
    actions.amend(
        session(),
        draft,
        written,
        title=title,
        edition=int(had) if had.isascii() and had.isdigit() else 0,
        by=me(),
        at=at,
    )
    return draft


def _edition_of(form: DraftForm) -> int:
    had = form.edition.data or ""
    return int(had) if had.isascii() and had.isdigit() else 0
