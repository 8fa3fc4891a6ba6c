"""How the codes of the process read: every enum value and every refusal, in one table each.

A concept knows codes only. `label(member)` (in templates `{{ outcome|label }}`) words an enum's member, `say(refusal)`
a RuleBroken. A test fails when a value or a code is missing here, or has no Chinese.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from flask import Flask
from flask_babel import gettext

from gongshi.errors import RuleBroken
from gongshi.web import formatting
from gongshi.web.wording import (
    accounts,
    commenting,
    contesting,
    deciding,
    drafts,
    fairness,
    families,
    importing,
    labels,
    mail,
    objections,
    personal,
    publishing,
    refusals,
    revising,
    second_thoughts,
    triage,
)

LABELS: dict[type[StrEnum], Mapping[str, str]] = {
    **labels.LABELS,
    **accounts.LABELS,
    **commenting.LABELS,
    **contesting.LABELS,
    **deciding.LABELS,
    **drafts.LABELS,
    **fairness.LABELS,
    **families.LABELS,
    **importing.LABELS,
    **mail.LABELS,
    **objections.LABELS,
    **personal.LABELS,
    **publishing.LABELS,
    **revising.LABELS,
    **triage.LABELS,
}
REFUSALS: dict[str, str] = {
    **refusals.REFUSALS,
    **accounts.REFUSALS,
    **commenting.REFUSALS,
    **contesting.REFUSALS,
    **deciding.REFUSALS,
    **drafts.REFUSALS,
    **fairness.REFUSALS,
    **importing.REFUSALS,
    **mail.REFUSALS,
    **objections.REFUSALS,
    **personal.REFUSALS,
    **publishing.REFUSALS,
    **revising.REFUSALS,
    **second_thoughts.REFUSALS,
    **triage.REFUSALS,
}


def init_app(app: Flask) -> None:
    """Make `label` a template filter."""
    app.jinja_env.filters["label"] = label
    importing.init_app(app)


def label(member: StrEnum) -> str:
    """What people read for a member of an enum."""
    return str(LABELS[type(member)][member])


def say(refusal: RuleBroken) -> str:
    """A refusal as one sentence, its details filled in."""
    template = str(REFUSALS.get(refusal.code, REFUSALS["rule-broken"]))
    details: dict[str, str] = defaultdict(lambda: "…")
    details.update({name: _shown(value) for name, value in refusal.details.items()})
    return template % details


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return formatting.spoken_closing(value)
    if isinstance(value, timedelta):
        return formatting.lasting(value)
    if isinstance(value, StrEnum):
        return label(value)
    if isinstance(value, list | tuple):
        return str(gettext(", ")).join(_shown(one) for one in value)
    return "—" if value is None else str(value)
