"""What staff paste into any form of the workbench: control characters of word processors are left out at the door.

Nobody's record is touched by it, unlike in what the public sends, which is refused and never changed.
"""

from flask import Blueprint, request
from werkzeug.datastructures import ImmutableMultiDict

from gongshi.comments.checks import holdable


def clean(bp: Blueprint) -> None:
    """Let only such text into the forms of this blueprint as can be kept and shown."""
    bp.before_request(_clean)


def _clean() -> None:
    if request.method != "POST":
        return
    typed = list(request.form.items(multi=True))
    kept = [(holdable(name), holdable(text)) for name, text in typed]
    if kept != typed:
        request.__dict__["form"] = ImmutableMultiDict(kept)
