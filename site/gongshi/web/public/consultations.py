"""The lists: all of them, and one with its projects, rounds, counts and clock."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from gongshi.comments import queries as comments
from gongshi.comments import refusals as refused
from gongshi.consultations import queries
from gongshi.notices import queries as notices
from gongshi.objections import queries as objections
from gongshi.projects import listing
from gongshi.projects import queries as projects
from gongshi.record import public_clock
from gongshi.web.db import session
from gongshi.web.moment import now
from gongshi.web.public import lists

bp = Blueprint("consultations", __name__)


@bp.get("/consultations/")
def index() -> ResponseReturnValue:
    at = now()
    cards = lists.cards(session(), at)
    wanted = lists.Wanted(state=request.args.get("state", ""), bureau=request.args.get("bureau", ""))
    return render_template(
        "public/consultations/index.html",
        at=at,
        wanted=wanted,
        choices=lists.Choices.among(cards),
        cards=[card for card in cards if wanted.takes(card)],
    )


@bp.get("/consultations/<number>/")
def show(number: str) -> ResponseReturnValue:
    at = now()
    consultation = queries.public(session(), number, at)
    whole = projects.of_list(session(), consultation)
    selection = listing.Selection(
        category=request.args.get("category", ""),
        technology=request.args.get("technology", ""),
        scenario=request.args.get("scenario", ""),
    )
    return render_template(
        "public/consultations/show.html",
        at=at,
        consultation=consultation,
        card=lists.card(session(), consultation, at),
        late=refused.count_late(session(), consultation),
        clock_of_record=public_clock.of(session(), consultation, at),
        projects=listing.selected(whole, selection),
        total=len(whole),
        selection=selection,
        overview=listing.overview(whole),
        comment_counts=comments.counts_by_project(session(), consultation),
        objection_count=objections.count(session(), consultation),
        answer_count=objections.count_answers(session(), consultation),
        correction_slugs=notices.slugs(session(), consultation.corrections),
        project_numbers={one.id: one.number for one in whole},
        notices=notices.of_list(session(), consultation, at),
        example=consultation.is_example,
    )
