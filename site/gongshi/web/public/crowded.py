"""The page of whoever was turned away at the door: all that was typed, and when to send it again.

It is made without asking the database anything and shows nothing but what it must, so that a flood of refusals costs
next to nothing. Everything that was posted goes out again in the same form.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from gongshi import clock
from gongshi.comments.refusals import Reason
from gongshi.web import limits, refused
from gongshi.web.headers import not_kept
from gongshi.web.public import gathering
from gongshi.web.public.gathering import Broken, Written
from gongshi.web.turnstile import Full, turnstile

# What people wrote is shown to them; the rest of the form goes along unseen.
SHOWN = ("text", "resolution")


def turned_away_when_full(view: Callable[[str], ResponseReturnValue]) -> Callable[[str], ResponseReturnValue]:
    """Let POSTs to this view through the turnstile, and answer 503 with everything kept where there is no room."""

    @wraps(view)
    def through(number: str) -> ResponseReturnValue:
        if request.method != "POST":
            return view(number)
        try:
            with turnstile().pass_through():
                return view(number)
        except Full as full:
            limits.limits().note_busy()
            refused.counter().count_in(number, Reason.BUSY)
            return _page(number, full.retry_after)

    return through


def _page(number: str, seconds: int) -> Response:
    posted = list(request.form.items(multi=True))
    wait = timedelta(seconds=seconds)
    gathered = _gathered()
    body = render_template(
        "public/comments/_crowded.html",
        number=number,
        address=request.full_path.rstrip("?"),
        shown=[(name, text) for name, text in posted if name in SHOWN and text],
        unseen=[(name, text) for name, text in posted if name not in SHOWN or not text],
        gathered=gathered,
        count=len(gathered) + bool(request.form.get("text", "").strip()),
        step=request.form.get("step", "send"),
        wait=wait,
        again_at=clock.now() + wait,
    )
    response = not_kept(make_response(body, 503))
    response.headers["Retry-After"] = str(seconds)
    return response


def _gathered() -> list[Written]:
    """What was written before in this sitting. It goes out again unread in any case; what can be read is shown, too."""
    try:
        return gathering.unpacked(request.form.get("gathered", ""))
    except Broken:
        return []
