"""Every kind of page that a reader can come to, with example values for its address.

A test compares the list with the application's own map of addresses, so no new page is left out of the journeys.
`{open}`, `{decided}` and the like are filled from landmarks.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from journeys.running import RunningSite

LANGUAGES = {"public": "Chinese", "en": "English"}
LIST = {"number": "{open}"}
DECIDED = {"number": "{decided}"}
ARCHIVE = {"number": "{archive}"}


@dataclass(frozen=True)
class Kind:
    """A kind of page. The `main` ones are what most people read; they are looked at more closely."""

    name: str
    endpoint: str
    values: Mapping[str, str] = field(default_factory=dict)
    main: bool = False

    def __str__(self) -> str:
        return self.name.replace(" ", "-")

    def path(self, site: RunningSite, language: str = "public") -> str:
        """Where it is, in Chinese (`public`) or English (`en`)."""
        values = {name: value.format(**site.landmarks.names) for name, value in self.values.items()}
        with site.app.test_request_context():
            return site.app.url_map.bind("127.0.0.1").build(f"{language}.{self.endpoint}", values)


def _project(number: int, **more: str) -> dict[str, str]:
    return {**DECIDED, "project": str(number), **more}


KINDS = (
    Kind("the first page", "home.show", main=True),
    Kind("consultations", "consultations.index", main=True),
    Kind("no consultation of that kind", "consultations.index", {"state": "scheduled"}),
    Kind("an open list", "consultations.show", LIST, main=True),
    Kind("an open list, filtered", "consultations.show", {**LIST, "technology": "区块链"}),
    Kind("a decided list", "consultations.show", DECIDED, main=True),
    Kind("an archived list", "consultations.show", ARCHIVE),
    Kind("a project open for comment", "projects.show", {**LIST, "project": "3"}, main=True),
    Kind("a project admitted", "projects.show", _project(3), main=True),
    Kind("a project withdrawn", "projects.show", _project(7)),
    Kind("an archived project", "projects.show", {**ARCHIVE, "project": "1"}),
    Kind("a replaced version", "projects.version", _project(3, version="1")),
    Kind("before and after", "revisions.compare", _project(3, before="1", after="2"), main=True),
    Kind("before and after, with moved paragraphs", "revisions.compare", _project(9, before="1", after="2")),
    Kind("the trace of an admitted project", "record.trace", _project(3), main=True),
    Kind("the trace of a refused project", "record.trace", _project(5)),
    Kind("the trace of a withdrawn project", "record.trace", _project(7)),
    Kind("the trace of a project open for comment", "record.trace", {**LIST, "project": "3"}),
    Kind("a gate passed", "admissions.gate", _project(3), main=True),
    Kind("a gate not passed", "admissions.gate", _project(5)),
    Kind("a gate before closing", "admissions.gate", {**LIST, "project": "3"}),
    Kind("an admission with its pilot's life", "admissions.decision", _project(16), main=True),
    Kind("a deferral", "admissions.decision", _project(6)),
    Kind("no decision yet", "admissions.decision", {**LIST, "project": "3"}),
    Kind("comments", "comments.index", DECIDED, main=True),
    Kind("comments in every state", "comments.index", {**DECIDED, "state": "all"}),
    Kind("comments on a project", "comments.index", {**LIST, "project": "3"}),
    Kind("a published comment", "comments.show", {"comment": "{published}"}),
    Kind("a withheld comment", "comments.show", {"comment": "{withheld}"}),
    Kind("a withdrawn comment", "comments.show", {"comment": "{withdrawn}"}),
    Kind("a comment under review", "comments.show", {"comment": "{pending}"}),
    Kind(
        "the form for a paragraph",
        "comments.form",
        {**LIST, "project": "3", "version": "1", "paragraph": "p-2"},
        main=True,
    ),
    Kind("the form for the list", "comments.form", LIST),
    Kind("the closed form", "comments.form", DECIDED),
    Kind("the form of an archived list", "comments.form", ARCHIVE),
    Kind("a comment under a name that is disputed", "comments.show", {"comment": "{signed}"}),
    Kind("disputing a name", "comments.dispute", {"comment": "{signed}"}),
    Kind("no name to dispute", "comments.dispute", {"comment": "{published}"}),
    Kind("refusals", "comments.refusals", LIST),
    Kind("what is not shown", "comments.not_shown", DECIDED),
    Kind("comments that are nearly the same", "families.index", DECIDED),
    Kind("a family of comments", "families.show", {**DECIDED, "comment": "{alike}"}),
    Kind("how families are found", "families.method"),
    Kind("objections", "objections.index", DECIDED),
    Kind("an objection adopted", "objections.show", {"objection": "{adopted}"}, main=True),
    Kind("an objection explained", "objections.show", {"objection": "{explained}"}),
    Kind("an unfounded objection", "objections.show", {"objection": "{unfounded}"}),
    Kind("an answer", "answers.show", {"answer": "{decided}-A01"}),
    Kind("notices", "notices.index"),
    Kind("the notice of a list", "notices.show", {"slug": "2026-sl-02-zhengqiu"}),
    Kind("the summary of opinions", "notices.show", {"slug": "2026-sl-01-summary"}, main=True),
    Kind("an archived notice", "notices.show", {"slug": "2021-11-19-three-stages-and-principles"}),
    Kind("search", "search.show"),
    Kind("what was found", "search.show", {"q": "证券"}, main=True),
    Kind("nothing found", "search.show", {"q": "龘龘龘"}),
    Kind("a query that was cut", "search.show", {"q": "示例证券 " * 30}),
    Kind("a query without letters", "search.show", {"q": "？！"}),
    Kind("the ledger", "ledger.show", main=True),
    Kind("an institution", "institutions.show", {"name": "示例GPT实验室"}),
    Kind("about", "pages.show", {"slug": "about"}),
    Kind("how to comment", "pages.show", {"slug": "comment"}),
    Kind("the process", "pages.show", {"slug": "process"}),
    Kind("how to check the record", "pages.show", {"slug": "verify"}),
    Kind("privacy", "pages.show", {"slug": "privacy"}),
    Kind("accessibility", "pages.show", {"slug": "accessibility"}),
    Kind("the look-up of receipts", "receipts.look_up", main=True),
    Kind("confirming an address", "mail.confirm", {"token": "{confirm}"}),
    Kind("stopping the mail", "mail.stop", {"token": "{stop}"}),
)
MAIN = tuple(kind for kind in KINDS if kind.main)
