"""The gate with its evidence, and what was decided about a project, with its pilot life."""

from datetime import datetime

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from gongshi.admissions import gate as rules
from gongshi.admissions import queries
from gongshi.admissions.gate import Gap
from gongshi.objections import responses
from gongshi.pilots import queries as pilots
from gongshi.projects import queries as projects
from gongshi.projects.models import Project
from gongshi.web.db import session
from gongshi.web.moment import now

bp = Blueprint("admissions", __name__)


@bp.get("/consultations/<number>/projects/<int:project>/gate/")
def gate(number: str, project: int) -> ResponseReturnValue:
    row = _decidable(number, project)
    dossier = queries.dossier(session(), row, now())
    return render_template(
        "public/admissions/gate.html",
        consultation=row.consultation,
        project=row,
        at=now(),
        conditions=rules.evaluate(dossier) if dossier.rounds_over else (),
        gaps=Gap,
        instant=datetime.fromisoformat,
        closes_at=max((one.closes_at for one in queries.rounds_of(row)), default=None),
        judgements=queries.judgements(session(), row),
        runs=[(run, queries.conditions_of(run)) for run in reversed(queries.runs(session(), row))],
        admission=queries.admission(session(), row),
        unsatisfied=responses.unsatisfied(session(), row),
        example=row.consultation.is_example,
    )


@bp.get("/consultations/<number>/projects/<int:project>/decision/")
def decision(number: str, project: int) -> ResponseReturnValue:
    row = _decidable(number, project)
    return render_template(
        "public/admissions/decision.html",
        consultation=row.consultation,
        project=row,
        decisions=queries.decisions_of(session(), row),
        notices=queries.notices_of(session(), row),
        unsatisfied=queries.unsatisfied_at(session(), row),
        reopened=_reopened(row),
        events=pilots.of_project(session(), row),
        example=row.consultation.is_example,
    )


def _decidable(number: str, project: int) -> Project:
    """A project that this site decides about; a historical record has no gate and no admission here."""
    row = projects.public_project(session(), number, project, now())
    if row.consultation.is_archive:
        abort(404)
    return row


def _reopened(project: Project) -> bool:
    """Whether a further comment period lets this project be decided again."""
    latest = queries.admission(session(), project)
    return latest is not None and queries.reopened_since(project, latest.decided_at)
