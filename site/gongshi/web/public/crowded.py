"""The page of whoever was turned away at the door: all that was typed, and when to send it again.

It is made without asking the database anything and shows nothing but what it must. Everything that was posted goes out
again in the same form. What people typed is put into places of the page, so that `door` can keep the page around them.
"""

import re
import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import wraps
from itertools import cycle

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from gongshi import clock
from gongshi.web.formatting import time_of_day
from gongshi.web.headers import not_kept
from gongshi.web.marking import in_a_field
from gongshi.web.public import gathering
from gongshi.web.public.gathering import Broken, Written
from gongshi.web.turnstile import Full

Fields = Sequence[tuple[str, str]]

# What people wrote is shown to them; the rest of the form goes along unseen.
SHOWN = ("text", "resolution")
# In the environment of a request: that there is no room for it; and the page with its places, once it was made.
FULL, PARTS = "gongshi.full", "gongshi.crowded_page"

# Nobody who sends a text can know it, so a place is always one of ours.
_MARK = secrets.token_hex(16)
_PLACE = re.compile(f"{_MARK}-([a-z0-9]+)-")


def turned_away_when_full(view: Callable[[str], ResponseReturnValue]) -> Callable[[str], ResponseReturnValue]:
    """Answer a POST for which the door had no room with 503 and everything that was typed."""

    @wraps(view)
    def through(number: str) -> ResponseReturnValue:
        full = request.environ.get(FULL)
        return _page(number, full) if isinstance(full, Full) else view(number)

    return through


def shown(fields: Fields) -> Fields:
    """The fields that people wrote something in."""
    return [(name, text) for name, text in fields if name in SHOWN and text]


def filled(parts: Sequence[str], fields: Fields, full: Full) -> str:
    """A page with what was typed and the time to come again in its places."""
    again_at = clock.now() + timedelta(seconds=full.retry_after)
    values = {"again": time_of_day(again_at), "unseen": _unseen(fields)}
    values |= {str(place): in_a_field(text) for place, (_, text) in enumerate(shown(fields))}
    return "".join(
        values[part] if is_place else part for part, is_place in zip(parts, cycle((False, True)), strict=False)
    )


def _page(number: str, full: Full) -> Response:
    fields = list(request.form.items(multi=True))
    gathered = _gathered()
    body = render_template(
        "public/comments/_crowded.html",
        number=number,
        address=request.full_path.rstrip("?"),
        shown=[(name, _place(str(place))) for place, (name, _) in enumerate(shown(fields))],
        unseen=_place("unseen"),
        gathered=gathered,
        count=len(gathered) + bool(request.form.get("text", "").strip()),
        step=request.form.get("step", "send"),
        wait=timedelta(seconds=full.retry_after),
        again_at=_place("again"),
    )
    # Between two places stands one of ours: text, name of a place, text, …
    parts = _PLACE.split(body)
    request.environ[PARTS] = parts
    response = not_kept(make_response(filled(parts, fields, full), 503))
    response.headers["Retry-After"] = str(full.retry_after)
    return response


def _place(name: str) -> str:
    return f"{_MARK}-{name}-"


def _unseen(fields: Fields) -> str:
    return "".join(
        f'<input type="hidden" name="{in_a_field(name)}" value="{in_a_field(text)}">'
        for name, text in fields
        if name not in SHOWN or not text
    )


def _gathered() -> list[Written]:
    """What was written before in this sitting. It goes out again unread in any case; what can be read is shown, too."""
    try:
        return gathering.unpacked(request.form.get("gathered", ""))
    except Broken:
        return []
