"""How reminders, and the refusals of decisions, notices of admission and the pilot's life, read."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _

from gongshi.consultations.models import ReminderKind
from gongshi.record.desk import Stage, Work

LABELS: dict[type[StrEnum], Mapping[str, str]] = {
    Stage: {
        Stage.OPEN: _("Open for comments"),
        Stage.WORKING: _("Closed, being worked on"),
        Stage.COMING: _("Still to open"),
        Stage.DRAFT: _("In preparation"),
        Stage.DONE: _("Nothing left to do"),
    },
    Work: {
        Work.LOOK: _("Comments to look at"),
        Work.PLACE: _("Comments to place"),
        Work.ANSWER: _("Comments to answer"),
        Work.OBJECTIONS: _("Objections to dispose of"),
        Work.APPEALS: _("Appeals to decide"),
        Work.DECISIONS: _("Projects to decide"),
    },
    ReminderKind: {
        ReminderKind.CLOSES_IN_7: _("The comment period closes within 7 days"),
        ReminderKind.CLOSES_IN_3: _("The comment period closes within 3 days"),
        ReminderKind.CLOSES_IN_1: _("The comment period closes within a day"),
        ReminderKind.COMMENTS_LEFT: _("The comment period is over and comments are still without an answer"),
        ReminderKind.SUMMARY_15: _("15 days after the closing there is no summary of opinions"),
        ReminderKind.SUMMARY_30: _("30 days after the closing there is no summary of opinions"),
    },
}
REFUSALS: dict[str, str] = {
    "already-reopened": _("A comment period on project %(project)s is still to come or running; it runs its course."),
    "blank-left": _("The notice still has blanks to be filled in: %(blanks)s."),
    "event-without-text": _("Please say what happened: a title and a text."),
    "not-happened-yet": _("What is recorded has happened; %(day)s is still to come."),
    "nothing-to-announce": _("A notice of admission makes known decisions on one list; there is none."),
    "nothing-to-judge": _("Please judge at least one risk."),
    "scope-unsaid": _("Please say what is going to change: a title and a text."),
}
