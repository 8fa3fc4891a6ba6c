"""How the desk of those who work through the comments reads."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _

from gongshi.comments.triage_models import FlagReason, Queue

LABELS: dict[type[StrEnum], Mapping[str, str]] = {
    Queue: {
        Queue.LOOK: _("To look at"),
        Queue.PLACE: _("To place"),
        Queue.ANSWER: _("To answer together"),
        Queue.WAITING: _("Waiting for approval"),
        Queue.DONE: _("Dealt with"),
    },
    FlagReason: {
        FlagReason.PERSONAL_DATA: _("Personal data"),
        FlagReason.SENSITIVE: _("Perhaps not to be shown"),
        FlagReason.SECOND_LOOK: _("A colleague should look"),
        FlagReason.URGENT: _("Urgent"),
    },
}

REFUSALS: dict[str, str] = {
    "filter-unnamed": _("Give the filter a name of at most %(limit)s characters."),
    "held-by-a-draft": _(
        "Comment %(comment)s is in another draft that is not settled yet. Wait for that draft, or discard it first."
    ),
    "note-empty": _("Write a note of at most %(limit)s characters."),
    "nothing-chosen": _("Choose at least one comment."),
    "nothing-left-to-read": _(
        "Nothing would be left to read of comment %(comment)s. Withhold it instead of covering all of it."
    ),
    "objection-unknown": _("No objection of this list has the number “%(typed)s”. Choose one, or type O07."),
    "nothing-to-redact": _("Mark at least one passage of comment %(comment)s that is not covered yet."),
    "only-published-is-answered": _("Comment %(comment)s is not published. Publish it first, then answer it."),
    "outside-the-text": _("The marked place, from character %(start)s to %(end)s, lies outside the text."),
    "passage-not-found": _(
        "“%(passage)s” does not occur in the comment. Copy the passage from the text exactly, one passage a line."
    ),
    "withholding-reason-missing": _("Choose the reason why the text is not shown."),
    "too-many-at-once": _("Choose at most %(limit)s comments at once; make further drafts for the others."),
    "too-many-filters": _("You keep %(limit)s filters already. Delete one first."),
}
