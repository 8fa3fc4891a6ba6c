"""How mail reads: what may have happened to a comment, and why an address is not taken."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _

from gongshi.subscriptions.models import MailKind, MailState, SubscriptionState
from gongshi.subscriptions.news import News

LABELS: dict[type[StrEnum], Mapping[str, str]] = {
    News: {
        News.PUBLISHED: _("Comment %(comment)s was published."),
        News.WITHHELD: _("Comment %(comment)s is withheld. The receipt tells you why, and how to appeal."),
        News.WITHDRAWN: _("Comment %(comment)s was withdrawn by its receipt."),
        News.REPLACED: _("Comment %(comment)s was replaced by its receipt."),
        News.ERASED: _("The text of comment %(comment)s was erased, as the law asks; its receipt stays on record."),
        News.REDACTED: _("Part of the shown text of comment %(comment)s was covered."),
        News.APPEAL_DECIDED: _("Your appeal about comment %(comment)s was decided: %(how)s."),
        News.GROUPED: _("Comment %(comment)s was grouped under objection %(of)s."),
        News.DISPOSED: _("Objection %(of)s, which comment %(comment)s raised, was answered: %(how)s."),
        News.UNFOUNDED: _("Objection %(of)s, which comment %(comment)s raised, was set aside as unfounded."),
        News.ANSWERED: _("Comment %(comment)s was answered in %(of)s."),
        News.CHANGED: _("Because of comment %(comment)s the plan of project %(of)s was changed in version %(how)s."),
        News.DECIDED: _("Project %(of)s, which comment %(comment)s is about, was decided on: %(how)s."),
    },
    SubscriptionState: {
        SubscriptionState.ASKED: _("Not confirmed yet"),
        SubscriptionState.CONFIRMED: _("Confirmed"),
        SubscriptionState.STOPPED: _("Stopped"),
        SubscriptionState.EXPIRED: _("Run out"),
        SubscriptionState.UNREACHABLE: _("Mailbox not reachable"),
        SubscriptionState.COMPLETED: _("Complete"),
    },
    MailKind: {MailKind.CONFIRM: _("Please confirm"), MailKind.NEWS: _("News")},
    MailState: {
        MailState.WAITING: _("Waiting to be sent"),
        MailState.SENT: _("Sent"),
        MailState.FAILED: _("Given up"),
        MailState.DROPPED: _("No longer wanted"),
    },
}

REFUSALS: dict[str, str] = {
    "mail-address-unusable": _("Mail cannot be sent to this address. It should look like name@example.cn."),
    "mail-asked-too-often": _("With one receipt, mail can be asked for %(limit)s times a day. Try again tomorrow."),
    "mail-link-over": _("This link is no longer valid. Open your receipt and ask for mail again if you want it."),
}
