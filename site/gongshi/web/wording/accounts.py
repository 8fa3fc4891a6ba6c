"""How accounts, sessions and their audit read."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _

from gongshi.accounts.audit import AuditKind
from gongshi.accounts.sessions import Ending, Stage
from gongshi.accounts.signing_in import Means

LABELS: dict[type[StrEnum], Mapping[str, str]] = {
    AuditKind: {
        AuditKind.SIGNED_IN: _("Signed in"),
        AuditKind.SIGN_IN_REFUSED: _("Sign-in refused"),
        AuditKind.SIGNED_OUT: _("Signed out"),
        AuditKind.SESSION_REVOKED: _("Session ended from elsewhere"),
        AuditKind.PASSWORD_SET: _("Password set"),
        AuditKind.TOTP_SET: _("Second factor set"),
        AuditKind.RECOVERY_CODES_MADE: _("Recovery codes made"),
        AuditKind.RECOVERY_USED: _("Recovery code used"),
        AuditKind.INVITED: _("Invited"),
        AuditKind.INVITATION_USED: _("Invitation used"),
        AuditKind.FACTOR_RESET: _("Second factor reset"),
        AuditKind.ROLES_CHANGED: _("Roles changed"),
        AuditKind.SWITCHED_OFF: _("Account switched off"),
        AuditKind.SWITCHED_ON: _("Account switched on"),
        AuditKind.NETWORK_RULED: _("Network put on a list"),
        AuditKind.NETWORK_RULE_ENDED: _("Network taken off a list"),
        AuditKind.PERSONAL_DATA_READ: _("Name and contact read"),
        AuditKind.REFUSED: _("Act refused"),
    },
    Ending: {
        Ending.SIGNED_OUT: _("signed out"),
        Ending.REVOKED: _("ended from elsewhere"),
        Ending.REPLACED: _("continued as another session"),
        Ending.ACCOUNT_CHANGED: _("ended because the account changed"),
    },
    Means: {
        Means.TOTP: _("with a code from the authenticator app"),
        Means.RECOVERY: _("with a recovery code"),
        Means.NONE: _("without a second factor (trial account)"),
    },
    Stage: {Stage.PASSWORD: _("code still missing"), Stage.SIGNED_IN: _("signed in")},
}
REFUSALS: dict[str, str] = {
    "account-exists": _("There is an account with this already: %(found)s. One person has one account."),
    "invitation-over": _(
        "This link holds no more: it was used, or a newer one was made, or 72 hours have passed. "
        "Ask the administrator of your bureau for a new one."
    ),
    "last-admin": _("%(person)s is the only administrator of the bureau. Invite another one first."),
    "login-unusable": _(
        "“%(login)s” cannot be used to sign in with. Use small letters and digits, with a dot or hyphen between them: "
        "zhang.san, jingban-2."
    ),
    "not-recognised": _(
        "That is not right: name, password or code. Please check them and try again; each code works once, "
        "so wait for the next one."
    ),
    "own-account": _("This cannot be done to one's own account (%(person)s); another administrator has to."),
    "password-obvious": _(
        "That password would be among the first that somebody tries. "
        "Take several words that have nothing to do with each other, or let a password manager make one."
    ),
    "password-too-short": _("A password has at least %(shortest)s characters and at most %(longest)s."),
    "roles-missing": _("Choose at least one role for %(person)s."),
}
