"""What stands around every page of the workbench: the menu, how much waits for me, who I am."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask, current_app
from flask_babel import lazy_gettext as _

from gongshi.accounts.models import Role
from gongshi.drafts import actions as drafts
from gongshi.web.db import session
from gongshi.web.languages import desk
from gongshi.web.workbench import access


@dataclass(frozen=True)
class Entry:
    """A place in the menu. `concepts` are the blueprints whose pages belong to it."""

    endpoint: str
    words: str
    concepts: tuple[str, ...]


MENU = (
    Entry("dashboard.show", _("Today"), ("dashboard",)),
    Entry(
        "consultations.index",
        _("Consultations"),
        (
            "consultations",
            "publishing",
            "correcting",
            "importing",
            "plans",
            "plan_writing",
            "revising",
            "explaining",
            "risk_register",
            "returning",
            "deciding",
            "judging",
            "summing_up",
            "pilots",
        ),
    ),
    Entry("triage.index", _("Comments"), ("triage", "alike", "moderating", "contested", "entering", "erasing")),
    Entry("objections.index", _("Objections"), ("objections", "standing", "answering", "wordings")),
    Entry("drafts.index", _("Approvals"), ("drafts",)),
    Entry("notices.index", _("Notices"), ("notices",)),
    Entry("networks.index", _("Networks"), ("networks",)),
    Entry("accounts.index", _("Accounts"), ("accounts", "invitations")),
    Entry("audit.index", _("Audit"), ("audit",)),
)


def init_app(app: Flask) -> None:
    """Give the templates of the workbench what their frame shows."""
    app.jinja_env.globals.update(
        desk_menu=menu,
        desk_waiting=waiting_for_me,
        whoami=access.who,
        faults_of=faults_of,
        may=may,
        desk_page=desk_page,
    )


def desk_page(endpoint: str, **values: object) -> str | None:
    """The address of a page, or None for whoever may not open it, so that nobody is shown a closed door."""
    if not _is_built(endpoint) or not may(endpoint, "GET"):
        return None
    return desk(endpoint, **values)


def menu() -> list[Entry]:
    """The places that whoever is signed in may open."""
    person = access.who()
    if person is None:
        return []
    return [entry for entry in MENU if _is_built(entry.endpoint) and person.roles & _readers(entry.endpoint)]


def may(endpoint: str, method: str = "POST") -> bool:
    """Whether the gate would let me do this: to show a button only to those who may press it."""
    person = access.who()
    declaration, view = access.declared(f"workbench.{endpoint}")
    return person is not None and bool(person.roles & declaration.roles(view, method))


def waiting_for_me() -> int:
    """How many drafts wait for my approval."""
    person = access.who()
    return drafts.count_waiting_for(session(), person) if person is not None else 0


def faults_of(form: object) -> list[tuple[str, str]]:
    """What is wrong with a form: (id of the field, sentence), in the order of its fields."""
    return list(_faults(getattr(form, "errors_in_order", None) or _fields(form)))


def _fields(form: object) -> Iterable[object]:
    return list(form) if hasattr(form, "__iter__") else []


def _faults(fields: Iterable[object]) -> Iterable[tuple[str, str]]:
    for one in fields:
        # A FormField or FieldList holds fields of its own, and its errors are theirs.
        if hasattr(one, "entries"):
            yield from _faults(one.entries)
        elif hasattr(one, "form"):
            yield from _faults(_fields(one.form))
        else:
            yield from ((one.id, str(error)) for error in getattr(one, "errors", ()))  # type: ignore[attr-defined]


def _is_built(endpoint: str) -> bool:
    return f"workbench.{endpoint}" in current_app.view_functions


def _readers(endpoint: str) -> frozenset[Role]:
    declaration, view = access.declared(f"workbench.{endpoint}")
    return declaration.roles(view, "GET")
