"""How personal data and erasures read."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _

from gongshi.comments.erasure_models import ErasedField, ErasureReason
from gongshi.comments.personal_models import DetailField
from gongshi.comments.text_models import TextChangeKind
from gongshi.drafts.quoting import Fate

LABELS: dict[type[StrEnum], Mapping[str, str]] = {
    DetailField: {
        DetailField.NAME: _("Name"),
        DetailField.CONTACT: _("Contact"),
    },
    ErasedField: {
        ErasedField.TEXT: _("Text"),
        ErasedField.RESOLUTION: _("What change would resolve it"),
        ErasedField.NAME: _("Name"),
        ErasedField.CONTACT: _("Contact"),
        ErasedField.REASONS: _("Reasons of appeals, disputes and responses"),
    },
    ErasureReason: {
        ErasureReason.COURT_ORDER: _("a court's decision"),
        ErasureReason.AUTHORITY_ORDER: _("an order of a competent authority"),
        ErasureReason.PERSONAL_DATA_REQUEST: _("a request under the Personal Information Protection Law"),
        ErasureReason.UNLAWFUL_TO_KEEP: _("content that the law does not allow to be kept"),
    },
    Fate: {
        Fate.EMPTIED: _("The words are taken out of it."),
        Fate.LETTER_IN_HAND: _(
            "A letter that is still in work stays as it is, for it may be somebody else's. If it is this one, discard "
            "it before the erasure is approved."
        ),
        Fate.ON_RECORD: _(
            "Approved: what came of it is on the public record and stays. If it may not, it needs a step of its own."
        ),
    },
    TextChangeKind: {
        TextChangeKind.REPLACED: _("Replaced by its sender"),
        TextChangeKind.ERASED: _("Erased"),
    },
}

REFUSALS: dict[str, str] = {
    "nothing-to-erase": _(
        "What was chosen is no longer there in comment %(comment)s. Open the page again and choose from what is left."
    ),
    "order-number-missing": _("Give the file number of the order or request, in at most %(limit)s characters."),
    "no-consent-to-withdraw": _("The name beside comment %(comment)s is not shown; there is no consent to withdraw."),
    "no-personal-data-held": _("No name and no contact is kept for comment %(comment)s."),
}
