"""How drafts and their steps read."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _

from gongshi.drafts.models import DraftKind, DraftState, StepKind

LABELS: dict[type[StrEnum], Mapping[str, str]] = {
    DraftKind: {
        DraftKind.LIST: _("Publication of a list"),
        DraftKind.NOTICE: _("Notice"),
        DraftKind.CORRECTION: _("Correction"),
        DraftKind.EXTENSION: _("Extension"),
        DraftKind.SECOND_ROUND: _("Second round"),
        DraftKind.INTERRUPTION: _("Suspension or withdrawal"),
        DraftKind.LETTER: _("Comment received on paper, by e-mail or by telephone"),
        DraftKind.WITHHOLDING: _("Withholding of comments"),
        DraftKind.APPEAL: _("Decision on an appeal"),
        DraftKind.REDACTION: _("Redaction of a comment"),
        DraftKind.ERASURE: _("Erasure"),
        DraftKind.ANSWERS: _("Dispositions and answers"),
        DraftKind.REVISION: _("New plan version"),
        DraftKind.JUDGEMENT: _("Judgement of risks"),
        DraftKind.DECISION: _("Decision on admission"),
        DraftKind.SUMMARY: _("Summary of opinions"),
        DraftKind.EVENT: _("Pilot event"),
        DraftKind.SCOPE_CHANGE: _("Change of scope"),
    },
    DraftState: {
        DraftState.DRAFT: _("In preparation"),
        DraftState.SUBMITTED: _("Submitted for approval"),
        DraftState.APPROVED: _("Approved"),
        DraftState.DISCARDED: _("Discarded"),
    },
    StepKind: {
        StepKind.PREPARED: _("Prepared"),
        StepKind.AMENDED: _("Amended"),
        StepKind.TAKEN_OVER: _("Taken over"),
        StepKind.SUBMITTED: _("Submitted for approval"),
        StepKind.RECALLED: _("Recalled"),
        StepKind.GIVEN_BACK: _("Given back"),
        StepKind.APPROVED: _("Approved"),
        StepKind.DISCARDED: _("Discarded"),
    },
}

REFUSALS: dict[str, str] = {
    "draft-edited-meanwhile": _(
        "Draft %(draft)s was changed after you opened this page, perhaps in another window. "
        "Your text is below; open the draft in a new window, compare, and save again."
    ),
    "draft-is-settled": _("Draft %(draft)s is closed: what was approved or discarded is not changed any more."),
    "draft-is-submitted": _("Draft %(draft)s is with the approver. Recall it before you change it."),
    "draft-moved": _(
        "What draft %(draft)s rests on has changed since it was shown to you. Please read it again and then approve."
    ),
    "draft-not-submitted": _("Draft %(draft)s has not been submitted for approval."),
    "draft-of-somebody-else": _("Draft %(draft)s is in the hands of %(person)s. Take it over first."),
    "nobody-to-approve": _(
        "Nobody else in your bureau may approve this (%(act)s). Ask an administrator to give a colleague the role."
    ),
    "note-missing": _("Please say what has to be changed."),
}
