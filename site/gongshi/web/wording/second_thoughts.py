"""How it reads that a comment can no longer be taken back or replaced."""

from flask_babel import lazy_gettext as _

REFUSALS: dict[str, str] = {
    "already-grouped": _(
        "Comment %(comment)s already stands under an objection or an answer and is not replaced any more. "
        "You can withdraw it."
    ),
    "being-handled": _(
        "The bureau is dealing with comment %(comment)s right now, so it cannot be replaced. You can take it back."
    ),
    "closed-for-change": _(
        "The comment period closed at %(closes_at)s. Since then comment %(comment)s cannot be taken back or replaced. "
        "You can withdraw it."
    ),
    "part-covered": _(
        "Part of comment %(comment)s has been covered meanwhile, so it cannot be replaced any more. "
        "You can withdraw it."
    ),
    "too-late-to-change": _(
        "Comment %(comment)s could be taken back or replaced for ten minutes, until %(until)s. "
        "You can still withdraw it."
    ),
}
