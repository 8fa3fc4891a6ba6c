"""How the refusals of revising a plan read, and how a text came back from its applicant."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _

from gongshi.revisions.models import ReturnChannel

LABELS: dict[type[StrEnum], Mapping[str, str]] = {
    ReturnChannel: {
        ReturnChannel.SYSTEM: _("Filing system"),
        ReturnChannel.EMAIL: _("E-mail"),
        ReturnChannel.POST: _("Post"),
        ReturnChannel.HAND: _("Handed in"),
    },
}
REFUSALS: dict[str, str] = {
    "contact-role-missing": _("Please say which office the person who returned it holds, without a name."),
    "decided-needs-round": _(
        "Project %(project)s is decided (%(outcome)s). Its plan changes only after a further comment period has been "
        "announced."
    ),
    "kept-plan-unreadable": _(
        "The text that was kept for the next version cannot be read any more, see its line %(line)s. Under “Revise the "
        "plan” it is shown as it is, and can be put back to the public version."
    ),
    "no-issues": _("Nobody has objected to project %(project)s yet, so there is no list to make out."),
    "not-an-applicant": _("%(institution)s takes no part in this project."),
    "not-returned-yet": _("The day of return lies in the future. Record a text once it is there."),
    "not-that-paragraph": _(
        "%(key)s cannot be taken for that: only what is new in this text can be one that the text no longer has."
    ),
    "project-is-over": _("Project %(project)s was withdrawn and takes no further version."),
    "returned-unknown": _("There is no returned text number %(returned)s for this project."),
    "revision-overtaken": _(
        "Version %(current)s was published meanwhile; this was written from version %(start)s. Open the text again."
    ),
    "version-summary-missing": _("Please give the version a title and say in a sentence what it changes."),
}
