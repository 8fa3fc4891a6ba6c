"""Verbs: publish the next version of a plan, with every change explained."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from gongshi import ledger
from gongshi.accounts.models import Act
from gongshi.accounts.two_people import Hands, approve
from gongshi.errors import RuleBroken
from gongshi.objections.models import Objection
from gongshi.projects import plan_text, searchable
from gongshi.projects.models import PlanVersion, Project
from gongshi.revisions.differences import Difference, differences
from gongshi.revisions.models import Cause, Change, Revision, Subject


class VersionAlreadyPublished(RuleBroken):
    """A version is published once."""

    code = "version-already-published"


class NoEarlierVersion(RuleBroken):
    """The first version is published with its list; a revision starts from a published one."""

    code = "no-earlier-version"


class NothingChanged(RuleBroken):
    """A new version differs from the one before it."""

    code = "nothing-changed"


class ChangeUnexplained(RuleBroken):
    """Every change names the objections that caused it, or why the applicant made it unasked (rule 12)."""

    code = "change-unexplained"


class ChangeUnknown(RuleBroken):
    """An explanation was given for something that did not change."""

    code = "change-unknown"


class CauseOfAnotherProject(RuleBroken):
    """An objection causes changes only in projects that it concerns."""

    code = "cause-of-another-project"


class CauseRetired(RuleBroken):
    """An objection that was merged or split causes nothing any more; what it went into does."""

    code = "cause-retired"


@dataclass(frozen=True)
class Explanation:
    """Why something was changed: objections, or the applicant's own reason 自行修改."""

    objections: tuple[Objection, ...] = ()
    own_initiative: str | None = None

    @property
    def says_why(self) -> bool:
        return bool(self.objections or (self.own_initiative or "").strip())


def publish_version(
    session: Session,
    version: PlanVersion,
    *,
    explanations: Mapping[tuple[Subject, str], Explanation],
    by: Hands,
    at: datetime,
) -> Revision:
    """Make a revised plan public together with what changed and why.

    Raises VersionAlreadyPublished, NoEarlierVersion, NothingChanged, ChangeUnexplained, ChangeUnknown,
    CauseOfAnotherProject, CauseRetired, and what `approve` raises.
    """
    project, earlier = version.project, version.project.current_version
    if version.published_at is not None:
        raise VersionAlreadyPublished(version=version.number)
    if earlier is None or earlier.number != version.number - 1:
        raise NoEarlierVersion(version=version.number)
    found = differences(plan_text.of(earlier), plan_text.of(version))
    _refuse(project, found, explanations)
    bureaus = [bureau.id for bureau in project.consultation.bureaus]
    approval = approve(session, Act.REVISE, by, bureaus=bureaus, at=at)

    version.published_at, version.approval = at, approval
    revision = Revision(project=project, from_version=earlier, to_version=version, published_at=at)
    revision.changes = [
        _change(place, difference, explanations[difference.subject, difference.key])
        for place, difference in enumerate(found, 1)
    ]
    session.add(revision)
    entry = ledger.append(
        session,
        ledger.Kind.VERSION_PUBLISHED,
        {
            "consultation": project.consultation.number,
            "project": project.number,
            "version": version.number,
            "from": earlier.number,
            "sha256": version.sha256,
            "changes": [_as_entered(change) for change in revision.changes],
            "by": approval.codes,
        },
        at=at,
    )
    version.ledger_index = entry.index
    session.flush()
    searchable.enqueue_version(session, version)
    return revision


def _refuse(project: Project, found: list[Difference], explanations: Mapping[tuple[Subject, str], Explanation]) -> None:
    if not found:
        raise NothingChanged(project=project.number)
    changed = {(difference.subject, difference.key) for difference in found}
    silent = Explanation()
    unexplained = sorted(key for subject, key in changed if not explanations.get((subject, key), silent).says_why)
    if unexplained:
        raise ChangeUnexplained(keys=unexplained)
    unknown = sorted(key for subject, key in explanations if (subject, key) not in changed)
    if unknown:
        raise ChangeUnknown(keys=unknown)
    for explanation in explanations.values():
        for objection in explanation.objections:
            if project.id not in {concern.project_id for concern in objection.concerns}:
                raise CauseOfAnotherProject(objection=objection.number, project=project.number)
            if not objection.stands:
                raise CauseRetired(objection=objection.number)


def _change(place: int, difference: Difference, explanation: Explanation) -> Change:
    change = Change(
        ordinal=place,
        subject=difference.subject,
        key=difference.key,
        kind=difference.kind,
        own_initiative=(explanation.own_initiative or "").strip() or None,
    )
    change.causes = [Cause(objection=objection) for objection in explanation.objections]
    return change


def _as_entered(change: Change) -> dict[str, object]:
    return {
        "key": change.key,
        "kind": change.kind.value,
        "causes": [objection.number for objection in change.objections],
        "own": change.own_initiative is not None,
    }
