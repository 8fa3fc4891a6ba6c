"""Spreadsheets for the tests: a good one, and everything that can be wrong with one, as bytes."""

import io
import zipfile
from collections.abc import Callable, Sequence

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

HEADER = ("序号", "项目名称", "牵头申报单位", "牵头单位类别", "联合申报单位", "技术", "业务场景")
FIRST = (1, "基于联邦学习的适当性管理", "示例证券", "证券公司", "示例科技、示例银行", "联邦学习；大数据", "智能风控")
Row = Sequence[object]


def good_rows(count: int = 16) -> list[Row]:
    return [
        (
            number,
            f"第{number}号示例项目",
            "示例证券",
            "",
            "示例科技" if number % 2 else "",
            "人工智能、大数据",
            "智能风控",
        )
        for number in range(1, count + 1)
    ]


def workbook(rows: Sequence[Row], *, change: Callable[[Worksheet], object] | None = None) -> bytes:
    """A header, these rows, and whatever is done to the sheet then."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "项目清单"
    for row in (HEADER, *rows):
        sheet.append(list(row))
    if change:
        change(sheet)
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def table(rows: Sequence[Row], *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """The same as .csv."""
    lines = [delimiter.join(str(cell) for cell in row) for row in (HEADER, *rows)]
    return "\r\n".join(lines).encode(encoding)


def repacked(
    data: bytes, *, add: dict[str, bytes] | None = None, change: dict[str, Callable[[bytes], bytes]] | None = None
) -> bytes:
    """The archive again, with parts added or changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            new.writestr(part.filename, (change or {}).get(part.filename, lambda one: one)(content))
        for name, content in (add or {}).items():
            new.writestr(name, content)
    return file.getvalue()
