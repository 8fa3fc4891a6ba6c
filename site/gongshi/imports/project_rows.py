"""The rows of a list of projects, as they will be read, and everything that is wrong with them, cell by cell. Pure."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from gongshi.imports import headers
from gongshi.imports.headers import Column, Header
from gongshi.imports.institution_names import Known, match, near, plain
from gongshi.imports.problems import Fault, Problem, Remark
from gongshi.imports.sheets import LONGEST_CELL, MOST_ROWS, CellKind, Sheet, SheetCell, cell_name
from gongshi.projects.models import Category

LONGEST_NAME = 120
LONGEST_INSTITUTION = 60
LONGEST_VALUE = 40
# Characters of all cells together.
LONGEST_SHEET = 120_000
EXAMPLE = "示例"
SEPARATORS = re.compile(r"[、,，;；\n]+")
CATEGORIES = {category.value: category for category in Category}
_MARKS = {CellKind.FORMULA: Fault.FORMULA, CellKind.ERROR: Fault.CELL_ERROR}
_NUMBER_FAULTS = {
    Fault.NUMBER_MISSING,
    Fault.NUMBER_NOT_WHOLE,
    Fault.NUMBER_ZERO,
    Fault.NUMBER_TWICE,
    Fault.DATE_FOR_NUMBER,
}
_TEXTS = (Column.NAME, Column.LEAD, Column.CATEGORY, Column.JOINT, Column.TECHNOLOGIES, Column.SCENARIOS)


@dataclass(frozen=True)
class ProjectRow:
    """One project as it will be stored. Institutions stand by the name under which they are, or will be, known."""

    line: int
    number: int
    name: str
    lead: str
    category: Category | None
    joint: tuple[str, ...]
    technologies: tuple[str, ...]
    scenarios: tuple[str, ...]


@dataclass(frozen=True)
class NewName:
    """An institution that is not known: where it is written, what it may be meant for, and its kind if that is said."""

    name: str
    cells: tuple[str, ...]
    near: tuple[str, ...] = ()
    category: Category | None = None


@dataclass(frozen=True)
class Reading:
    """A spreadsheet as it will be read: nothing of it is stored while there is a fault."""

    sheet: str = ""
    header: Header | None = None
    rows: tuple[ProjectRow, ...] = ()
    new_names: tuple[NewName, ...] = ()
    problems: tuple[Problem, ...] = ()
    lines: tuple[int, ...] = field(default=())

    @property
    def faults(self) -> list[Problem]:
        return [one for one in self.problems if one.is_fault]

    @property
    def remarks(self) -> list[Problem]:
        return [one for one in self.problems if not one.is_fault]

    @property
    def is_right(self) -> bool:
        return bool(self.rows) and not self.faults


def read(sheets: Sequence[Sheet], known: Sequence[Known], *, existing: Collection[int]) -> Reading:
    """A list of projects from a workbook. `existing`: the numbers that the list has already."""
    header, problems = headers.find(sheets)
    if header is None:
        return Reading(problems=tuple(problems))
    if any(one.what in {Fault.COLUMN_MISSING, Fault.TOO_MANY_ROWS} for one in problems):
        return Reading(header.sheet.name, header, problems=tuple(problems))
    return _Reader(header, known, existing, problems).reading()


def several(text: str) -> list[str]:
    """The entries of a text that names several, separated by 、 or its like."""
    return [one for part in SEPARATORS.split(text) if (one := _one_line(part))]


class _Reader:
    """Reads row after row and remembers what was seen."""

    def __init__(
        self, header: Header, known: Sequence[Known], existing: Collection[int], problems: Sequence[Problem]
    ) -> None:
        self.header = header
        self.known = known
        self.existing = frozenset(existing)
        self.problems = list(problems)
        self.numbers: dict[int, str] = {}
        self.names: dict[str, str] = {}
        self.new: dict[str, NewName] = {}

    def reading(self) -> Reading:
        lines = [line for line in self._lines() if not self._is_example(line)]
        if not lines:
            self.problems.append(Problem("", Fault.NO_ROWS, {"row": self.header.row}))
        rows = [row for line in lines if (row := self._row(line)) is not None]
        self._check_whole(lines)
        return Reading(
            self.header.sheet.name,
            self.header,
            tuple(rows),
            tuple(self.new.values()),
            _ordered(self.problems),
            tuple(lines),
        )

    def _lines(self) -> Iterator[int]:
        places = set(self.header.columns.values())
        hidden = set(self.header.sheet.hidden_rows)
        for row in self.header.sheet.rows:
            if row > self.header.row and places & self.header.sheet.row(row).keys():
                if row in hidden:
                    self._note(cell_name(row, 1), Remark.HIDDEN_ROW, row=row)
                yield row

    def _is_example(self, line: int) -> bool:
        cell = self.header.cell(line, Column.NUMBER)
        if cell is None or cell.text.strip() != EXAMPLE:
            return False
        self._note(cell.name, Remark.EXAMPLE_LEFT_OUT, row=line)
        return True

    def _row(self, line: int) -> ProjectRow | None:
        before = len(self._faults())
        number = self._number(line)
        texts = {column: self._text(line, column) for column in _TEXTS}
        name = self._name(line, texts[Column.NAME])
        lead = self._lead(line, texts[Column.LEAD])
        category = self._category(line, texts[Column.CATEGORY], lead)
        joint = self._institutions(line, Column.JOINT, several(texts[Column.JOINT]))
        if len(set(joint)) < len(joint) or lead in joint:
            self._note(self.header.cell_name(line, Column.JOINT), Fault.INSTITUTION_TWICE)
        technologies = self._values(line, Column.TECHNOLOGIES, texts[Column.TECHNOLOGIES])
        scenarios = self._values(line, Column.SCENARIOS, texts[Column.SCENARIOS])
        if number is None or len(self._faults()) > before:
            return None
        return ProjectRow(line, number, name, lead, category, joint, technologies, scenarios)

    def _number(self, line: int) -> int | None:
        place = self.header.cell_name(line, Column.NUMBER)
        cell = self.header.cell(line, Column.NUMBER)
        if cell is None:
            self._missing(line, Column.NUMBER, Fault.NUMBER_MISSING)
            return None
        if cell.kind is CellKind.DATE:
            self._note(place, Fault.DATE_FOR_NUMBER, found=cell.text)
            return None
        if not self._is_readable(cell):
            return None
        written = unicodedata.normalize("NFKC", cell.text).strip()
        if not re.fullmatch(r"[+-]?\d{1,9}", written):
            self._note(place, Fault.NUMBER_NOT_WHOLE, found=cell.text[:20])
            return None
        number = int(written)
        if number < 1:
            self._note(place, Fault.NUMBER_ZERO, found=number)
            return None
        if number in self.numbers:
            self._note(place, Fault.NUMBER_TWICE, number=number, first=self.numbers[number])
            return None
        self.numbers[number] = place
        return number

    def _text(self, line: int, column: Column) -> str:
        cell = self.header.cell(line, column)
        if cell is None or not self._is_readable(cell):
            return ""
        if cell.kind is CellKind.DATE:
            self._note(cell.name, Fault.DATE_FOR_TEXT, found=cell.text)
            return ""
        if cell.kind in {CellKind.NUMBER, CellKind.BOOLEAN}:
            self._note(cell.name, Fault.NUMBER_FOR_TEXT, found=cell.text[:20])
            return ""
        if any(unicodedata.category(one) == "Cc" and one not in "\t\r\n" for one in cell.text):
            self._note(cell.name, Fault.CONTROL_CHARACTERS)
            return ""
        return cell.text.replace("\r\n", "\n").replace("_x000D_", "").strip()

    def _is_readable(self, cell: SheetCell) -> bool:
        if cell.kind in _MARKS:
            self._note(cell.name, _MARKS[cell.kind], found=cell.text[:40])
            return False
        if len(cell.text) > LONGEST_CELL:
            self._note(cell.name, Fault.CELL_TOO_LONG, most=LONGEST_CELL)
            return False
        return True

    def _name(self, line: int, text: str) -> str:
        # Inside a cell people break a long name with Alt+Enter; it is still one name.
        name, place = _one_line(text), self.header.cell_name(line, Column.NAME)
        if not name:
            self._missing(line, Column.NAME, Fault.NAME_MISSING)
        elif len(name) > LONGEST_NAME:
            self._note(place, Fault.NAME_TOO_LONG, found=len(name), most=LONGEST_NAME)
        elif name in self.names:
            self._note(place, Fault.NAME_TWICE, first=self.names[name])
        else:
            self.names[name] = place
        return name

    def _lead(self, line: int, text: str) -> str:
        named = several(text)
        if not named:
            self._missing(line, Column.LEAD, Fault.LEAD_MISSING)
            return ""
        if len(named) > 1:
            self._note(self.header.cell_name(line, Column.LEAD), Fault.LEAD_SEVERAL, found="、".join(named)[:80])
            return ""
        return self._institutions(line, Column.LEAD, named)[0]

    def _category(self, line: int, text: str, lead: str) -> Category | None:
        place, written = self.header.cell_name(line, Column.CATEGORY), _one_line(text)
        if not written:
            return None
        category = CATEGORIES.get(written)
        if category is None:
            self._note(place, Fault.CATEGORY_UNKNOWN, found=written[:40], known="、".join(CATEGORIES))
            return None
        known = next((one for one in self.known if one.name == lead), None)
        stated = known.category if known else (self.new[lead].category if lead in self.new else None)
        if stated is not None and stated is not category:
            self._note(place, Fault.CATEGORY_CONTRADICTS, name=lead, known=stated.value, found=category.value)
        elif lead in self.new:
            was = self.new[lead]
            self.new[lead] = NewName(was.name, was.cells, was.near, category)
        return category

    def _institutions(self, line: int, column: Column, written: Sequence[str]) -> tuple[str, ...]:
        return tuple(self._institution(self.header.cell_name(line, column), one) for one in written)

    def _institution(self, place: str, written: str) -> str:
        if len(written) > LONGEST_INSTITUTION:
            self._note(place, Fault.INSTITUTION_TOO_LONG, found=len(written), most=LONGEST_INSTITUTION)
            return written
        found = match(written, self.known)
        if found.known is not None:
            if found.known.name != written:
                self._note(place, Remark.READ_AS, written=written, name=found.known.name)
            return found.known.name
        earlier = next((one for one in self.new.values() if plain(one.name) == plain(written)), None)
        if earlier is None:
            likely = (*found.near, *near(written, self.new))
            if likely:
                self._note(place, Remark.NEAR_MISS, written=written, near="、".join(likely))
            self.new[written] = NewName(written, (place,), likely)
            return written
        self.new[earlier.name] = NewName(earlier.name, (*earlier.cells, place), earlier.near, earlier.category)
        return earlier.name

    def _values(self, line: int, column: Column, text: str) -> tuple[str, ...]:
        values = tuple(dict.fromkeys(several(text)))
        for one in values:
            if len(one) > LONGEST_VALUE:
                place = self.header.cell_name(line, column)
                self._note(place, Fault.VALUE_TOO_LONG, found=one[:40], most=LONGEST_VALUE)
        return values

    def _check_whole(self, lines: Collection[int]) -> None:
        gaps = sorted(set(range(1, max(self.numbers, default=0) + 1)) - self.numbers.keys() - self.existing)
        # Where a number is wrong, the gap that it leaves is no fault of its own.
        if gaps and not any(one.what in _NUMBER_FAULTS for one in self.problems):
            following = min(number for number in self.numbers if number > gaps[0])
            shown = "、".join(map(str, gaps[:10])) + ("…" if len(gaps) > 10 else "")
            self._note(self.numbers[following], Fault.NUMBER_GAP, missing=shown)
        total = sum(len(cell.text) for cell in self.header.sheet.cells.values() if cell.row in set(lines))
        if total > LONGEST_SHEET or len(lines) > MOST_ROWS:
            self._note("", Fault.SHEET_TOO_LONG, found=total, most=LONGEST_SHEET)
        if self.numbers:
            both, rest = self.existing & self.numbers.keys(), self.existing - self.numbers.keys()
            for remark, meant in ((Remark.AMENDS, both), (Remark.STAYS, rest)):
                if meant:
                    self._note("", remark, numbers="、".join(map(str, sorted(meant))))

    def _missing(self, line: int, column: Column, fault: Fault) -> None:
        """A cell is missing only if it is empty; one that cannot be read, or was merged, has been named already."""
        if self.header.cell(line, column) is None and not self.header.is_merged(line, column):
            self._note(self.header.cell_name(line, column), fault)

    def _note(self, cell: str, what: Fault | Remark, **details: object) -> None:
        self.problems.append(Problem(cell, what, details))

    def _faults(self) -> list[Problem]:
        return [one for one in self.problems if one.is_fault]


def _one_line(text: str) -> str:
    # A line break between Chinese characters is none; between Latin words it is a blank.
    joined = re.sub(r"(?<=[^\x00-\x7f])\s*\n\s*|\s*\n\s*(?=[^\x00-\x7f])", "", text)
    return " ".join(joined.split())


def _ordered(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda one: (not one.is_fault, _line(one.cell))))


def _line(cell: str) -> int:
    digits = re.search(r"\d+", cell)
    return int(digits[0]) if digits else 0
