"""The child that reads .xlsx and .csv: every sheet as plain values, nothing interpreted. Run by `safely`."""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

from gongshi.imports import safely
from gongshi.imports.refusals import CsvEncoding, CsvQuotes, FileDamaged
from gongshi.imports.sheets import LAST_ROW, LONGEST_CELL, MOST_COLUMNS, CellKind

_SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_KINDS = {"n": CellKind.NUMBER, "d": CellKind.DATE, "f": CellKind.FORMULA, "e": CellKind.ERROR, "b": CellKind.BOOLEAN}
_COLUMNS_KEPT = MOST_COLUMNS + 20
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read(data: bytes, name: str) -> list[dict[str, Any]]:
    """Every sheet of a workbook, or the one table of a .csv. Raises FileDamaged, CsvEncoding, CsvQuotes."""
    if not data.startswith(b"PK"):
        return [_table(data, name)]
    # openpyxl warns of what it leaves out (validations, extensions): nothing of it is text.
    warnings.simplefilter("ignore")
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [_sheet(sheet, archive) for sheet in book.worksheets]
    except MemoryError:
        raise
    # Whatever openpyxl and the XML parser make of a broken file: it is broken.
    except Exception as error:
        raise FileDamaged(name=name) from error


def _sheet(sheet: Any, archive: zipfile.ZipFile) -> dict[str, Any]:
    # What read-only sheets do not tell, and what decides whether they are read at all.
    with archive.open(sheet._worksheet_path) as source:
        shape = _shape(source)
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=LAST_ROW, max_col=_COLUMNS_KEPT)
    cells = [found for row in rows for cell in row if (found := _cell(cell)) is not None]
    return {"name": sheet.title, "is_hidden": sheet.sheet_state != "visible", "cells": cells, **shape}


def _cell(cell: Any) -> tuple[int, int, str, str] | None:
    if cell.value is None:
        return None
    kind = _KINDS.get(cell.data_type, CellKind.TEXT)
    text = _written(cell.value)
    return (cell.row, cell.column, kind.value, text[: LONGEST_CELL + 1]) if text.strip() else None


def _written(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return str(value)


def _shape(source: IO[bytes]) -> dict[str, Any]:
    """Merged, hidden, and how far the filled cells reach, read as a stream."""
    merged: list[str] = []
    hidden_rows: list[int] = []
    hidden_columns: list[int] = []
    filled = last_column = 0
    for row, element in _elements(source):
        if element.tag == f"{_SPACE}mergeCell" and len(merged) < LAST_ROW:
            merged.append(element.get("ref", ""))
        elif element.tag == f"{_SPACE}col" and element.get("hidden") in {"1", "true"}:
            last = min(int(element.get("max", "0")), _COLUMNS_KEPT)
            hidden_columns += range(int(element.get("min", "1")), last + 1)
        elif element.tag == f"{_SPACE}row":
            columns = [_column(cell, place) for place, cell in enumerate(element, 1) if len(cell)]
            filled += bool(columns)
            last_column = max(last_column, *columns, 0)
            if columns and element.get("hidden") in {"1", "true"} and len(hidden_rows) < LAST_ROW:
                hidden_rows.append(int(element.get("r", row)))
    return {
        "merged": merged,
        "hidden_rows": hidden_rows,
        "hidden_columns": hidden_columns,
        "filled_rows": filled,
        "last_column": last_column,
    }


def _elements(source: IO[bytes]) -> Iterator[tuple[int, Element]]:
    """The elements that tell a sheet's shape, each forgotten once it has been looked at."""
    rows = 0
    parent: Element | None = None
    for event, element in iterparse(source, events=("start", "end")):
        if event == "start":
            parent = element if element.tag == f"{_SPACE}sheetData" else parent
            continue
        if element.tag in {f"{_SPACE}row", f"{_SPACE}mergeCell", f"{_SPACE}col"}:
            rows += element.tag == f"{_SPACE}row"
            yield rows, element
            element.clear()
            if parent is not None:
                parent.clear()


def _column(cell: Element, place: int) -> int:
    letters = cell.get("r", "").rstrip("0123456789")
    return column_index_from_string(letters) if letters else place


def _table(data: bytes, name: str) -> dict[str, Any]:
    text = _decoded(data, name)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    cells: list[tuple[int, int, str, str]] = []
    filled = last_column = 0
    try:
        for row, fields in enumerate(reader, 1):
            found = [(place, field) for place, field in enumerate(fields, 1) if field.strip()]
            filled += bool(found)
            last_column = max(last_column, *(place for place, _ in found), 0)
            if row <= LAST_ROW:
                cells += [
                    (row, place, CellKind.TEXT.value, field[: LONGEST_CELL + 1])
                    for place, field in found[:_COLUMNS_KEPT]
                ]
    except csv.Error as error:
        raise CsvQuotes(name=name, line=reader.line_num) from error
    return {
        "name": "",
        "is_hidden": False,
        "cells": cells,
        "merged": [],
        "hidden_rows": [],
        "hidden_columns": [],
        "filled_rows": filled,
        "last_column": last_column,
    }


def _decoded(data: bytes, name: str) -> str:
    """UTF-8 with or without its mark, or GB18030, of which GBK and GB 2312 are parts: what Chinese Excel saves."""
    if data.startswith(_UTF16) or b"\x00" in data[:4096]:
        raise CsvEncoding(name=name)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CsvEncoding(name=name)


def _delimiter(text: str) -> str:
    """Of comma, tab and semicolon the one that the first lines have most of."""
    start = "\n".join(text.splitlines()[:10])
    return max(",\t;", key=start.count)


if __name__ == "__main__":
    safely.serve(read)
