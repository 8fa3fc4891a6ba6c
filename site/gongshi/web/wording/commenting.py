"""How the refusals read that a commenter can meet while writing."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _

LABELS: dict[type[StrEnum], Mapping[str, str]] = {}
REFUSALS: dict[str, str] = {
    "too-many-points": _(
        "One submission holds at most %(limit)s comments; this would be %(count)s. "
        "Send the others first, then write on: a further submission gets a receipt of its own."
    ),
    "texts-too-long": _(
        "The comments of this submission have %(length)s characters together; at most %(limit)s are accepted. "
        "Nothing was cut, nothing was stored. Send some of them first, then write on."
    ),
}
