"""Broken spreadsheets: each is told what is wrong, at which cell or by which limit, and none harms the server."""

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from spreadsheets import FIRST, HEADER, good_rows, repacked, saved, table, workbook

from gongshi.imports import refusals
from gongshi.imports.institution_names import Known
from gongshi.imports.lists import read_list
from gongshi.imports.problems import Fault, Remark
from gongshi.imports.project_rows import Reading
from gongshi.imports.refusals import FileRefused
from gongshi.projects.models import Category

KNOWN = [
    Known("示例证券", Category.SECURITIES, ("示证",)),
    Known("示例科技", Category.TECHNOLOGY),
    Known("示例银行", Category.BANK),
]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(data: bytes, name: str = "名单.xlsx") -> Reading:
    return read_list(name, data, KNOWN, existing=set())


def with_cell(cell: str, value: object) -> bytes:
    def change(sheet: Worksheet) -> None:
        sheet[cell] = value

    return workbook(good_rows(3), change=change)


def with_sheet(change: Callable[[Worksheet], object]) -> bytes:
    return workbook(good_rows(3), change=change)


def with_control_character() -> bytes:
    return repacked(
        with_cell("B3", "乙项目MARK"),
        change={
            part: lambda content: content.replace(b"MARK", b"\x7f")
            for part in ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml")
        },
    )


def two_lists() -> bytes:
    book = Workbook()
    for title in ("第一批", "第二批"):
        sheet = book.create_sheet(title)
        for row in (HEADER, FIRST):
            sheet.append(list(row))
    return saved(book)


FAULTY = [
    pytest.param(saved(Workbook()), Fault.EMPTY_SHEET, "", id="an empty workbook"),
    pytest.param(workbook([]), Fault.NO_ROWS, "", id="a header and nothing below"),
    pytest.param(with_sheet(lambda sheet: sheet.delete_rows(1)), Fault.NO_HEADER, "", id="no header"),
    pytest.param(two_lists(), Fault.TWO_LISTS, "", id="two lists in one file"),
    pytest.param(with_sheet(lambda sheet: sheet.delete_cols(3)), Fault.COLUMN_MISSING, "1:1", id="no lead column"),
    pytest.param(with_cell("H1", "项目名称"), Fault.COLUMN_TWICE, "H1", id="a column twice"),
    pytest.param(with_cell("AB1", "第28栏"), Fault.TOO_MANY_COLUMNS, "U1", id="28 columns"),
    pytest.param(workbook([row[:3] for row in good_rows(60_000)]), Fault.TOO_MANY_ROWS, "", id="60,000 rows"),
    pytest.param(with_sheet(lambda s: s.merge_cells("C2:C4")), Fault.MERGED, "C2:C4", id="merged cells"),
    pytest.param(with_cell("B3", '=CONCATENATE("项","目")'), Fault.FORMULA, "B3", id="a formula"),
    pytest.param(with_cell("C3", "#REF!"), Fault.CELL_ERROR, "C3", id="an error value"),
    pytest.param(with_cell("A3", date(2026, 1, 2)), Fault.DATE_FOR_NUMBER, "A3", id="a number as a date"),
    pytest.param(with_cell("F3", date(2026, 1, 2)), Fault.DATE_FOR_TEXT, "F3", id="a text as a date"),
    pytest.param(with_cell("A3", "2026年1月2日"), Fault.NUMBER_NOT_WHOLE, "A3", id="a date as text for a number"),
    pytest.param(with_cell("B3", 42), Fault.NUMBER_FOR_TEXT, "B3", id="a number for a name"),
    pytest.param(with_cell("A3", 2.5), Fault.NUMBER_NOT_WHOLE, "A3", id="half a number"),
    pytest.param(with_cell("A3", 1), Fault.NUMBER_TWICE, "A3", id="a number twice"),
    pytest.param(with_cell("A4", 7), Fault.NUMBER_GAP, "A4", id="a gap in the numbers"),
    pytest.param(with_cell("A2", 0), Fault.NUMBER_ZERO, "A2", id="number 0"),
    pytest.param(with_cell("A2", -1), Fault.NUMBER_ZERO, "A2", id="a negative number"),
    pytest.param(with_cell("A3", None), Fault.NUMBER_MISSING, "A3", id="no number"),
    pytest.param(with_cell("B3", None), Fault.NAME_MISSING, "B3", id="no name"),
    pytest.param(with_cell("B3", "长" * 121), Fault.NAME_TOO_LONG, "B3", id="a name too long"),
    pytest.param(with_cell("B3", "第1号示例项目"), Fault.NAME_TWICE, "B3", id="a name twice"),
    pytest.param(with_cell("C3", None), Fault.LEAD_MISSING, "C3", id="no lead institution"),
    pytest.param(with_cell("C3", "示例证券、示例银行"), Fault.LEAD_SEVERAL, "C3", id="two lead institutions"),
    pytest.param(with_cell("C3", "长" * 61), Fault.INSTITUTION_TOO_LONG, "C3", id="an institution too long"),
    pytest.param(with_cell("E3", "示例证券"), Fault.INSTITUTION_TWICE, "E3", id="the lead joins itself"),
    pytest.param(with_cell("D3", "券商"), Fault.CATEGORY_UNKNOWN, "D3", id="an unknown kind of institution"),
    pytest.param(with_cell("D3", "银行"), Fault.CATEGORY_CONTRADICTS, "D3", id="another kind than is known"),
    pytest.param(with_cell("F3", "长" * 41), Fault.VALUE_TOO_LONG, "F3", id="a technology too long"),
    pytest.param(with_cell("G3", "长" * 2_001), Fault.CELL_TOO_LONG, "G3", id="a cell too long"),
    pytest.param(with_control_character(), Fault.CONTROL_CHARACTERS, "B3", id="control characters"),
]


@pytest.mark.parametrize(("data", "fault", "cell"), FAULTY)
def test_a_fault_is_named_with_its_cell_and_nothing_can_be_stored(data: bytes, fault: Fault, cell: str) -> None:
    reading = read(data)

    assert [(one.what, one.cell) for one in reading.faults] == [(fault, cell)]
    assert not reading.is_right


def bomb() -> bytes:
    return repacked(workbook(good_rows(1)), add={"xl/media/bomb.bin": b"\0" * (30 * 1024 * 1024)})


def dense() -> bytes:
    return repacked(workbook(good_rows(1)), add={"xl/media/dense.bin": b"\0" * (8 * 1024 * 1024)})


def crowd() -> bytes:
    return repacked(workbook(good_rows(1)), add={f"xl/media/{number}.bin": b"x" for number in range(250)})


def thousands() -> bytes:
    return repacked(workbook(good_rows(1)), add={f"m/{number}": b"" for number in range(5_000)})


def macro_enabled() -> bytes:
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macro = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    return repacked(
        workbook(good_rows(1)), change={"[Content_Types].xml": lambda content: content.replace(kind, macro)}
    )


def lying_about_size() -> bytes:
    """The directory says that the sheet is small; unpacking it would give 30 MB."""
    blanks = b" " * (30 * 1024 * 1024)
    data = bytearray(
        repacked(workbook(good_rows(1)), change={"xl/worksheets/sheet1.xml": lambda content: content + blanks})
    )
    entry = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/worksheets/sheet1.xml"))
    struct.pack_into("<L", data, entry + 24, 1000)
    return bytes(data)


def encrypted() -> bytes:
    data = bytearray(workbook(good_rows(1)))
    entry = data.find(b"PK\x01\x02")
    while entry >= 0:
        data[entry + 8] |= 1
        entry = data.find(b"PK\x01\x02", entry + 4)
    return bytes(data)


def entities() -> bytes:
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, (b"&l%d;" % (n - 1)) * 10 if n else b"ha") for n in range(9))
    start = b'<?xml version="1.0"?><!DOCTYPE lolz [' + laughs + b"]>"
    return repacked(
        workbook(good_rows(1)),
        change={"xl/worksheets/sheet1.xml": lambda content: start + content[content.index(b"<worksheet") :]},
    )


REFUSED = [
    pytest.param("名单.xlsx", b"", refusals.FileEmpty, id="an empty file"),
    pytest.param("名单.csv", b"", refusals.FileEmpty, id="an empty csv"),
    pytest.param("名单.xlsx", b"PK\x03\x04" + b"x" * 6_000_000, refusals.FileTooBig, id="six megabytes"),
    pytest.param("名单.xlsx", bomb(), refusals.UnpacksTooBig, id="a zip bomb"),
    pytest.param("名单.xlsx", dense(), refusals.UnpacksTooBig, id="a part a thousand times as dense as text"),
    pytest.param("名单.xlsx", lying_about_size(), refusals.FileDamaged, id="a zip bomb that lies about its size"),
    pytest.param("名单.xlsx", crowd(), refusals.TooManyParts, id="too many parts"),
    pytest.param("名单.xlsx", thousands(), refusals.TooManyParts, id="five thousand parts"),
    pytest.param(
        "名单.xlsx", repacked(workbook(good_rows(1)), add={"xl/vbaProject.bin": b"x"}), refusals.HasMacros, id="macros"
    ),
    pytest.param("名单.xlsx", macro_enabled(), refusals.HasMacros, id="an .xlsm renamed"),
    pytest.param("名单.xlsm", macro_enabled(), refusals.KindNotAllowed, id="an .xlsm"),
    pytest.param(
        "名单.xlsx",
        repacked(workbook(good_rows(1)), add={"xl/externalLinks/externalLink1.xml": b"<x/>"}),
        refusals.HasExternalLinks,
        id="links to other files",
    ),
    pytest.param(
        "名单.xlsx", repacked(workbook(good_rows(1)), add={"../outside": b"x"}), refusals.UnsafeNames, id="a way out"
    ),
    pytest.param("名单.csv", workbook(good_rows(1)), refusals.KindMismatch, id="a workbook called csv"),
    pytest.param("名单.xlsx", table(good_rows(1)), refusals.KindMismatch, id="a csv called xlsx"),
    pytest.param("名单.xls", OLE + b"\0" * 512, refusals.OldOffice, id="an old .xls"),
    pytest.param(
        "名单.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), refusals.PasswordProtected, id="a password"
    ),
    pytest.param("名单.xlsx", encrypted(), refusals.PasswordProtected, id="an encrypted zip"),
    pytest.param("名单.xlsx", workbook(good_rows(1))[:-200], refusals.FileDamaged, id="half a file"),
    pytest.param("名单.xlsx", workbook(good_rows(1)) + b"<script>", refusals.FileDamaged, id="two files in one"),
    pytest.param("名单.xlsx", entities(), refusals.FileDamaged, id="a billion laughs"),
    pytest.param("名单.csv", table(good_rows(1), encoding="utf-16"), refusals.CsvEncoding, id="a UTF-16 csv"),
    pytest.param("名单.csv", table([(1, '"甲', "示例证券")]), refusals.CsvQuotes, id="a quotation mark left open"),
    pytest.param("名单.pdf", b"%PDF-1.7\n%%EOF", refusals.KindNotAllowed, id="a pdf"),
    pytest.param("名单", table(good_rows(1)), refusals.KindNotAllowed, id="no ending"),
]


@pytest.mark.parametrize(("name", "data", "refusal"), REFUSED)
def test_a_file_that_is_none_is_refused_whole_by_its_own_name(
    name: str, data: bytes, refusal: type[FileRefused]
) -> None:
    with pytest.raises(refusal) as refused:
        read(data, name)

    assert type(refused.value) is refusal
    assert refused.value.details.get("name", name) == name


def test_what_cannot_be_seen_in_the_file_is_pointed_out_and_read() -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["E"].hidden = True
        sheet["H1"] = "备注"

    reading = read(with_sheet(hide))

    assert {(one.what, one.cell) for one in reading.remarks} == {
        (Remark.HIDDEN_ROW, "A3"),
        (Remark.HIDDEN_COLUMN, "E1"),
        (Remark.COLUMN_LEFT_OUT, "H1"),
    }
    assert reading.is_right
    assert len(reading.rows) == 3


def test_every_fault_of_a_file_is_named_at_once() -> None:
    reading = read(workbook([(1, "", "示例证券"), (1, "乙", ""), ("三", "丙", "示例证券")]))

    assert [(one.cell, one.what) for one in reading.faults] == [
        ("B2", Fault.NAME_MISSING),
        ("A3", Fault.NUMBER_TWICE),
        ("C3", Fault.LEAD_MISSING),
        ("A4", Fault.NUMBER_NOT_WHOLE),
    ]


def test_an_archive_that_is_no_office_file_is_not_taken_for_one() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("readme.txt", "x")

    with pytest.raises(refusals.KindMismatch):
        read(file.getvalue())
