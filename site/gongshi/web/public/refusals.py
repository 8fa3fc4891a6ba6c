"""What was refused, by rule and by hour: a page with a picture, and the same as a table to take away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from limits import RateLimitItem, parse_many

from config import Config
from gongshi import clock
from gongshi.comments import network_rules, tallies
from gongshi.comments import refusals as refused
from gongshi.comments.network_models import NetworkRule, RuleKind
from gongshi.comments.refusals import Hour
from gongshi.consultations import queries as consultations
from gongshi.web import csv_files, formatting, wording
from gongshi.web.db import session
from gongshi.web.limits import difficulty
from gongshi.web.moment import now
from gongshi.web.public.comments import bp
from gongshi.web.settings import settings

MOST_ROWS = 100_000
HOURS_SHOWN = 48
UNITS = ((86_400, lazy_gettext("d")), (3_600, lazy_gettext("h")), (60, lazy_gettext("min")), (1, lazy_gettext("s")))


@dataclass(frozen=True)
class Column:
    """One hour of the table: its refusals by rule, their sum, and how long its bar is in hundredths of the longest."""

    start: datetime
    rows: Sequence[Hour]
    count: int
    of_largest: int

    @property
    def day(self) -> date:
        """The Beijing day on which the hour is."""
        return clock.beijing(self.start).date()


@bp.get("/consultations/<number>/refusals/")
def refusals(number: str) -> ResponseReturnValue:
    consultation = consultations.public(session(), number, now())
    rules = network_rules.in_force(session(), consultation, now())
    return render_template(
        "public/comments/refusals.html",
        consultation=consultation,
        example=consultation.is_example,
        totals=refused.totals(session(), consultation),
        hours=_by_hour(refused.by_hour(session(), consultation)),
        tally=tallies.of(session(), consultation),
        rules=[(kind, _of_kind(rules, kind)) for kind in RuleKind],
        limits=_limits(settings()),
        steps=difficulty,
    )


@bp.get("/consultations/<number>/refusals/refusals.csv")
def refusals_table(number: str) -> Response:
    """Every hour and rule as CSV; times are Beijing's."""
    consultation = consultations.public(session(), number, now())
    rows: list[csv_files.Row] = [(_("Hour from (Beijing time)"), _("Code"), _("Rule"), _("Refused"))]
    for row in refused.by_hour(session(), consultation, limit=MOST_ROWS):
        start = f"{clock.beijing(row.start):%Y-%m-%d %H:%M}"
        rows.append((start, row.reason.value, wording.label(row.reason), row.count))
    return csv_files.download(rows, f"{consultation.number}-refusals.csv")


def _limits(config: Config) -> list[tuple[str, str]]:
    """The limits in force, as people read them."""
    of_everybody = _spoken(config.CONSULTATION_LIMIT) + _(", half of it kept for networks that have sent little")
    return [
        (_("one network"), _spoken(config.COMMENT_LIMITS)),
        (_("of these, without a proof of work"), _spoken(config.COMMENT_LIMITS_WITHOUT_PROOF)),
        (_("a network with higher limits"), _spoken(config.COMMENT_LIMITS_ALLOWED)),
        (_("this consultation, from everybody together"), of_everybody),
    ]


def _spoken(limits: str) -> str:
    return str(_(", ")).join(
        _("%(count)s within %(span)s", count=formatting.number(one.amount), span=_window(one))
        for one in parse_many(limits)
    )


def _window(limit: RateLimitItem) -> str:
    seconds = limit.get_expiry()
    length, unit = next((length, unit) for length, unit in UNITS if seconds % length == 0)
    return f"{seconds // length} {unit}"


def _by_hour(rows: Sequence[Hour]) -> list[Column]:
    hours: dict[datetime, list[Hour]] = {}
    for row in rows:
        hours.setdefault(row.start, []).append(row)
    latest = list(hours.items())[:HOURS_SHOWN]
    sums = {start: sum(row.count for row in found) for start, found in latest}
    largest = max(sums.values(), default=1)
    return [Column(start, found, sums[start], max(1, sums[start] * 100 // largest)) for start, found in latest]


def _of_kind(rules: Sequence[NetworkRule], kind: RuleKind) -> list[NetworkRule]:
    return [rule for rule in rules if rule.kind is kind]
