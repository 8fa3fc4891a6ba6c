"""Which sheet of a workbook is the list of projects, and which of its columns is which. Pure.

People put a title above the header, wrap its words, and have their own names for the columns; the usual ones are known.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from openpyxl.utils.cell import range_boundaries

from gongshi.imports.problems import Fault, Problem, Remark
from gongshi.imports.sheets import HEADER_WITHIN, MOST_COLUMNS, MOST_ROWS, Sheet, SheetCell, cell_name


class Column(StrEnum):
    """A column of the list of projects."""

    NUMBER = "number"
    NAME = "name"
    LEAD = "lead"
    CATEGORY = "category"
    JOINT = "joint"
    TECHNOLOGIES = "technologies"
    SCENARIOS = "scenarios"


# The first name is that of the template.
NAMES: dict[Column, tuple[str, ...]] = {
    Column.NUMBER: ("序号", "编号", "项目编号", "项目序号", "number", "no.", "no"),
    Column.NAME: ("项目名称", "名称", "申报项目名称", "拟纳入项目名称", "name", "project"),
    Column.LEAD: ("牵头申报单位", "牵头单位", "牵头机构", "牵头申报机构", "申报单位", "申报机构", "lead"),
    Column.CATEGORY: ("牵头单位类别", "机构类别", "单位类别", "机构类型", "类别", "category"),
    Column.JOINT: ("联合申报单位", "联合单位", "联合机构", "联合申报机构", "合作单位", "joint"),
    Column.TECHNOLOGIES: ("技术", "应用技术", "采用技术", "主要技术", "关键技术", "技术应用", "technologies"),
    Column.SCENARIOS: ("业务场景", "应用场景", "场景", "scenarios"),
}
NOTES_SHEET = "填写说明"
REQUIRED = (Column.NUMBER, Column.NAME, Column.LEAD)
TITLES = {column: names[0] for column, names in NAMES.items()}
_KNOWN = {name: column for column, names in NAMES.items() for name in names}


@dataclass(frozen=True)
class Header:
    """A sheet whose header has been found: its row, and the place of each known column."""

    sheet: Sheet
    row: int
    columns: Mapping[Column, int]

    def cell(self, row: int, column: Column) -> SheetCell | None:
        place = self.columns.get(column)
        return self.sheet.cells.get((row, place)) if place else None

    def cell_name(self, row: int, column: Column) -> str:
        return cell_name(row, self.columns[column]) if column in self.columns else ""

    def is_merged(self, row: int, column: Column) -> bool:
        """Whether a cell is part of several merged ones."""
        place = self.columns.get(column, 0)
        return any(row in rows and place in columns for rows, columns in map(_area, self.sheet.merged))


def find(sheets: Sequence[Sheet]) -> tuple[Header | None, list[Problem]]:
    """The list of projects among the sheets, and what is wrong or remarkable with where it stands."""
    filled = [sheet for sheet in sheets if sheet.filled_rows]
    if not filled:
        return None, [Problem("", Fault.EMPTY_SHEET)]
    found = [header for sheet in filled if (header := _header(sheet)) is not None]
    # A hidden sheet is the list only where no visible one is: people see what they upload.
    found = [header for header in found if not header.sheet.is_hidden] or found
    if not found:
        names = "、".join(sheet.name for sheet in filled if sheet.name)
        return None, [Problem("", Fault.NO_HEADER, {"sheets": names or "—", "columns": _titles(REQUIRED)})]
    if len(found) > 1:
        return None, [Problem("", Fault.TWO_LISTS, {"sheets": "、".join(header.sheet.name for header in found)})]
    header = found[0]
    expected = {header.sheet.name, NOTES_SHEET}
    others = [sheet.name for sheet in filled if sheet.name not in expected and not sheet.is_hidden]
    remarks = [Problem("", Remark.SHEETS_LEFT_OUT, {"sheet": header.sheet.name, "others": "、".join(others)})]
    return header, [*(remarks if others else []), *_shape(header)]


def _header(sheet: Sheet) -> Header | None:
    """The row with most known columns, two of them at least; a title above it has none."""
    best: Header | None = None
    for row in range(1, HEADER_WITHIN + 1):
        columns: dict[Column, int] = {}
        for place, cell in sorted(sheet.row(row).items()):
            column = _KNOWN.get(plain(cell.text))
            if column is not None:
                columns.setdefault(column, place)
        if len(columns) > max(1, len(best.columns) if best else 0):
            best = Header(sheet, row, columns)
    return best


def _shape(header: Header) -> list[Problem]:
    sheet, problems = header.sheet, []
    missing = [column for column in REQUIRED if column not in header.columns]
    if missing:
        details = {"row": header.row, "columns": _titles(missing)}
        problems.append(Problem(f"{header.row}:{header.row}", Fault.COLUMN_MISSING, details))
    if sheet.last_column > MOST_COLUMNS:
        name = cell_name(header.row, MOST_COLUMNS + 1)
        problems.append(Problem(name, Fault.TOO_MANY_COLUMNS, {"found": sheet.last_column, "most": MOST_COLUMNS}))
    below = sheet.filled_rows - sum(1 for row in sheet.rows if row <= header.row)
    if below > MOST_ROWS:
        problems.append(Problem("", Fault.TOO_MANY_ROWS, {"found": below, "most": MOST_ROWS}))
    return [*problems, *_other_columns(header), *_merged(header)]


def _other_columns(header: Header) -> list[Problem]:
    problems = []
    for place, cell in sorted(header.sheet.row(header.row).items()):
        column = _KNOWN.get(plain(cell.text))
        if column is None:
            problems.append(Problem(cell.name, Remark.COLUMN_LEFT_OUT, {"column": cell.text.strip()[:40]}))
        elif header.columns[column] != place:
            first = cell_name(header.row, header.columns[column])
            problems.append(Problem(cell.name, Fault.COLUMN_TWICE, {"column": cell.text.strip(), "first": first}))
    for place in sorted(set(header.sheet.hidden_columns) & set(header.columns.values())):
        cell = header.sheet.cells[header.row, place]
        problems.append(Problem(cell.name, Remark.HIDDEN_COLUMN, {"column": cell.text.strip()}))
    return problems


def _merged(header: Header) -> list[Problem]:
    # A merged title above the header harms nobody.
    below = [one for one in header.sheet.merged if _last_row(one) >= header.row]
    return [Problem(one, Fault.MERGED) for one in below[:20]]


def _area(reference: str) -> tuple[range, range]:
    left, top, right, bottom = (place or 0 for place in range_boundaries(reference))
    return range(top, bottom + 1), range(left, right + 1)


def _last_row(reference: str) -> int:
    digits = "".join(one for one in reference.rpartition(":")[2] if one.isdigit())
    return int(digits or 0)


def _titles(columns: Sequence[Column]) -> str:
    return "、".join(TITLES[column] for column in columns)


def plain(text: str) -> str:
    """A word of the header without width, case, blanks, line ends, or a remark in brackets behind it."""
    normal = "".join(unicodedata.normalize("NFKC", text).lower().split()).strip("*:：")
    return normal.split("(")[0] or normal
