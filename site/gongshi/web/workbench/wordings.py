"""Templates: wordings that a bureau uses again and again in its answers and reasons."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm  # type: ignore[import-untyped]  # It has no types.
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from gongshi.accounts.models import Role
from gongshi.db import writing
from gongshi.errors import RuleBroken
from gongshi.objections import samples, working
from gongshi.objections.models import AnswerTemplate
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.languages import desk
from gongshi.web.workbench import access
from gongshi.web.workbench.access import me

bp = Blueprint("wordings", __name__, url_prefix="/wordings")
access.allow(bp, reading=access.EVERYONE, writing={Role.ANALYST})


class TemplateForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types.
    """A wording and the title under which it is chosen."""

    title = StringField(validators=[Length(max=64)])
    text = TextAreaField(validators=[Length(max=5_000)])

    def __init__(self, **given: object) -> None:
        super().__init__(**given)
        self.title.label.text, self.text.label.text = _("Title"), _("Wording")


@bp.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    return _page(None)


@bp.route("/<uuid:template>", methods=["GET", "POST"])
def edit(template: UUID) -> ResponseReturnValue:
    return _page(_found(template))


@bp.post("/<uuid:template>/drop")
def drop(template: UUID) -> ResponseReturnValue:
    with writing(session()):
        working.drop_template(session(), _found(template), by=me())
    flash(_("The template is gone. What was published with it stays as it is."), "done")
    return redirect(desk("wordings.index"), 303)


def _found(template: UUID) -> AnswerTemplate:
    found = session().get(AnswerTemplate, template)
    if found is None or found.bureau_id != me().bureau_id:
        abort(404)
    return found


def _page(template: AnswerTemplate | None) -> ResponseReturnValue:
    form, refusal = TemplateForm(obj=template), ""
    id = template.id if template else None
    if form.validate_on_submit():
        try:
            with writing(session()) as at:
                kept = _found(id) if id else None
                title, text = form.title.data or "", form.text.data or ""
                working.save_template(session(), me().bureau, kept, title=title, text=text, by=me(), at=at)
        except RuleBroken as broken:
            refusal = wording.say(broken)
        else:
            flash(_("The template is kept."), "done")
            return redirect(desk("wordings.index"), 303)
    page = render_template(
        f"workbench/wordings/{'edit' if id else 'index'}.html",
        form=form,
        template=_found(id) if id else None,
        templates=working.templates(session(), me().bureau),
        samples=(*samples.REASONS, *samples.ANSWERS),
        refusal=refusal,
    )
    return page, 422 if refusal or form.errors else 200
