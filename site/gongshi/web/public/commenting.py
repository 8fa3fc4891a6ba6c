"""The comment form: one address, on which each button is a step. Whatever refuses, all that was typed stays in place.

A form without `step` is sent at once. The other steps store nothing: they gather several comments into one submission,
show it for checking, and lead back to each of them.
"""

from collections.abc import Callable

from flask import abort, request
from flask.typing import ResponseReturnValue

from gongshi.comments.refusals import Reason
from gongshi.web.public import gathering, reviewing
from gongshi.web.public.comment_form import refuse_strange_bodies, with_room_for_a_submission
from gongshi.web.public.comments import bp
from gongshi.web.public.crowded import turned_away_when_full
from gongshi.web.public.receipts import receipt_page
from gongshi.web.public.sending import NotTaken, count, send
from gongshi.web.public.sitting import Sitting
from gongshi.web.public.targets import place_of

UNPROCESSABLE = 422


@bp.route("/consultations/<number>/comment", methods=["GET", "POST"])
@with_room_for_a_submission
@turned_away_when_full
def form(number: str) -> ResponseReturnValue:
    place = place_of(number)
    if request.method == "GET":
        return reviewing.writing_page(Sitting.begun(place))
    refuse_strange_bodies()
    sitting = Sitting.sent(place)
    step, ordinal = _step()
    if sitting.unread:
        return reviewing.writing_page(sitting, UNPROCESSABLE)
    return STEPS[step](sitting, ordinal)


def _send(sitting: Sitting, _: int) -> ResponseReturnValue:
    refusal_page = reviewing.writing_page if sitting.is_plain else reviewing.review_page
    if not _is_finished(sitting):
        return reviewing.writing_page(sitting, UNPROCESSABLE)
    if not _is_in_order(sitting):
        return reviewing.review_page(sitting, UNPROCESSABLE)
    try:
        taken = send(
            sitting.place.consultation,
            sitting.project,
            key=sitting.key,
            points=sitting.points,
            person=sitting.told(),
            proof=request.form.get("proof", ""),
        )
    except NotTaken as refusal:
        if refusal.reason is Reason.KEY_USED_FOR_ANOTHER_TEXT:
            # Under the old key this could never be sent; the sentence above the form says what a second sending means.
            sitting.renews_key()
        return refusal_page(sitting, refusal.status, refusal)
    return receipt_page(taken)


def _review(sitting: Sitting, _: int) -> ResponseReturnValue:
    """Show all of it as it would be received. After the closing this, too, is an attempt that came too late."""
    if not _is_finished(sitting):
        return reviewing.writing_page(sitting, UNPROCESSABLE)
    if not sitting.comments:
        return reviewing.writing_page(sitting)
    late = reviewing.too_late(sitting)
    if late is not None:
        count(sitting.place.consultation, [late.reason])
        return reviewing.review_page(sitting, late.status, late)
    return reviewing.review_page(sitting, 200 if _is_in_order(sitting) else UNPROCESSABLE)


def _add(sitting: Sitting, _: int) -> ResponseReturnValue:
    """Keep what was written here, and choose what the next comment is about."""
    if not _is_finished(sitting):
        return reviewing.writing_page(sitting, UNPROCESSABLE)
    sitting.gathers([one.written for one in sitting.comments])
    if sitting.is_full:
        return reviewing.review_page(sitting, UNPROCESSABLE)
    return reviewing.choosing_page(sitting)


def _choose(sitting: Sitting, _: int) -> ResponseReturnValue:
    return reviewing.choosing_page(sitting)


def _write(sitting: Sitting, _: int) -> ResponseReturnValue:
    """An empty form for the place that was chosen."""
    sitting.writes(None)
    return reviewing.writing_page(sitting)


def _edit(sitting: Sitting, number: int) -> ResponseReturnValue:
    """The form again with what was written before."""
    if not sitting.edits(number):
        abort(400)
    return reviewing.writing_page(sitting)


def _remove(sitting: Sitting, number: int) -> ResponseReturnValue:
    """Leave a comment out. It can be put back from the page that says so."""
    removed = sitting.takes_out(number)
    if removed is None:
        abort(400)
    sitting.removed, sitting.position = removed, number - 1
    return reviewing.review_page(sitting)


def _restore(sitting: Sitting, _: int) -> ResponseReturnValue:
    if sitting.removed is not None:
        sitting.gathers(gathering.put(sitting.gathered, sitting.removed, sitting.position))
        sitting.removed = None
    return reviewing.review_page(sitting)


def _skip(sitting: Sitting, _: int) -> ResponseReturnValue:
    """Back to the others, without the one of this page."""
    sitting.gathers(sitting.gathered)
    return reviewing.review_page(sitting) if sitting.gathered else reviewing.writing_page(sitting)


Step = Callable[[Sitting, int], ResponseReturnValue]
STEPS: dict[str, Step] = {
    "send": _send, "review": _review, "add": _add, "choose": _choose, "write": _write, "edit": _edit,
    "remove": _remove, "restore": _restore, "skip": _skip,
}  # fmt: skip


def _step() -> tuple[str, int]:
    """What was pressed: `review`, or `edit-3` for the third comment; sending where nothing is said of it."""
    name, _, number = request.form.get("step", "send").partition("-")
    if name not in STEPS or (number and not (number.isascii() and number.isdigit() and len(number) <= 2)):
        abort(400)
    return name, int(number or 0)


def _is_finished(sitting: Sitting) -> bool:
    """Whether the comment of this page, if it has one, can be taken as it is; else its faults stand at its fields."""
    if sitting.leaves_current_out or sitting.current.validate():
        return True
    count(sitting.place.consultation, sitting.current.reasons)
    return False


def _is_in_order(sitting: Sitting) -> bool:
    """Whether all of it can be taken; the page names whatever cannot."""
    if sitting.is_plain and not sitting.tells:
        return True
    if not sitting.faults:
        return True
    count(sitting.place.consultation, sitting.reasons)
    return False
