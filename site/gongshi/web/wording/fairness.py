"""How proofs of work and the lists of networks read."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _

from gongshi.comments.models import Proof
from gongshi.comments.network_models import RuleKind

LABELS: dict[type[StrEnum], Mapping[str, str]] = {
    Proof: {Proof.NONE: _("without a proof of work"), Proof.SOLVED: _("with a proof of work")},
    RuleKind: {RuleKind.ALLOW: _("Higher limits"), RuleKind.BLOCK: _("Blocked")},
}
REFUSALS: dict[str, str] = {
    "proof-used": _("The calculation that came with this form has been used for another comment."),
    "network-unreadable": _("Write one address or a range, such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/48."),
    "network-too-wide": _("This range is too wide: at most %(widest)s can be put on this list."),
    "network-rule-too-long": _("A rule begins at once and ends within %(days)s days."),
    "network-reason-missing": _("Give the reason in at most %(limit)s characters. It is public."),
    "network-reason-names-address": _("The reason is public, so it must not hold an address."),
    "network-rule-over": _("This rule has ended already."),
}
