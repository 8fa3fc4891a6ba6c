"""A spreadsheet that has been read, as its page shows it: every row as it will be stored, every remark at its cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gongshi.imports.headers import Column
from gongshi.imports.problems import Problem
from gongshi.imports.project_rows import ProjectRow, Reading

MOST_LISTED = 60


@dataclass(frozen=True)
class ShownCell:
    """One cell: where it stands in the file, what it will be read as, and what is to be said about it."""

    name: str
    words: str
    notes: Sequence[Problem] = field(default=())

    @property
    def is_wrong(self) -> bool:
        return any(one.is_fault for one in self.notes)


@dataclass(frozen=True)
class ShownRow:
    """One row of the file."""

    line: int
    cells: Sequence[ShownCell]


@dataclass(frozen=True)
class ShownTable:
    """The columns that were found, and the rows. `here` are the cells that the page shows, to be linked to."""

    columns: Sequence[Column]
    rows: Sequence[ShownRow]

    @property
    def here(self) -> frozenset[str]:
        return frozenset(cell.name for row in self.rows for cell in row.cells if cell.notes)


def shown(reading: Reading) -> ShownTable:
    """The table of a reading; without a header there is none."""
    header = reading.header
    if header is None:
        return ShownTable((), ())
    notes: dict[str, list[Problem]] = {}
    for one in reading.problems:
        notes.setdefault(one.cell, []).append(one)
    read = {row.line: row for row in reading.rows}
    columns = [column for column in Column if column in header.columns]
    rows = [
        ShownRow(line, [_cell(reading, line, column, read.get(line), notes) for column in columns])
        for line in reading.lines
    ]
    return ShownTable(columns, rows)


def words(row: ProjectRow, column: Column) -> str:
    """What one column of a row will be stored as."""
    match column:
        case Column.NUMBER:
            return str(row.number)
        case Column.NAME:
            return row.name
        case Column.LEAD:
            return row.lead
        case Column.CATEGORY:
            return row.category.value if row.category else ""
        case Column.JOINT:
            return "、".join(row.joint)
        case Column.TECHNOLOGIES:
            return "、".join(row.technologies)
        case Column.SCENARIOS:
            return "、".join(row.scenarios)


def _cell(
    reading: Reading, line: int, column: Column, row: ProjectRow | None, notes: Mapping[str, Sequence[Problem]]
) -> ShownCell:
    assert reading.header is not None
    name = reading.header.cell_name(line, column)
    found = reading.header.cell(line, column)
    text = words(row, column) if row else (found.text[:200] if found else "")
    return ShownCell(name, text, tuple(notes.get(name, ())))
