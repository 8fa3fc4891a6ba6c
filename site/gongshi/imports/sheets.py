"""A spreadsheet as plain values: what stands in which cell, before anybody asks what it means. Pure.

The child that reads files gives these as JSON; `of` makes them again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

MOST_ROWS = 500
MOST_COLUMNS = 20
# Above the header there may be a title and a remark; the header is looked for in these rows.
HEADER_WITHIN = 10
LAST_ROW = MOST_ROWS + HEADER_WITHIN
LONGEST_CELL = 2_000
LARGEST_FILE = 5 * 1024 * 1024


class CellKind(StrEnum):
    """What a spreadsheet program takes a cell for."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    FORMULA = "formula"
    ERROR = "error"
    BOOLEAN = "boolean"


@dataclass(frozen=True)
class SheetCell:
    """One filled cell. `text` is at most one character longer than is allowed."""

    row: int
    column: int
    kind: CellKind
    text: str

    @property
    def name(self) -> str:
        return cell_name(self.row, self.column)


@dataclass(frozen=True)
class Sheet:
    """One sheet: its filled cells down to the last row that is looked at, and what lies beyond."""

    name: str
    cells: Mapping[tuple[int, int], SheetCell]
    is_hidden: bool = False
    filled_rows: int = 0
    last_column: int = 0
    merged: tuple[str, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()

    @cached_property
    def _by_row(self) -> dict[int, dict[int, SheetCell]]:
        rows: dict[int, dict[int, SheetCell]] = {}
        for (row, column), cell in self.cells.items():
            rows.setdefault(row, {})[column] = cell
        return rows

    @property
    def rows(self) -> list[int]:
        """The rows in which something stands."""
        return sorted(self._by_row)

    def row(self, number: int) -> dict[int, SheetCell]:
        """The filled cells of a row by their column."""
        return self._by_row.get(number, {})


def of(answer: list[dict[str, Any]]) -> list[Sheet]:
    """The sheets that the child found."""
    return [_sheet(one) for one in answer]


def cell_name(row: int, column: int) -> str:
    """`C7`, as every spreadsheet program writes it."""
    return f"{column_name(column)}{row}"


def column_name(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _sheet(found: dict[str, Any]) -> Sheet:
    cells = [SheetCell(row, column, CellKind(kind), text) for row, column, kind, text in found["cells"]]
    return Sheet(
        name=found["name"],
        cells={(cell.row, cell.column): cell for cell in cells},
        is_hidden=found["is_hidden"],
        filled_rows=found["filled_rows"],
        last_column=found["last_column"],
        merged=tuple(found["merged"]),
        hidden_rows=tuple(found["hidden_rows"]),
        hidden_columns=tuple(found["hidden_columns"]),
    )
