"""An institution that the site does not know: is it new, and of what kind, or a slip of the pen for a known one?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from gongshi.imports.project_rows import NewName
from gongshi.projects.models import Category


@dataclass
class Decision:
    """What is to be decided about one name, and what was chosen: `new:银行` or `known:示例证券`."""

    name: NewName
    chosen: str = ""
    error: str = ""

    @property
    def field(self) -> str:
        """The name of its field. By name, not by place: what was chosen stays with its institution."""
        return f"as:{self.name.name}"

    @property
    def answer(self) -> str | Category:
        """The chosen answer, if it is one of those that were offered."""
        what, _colon, value = self.chosen.partition(":")
        if what == "new" and value in {category.value for category in Category}:
            return Category(value)
        return value if what == "known" and value in self.name.near else ""


def likely(names: Iterable[NewName]) -> list[Decision]:
    """The decisions as they are shown first: chosen is only what the file itself says and nothing speaks against."""
    return [Decision(one, f"new:{one.category.value}" if one.category and not one.near else "") for one in names]


def chosen(names: Iterable[NewName], form: Mapping[str, str]) -> list[Decision]:
    """The decisions as they were sent."""
    return [Decision(one, form.get(Decision(one).field, "")) for one in names]


def answers(decisions: Iterable[Decision]) -> dict[str, str | Category]:
    """What `storing.store` wants to know."""
    return {one.name.name: one.answer for one in decisions}


def complain(decisions: Iterable[Decision]) -> None:
    """Say at every field that is still open that it is."""
    for one in decisions:
        one.error = "" if one.answer else _("Please decide which institution this is.")
