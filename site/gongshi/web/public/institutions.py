"""An institution: the projects it leads and those it joins."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from gongshi.projects import queries
from gongshi.web.db import session
from gongshi.web.moment import now

bp = Blueprint("institutions", __name__)


@bp.get("/institutions/<name>/")
def show(name: str) -> ResponseReturnValue:
    institution = queries.public_institution(session(), name, now())
    return render_template(
        "public/institutions/show.html",
        institution=institution,
        led=queries.led_by(session(), institution, now()),
        joined=queries.joined_by(session(), institution, now()),
        example=institution.is_example,
    )
