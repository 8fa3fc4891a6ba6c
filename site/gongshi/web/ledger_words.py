"""What a ledger entry speaks of, in a few words, and the page that shows it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from gongshi.ledger import Kind
from gongshi.web.languages import link

Subject = Mapping[str, Any]
GATE = {Kind.GATE_RUN, Kind.RISK_JUDGED}
DECISION = {Kind.ADMISSION_DECIDED, Kind.PILOT_EVENT}


def of(kind: Kind, subject: Subject) -> tuple[str, str | None]:
    """The words for an entry's subject and the address of the page that shows it, if there is one."""
    for name, show in SHOWN.items():
        if name in subject:
            return show(kind, subject)
    return _name(subject), None


def _comment(_kind: Kind, subject: Subject) -> tuple[str, str]:
    return _("Comment %(number)s", number=subject["comment"]), link("comments.show", comment=subject["comment"])


def _objection(_kind: Kind, subject: Subject) -> tuple[str, str]:
    number = subject["objection"]
    return _("Objection %(number)s", number=number), link("objections.show", objection=number)


def _answer(_kind: Kind, subject: Subject) -> tuple[str, str]:
    return _("Answer %(number)s", number=subject["answer"]), link("answers.show", answer=subject["answer"])


def _notice(_kind: Kind, subject: Subject) -> tuple[str, str]:
    return _("Notice %(slug)s", slug=subject["notice"]), link("notices.show", slug=subject["notice"])


def _project(kind: Kind, subject: Subject) -> tuple[str, str]:
    place = {"number": subject["consultation"], "project": subject["project"]}
    words = _("%(number)s, project %(project)s", **place)
    if kind in GATE:
        return words, link("admissions.gate", **place)
    if kind in DECISION:
        return words, link("admissions.decision", **place)
    if "version" in subject:
        words = _("%(words)s, version %(version)s", words=words, version=subject["version"])
        return words, link("projects.version", **place, version=subject["version"])
    return words, link("projects.show", **place)


def _consultation(_kind: Kind, subject: Subject) -> tuple[str, str]:
    return subject["consultation"], link("consultations.show", number=subject["consultation"])


def _name(subject: Subject) -> str:
    return str(subject.get("staff") or subject.get("new") or subject.get("seconds") or "")


# The first of these names that a subject has says what it is about.
SHOWN = {
    "comment": _comment,
    "objection": _objection,
    "answer": _answer,
    "notice": _notice,
    "project": _project,
    "consultation": _consultation,
}
