"""Objections: the list of them, and one with its comments, its disposition and what it changed (rule 12, both ways)."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from gongshi.consultations import queries as consultations
from gongshi.objections import queries, responses
from gongshi.objections.models import Outcome
from gongshi.projects import queries as projects
from gongshi.projects.models import Project
from gongshi.revisions import queries as revisions
from gongshi.revisions.models import Change, Revision
from gongshi.web.db import session
from gongshi.web.languages import link
from gongshi.web.moment import now
from gongshi.web.places import cursor

bp = Blueprint("objections", __name__)
PER_PAGE = 50


@dataclass(frozen=True)
class Led:
    """What an objection changed in one step of one project's plan."""

    revision: Revision
    changes: list[Change]

    @property
    def project(self) -> Project:
        return self.revision.project


@bp.get("/consultations/<number>/objections/")
def index(number: str) -> ResponseReturnValue:
    consultation = consultations.public(session(), number, now())
    project = projects.numbered(session(), consultation, cursor("project") or 0)
    outcome = next((one for one in Outcome if one.value == request.args.get("outcome")), None)
    after = cursor("after") or 0
    found = queries.listing(session(), consultation, project=project, outcome=outcome, after=after, limit=PER_PAGE + 1)
    shown = found[:PER_PAGE]
    filters = {"number": number, "project": project and project.number, "outcome": outcome and outcome.value}
    return render_template(
        "public/objections/index.html",
        consultation=consultation,
        projects=projects.of_list(session(), consultation),
        project=project,
        outcome=outcome,
        outcomes=Outcome,
        objections=shown,
        changes=revisions.caused_by_each(session(), shown),
        total=queries.count(session(), consultation),
        first=link("objections.index", **filters) if after else None,
        following=link("objections.index", **filters, after=shown[-1].ordinal) if len(found) > PER_PAGE else None,
        example=consultation.is_example,
    )


@bp.get("/objections/<objection>/")
def show(objection: str) -> ResponseReturnValue:
    found = queries.numbered(session(), objection)
    return render_template(
        "public/objections/show.html",
        consultation=found.consultation,
        objection=found,
        led=_by_revision(revisions.caused_by(session(), found)),
        unfounded=queries.unfounded_approval(session(), found),
        said=responses.counts(session(), found),
        example=found.consultation.is_example,
    )


def _by_revision(changes: Iterable[Change]) -> list[Led]:
    ordered = sorted(changes, key=lambda one: (one.revision.project.number, one.revision.published_at, one.ordinal))
    return [
        Led(group[0].revision, group)
        for _, group in ((id, list(found)) for id, found in groupby(ordered, key=lambda one: one.revision_id))
    ]
