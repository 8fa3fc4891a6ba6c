"""How appeals, disputes and responses to answers read."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _

from gongshi.comments.dispute_models import DisputedBy
from gongshi.comments.models import AppealOutcome

LABELS: dict[type[StrEnum], Mapping[str, str]] = {
    AppealOutcome: {
        AppealOutcome.PUBLISHED: _("The text is shown after all"),
        AppealOutcome.KEPT: _("The text stays withheld"),
    },
    DisputedBy: {
        DisputedBy.RECEIPT: _("the holder of the receipt"),
        DisputedBy.ANYBODY: _("somebody at the public page"),
    },
}

REFUSALS: dict[str, str] = {
    "appeal-decided": _("No appeal of comment %(comment)s waits for a decision any more."),
    "appeal-is-open": _(
        "You have appealed already that comment %(comment)s is withheld. "
        "The decision will stand on this page; after it, you may appeal again."
    ),
    "appeal-reasons-missing": _("Please say in public why the appeal is decided so."),
    "decided-by-those-who-withheld": _(
        "An appeal is decided by people who did not withhold the comment. This cannot be decided by: %(people)s. "
        "A colleague prepares or approves it; if there is none, an administrator gives another colleague the role."
    ),
    "decided-meanwhile": _(
        "The decision on the project has been taken, so what you think of the answer can no longer be recorded. "
        "What you said before it stays on record."
    ),
    "dispute-reason-missing": _("Please write why this comment is not by the person named. The bureau reads it."),
    "no-name-shown": _(
        "Comment %(comment)s is not published under a name, so there is no name to dispute. Nothing was stored."
    ),
    "not-answered-so": _("Comment %(comment)s has no such answer. Look at this page again: it may have changed."),
    "nothing-left-to-show": _("The text of comment %(comment)s was erased; it cannot be shown any more."),
    "not-withheld": _("The text of comment %(comment)s is not withheld, so there is nothing to appeal."),
    "said-already": _("You have said exactly this before; it is on record."),
    "shown-on-appeal": _(
        "Comment %(comment)s was published upon an appeal and is not withheld again. "
        "What must not be read can be covered."
    ),
}
