"""An institution: the projects it leads and those it joins."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from gongshi.projects import queries
from gongshi.web.db import session

bp = Blueprint("institutions", __name__)


@bp.get("/institutions/<name>/")
def show(name: str) -> ResponseReturnValue:
    institution = queries.institution(session(), name)
    return render_template(
        "public/institutions/show.html",
        institution=institution,
        led=queries.led_by(session(), institution),
        joined=queries.joined_by(session(), institution),
        example=institution.is_example,
    )
