"""Values of a published list that may have been corrected: what is read is the last correction, else the row itself.

The row stays as it was published (rule 1), under `listed_title`, `listed_name` and so on. Everything that reads
`title` or `name` reads what holds now, so that no page can forget a correction.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy.ext.hybrid import hybrid_property


class CorrectedField(StrEnum):
    """What of a published list can be corrected: three values of the list, and the cells of a project's row."""

    TITLE = "title"
    TITLE_EN = "title-en"
    SUMMARY = "summary"
    NAME = "name"
    LEAD = "lead"
    JOINT = "joint"
    TECHNOLOGIES = "technologies"
    SCENARIOS = "scenarios"

    @property
    def is_of_the_list(self) -> bool:
        return self in {CorrectedField.TITLE, CorrectedField.TITLE_EN, CorrectedField.SUMMARY}

    @property
    def is_many(self) -> bool:
        """Whether it holds any number of values, instead of exactly one."""
        return self in {CorrectedField.JOINT, CorrectedField.TECHNOLOGIES, CorrectedField.SCENARIOS}


def latest(corrections: Sequence[Any], field: CorrectedField) -> Any:
    """The last correction of a value, or None where it stands as it was published."""
    return next((one for one in reversed(corrections) if one.field is field), None)


def corrected_text(name: str, field: CorrectedField) -> "hybrid_property[str]":
    """A text of a row, stored as `listed_<name>`, as the last correction has it."""

    def read(row: Any) -> str:
        found = latest(row.corrections, field)
        text: str = found.becomes[0] if found else getattr(row, f"listed_{name}")
        return text

    return _hybrid(name, read)


def corrected_list(name: str, field: CorrectedField) -> "hybrid_property[list[str]]":
    """The same for a value that is a list of words."""

    def read(row: Any) -> list[str]:
        found = latest(row.corrections, field)
        return list(found.becomes if found else getattr(row, f"listed_{name}"))

    return _hybrid(name, read)


def _hybrid(name: str, read: Any) -> "hybrid_property[Any]":
    read.__name__ = name  # SQLAlchemy finds the attribute by the name of its getter.
    return hybrid_property(
        read,
        fset=lambda row, value: setattr(row, f"listed_{name}", value),
        expr=lambda row_type: getattr(row_type, f"listed_{name}"),
    )
