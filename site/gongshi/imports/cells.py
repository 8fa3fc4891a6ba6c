"""Cells for other people's spreadsheet programs, which take some texts for formulas and run them. Pure.

In .xlsx a cell is forced to be text; in .csv a text that could be a formula is led by an apostrophe.
"""

from openpyxl.cell import Cell, MergedCell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.worksheet import Worksheet

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
LONGEST = 32_767


def xlsx(sheet: Worksheet | WriteOnlyWorksheet, text: str) -> Cell:
    """A cell that holds exactly this text, whatever it looks like."""
    cell = WriteOnlyCell(sheet)
    put(cell, text)
    return cell


def put(cell: Cell | MergedCell, text: str) -> None:
    """Put a text into a cell as a text: never a formula, a number, a date or an error."""
    assert isinstance(cell, Cell)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST]
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = text.startswith(_STARTS)


def csv(text: str) -> str:
    """The text of a CSV field, to be quoted by the writer as every field is."""
    return f"'{text}" if text.startswith(_STARTS) or text.lstrip().startswith(_STARTS) else text
