"""Today 首页: what is due, what waits for me, who waits for whom, and how every list stands. The most urgent on top."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from gongshi.accounts.models import Role, StaffUser
from gongshi.comments.models import CommentKind
from gongshi.consultations import reminders
from gongshi.db import writing
from gongshi.drafts import actions as draft_acts
from gongshi.drafts import queries as drafts
from gongshi.drafts.models import Draft
from gongshi.record import desk as desks
from gongshi.record.desk import Arrivals, ListDesk, Pile, Stage, Work
from gongshi.web.db import session
from gongshi.web.languages import desk
from gongshi.web.moment import now
from gongshi.web.workbench import access
from gongshi.web.workbench.access import me

bp = Blueprint("dashboard", __name__)
access.allow(bp, reading=access.ALL_STAFF, writing=access.EVERYONE)

# A draft that waits longer than this is a reminder to everybody who may approve it.
LONG = timedelta(days=2)


@dataclass(frozen=True)
class Waiting:
    """A submitted draft, those who may approve it, and how long it has waited."""

    draft: Draft
    approvers: list[StaffUser]
    waits: timedelta

    @property
    def is_long(self) -> bool:
        return self.waits > LONG


@dataclass(frozen=True)
class Bar:
    """One day of a chart, in its own units: a column `height` high of 100, and what it says."""

    place: int
    height: int
    day: date
    count: int


@dataclass(frozen=True)
class Row:
    """One kind of comment over the days."""

    kind: CommentKind
    bars: tuple[Bar, ...]
    total: int


@dataclass(frozen=True)
class Card:
    """A list as its card shows it."""

    desk: ListDesk
    arrivals: Arrivals
    rows: tuple[Row, ...]


@bp.get("/")
def show() -> ResponseReturnValue:
    person = me()
    if person.roles == {Role.ADMIN}:
        return render_template("workbench/dashboard/show.html", is_admin=True)
    at = now()
    lists = desks.lists(session(), person.bureau, at)
    waiting = [_waiting(one, at) for one in drafts.waiting(session(), person.bureau_id)]
    mine = {one.id for one in draft_acts.waiting_for(session(), person)}
    in_hand = drafts.in_hand(session(), person.bureau_id)
    return render_template(
        "workbench/dashboard/show.html",
        is_admin=False,
        at=at,
        due=desks.due(session(), person.bureau, lists, at),
        for_me=[one for one in waiting if one.draft.id in mine],
        for_others=[one for one in waiting if one.draft.id not in mine],
        given_back=[one for one in in_hand if one.prepared_by_id == person.id and one.last_note],
        own=[one for one in in_hand if one.prepared_by_id == person.id and not one.last_note],
        others=[one for one in in_hand if one.prepared_by_id != person.id],
        cards=[_card(one) for one in lists if one.stage is not Stage.DONE],
        done=[one for one in lists if one.stage is Stage.DONE],
        address_of=address_of,
    )


@bp.post("/reminders/<uuid:reminder>/dismiss")
def dismiss(reminder: UUID) -> ResponseReturnValue:
    found = reminders.of_bureau(session(), me().bureau, reminder)
    with writing(session()) as at:
        reminders.dismiss(found, by=me(), at=at)
    flash(_("Put away. It comes back only if the closing moves."), "done")
    return redirect(desk("dashboard.show"), 303)


def address_of(one: ListDesk, pile: Pile) -> str:
    """The screen on which a pile is worked off."""
    number = one.consultation.number
    if pile.work is Work.OBJECTIONS:
        return desk("objections.of_list", number=number)
    if pile.work is Work.APPEALS:
        return desk("contested.index", number=number)
    if pile.work is Work.DECISIONS:
        return desk("deciding.gates", number=number)
    return desk("triage.show", number=number, queue=pile.work.value)


def _waiting(draft: Draft, at: datetime) -> Waiting:
    return Waiting(draft, draft_acts.approvers(session(), draft), at - draft.state_at)


def _card(one: ListDesk) -> Card:
    arrivals = desks.arrivals(session(), one.consultation)
    return Card(one, arrivals, tuple(_row(arrivals, kind) for kind in CommentKind))


def _row(arrivals: Arrivals, kind: CommentKind) -> Row:
    counts = arrivals.counts.get(kind, ())
    bars = tuple(
        Bar(place, max(4, round(100 * count / arrivals.most)), day, count)
        for place, (day, count) in enumerate(zip(arrivals.days, counts, strict=True))
        if count
    )
    return Row(kind, bars, sum(counts))
