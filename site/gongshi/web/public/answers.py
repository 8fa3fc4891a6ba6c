"""An answer to a group of comments that raise no issue."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from gongshi.objections import queries, responses
from gongshi.web.db import session

bp = Blueprint("answers", __name__)


@bp.get("/answers/<answer>/")
def show(answer: str) -> ResponseReturnValue:
    found = queries.answer_numbered(session(), answer)
    return render_template(
        "public/answers/show.html",
        consultation=found.consultation,
        answer=found,
        said=responses.counts(session(), found),
        example=found.consultation.is_example,
    )
