"""The first page: what is open and for how long, what was decided, what is new, and where to search."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from gongshi.notices import queries as notices
from gongshi.web.db import session
from gongshi.web.moment import now
from gongshi.web.public import lists

bp = Blueprint("home", __name__)

NEWEST = 8


@bp.get("/")
def show() -> ResponseReturnValue:
    at = now()
    cards = lists.cards(session(), at)
    return render_template(
        "public/home/show.html",
        at=at,
        running=[card for card in cards if card.is_running],
        ended=[card for card in cards if not card.is_running],
        notices=notices.newest(session(), NEWEST, at),
    )
