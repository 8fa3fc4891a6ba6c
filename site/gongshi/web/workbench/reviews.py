"""How each kind of draft is shown to its approver, and where its preparer edits it.

A module that has the form of a kind registers it; the partial is `workbench/drafts/_<kind>.html`, and finds `draft`,
`contents` and whatever `context` returns.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app

from gongshi.drafts.contents import Contents
from gongshi.drafts.models import Draft, DraftKind
from gongshi.web.languages import desk

Context = Callable[[Draft, Any], Mapping[str, object]]


@dataclass(frozen=True)
class Review:
    """The edit page of a kind, and what its review partial needs besides the draft and its contents."""

    edit: str
    context: Context


_REVIEWS: dict[DraftKind, Review] = {}


def register(kind: DraftKind, *, edit: str, context: Context) -> None:
    """Say where a kind of draft is edited (`"publishing.extension"`) and what its review partial needs."""
    _REVIEWS[kind] = Review(edit, context)


def registered(kind: DraftKind) -> Review:
    """How a kind of draft is shown and edited; a test asks this of every kind."""
    return _REVIEWS[kind]


def context_of(draft: Draft, contents: Contents) -> dict[str, object]:
    """What the review partial of this draft needs."""
    return dict(registered(draft.kind).context(draft, contents))


def edit_address(draft: Draft) -> str:
    """The form in which this draft is edited, opened on it."""
    endpoint = registered(draft.kind).edit
    number = draft.consultation.number if draft.consultation else None
    project = draft.project.number if draft.project else None
    known = {"number": number, "project": project, "n": project}
    wanted = next(current_app.url_map.iter_rules(f"workbench.{endpoint}")).arguments
    return desk(endpoint, **{name: known[name] for name in wanted if known.get(name) is not None}, draft=draft.number)
