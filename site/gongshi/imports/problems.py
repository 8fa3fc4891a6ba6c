"""What can be wrong with a list of projects in a spreadsheet, and what is only worth a second look."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """What keeps a spreadsheet from being stored. Each is worded with its cell and how to put it right."""

    NO_HEADER = "no-header"
    TWO_LISTS = "two-lists"
    EMPTY_SHEET = "empty-sheet"
    COLUMN_MISSING = "column-missing"
    COLUMN_TWICE = "column-twice"
    NO_ROWS = "no-rows"
    TOO_MANY_ROWS = "too-many-rows"
    TOO_MANY_COLUMNS = "too-many-columns"
    CELL_TOO_LONG = "cell-too-long"
    SHEET_TOO_LONG = "sheet-too-long"
    MERGED = "merged"
    FORMULA = "formula"
    CELL_ERROR = "cell-error"
    DATE_FOR_NUMBER = "date-for-number"
    DATE_FOR_TEXT = "date-for-text"
    NUMBER_FOR_TEXT = "number-for-text"
    CONTROL_CHARACTERS = "control-characters"
    NUMBER_MISSING = "number-missing"
    NUMBER_NOT_WHOLE = "number-not-whole"
    NUMBER_ZERO = "number-zero"
    NUMBER_TWICE = "number-twice"
    NUMBER_GAP = "number-gap"
    NAME_MISSING = "name-missing"
    NAME_TOO_LONG = "name-too-long"
    NAME_TWICE = "name-twice"
    LEAD_MISSING = "lead-missing"
    LEAD_SEVERAL = "lead-several"
    INSTITUTION_TOO_LONG = "institution-too-long"
    INSTITUTION_TWICE = "institution-twice"
    CATEGORY_UNKNOWN = "category-unknown"
    CATEGORY_CONTRADICTS = "category-contradicts"
    VALUE_TOO_LONG = "value-too-long"


class Remark(StrEnum):
    """What does not keep a spreadsheet from being stored but should be seen."""

    SHEETS_LEFT_OUT = "sheets-left-out"
    COLUMN_LEFT_OUT = "column-left-out"
    EXAMPLE_LEFT_OUT = "example-left-out"
    HIDDEN_ROW = "hidden-row"
    HIDDEN_COLUMN = "hidden-column"
    READ_AS = "read-as"
    NEAR_MISS = "near-miss"
    AMENDS = "amends"
    STAYS = "stays"


@dataclass(frozen=True)
class Problem:
    """One fault or remark: the cell (`C7`; a range; empty for the whole), what it is, and its details."""

    cell: str
    what: Fault | Remark
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_fault(self) -> bool:
        return isinstance(self.what, Fault)
