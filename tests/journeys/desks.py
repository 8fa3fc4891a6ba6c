"""Every page of the workbench, with example values for its address and who opens it.

It is made from the application's own map of addresses and what `furnished` made, so a new page is here without a line;
one that wants its list in another state than `closed`, or something behind its address, is named below.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from gongshi.accounts.models import Role
from gongshi.drafts.models import DraftKind
from gongshi.web.workbench import access
from journeys.every_draft import Kept
from journeys.furnished import LOGINS, furnish, session_of
from journeys.running import RunningSite
from web.matrix import House, cases, rules

LANGUAGES = {"workbench": "Chinese", "en_workbench": "English"}
# What is downloaded, and what is only come to by the steps of signing in and of joining; that is walked elsewhere.
FILES = {"notices.file", "importing.blank", "returning.file", "audit.table"}
STEPS = {"sign_in.code", "joining.factor"}
# Shown by way of their drafts, which say what the pages are about.
BY_DRAFTS = {
    "drafts.show", "deciding.decide", "moderating.redact", "moderating.withhold", "contested.decide", "erasing.erase",
}  # fmt: skip
# In which state a page wants its list.
STATES: dict[str, tuple[str, ...]] = {
    "accounts.show": ("of an editor", "invited"),
    "consultations.show": ("in preparation", "open", "closed"),
    "consultations.words": ("in preparation",),
    "plans.index": ("open", "in preparation"),
    "pilots.show": ("admitted",),
    "pilots.event": ("admitted",),
    "pilots.scope": ("admitted",),
    **dict.fromkeys(("publishing.release", "importing.show", "plans.add", "plans.amend"), ("in preparation",)),
    **dict.fromkeys(("plans.remove", "plan_writing.write"), ("in preparation",)),
    **dict.fromkeys(("publishing.extension", "publishing.interruption", "correcting.write"), ("open",)),
    **dict.fromkeys(("alike.show", "triage.show", "deciding.gates", "revising.read", "entering.letter"), ("open",)),
}
# What most of a day is spent on: looked at more closely.
MAIN = {
    "dashboard.show", "triage.show", "objections.show", "answering.index", "consultations.show", "deciding.gates",
    "explaining.changes", "drafts.show", "publishing.release", "plan_writing.write", "sign_in.form",
}  # fmt: skip
FIRST = (Role.ANALYST, Role.EDITOR, Role.PUBLISHER, Role.ADMIN)


@dataclass(frozen=True)
class Place:
    """A page, where it is in Chinese, and the login of somebody who works there (empty: nobody is signed in)."""

    name: str
    endpoint: str
    path: str
    login: str
    main: bool = False

    def address(self, site: RunningSite, language: str = "workbench") -> str:
        return site.address(self.path if language == "workbench" else f"/en{self.path}")


@dataclass(frozen=True)
class Bureau:
    """A site whose bureau has a busy day, and all the pages of it."""

    site: RunningSite
    house: House
    kept: list[Kept]

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session of its database."""
        with session_of(self.site.app) as session:
            yield session

    @property
    def places(self) -> list[Place]:
        return [*self._by_address(), *self._by_draft()]

    def _by_address(self) -> Iterator[Place]:
        for rule in pages(self.house):
            endpoint = short(rule)
            if endpoint in FILES | STEPS | BY_DRAFTS:
                continue
            found = dict(cases(self.house, rule))
            for state in STATES.get(endpoint, tuple(found)[:1]):
                name = f"{endpoint} {state}".strip()
                yield Place(name, endpoint, found[state], self._login(rule), endpoint in MAIN)

    def _by_draft(self) -> Iterator[Place]:
        """Each draft as those see it who have it before them, and the form in which it was written."""
        for one in self.kept:
            path = f"/workbench/drafts/{one.number}/"
            yield Place(f"drafts.show {one.kind}", "drafts.show", path, one.reader, one.kind is DraftKind.DECISION)
            yield Place(f"{one.edited_by} {one.kind} draft", one.edited_by, one.edit, one.writer)

    def _login(self, rule: Rule) -> str:
        """Whoever may write there; of several, the analyst."""
        declared, view = access.declared(rule.endpoint)
        if declared.is_open:
            return ""
        may = declared.roles(view, "POST") & declared.roles(view, "GET") or declared.roles(view, "GET")
        return LOGINS[next(role for role in FIRST if role in may)]


def pages(house: House) -> list[Rule]:
    """The addresses of the workbench at which there is something to be read."""
    return [rule for rule in rules(house.app) if "GET" in (rule.methods or ())]


def short(rule: Rule) -> str:
    return rule.endpoint.partition(".")[2]


def furnished_bureau(site: RunningSite) -> Bureau:
    """Make the busy day in the database of a site."""
    return Bureau(site, *furnish(site.app))
