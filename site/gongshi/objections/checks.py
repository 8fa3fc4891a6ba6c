"""What the process refuses about objections and answers, and the checks that more than one verb makes."""

from collections.abc import Iterator, Mapping, Sequence

from gongshi.comments.models import Comment, CommentState
from gongshi.consultations.models import Consultation
from gongshi.errors import RuleBroken
from gongshi.objections.models import Objection
from gongshi.projects.models import Project

# An entry of the ledger has at most 65,535 bytes; a comment's number takes up to 30 of them.
PER_ENTRY = 500


class NoComments(RuleBroken):
    """An objection is raised by comments, an answer is given to some."""

    code = "no-comments"


class NotOfThisList(RuleBroken):
    """Comments and projects of an objection belong to its own consultation."""

    code = "not-of-this-list"


class NotPublished(RuleBroken):
    """Only a comment that the public can read is placed under an objection or an answer."""

    code = "comment-not-published"


class PlacedTwice(RuleBroken):
    """A comment ends under objections or under an answer, never under both (rule 11)."""

    code = "placed-twice"


class AlreadyUnderObjection(RuleBroken):
    """All of these comments stand under this objection already."""

    code = "already-under-objection"


class NoProjects(RuleBroken):
    """An objection concerns at least one project of the list, and counts at its gate."""

    code = "no-projects"


class RiskNotNamed(RuleBroken):
    """A major objection names, for each project it concerns, a risk of that project's register."""

    code = "risk-not-named"


class AlreadyAnswered(RuleBroken):
    """An objection is answered once."""

    code = "already-answered"


class ObjectionRetired(RuleBroken):
    """An objection that was merged or split counts no longer by itself; what it said goes on elsewhere."""

    code = "objection-retired"


class WordingMissing(RuleBroken):
    """An objection, and an answer, has a title and a text."""

    code = "wording-missing"


class ReasonsMissing(RuleBroken):
    """Every disposition says why, in public."""

    code = "reasons-missing"


def refuse_wording(title: str, text: str) -> None:
    if not title.strip() or not text.strip():
        raise WordingMissing


def refuse_statement(
    consultation: Consultation,
    *,
    title: str,
    text: str,
    projects: Sequence[Project],
    is_major: bool,
    risks: Mapping[int, str],
) -> None:
    """What any objection has to say. Raises WordingMissing, NoProjects, NotOfThisList, RiskNotNamed."""
    refuse_wording(title, text)
    refuse_projects(consultation, projects)
    if is_major:
        refuse_unnamed_risks(projects, risks)


def refuse_comments(consultation: Consultation, comments: Sequence[Comment]) -> None:
    """Raises NoComments, NotOfThisList, NotPublished."""
    if not comments:
        raise NoComments
    foreign = [comment.number for comment in comments if comment.consultation_id != consultation.id]
    if foreign:
        raise NotOfThisList(found=foreign)
    hidden = [comment.number for comment in comments if comment.state is not CommentState.PUBLISHED]
    if hidden:
        raise NotPublished(comments=hidden)


def refuse_projects(consultation: Consultation, projects: Sequence[Project]) -> None:
    """Raises NoProjects, NotOfThisList."""
    if not projects:
        raise NoProjects
    foreign = [project.number for project in projects if project.consultation_id != consultation.id]
    if foreign:
        raise NotOfThisList(found=foreign)


def refuse_unnamed_risks(projects: Sequence[Project], named: Mapping[int, str]) -> None:
    """Raises RiskNotNamed unless `named` gives a risk of each project's register."""
    for project in projects:
        version = project.current_version
        keys = {risk.key for risk in version.risks} if version else set()
        if named.get(project.number) not in keys:
            raise RiskNotNamed(project=project.number, risk=named.get(project.number))


def refuse_settled(objection: Objection) -> None:
    """Raises ObjectionRetired, AlreadyAnswered."""
    refuse_retired(objection)
    if objection.is_settled:
        raise AlreadyAnswered(objection=objection.number)


def refuse_retired(objection: Objection) -> None:
    """Raises ObjectionRetired, which names where the objection went."""
    if not objection.stands:
        into = [objection.merged_into] if objection.merged_into else objection.parts
        raise ObjectionRetired(objection=objection.number, into=[one.number for one in into])


def in_entries(comments: Sequence[Comment]) -> Iterator[list[str]]:
    """The numbers of comments, in as many portions as entries of the ledger need; one empty portion for none."""
    numbers = [comment.number for comment in comments]
    for first in range(0, len(numbers) or 1, PER_ENTRY):
        yield numbers[first : first + PER_ENTRY]
