"""Verbs: publish the next version of a plan, where the decisions about its project still allow one.

What `revisions.publish_version` asks of a version is asked here too; this is the door that the process uses.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from gongshi.accounts.two_people import Hands
from gongshi.admissions import queries
from gongshi.admissions.models import AdmissionOutcome
from gongshi.errors import RuleBroken
from gongshi.notices.models import InterruptionKind
from gongshi.projects.models import PlanVersion, Project
from gongshi.revisions import actions as revisions
from gongshi.revisions.actions import Explanation
from gongshi.revisions.models import Revision, Subject


class DecidedNeedsRound(RuleBroken):
    """After a decision the plan changes only in a further round, in which the public comments on the change."""

    code = "decided-needs-round"


class ProjectIsOver(RuleBroken):
    """A project that was withdrawn takes no further version of its plan."""

    code = "project-is-over"


def publish(
    session: Session,
    version: PlanVersion,
    *,
    explanations: Mapping[tuple[Subject, str], Explanation],
    by: Hands,
    at: datetime,
) -> Revision:
    """Make a revised plan public. Raises DecidedNeedsRound, ProjectIsOver, and what `publish_version` raises."""
    refuse_if_closed(session, version.project, at=at)
    return revisions.publish_version(session, version, explanations=explanations, by=by, at=at)


def refuse_if_closed(session: Session, project: Project, *, at: datetime) -> None:
    """Whether a project takes a further version of its plan now. Raises DecidedNeedsRound, ProjectIsOver."""
    stop = queries.dossier(session, project, at).stop
    if stop is not None and stop.kind == InterruptionKind.WITHDRAWN.value:
        raise ProjectIsOver(project=project.number)
    decision = queries.admission(session, project)
    if decision is None or decision.outcome is AdmissionOutcome.DEFERRED:
        return
    if queries.reopened_since(project, decision.decided_at):
        return
    if decision.outcome is AdmissionOutcome.WITHDRAWN:
        raise ProjectIsOver(project=project.number)
    raise DecidedNeedsRound(project=project.number, outcome=decision.outcome)
