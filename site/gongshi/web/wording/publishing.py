"""How publications, corrections and attachments read."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _

from gongshi.consultations.corrected import CorrectedField

LABELS: dict[type[StrEnum], Mapping[str, str]] = {
    CorrectedField: {
        CorrectedField.TITLE: _("Title of the list"),
        CorrectedField.TITLE_EN: _("English title of the list"),
        CorrectedField.SUMMARY: _("Description of the list"),
        CorrectedField.NAME: _("Name of the project"),
        CorrectedField.LEAD: _("Lead institution"),
        CorrectedField.JOINT: _("Joint institutions"),
        CorrectedField.TECHNOLOGIES: _("Technologies"),
        CorrectedField.SCENARIOS: _("Business scenarios"),
    },
}

REFUSALS: dict[str, str] = {
    "correction-unfinished": _(
        "The corrected value of “%(field)s” is not whole: it is empty, given twice, or too many."
    ),
    "institution-not-known": _("“%(name)s” is named for the first time; its kind has to be chosen."),
    "list-number-taken": _("The number %(number)s is taken. Choose another one."),
    "list-published": _("List %(number)s is published; what was wrong in it is corrected by a notice."),
    "not-published-yet": _("List %(consultation)s is not public yet: change the list itself instead of correcting it."),
    "nothing-corrected": _("A correction changes at least one value, and each to another one than is published."),
    "notice-unfinished": _("A notice needs a title and a text."),
    "public-from-in-the-past": _(
        "The time from which it is public lies ahead, at a whole minute. Choose a later time."
    ),
    "round-running": _(
        "A comment period of list %(consultation)s is still running; extend it, or wait until it is over."
    ),
    "too-many-attachments": _("A notice carries at most %(most)s files."),
}
