"""A list of projects is read as a person would read it, whichever way it was saved."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from spreadsheets import FIRST, HEADER, good_rows, saved, table, workbook

import gongshi
from gongshi.imports.cells import csv, put
from gongshi.imports.institution_names import Known, match, near
from gongshi.imports.lists import read_list
from gongshi.imports.problems import Fault, Remark
from gongshi.imports.project_rows import NewName, ProjectRow, Reading
from gongshi.imports.template import FILE_NAME, template
from gongshi.projects.models import Category

SOURCE = str(Path(gongshi.__file__).parents[1])
KNOWN = [Known("示例证券", Category.SECURITIES, ("示证",)), Known("示例科技", Category.TECHNOLOGY)]
EXPECTED = ProjectRow(
    line=2,
    number=1,
    name="基于联邦学习的适当性管理",
    lead="示例证券",
    category=Category.SECURITIES,
    joint=("示例科技", "示例银行"),
    technologies=("联邦学习", "大数据"),
    scenarios=("智能风控",),
)


def read(data: bytes, name: str = "名单.xlsx", existing: set[int] | None = None) -> Reading:
    return read_list(name, data, KNOWN, existing=existing or set())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("名单.xlsx", workbook([FIRST]), id="xlsx"),
        pytest.param("名单.XLSX", workbook([FIRST]), id="an ending in capitals"),
        pytest.param("名单.csv", table([FIRST]), id="UTF-8"),
        pytest.param("名单.csv", table([FIRST], encoding="utf-8-sig"), id="UTF-8 with its mark, as Excel saves it"),
        pytest.param("名单.csv", table([FIRST], encoding="gbk"), id="GBK, as Chinese Excel saves it"),
        pytest.param("名单.csv", table([FIRST], encoding="gb18030"), id="GB18030"),
        pytest.param("名单.csv", table([FIRST], delimiter="\t"), id="tabs between"),
        pytest.param("名单.csv", table([FIRST]).replace(b"\r\n", b"\n"), id="line ends of Unix"),
    ],
)
def test_the_same_list_reads_the_same_however_it_was_saved(name: str, data: bytes) -> None:
    reading = read(data, name)

    assert reading.faults == []
    assert reading.rows == (EXPECTED,)
    assert reading.new_names == (NewName("示例银行", ("E2",)),)


def test_a_list_of_sixteen_is_right_at_once() -> None:
    reading = read(workbook(good_rows()))

    assert reading.is_right
    assert reading.problems == ()
    assert [row.number for row in reading.rows] == list(range(1, 17))


def test_a_title_above_the_header_wrapped_words_and_other_names_for_the_columns_are_understood() -> None:
    def dress(sheet: Worksheet) -> None:
        sheet.insert_rows(1, 2)
        sheet["A1"] = "附件1　拟纳入试点项目清单"
        sheet.merge_cells("A1:G1")
        sheet["A3"], sheet["C3"], sheet["G3"] = "编 号", "牵头\n单位", "应用场景（可多项）"

    reading = read(workbook([FIRST], change=dress))

    assert reading.faults == []
    assert reading.rows[0].line == 4
    assert reading.rows[0].scenarios == ("智能风控",)


def test_numbers_in_full_width_and_as_text_and_a_name_on_two_lines_are_understood() -> None:
    reading = read(workbook([("１", "基于联邦学习的\n适当性管理", "示例证券"), ("2", "第二个", "示例证券")]))

    assert [(row.number, row.name) for row in reading.rows] == [(1, "基于联邦学习的适当性管理"), (2, "第二个")]


def test_an_institution_is_known_by_its_name_its_alias_and_whatever_its_brackets_and_blanks() -> None:
    known = [Known("示例证券（北京）有限公司", Category.SECURITIES, ("示证",))]

    assert [
        match(one, known).known for one in ("示例证券(北京) 有限公司", "示证", "示例证券（北京）有限公司")
    ] == known * 3
    assert match("示例证券（上海）有限公司", known).known is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("示例证卷", ("示例证券",), id="a wrong character"),
        pytest.param("示例券证", ("示例证券",), id="two characters that changed places"),
        pytest.param("示例证券券", ("示例证券",), id="a character twice"),
        pytest.param("示列证券", ("示例证券",), id="another wrong character"),
        pytest.param("示例证券股份有限公司", ("示例证券",), id="with its legal form"),
        pytest.param("示例银行", (), id="another institution"),
    ],
)
def test_a_slip_of_the_pen_is_noticed(written: str, meant: tuple[str, ...]) -> None:
    assert near(written, ["示例证券", "云海期货", "明德基金管理"]) == meant


def test_a_near_miss_is_a_remark_at_its_cell_and_wants_a_decision() -> None:
    reading = read(workbook([(1, "甲", "示例证卷"), (2, "乙", "示例证券"), (3, "丙", "示例证卷")]))

    assert [(one.what, one.cell) for one in reading.remarks] == [(Remark.NEAR_MISS, "C2")]
    assert reading.new_names == (NewName("示例证卷", ("C2", "C4"), ("示例证券",)),)


def test_a_slip_within_the_file_itself_is_noticed_too() -> None:
    reading = read(workbook([(1, "甲", "云海期货"), (2, "乙", "云海期贷")]))

    assert [(one.name, one.near) for one in reading.new_names] == [("云海期货", ()), ("云海期贷", ("云海期货",))]


def test_a_list_that_has_projects_already_is_told_what_happens_to_them() -> None:
    reading = read(workbook([(2, "乙", "示例证券"), (3, "丙", "示例证券")]), existing={1, 2})

    assert reading.is_right
    said = {(one.what, one.details["numbers"]) for one in reading.remarks}
    assert said == {(Remark.STAYS, "1"), (Remark.AMENDS, "2")}


def test_a_gap_is_measured_against_what_the_list_has_already() -> None:
    assert read(workbook([(4, "丁", "示例证券")]), existing={1, 2}).faults[0].details["missing"] == "3"


def test_the_template_can_be_filled_in_and_read_and_its_example_is_left_out() -> None:
    def fill(sheet: Worksheet) -> None:
        for place, value in enumerate(FIRST, 1):
            sheet.cell(3, place).value = value  # type: ignore[assignment]

    empty = read(template(), FILE_NAME)
    book = load_workbook(io.BytesIO(template()))
    fill(book["项目清单"])
    filled = read(saved(book))

    assert [one.what for one in empty.faults] == [Fault.NO_ROWS]
    assert [one.what for one in filled.problems] == [Remark.EXAMPLE_LEFT_OUT]
    assert filled.rows[0].name == EXPECTED.name
    assert [cell.value for cell in book["项目清单"][1]] == list(HEADER)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", " =cmd|'/C calc'!A0", "%0A"])
def test_a_cell_of_an_export_is_never_a_formula(text: str) -> None:
    book = load_workbook(io.BytesIO(template()))
    sheet = book["项目清单"]
    put(sheet["A2"], text)

    again = load_workbook(io.BytesIO(saved(book)))["项目清单"]["A2"]

    assert (again.data_type, again.value) == ("s", text)
    assert csv(text).startswith("'")
    assert csv("普通文字") == "普通文字"


# The parent's peak is its own from /proc: what getrusage says of it would include that of pytest, which started it.
READ_ALONE = """
import re, resource, sys
from pathlib import Path
from gongshi.imports.lists import read_list
data = Path(sys.argv[1]).read_bytes()
reading = read_list("big.xlsx", data, [], existing=set())
own = int(re.search("VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
print(own // 1024, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
print(*(one.what for one in reading.faults))
"""


def test_memory_stays_under_300_megabytes_for_parent_and_child_together(tmp_path: Path) -> None:
    """In an interpreter of its own, whose only child is the reader."""
    file = tmp_path / "big.xlsx"
    file.write_bytes(workbook([row[:3] for row in good_rows(60_000)]))

    done = subprocess.run(
        [sys.executable, "-c", READ_ALONE, str(file)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": SOURCE},
    )
    used, said = done.stdout.splitlines()
    parent, child = map(int, used.split())

    assert said == Fault.TOO_MANY_ROWS
    assert parent + child < 300, f"{parent} MB here and {child} MB in the child"
