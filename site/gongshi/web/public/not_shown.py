"""What is not shown, or not as it was sent: a page of all stubs of a list, and the same as a table."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from gongshi import clock
from gongshi.comments import stubs, tallies
from gongshi.comments.stubs import Stub, StubKind
from gongshi.consultations import queries as consultations
from gongshi.web import csv_files, wording
from gongshi.web.db import session
from gongshi.web.languages import link
from gongshi.web.moment import now
from gongshi.web.places import cursor
from gongshi.web.public.comments import bp

PER_PAGE = 50


@bp.get("/consultations/<number>/not-shown/")
def not_shown(number: str) -> ResponseReturnValue:
    consultation = consultations.public(session(), number, now())
    kind, after = _kind(), cursor("after") or 0
    found = stubs.page(session(), consultation, kind=kind, after=after, limit=PER_PAGE + 1)
    seqs = list(dict.fromkeys(stub.comment.seq for stub in found))
    more = len(seqs) > PER_PAGE
    last = seqs[PER_PAGE - 1] if more else None
    return render_template(
        "public/comments/not_shown.html",
        consultation=consultation,
        tally=tallies.of(session(), consultation),
        kinds=StubKind,
        kind=kind,
        stubs=[stub for stub in found if last is None or stub.comment.seq <= last],
        is_first=not after,
        following=_address(number, kind, last) if more else None,
        example=consultation.is_example,
    )


@bp.get("/consultations/<number>/not-shown/not-shown.csv")
def not_shown_table(number: str) -> Response:
    """Every stub as CSV; times are Beijing's."""
    consultation = consultations.public(session(), number, now())
    head = [
        _("Number"), _("Code of the kind"), _("What happened"), _("When (Beijing time)"), _("Reason code"),
        _("Reason"), _("Roles that decided"), _("Staff codes"), _("Ledger entry of the act"),
        _("Ledger entry of its receipt"), _("SHA-256 in that entry"), _("State of the appeal"),
    ]  # fmt: skip
    rows = [_row(stub) for stub in stubs.every(session(), consultation, kind=_kind())]
    return csv_files.download([head, *rows], f"{consultation.number}-not-shown.csv")


def _row(stub: Stub) -> list[str | int | None]:
    return [
        stub.comment.number,
        stub.kind.value,
        wording.label(stub.kind),
        f"{clock.beijing(stub.at):%Y-%m-%d %H:%M:%S}",
        stub.reason.value if stub.reason else "",
        wording.label(stub.reason) if stub.reason else "",
        " + ".join(wording.label(role) for role in stub.roles) or _("its sender"),
        " + ".join(stub.approval.codes) if stub.approval else "",
        stub.ledger_index,
        stub.comment.ledger_index,
        stub.sha256,
        _appeal(stub),
    ]


def _appeal(stub: Stub) -> str:
    if stub.appeal is None:
        return ""
    return wording.label(stub.appeal.decision.outcome) if stub.appeal.decision else _("not decided yet")


def _kind() -> StubKind | None:
    asked = request.args.get("kind", "")
    return next((one for one in StubKind if one.value == asked), None)


def _address(number: str, kind: StubKind | None, after: int | None) -> str:
    return link("comments.not_shown", number=number, kind=kind.value if kind else None, after=after)
