"""Tables to take away: what a spreadsheet program would run is text in them."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook

from floods.hostile import FORMULAS
from gongshi.imports import cells
from gongshi.web import csv_files

WEB = Path(csv_files.__file__).parent


def reopened(rows: list[csv_files.Row], *, marked: bool = True) -> list[list[str]]:
    text = "".join(csv_files.written(rows, marked=marked))
    assert text.startswith("\ufeff") is marked
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("text", FORMULAS, ids=repr)
def test_no_field_of_a_csv_file_is_a_formula(text: str) -> None:
    assert len(FORMULAS) == 14

    found = reopened([[text, "x"]], marked=False)

    assert found == [[f"'{text}", "x"]]


@pytest.mark.parametrize("text", FORMULAS, ids=repr)
def test_no_cell_of_a_workbook_is_a_formula(text: str) -> None:
    book = Workbook()
    assert book.active is not None
    cells.put(book.active["A1"], text)
    file = io.BytesIO()
    book.save(file)
    sheet = openpyxl.load_workbook(file).active
    assert sheet is not None

    assert sheet["A1"].data_type == "s"


def test_numbers_stay_numbers_and_nothing_is_an_empty_field() -> None:
    assert reopened([[-3, None, "甲\n“乙”,"]]) == [["-3", "", "甲\n“乙”,"]]


def test_every_field_is_quoted() -> None:
    assert "".join(csv_files.written([["a", 1]], marked=False)) == '"a","1"\r\n'


def test_tables_are_written_in_one_place_only() -> None:
    writers = [path.name for path in WEB.rglob("*.py") if "csv.writer" in path.read_text(encoding="utf-8")]

    assert writers == ["csv_files.py"]
