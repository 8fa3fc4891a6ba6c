"""What a text will look like once it is public: rendered by the server, while it is being written.

A form's “Preview” button sends its text here into a new tab; with JavaScript the same answer appears beside the text.
"""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from gongshi.errors import RuleBroken
from gongshi.projects.plan_text import PlanText, PlanUnreadable, examine, with_ids
from gongshi.web import layout, long_markdown, markdown, wording
from gongshi.web.workbench import access

bp = Blueprint("preview", __name__)
access.allow(bp, reading=access.EVERYONE, writing=access.EVERYONE)


@bp.post("/preview")
def show() -> ResponseReturnValue:
    """`preview` says what is to be shown: `notice:body` is the field `body`, set as a notice; `plan:…` as a plan."""
    purpose, _colon, field = request.form.get("preview", "").partition(":")
    text = request.form.get(field, "")
    if purpose == "plan":
        plan, problems = read_plan(text)
        return render_template(
            "workbench/preview/show.html", sections=layout.sections(plan.paragraphs), plan=plan, problems=problems
        )
    if purpose != "notice":
        abort(400)
    body, refusal = _body(text)
    return render_template("workbench/preview/show.html", body=body, refusal=refusal)


def read_plan(text: str) -> tuple[PlanText, list[PlanUnreadable]]:
    """A plan in the making, as far as it can be read, and everything that is wrong with it."""
    return examine(with_ids(text)) if text.strip() else (PlanText((), ()), [])


def _body(text: str) -> tuple[Markup, str]:
    try:
        return Markup("\n").join(markdown.proven(part) for part in long_markdown.parts(text)), ""
    except RuleBroken as refusal:
        return Markup(), wording.say(refusal)
