"""Audit 审计: everything about accounts, and whatever staff were refused; to be read and taken away, never changed."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from gongshi import clock
from gongshi.accounts import audit, queries
from gongshi.accounts.audit import AuditKind, StaffAudit, Wanted
from gongshi.accounts.models import Role, StaffUser
from gongshi.accounts.signing_in import Means
from gongshi.web import csv_files, places, wording
from gongshi.web.db import session
from gongshi.web.languages import desk
from gongshi.web.workbench import access
from gongshi.web.workbench.access import me

bp = Blueprint("audit", __name__, url_prefix="/audit")
access.allow(bp, reading={Role.ADMIN}, writing=access.NOBODY)

AT_ONCE = 50
# Codes of refusals and names of pages stay as they are: they are what one looks up.
DETAILS = {
    "means": lazy_gettext("How"),
    "before": lazy_gettext("Before"),
    "after": lazy_gettext("After"),
    "page": lazy_gettext("Page"),
    "code": lazy_gettext("Refusal"),
    "method": lazy_gettext("Request"),
    "trial": lazy_gettext("Trial account"),
}
MOST_ROWS = 20_000


@bp.get("/")
def index() -> str:
    people = queries.staff_of(session(), me().bureau_id)
    wanted = _wanted(people)
    found = audit.entries(session(), me().bureau_id, wanted, before=places.cursor("before"), limit=AT_ONCE + 1)
    filters = {name: value for name, value in request.args.items() if name != "before" and value}
    after = desk("audit.index", **filters, before=found[AT_ONCE - 1].id) if len(found) > AT_ONCE else None
    return render_template(
        "workbench/audit/index.html",
        entries=found[:AT_ONCE],
        after=after,
        filters=filters,
        kinds=list(AuditKind),
        people=people,
        described=described,
    )


@bp.get("/audit.csv")
def table() -> Response:
    """The same entries, at most 20,000, for whoever keeps or examines them elsewhere."""
    wanted = _wanted(queries.staff_of(session(), me().bureau_id))
    rows = [[_("Time"), _("What"), _("Who"), _("Whose account"), _("Details")]]
    for entry in audit.entries(session(), me().bureau_id, wanted, limit=MOST_ROWS):
        local = clock.beijing(entry.at).isoformat(sep=" ", timespec="seconds")
        rows.append([local, wording.label(entry.kind), _code(entry.actor), _code(entry.subject), described(entry)])
    return csv_files.download(rows, "audit.csv")


def described(entry: StaffAudit) -> str:
    """The details of an entry as one line."""
    details: Mapping[str, str] = entry.details
    return " · ".join(_(": ").join((_name(name), _value(name, value))) for name, value in details.items())


def _name(name: str) -> str:
    return str(DETAILS.get(name, name))


def _value(name: str, value: str) -> str:
    if name == "means":
        return wording.label(Means(value))
    if name in {"before", "after"}:
        return str(_(", ")).join(wording.label(Role(role)) for role in value.split())
    return value


def _wanted(people: list[StaffUser]) -> Wanted:
    kind, person = request.args.get("kind", ""), request.args.get("person", "")
    until = _day("until")
    return Wanted(
        kind=AuditKind(kind) if kind in set(AuditKind) else None,
        person=next((one.id for one in people if one.code == person), None),
        since=_day("since"),
        until=until + timedelta(days=1) if until else None,
    )


def _day(name: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(request.args.get(name, "")), time(), clock.BEIJING)
    except ValueError:
        return None


def _code(person: StaffUser | None) -> str:
    return person.code if person else ""
