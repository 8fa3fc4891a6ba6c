"""How the work on objections and answers reads: refusals by code, and what staff see."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _

from gongshi.objections.overview import Stage

LABELS: dict[type[StrEnum], Mapping[str, str]] = {
    Stage: {
        Stage.UNTOUCHED: _("not begun"),
        Stage.WRITTEN_ON: _("being written"),
        Stage.READY: _("ready"),
        Stage.SETTLED: _("disposed of"),
        Stage.RETIRED: _("merged or split"),
    },
}

REFUSALS: dict[str, str] = {
    "already-major": _("Objection %(objection)s is marked major already."),
    "already-under-objection": _("These comments stand under objection %(objection)s already: %(comments)s."),
    "cause-retired": _(
        "Objection %(objection)s was merged or split and causes no change any more. Name the objection it went into."
    ),
    "comment-left-out": _("Every comment goes on under at least one part. Still without one: %(comments)s."),
    "empty-batch": _("Choose at least one answer to be submitted."),
    "major-would-vanish": _(
        "Objection %(objection)s is major. What it says of risk %(risks)s must stay under a major objection "
        "that names the same risk."
    ),
    "merged-into-itself": _("An objection is merged into another one. Choose another than %(objection)s."),
    "no-parts": _("Objection %(objection)s is split into at least one new objection."),
    "not-whole-yet": _("This is not whole yet and cannot be marked ready: it needs every field of the form filled in."),
    "not-under-objection": _("These comments do not stand under objection %(objection)s: %(comments)s."),
    "objection-retired": _("Objection %(objection)s was merged or split. It goes on as %(into)s."),
    "project-left-out": _(
        "Every project that objection %(objection)s concerns is concerned by at least one part. Missing: %(projects)s."
    ),
    "template-title-taken": _("There is a template “%(title)s” already. Choose another title."),
    "text-edited-meanwhile": _(
        "%(person)s kept another wording after you opened this page. Yours is still in the form and was not kept. "
        "Open the page again in another window, compare, and keep yours if it should stand."
    ),
    "wording-missing": _("A title and a text are needed; neither may be empty."),
}
