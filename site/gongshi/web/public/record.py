"""The drawing of a project's path from comments to the decision, and the table that says the same."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from gongshi.objections import responses
from gongshi.projects import queries as projects
from gongshi.record import trace as traces
from gongshi.web import trace_drawing
from gongshi.web.db import session
from gongshi.web.moment import now

bp = Blueprint("record", __name__)


@bp.get("/consultations/<number>/projects/<int:project>/trace/")
def trace(number: str, project: int) -> ResponseReturnValue:
    row = projects.public_project(session(), number, project, now())
    if row.consultation.is_archive:
        abort(404)
    found = traces.of_project(session(), row, now())
    return render_template(
        "public/record/trace.html",
        consultation=row.consultation,
        project=row,
        trace=found,
        said=responses.counts_of_list(session(), row.consultation),
        wide=trace_drawing.wide(found),
        upright=trace_drawing.upright(found),
        example=row.consultation.is_example,
    )
