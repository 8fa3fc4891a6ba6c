"""Where things are shown: the address of a search hit, of a paragraph, of a change; and places in a list."""

from collections.abc import Callable, Mapping

from flask import request
from flask_babel import gettext as _

from gongshi.projects.models import Project
from gongshi.revisions.models import Change, Revision, Subject
from gongshi.web.languages import link

Place = Mapping[str, str | int]
LARGEST = 2**31 - 1


def cursor(name: str) -> int | None:
    """A whole number from the address, such as the last one shown; None for whatever else stands there."""
    text = request.args.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > len(str(LARGEST)):
        return None
    return min(int(text), LARGEST)


def of_project(project: Project) -> dict[str, str | int]:
    """What the addresses of a project's pages are made of."""
    return {"number": project.consultation.number, "project": project.number}


def of_paragraph(project: Project, version: int | None, key: str) -> str:
    """A paragraph or risk of one version of a plan; of the current one without a version."""
    if version is None:
        return link("projects.show", **of_project(project), _anchor=key)
    return link("projects.version", **of_project(project), version=version, _anchor=key)


def of_change(change: Change, revision: Revision | None = None) -> str:
    """A change, in the comparison of the two versions between which it was made."""
    made = revision or change.revision
    return link(
        "revisions.compare",
        **of_project(made.project),
        before=made.from_version.number,
        after=made.to_version.number,
        _anchor=change.key,
    )


def sign(subject: Subject, key: str) -> str:
    """How a paragraph or risk is called for short: ¶14, or 风险点 r-1."""
    return f"¶{key.removeprefix('p-')}" if subject is Subject.PARAGRAPH else _("Risk %(key)s", key=key)


def of_hit(kind: str, place: Place) -> str:
    """The address of something that search found."""
    return HITS[kind](place)


def _project_hit(place: Place) -> str:
    return link("projects.show", number=place["consultation"], project=place["project"])


def _paragraph_hit(place: Place) -> str:
    values = {"number": place["consultation"], "project": place["project"], "_anchor": str(place["paragraph"])}
    if "version" in place:
        return link("projects.version", **values, version=place["version"])
    return link("projects.show", **values)


HITS: dict[str, Callable[[Place], str]] = {
    "project": _project_hit,
    "institution": lambda place: link("institutions.show", name=place["institution"]),
    "paragraph": _paragraph_hit,
    "notice": lambda place: link("notices.show", slug=place["notice"]),
    "comment": lambda place: link("comments.show", comment=place["comment"]),
    "objection": lambda place: link("objections.show", objection=place["objection"]),
    "answer": lambda place: link("answers.show", answer=place["answer"]),
    "decision": lambda place: link("admissions.decision", number=place["consultation"], project=place["project"]),
}
