"""What came of an approved draft, as links to the public record."""

from collections.abc import Callable

from flask_babel import gettext as _

from gongshi.web.languages import link


def linked(result: str) -> tuple[str, str]:
    """Words and address of a stored result such as `notice:2026-sl-01-extension` (see drafts.contents.Result)."""
    kind, _colon, ref = result.partition(":")
    return _MAKERS[kind](ref)


def _of_project(ref: str) -> tuple[str, int]:
    number, project = ref.split("/")[:2]
    return number, int(project)


def _project(ref: str) -> tuple[str, str]:
    number, project = _of_project(ref)
    return _("Project %(number)s", number=project), link("projects.show", number=number, project=project)


def _version(ref: str) -> tuple[str, str]:
    number, project = _of_project(ref)
    version = int(ref.split("/")[2])
    words = _("Project %(number)s, version %(version)s", number=project, version=version)
    return words, link("projects.version", number=number, project=project, version=version)


def _gate(ref: str) -> tuple[str, str]:
    number, project = _of_project(ref)
    words = _("Conditions of admission, project %(number)s", number=project)
    return words, link("admissions.gate", number=number, project=project)


def _decision(ref: str) -> tuple[str, str]:
    number, project = _of_project(ref)
    words = _("Decision on project %(number)s", number=project)
    return words, link("admissions.decision", number=number, project=project)


_MAKERS: dict[str, Callable[[str], tuple[str, str]]] = {
    "consultation": lambda ref: (ref, link("consultations.show", number=ref)),
    "notice": lambda ref: (_("Notice %(slug)s", slug=ref), link("notices.show", slug=ref)),
    "comment": lambda ref: (ref, link("comments.show", comment=ref)),
    "objection": lambda ref: (ref, link("objections.show", objection=ref)),
    "answer": lambda ref: (ref, link("answers.show", answer=ref)),
    "project": _project,
    "version": _version,
    "gate": _gate,
    "decision": _decision,
}
