"""修改前后对照表: two versions of a plan side by side, each change with what caused it."""

from collections import Counter

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from gongshi.projects import queries as projects
from gongshi.record.comparison import compare as compared
from gongshi.web.db import session
from gongshi.web.moment import now

bp = Blueprint("revisions", __name__)


@bp.get("/consultations/<number>/projects/<int:project>/compare/<int:before>..<int:after>/")
def compare(number: str, project: int, before: int, after: int) -> ResponseReturnValue:
    row = projects.public_project(session(), number, project, now())
    if before >= after:
        abort(404)
    comparison = compared(
        session(),
        projects.public_version(session(), row, before),
        projects.public_version(session(), row, after),
    )
    return render_template(
        "public/revisions/compare.html",
        consultation=row.consultation,
        project=row,
        comparison=comparison,
        kinds=Counter(one.kind for one in comparison.changed),
        example=row.consultation.is_example,
    )
